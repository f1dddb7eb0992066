"""For whoever supervises the site, not for people: `/healthz` says that this process answers, `/readyz` whether it can do its work.

`/healthz` asks nothing of anything else: a process without a database is not to be killed, since urgent help is still there.
`/readyz` is 503 while the database cannot be asked or is older than the portal. An index that is away or mail that waits long are
said, and no reason to be left out: search then answers from the database.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Flask, Response, jsonify
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal import schema
from portal.db import reading
from portal.errors import IndexUnavailable
from portal.mail.waiting import count_waiting
from portal.search.index import Index
from portal.ui.caching import never

OK: Final = "ok"
UNREACHABLE: Final = "unreachable"
BEHIND: Final = "behind"
LATE: Final = timedelta(hours=1)  # a letter that has waited so long: the mail server is to be looked at


def install(app: Flask, engine: Engine, index: Index) -> None:
    """Serve both addresses."""

    def healthz() -> Response:
        return never(jsonify(status=OK))

    def readyz() -> Response:
        found = {**_of_database(engine), "index": _of_index(index)}
        is_ready = found["database"] == OK and found["migrations"] != BEHIND
        response = never(jsonify(status="ready" if is_ready else "not ready", **found))
        response.status_code = 200 if is_ready else 503
        return response

    app.add_url_rule("/healthz", "health.healthz", healthz)
    app.add_url_rule("/readyz", "health.readyz", readyz)


def _of_database(engine: Engine) -> dict[str, str]:
    try:
        with reading(engine) as session:
            return {"database": OK, "migrations": schema.standing(session.connection()), "outbox": _of_outbox(session)}
    except SQLAlchemyError:
        return {"database": UNREACHABLE, "migrations": "unknown", "outbox": "unknown"}


def _of_outbox(session: Session) -> str:
    return "late" if count_waiting(session).oldest > LATE else OK


def _of_index(index: Index) -> str:
    try:
        index.snapshot()
    except IndexUnavailable:
        return "away"
    return OK
