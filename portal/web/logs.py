"""Logs as JSON lines on standard error: what happened in, never what somebody typed, nor from where."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress

import structlog
from structlog.tracebacks import ExceptionDictTransformer


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
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_names: _Forgiving(sys.stderr),
        cache_logger_on_first_use=True,
    )
