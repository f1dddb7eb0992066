"""Logs as JSON lines on standard error: what happened in, never what somebody typed, nor from where.

Each request has a number, of nobody: the one that the proxy in front gave it, or a new one. It stands in every line that the request
caused, in the server's own line about it, and in the answer (`X-Request-ID`), so that all of them can be found together.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
from contextlib import suppress
from typing import Final

import structlog
from flask import Flask, Response, g, request
from structlog.tracebacks import ExceptionDictTransformer

NUMBER: Final = "X-Request-ID"
_NUMBER: Final = re.compile(r"[0-9A-Za-z-]{8,64}")


class _Forgiving(structlog.WriteLogger):
    """Writes lines of which nobody's page depends: on a full disk a line is lost, and no more."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = fatal = failure = err = error = critical = exception = msg


def configure_logs() -> None:
    """Send all of the portal's events to standard error, one JSON object a line, with UTC times."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_names: _Forgiving(sys.stderr),
        cache_logger_on_first_use=True,
    )


def number_requests(app: Flask, *, is_behind_proxy: bool) -> None:
    """Give every request of `app` its number; a proxy's own only where one stands in front."""

    @app.before_request
    def _begin() -> None:
        given = request.headers.get(NUMBER, "") if is_behind_proxy else ""
        g.number = given if _NUMBER.fullmatch(given) else secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.number)

    @app.after_request
    def _say(response: Response) -> Response:
        if "number" in g:
            response.headers[NUMBER] = g.number
        return response

    @app.teardown_request
    def _end(_error: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()
