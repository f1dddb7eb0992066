"""Logs as JSON lines on standard error: what happened in, never what somebody typed, nor from where."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import structlog
from gunicorn.glogging import Logger
from structlog.tracebacks import ExceptionDictTransformer


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn is not typed
    """Gunicorn's log. A path cannot break out of its JSON, and a request that went wrong is told without its address or caller."""

    atoms_wrapper_class = dict  # its own escapes quotes only: a new line in a path would begin a line of the log

    def atoms(self, *about: Any) -> dict[str, Any]:
        """What an access line may say."""
        atoms: dict[str, Any] = super().atoms(*about)
        return {**atoms, "U": json.dumps(atoms["U"])[1:-1]}

    def warning(self, msg: str, *args: Any, **options: Any) -> None:
        """As gunicorn's, of a malformed request only that it came: the text would repeat it, and say from where."""
        super().warning(msg.partition(" from ip=")[0], *args, **options)

    def exception(self, msg: object, *args: Any, **options: Any) -> None:
        """As gunicorn's, without the address that was asked for."""
        super().exception("Error handling a request" if args else msg, **options)


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
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
