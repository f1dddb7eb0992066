"""The database: a URL in, an engine and sessions out; the declarative base that every table shares.

SQLite runs in WAL with synchronous FULL (a power cut loses no acknowledged row) and takes its write lock when a writing
transaction begins (`writing`), since a lock taken half-way fails under load. PostgreSQL needs none of this; but it waits for locks for ever
unless it is told not to. What people typed is never repeated in the text of an error.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import URL, DateTime, Dialect, Engine, MetaData, Table, TypeDecorator, Uuid, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from portal.errors import ConfigError

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_SECONDS = 15  # that a write waits for another
LOCKED_SECONDS = 5  # that a page waits for a table which is being changed: whoever waits keeps a thread from urgent help
SERVER_WAITS = {  # unless the URL says otherwise: a dead machine, or a link that loses everything, says nothing
    "connect_timeout": "3",  # s
    "tcp_user_timeout": "5000",  # ms for what was sent and nobody has confirmed, the probes below too
    "keepalives_idle": "5",  # s of waiting for an answer, after which it is probed whether anybody is there
    "keepalives_interval": "2",  # s between probes
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC on every database; SQLite forgets zones, so they are put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware in, UTC out."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The declarative base: UUID keys, aware moments, and constraint names that migrations can rely on."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {uuid.UUID: Uuid(), datetime: UtcDateTime()}


def open_engine(url: str) -> Engine:
    """An engine for `url`; the folder of an SQLite file is made. No connection is opened yet. Raises `ConfigError` for no URL of ours."""
    try:
        if make_url(url).get_backend_name() == "sqlite":
            return _open_sqlite(url)
        return _open_postgresql(url)
    except (ArgumentError, ImportError) as error:  # the URL is not repeated: it may hold a password
        raise ConfigError("PORTAL_DATABASE_URL must be sqlite:///… or postgresql://…, and is neither.") from error


def _open_sqlite(url: str) -> Engine:
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin for us: see _begin
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        driver = connection.connection.driver_connection  # asked itself where nothing can fail or wait
        driver.execute(f"PRAGMA synchronous={'FULL' if options.get('lasts', True) else 'NORMAL'}")
        if not options.get("writes"):
            driver.execute("BEGIN")
            return
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def server_waits(url: URL) -> dict[str, str]:
    """How long a connection to PostgreSQL waits for a server that says nothing, as `connect_args`."""
    return {name: value for name, value in SERVER_WAITS.items() if name not in url.query}


def _open_postgresql(url: str) -> Engine:
    waits = server_waits(make_url(url))
    engine = create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=5, pool_timeout=5, hide_parameters=True, connect_args=waits)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.execute(f"SET lock_timeout = '{LOCKED_SECONDS}s'")
        connection.commit()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if connection.get_execution_options().get("writes"):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")

    return engine


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """An engine for the length of one task; its connections are closed at the end."""
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def inserting(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An `INSERT` in this database's own words, which can say what to do when the row is there already."""
    return inserting_in(session.get_bind().dialect.name, table)


def inserting_in(dialect: str, table: type[Base] | Table) -> postgresql.Insert | sqlite.Insert:
    """The same for a database by its name, for a statement that is written once and used often."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Makes sessions that read; `writing` makes those that write."""
    return sessionmaker(engine, expire_on_commit=False)


def for_writing(engine: Engine, *, lasts: bool = True) -> Engine:
    """`engine`, whose transactions may write; its connections are the same. For single statements that need no session.

    What need not outlast a power cut (`lasts`), such as a count of the last minute, does not wait for SQLite's disk.
    """
    of_engine, name = vars(engine), f"for writing, lasts: {lasts}"  # kept with it, and gone with it: making one takes a while
    writer: Engine | None = of_engine.get(name)
    if writer is None:
        writer = of_engine[name] = engine.execution_options(writes=True, lasts=lasts)
    return writer


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction that may write: committed at the end, rolled back on any error."""
    with Session(for_writing(engine), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One transaction that only reads."""
    with Session(engine, expire_on_commit=False) as session:
        yield session
