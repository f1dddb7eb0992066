"""nginx with the configuration that a council installs, in front of the real server: pages right, slow clients no harm, logs silent."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import nginx_front
import pytest
from nginx_front import Front
from serving import REQUEST, Served, serving
from waiting import wait_until

from portal.ui.assets import STATIC

SENT_SEARCH = '"method": "POST", "path": "/en/search"'  # in the portal's log
CANARY = "quietcanary"
SLOW = 250


@pytest.fixture(scope="module")
def site(demo_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Front]]:
    """The portal behind nginx."""
    if nginx_front.program() is None:
        pytest.skip("nginx is not installed (Debian: nginx-light): nothing was shown about it")
    folder = tmp_path_factory.mktemp("nginx")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_TRUSTED_PROXIES", "1")
        with serving(shutil.copytree(demo_state, folder / "state")) as served:
            front = nginx_front.write_settings(folder / "front", int(served.url.rpartition(":")[2]))
            assert nginx_front.check(front) == ""
            with nginx_front.running(front):
                yield served, front


def ask(front: Front, address: str, body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
    """An answer over TLS, with `body` read already."""
    trusting = ssl.create_default_context(cafile=str(front.folder / "fullchain.pem"))
    trusting.check_hostname = False
    connection = http.client.HTTPSConnection("127.0.0.1", front.port, timeout=60, context=trusting)
    connection.request("POST" if body is not None else "GET", address, body, {"Host": "localhost", "Connection": "close", **headers})
    answer = connection.getresponse()
    answer.text = answer.read().decode("utf-8", "replace")  # type: ignore[attr-defined]
    return answer


def lines(front: Front, last: http.client.HTTPResponse) -> list[dict[str, str]]:
    """What is in the log, once the `last` answer is; nginx writes of an answer after it has gone out."""
    wait_until(lambda: last.headers["X-Request-ID"] in front.log, "nginx does not say what it answered")
    return [json.loads(line) for line in front.log.splitlines()]


def test_pages_and_searches_come_through_and_plain_http_leads_to_tls(site: tuple[Served, Front]) -> None:
    _, front = site
    page = ask(front, "/ur/search?q=falls")
    assert page.status == 200
    assert 'dir="rtl"' in page.text  # type: ignore[attr-defined]
    assert page.headers["X-Request-ID"]
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    plain = http.client.HTTPConnection("127.0.0.1", front.plain_port, timeout=60)
    plain.request("GET", "/en/urgent?q=x")
    moved = plain.getresponse()
    assert (moved.status, moved.headers["Location"]) == (301, "https://help.example.org/en/urgent")
    plain.close()


def test_static_files_come_from_the_disk_compressed_and_for_good(site: tuple[Served, Front]) -> None:
    served, front = site
    style = next(path.name for path in STATIC.glob("app-*.css"))
    answer = ask(front, f"/static/{style}", **{"Accept-Encoding": "gzip"})
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"].startswith("text/css")
    assert int(answer.headers["Content-Length"]) == (STATIC / f"{style}.gz").stat().st_size
    assert "/static/" not in served.log.read_text(), "no worker was asked"
    assert ask(front, "/static/nothing-00000000.css").status == 404
    assert ask(front, "/static/../pyproject.toml").status in {400, 404}


def test_the_style_in_the_councils_colours_is_on_no_disk_and_comes_from_the_portal(site: tuple[Served, Front]) -> None:
    _, front = site
    address = re.search(r'<link rel="stylesheet" href="([^"]+)"', ask(front, "/en/").text)  # type: ignore[attr-defined]
    assert address
    assert not (STATIC / address[1].removeprefix("/static/")).exists()
    answer = ask(front, address[1], **{"Accept-Encoding": "gzip"})
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"].startswith("text/css")


def test_public_pages_are_kept_by_path_and_nothing_that_was_asked_is(site: tuple[Served, Front]) -> None:
    _, front = site
    for _ in range(2):
        assert ask(front, "/en/advice/staying-steady").status == 200
        assert ask(front, "/tr/advice/staying-steady").status == 200
        assert ask(front, "/en/search?q=falls").status == 200
        last = ask(front, "/en/advice/staying-steady", Cookie="list=x")
        assert last.status == 200
    kept: dict[str, list[str]] = {}
    for line in lines(front, last):
        kept.setdefault(line["path"], []).append(line["cache"])
    assert "HIT" in kept["/en/advice/staying-steady"]
    assert "HIT" in kept["/tr/advice/staying-steady"]
    assert kept["/en/advice/staying-steady"][-1] == "BYPASS"
    assert "HIT" not in kept["/en/search"]


def test_metrics_and_readiness_are_not_for_outside(site: tuple[Served, Front]) -> None:
    served, front = site
    assert served.get("/readyz").status == 200
    for address in ("/metrics", "/readyz"):
        assert ask(front, address).status == 404


def test_logs_hold_no_query_and_one_number_finds_a_request_in_both(site: tuple[Served, Front]) -> None:
    served, front = site
    answer = ask(front, f"/en/search?q={CANARY}", Referer=f"https://localhost/en/search?q={CANARY}", **{"User-Agent": CANARY})
    ask(front, f"/en/answer/{CANARY}?x={CANARY}")
    last = ask(front, "/en/search", f"q={CANARY}".encode())
    number = answer.headers["X-Request-ID"]
    assert [line["path"] for line in lines(front, last) if line["request_id"] == number] == ["/en/search"]
    own = [json.loads(line) for line in served.log_with(number).splitlines() if REQUEST in line]
    assert [line["path"] for line in own if line["request_id"] == number] == ["/en/search"]
    written = [path.read_text("utf-8") for path in (front.folder / "log").iterdir()]
    assert CANARY not in "".join((*written, served.log_with(last.headers["X-Request-ID"])))
    assert "127.0.0.1" not in front.log, "where somebody asked from"


def test_many_slow_clients_stop_nobody(site: tuple[Served, Front]) -> None:
    """Half-sent requests from another address, 250 of them, as many as no worker has threads."""
    _, front = site
    slow: list[socket.socket] = []
    try:
        for _ in range(SLOW):
            client = socket.create_connection(("127.0.0.1", front.port), timeout=60, source_address=("127.0.0.2", 0))
            slow.append(client)
            client.sendall(b"\x16\x03\x01")  # the first bytes of a greeting that never ends
        for number in range(5):
            assert ask(front, f"/en/search?q=falls&page={number}").status == 200
    finally:
        for client in slow:
            client.close()


def test_a_body_that_is_far_too_large_never_reaches_the_portal(site: tuple[Served, Front]) -> None:
    served, front = site
    before = served.log_with(ask(front, "/en/search?q=before").headers["X-Request-ID"]).count(SENT_SEARCH)
    try:
        status = ask(front, "/en/search", bytes(7_000_000)).status
    except (BrokenPipeError, ConnectionResetError):  # it was hung up on
        status = 413
    assert status == 413
    assert served.log_with(ask(front, "/en/search?q=after").headers["X-Request-ID"]).count(SENT_SEARCH) == before
