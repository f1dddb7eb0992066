"""Runs migrations against the engine that the command hands over in `config.attributes["engine"]`."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection

from portal import schema
from portal.backup import tables  # noqa: F401 - all tables register themselves when imported, here and below
from portal.db import Base
from portal.web import limits  # noqa: F401


def run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:  # somebody's own transaction
        migrate(given)
        return
    own = context.config.attributes["engine"]
    engine = own.execution_options(writes=own.dialect.name == "sqlite")  # PostgreSQL's writers wait longer for a table than a migration may
    with engine.connect() as connection, one_at_a_time(connection):
        migrate(connection)


@contextmanager
def one_at_a_time(connection: Connection) -> Iterator[None]:
    """In PostgreSQL: no two migrate at once, nor wait for a lock longer than a page does, since all the site would queue behind them."""
    if connection.dialect.name == "sqlite":
        yield
        return
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({schema.LOCK})")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({schema.LOCK})")
        connection.commit()


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


run()
