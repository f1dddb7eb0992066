"""`GET /healthz`: 200 while this process can answer, with what it could not reach; for a supervisor, not for people."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError


def install(app: Flask, engine: Engine) -> None:
    """Serve `/healthz`. The process is healthy without a database: urgent help is still there."""

    def healthz() -> Response:
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT version_num FROM alembic_version"))
            database = "ok"
        except SQLAlchemyError:
            database = "unreachable"
        return jsonify(status="ok", database=database)

    app.add_url_rule("/healthz", "health.healthz", healthz)
