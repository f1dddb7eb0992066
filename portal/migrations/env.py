"""Runs migrations against the engine that the command hands over in `config.attributes["engine"]`."""

from alembic import context
from sqlalchemy import Connection

from portal.backup import tables  # noqa: F401 - all tables register themselves when imported, here and below
from portal.db import Base
from portal.web import limits  # noqa: F401


def run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:  # somebody's own transaction
        migrate(given)
        return
    engine = context.config.attributes["engine"].execution_options(writes=True)
    with engine.connect() as connection:
        migrate(connection)


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


run()
