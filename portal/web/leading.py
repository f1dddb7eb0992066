"""What one process of all should do: a lock that its holder has until it ends, and then another; nobody has to give it back.

`FileLock` is for one of a machine. `Leader` is for one of all that share a database: on PostgreSQL an advisory lock of a session of its
own, which ends with the process or the connection; on SQLite, which only one machine can have, a file. Where a network parts there can
be two leaders for a moment: whatever a leader does may be done twice. It is asked for less work, never to be right.
"""

from __future__ import annotations

import fcntl
import os
import threading
import zlib
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from portal.db import server_waits

KEY: Final = zlib.crc32(b"portal leader")  # a number that nobody else is likely to have locked
LOST_AFTER: Final = ("tcp_keepalives_idle = 5", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")  # a machine without power
log = structlog.get_logger(__name__)


class FileLock:
    """A lock among the processes of one machine."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._descriptor: int | None = None

    def is_ours(self) -> bool:
        """Take it where nobody has it. Raises `OSError` where nothing can be written."""
        if self._descriptor is None:
            self._place.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._place, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                return False
            self._descriptor = descriptor
        return True


class _SessionLock:
    """An advisory lock of PostgreSQL, among all processes that have this database."""

    def __init__(self, engine: Engine) -> None:
        waits = server_waits(engine.url)  # as every other connection: who asks whether we lead must not hang with the link
        self._engine = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True, connect_args=waits)
        self._connection: Connection | None = None

    def is_ours(self) -> bool:
        """Take it where nobody has it; ask whether the session that had it is still there. Raises `SQLAlchemyError`."""
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
            except SQLAlchemyError:
                self._let_go()
            else:
                return True
        return self._take()

    def _take(self) -> bool:
        connection = self._engine.connect()
        try:
            for setting in LOST_AFTER:
                connection.execute(text(f"SET {setting}"))
            has_it = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEY}))
        except SQLAlchemyError:
            connection.close()
            raise
        if not has_it:
            connection.close()
            return False
        self._connection = connection
        return True

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()


class Leader:
    """Whether this process leads all that share its database. One for each process; safe between threads."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        is_shared = engine.dialect.name == "postgresql"
        self._lock = _SessionLock(engine) if is_shared else FileLock(folder / "leader")
        self._asking = threading.Lock()
        self._led = False

    def leads(self) -> bool:
        """Lead where nobody does. While nobody can tell, nobody leads."""
        with self._asking:
            try:
                leads = self._lock.is_ours()
            except (SQLAlchemyError, OSError) as error:
                log.warning("nobody can tell who leads", reason=type(error).__name__)
                leads = False
            if leads and not self._led:
                log.info("this process leads")
            self._led = leads
            return leads
