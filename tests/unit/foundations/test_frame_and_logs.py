"""The council's colour as a stylesheet, and logs that cannot tell on anybody."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from gunicorn.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pack import contrast_with_white
from portal.web.frame import brand_stylesheet
from portal.web.headers import HEADERS, POLICY
from portal.web.logs import configure_logs
from portal.web.serving import ACCESS_LOG, ServerLog

TYPED = "canary-typed"
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@settings(deadline=None)
@given(colour=colours)
def test_the_colour_gives_a_darker_and_a_pale_one(colour: str) -> None:
    sheet = brand_stylesheet(colour)
    brand, dark, pale = re.findall(r"--brand(?:-dark|-pale)?:(#[0-9a-f]{6})", sheet)
    assert re.fullmatch(r":root\{--brand:#.{6};--brand-dark:#.{6};--brand-pale:#.{6}\}", sheet)
    assert brand == colour
    assert contrast_with_white(dark) >= contrast_with_white(brand) - 0.2
    assert contrast_with_white(pale) < 1.5, "text stands on it"


def test_the_policy_names_this_site_alone() -> None:
    allowed = {directive.split()[0]: directive.split()[1:] for directive in POLICY.split("; ")}
    assert allowed["default-src"] == ["'none'"]
    assert {source for sources in allowed.values() for source in sources} == {"'none'", "'self'"}
    assert {"form-action", "base-uri", "frame-ancestors"} <= set(allowed), "not covered by default-src"
    assert HEADERS["X-Content-Type-Options"] == "nosniff"


@dataclass(frozen=True)
class Logged:
    """Gunicorn's log as the site sets it up, and the files it writes."""

    log: ServerLog
    access: Path
    error: Path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Logged]:
    config = Config()
    config.set("accesslog", str(tmp_path / "access.log"))
    config.set("errorlog", str(tmp_path / "error.log"))
    config.set("access_log_format", ACCESS_LOG)
    log = ServerLog(config)
    yield Logged(log, tmp_path / "access.log", tmp_path / "error.log")
    for logger in (log.access_log, log.error_log):
        for handler in [it for it in logger.handlers if isinstance(it, logging.FileHandler) and it.baseFilename.startswith(str(tmp_path))]:
            logger.removeHandler(handler)
            handler.close()


def access(log: ServerLog, path: str, **environ: Any) -> None:
    asked = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "RAW_URI": f"{path}?q={TYPED}",
        "QUERY_STRING": f"q={TYPED}",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.9",
        "HTTP_REFERER": f"https://elsewhere.example/{TYPED}",
        "HTTP_USER_AGENT": TYPED,
        **environ,
    }
    answer = SimpleNamespace(status="200 OK", sent=12, headers=[("Set-Cookie", TYPED)])
    log.access(answer, SimpleNamespace(headers=[("COOKIE", TYPED)]), asked, timedelta(milliseconds=7))


def test_an_access_line_tells_what_was_answered_and_nobody_s_words_or_address(
    server: Logged,
) -> None:
    access(server.log, "/en/search")
    [line] = server.access.read_text("utf-8").splitlines()
    assert json.loads(line) == {"event": "request", "method": "GET", "path": "/en/search", "status": 200, "ms": 7, "request_id": "-"}


@pytest.mark.parametrize(
    "path", ['/en/"quoted"', "/en/back\\slash", '/en/\n{"event": "request"}', "/en/\x00\x1b[31m", "/en/caf\xc3\xa9", "/%s"]
)
def test_no_path_can_forge_a_line(server: Logged, path: str) -> None:
    access(server.log, path)
    [line] = server.access.read_text("utf-8").splitlines()
    assert json.loads(line)["path"] == path


def test_a_malformed_request_leaves_neither_its_words_nor_its_address(server: Logged) -> None:
    complaint = f"Invalid request from ip=203.0.113.9: Invalid HTTP request line: 'GET /en/search?q={TYPED}'"  # gunicorn's words
    server.log.warning(complaint)
    server.log.exception("Error handling request %s %s", "GET", f"/en/search?q={TYPED}")
    server.log.warning("Worker was sent %s", "SIGTERM")
    said = server.error.read_text("utf-8")
    assert "Invalid request" in said
    assert "Error handling a request" in said
    assert "Worker was sent SIGTERM" in said
    assert TYPED not in said
    assert "203.0.113.9" not in said


def test_a_failure_is_one_line_of_json_with_the_code_and_without_what_it_held(capsys: pytest.CaptureFixture[str]) -> None:
    def answer(question: str) -> int:
        return len(question) // 0

    before = structlog.get_config()
    try:
        configure_logs()
        try:
            answer(TYPED)
        except ZeroDivisionError as error:
            structlog.get_logger("test").error("unexpected error", exc_info=error)
    finally:
        structlog.configure(**before)
    [line] = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"]) == ("unexpected error", "error")
    assert told["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert told["exception"][0]["frames"][-1]["name"] == "answer"
    assert TYPED not in line


def test_a_log_that_cannot_be_written_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = structlog.get_config()
    with Path("/dev/full").open("w", buffering=1) as full:
        monkeypatch.setattr(sys, "stderr", full)
        try:
            configure_logs()
            structlog.get_logger("test").error("database failed")
            structlog.get_logger("test").info("index rebuilt")
        finally:
            structlog.configure(**before)
            with suppress(OSError):
                full.close()
