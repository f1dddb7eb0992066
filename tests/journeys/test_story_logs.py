"""What people type stays out of the logs, also when something breaks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from serving import REQUEST, Answer, Served, serving

CANARY = "quietcanary"


@pytest.fixture
def own_site(demo_state: Path, tmp_path: Path) -> Iterator[Served]:
    with serving(shutil.copytree(demo_state, tmp_path / "state")) as site:
        yield site


def type_everywhere(site: Served) -> list[Answer]:
    """Every field that takes text, and the headers that repeat it."""
    typed = quote(f"{CANARY} \x00 ' falls")
    found = site.get("/en/search?q=falls").body
    service = found.split('data-service="')[1][:36] if 'data-service="' in found else "00000000-0000-0000-0000-000000000000"
    return [
        site.get(f"/en/search?q={typed}&place={typed}&need={CANARY}&within={CANARY}"),
        site.get(f"/tr/search?q=zz{CANARY}zz"),
        site.get("/en/", Referer=f"http://127.0.0.1/en/search?q={CANARY}", **{"User-Agent": CANARY, "Cookie": f"list={CANARY}"}),
        site.get(f"/en/list/shared?s={CANARY}"),
        site.post(f"/en/services/{service}/report", f"kind=other&message={typed}&reply_to={CANARY}%40example.com"),
        site.post("/en/list/note", f"service={service}&note={typed}"),
        site.post("/en/list/keep", f"service={CANARY}&back={typed}"),
    ]


def said(site: Served, answers: list[Answer]) -> str:
    """The log, when all of these are in it."""
    return [site.log_with(answer.number) for answer in answers][-1]


def test_the_log_says_what_was_answered_and_never_what_was_typed(own_site: Served) -> None:
    answers = type_everywhere(own_site)
    assert max(answer.status for answer in answers) < 500
    log = said(own_site, answers)
    requests = [json.loads(line) for line in log.splitlines() if REQUEST in line]
    assert {"method", "path", "status", "ms", "request_id"} <= requests[-1].keys()
    assert "/tr/search" in {request["path"] for request in requests}
    assert CANARY not in log
    assert "127.0.0.1" not in "".join(str(request) for request in requests), "an address of somebody"


def test_the_log_holds_nothing_typed_when_the_database_breaks(own_site: Served) -> None:
    file = own_site.state / "instance" / "portal.sqlite3"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    answers = [*type_everywhere(own_site), own_site.get("/en/urgent")]
    assert answers[-1].status == 200
    assert CANARY not in said(own_site, answers)


def test_a_traceback_names_lines_of_code_and_never_what_variables_held() -> None:
    code = f"""
from portal.web.logs import configure_logs
configure_logs()
import structlog
def answer(typed, secret_key):
    try:
        raise ValueError("broken")
    except ValueError as error:
        structlog.get_logger("portal").error("unexpected error", exc_info=error)
answer("{CANARY}", "{CANARY}")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "ValueError" in done.stderr
    assert CANARY not in done.stderr
