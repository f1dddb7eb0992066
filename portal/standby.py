"""A standby of the database: a copy that follows it and can only be read. Public pages read it, and have it when the database is gone.

Two ways to read, for engines with and without a standby. `reading_copy` is for lists that many ask for and that may be seconds old:
from the standby, unless it is gone or more than `SECONDS` behind. `reading_now` is for what has to be true at once, above all that a
listing is withdrawn: from the database itself; from the standby only while the database does not answer, when nothing can be withdrawn
either. Writing is for the database alone: nothing is kept for later that somebody was told is kept.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from portal.db import open_engine, reading

SECONDS: Final = 5.0  # between looks at how far a standby is; it must have by now what the database had at the look before
GONE_SECONDS: Final = 2.0  # for so long nobody tries again what did not answer: each try can take seconds
HERE: Final = text("SELECT pg_current_wal_lsn()::text")
REPLAYED: Final = text("SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= CAST(:at AS pg_lsn)")
GONE: Final = (DBAPIError, PoolTimeout)
log = structlog.get_logger(__name__)


class _Standby:
    """The standby of one engine, and what this process knows of both. Safe between threads."""

    def __init__(self, engine: Engine, url: str) -> None:
        self.engine = open_engine(url)
        self._database = engine
        self._looking = threading.Lock()
        self._looked_at = float("-inf")
        self._written = ""  # how far the database was at the last look
        self._is_near = True
        self._gone_until: dict[Engine, float] = {}

    def is_near(self) -> bool:
        """Whether it has what the database had some seconds ago; where the database cannot say, it is near enough."""
        if time.monotonic() - self._looked_at > SECONDS and self._looking.acquire(blocking=False):
            try:
                self._look()
            except GONE as error:  # in the middle: the next look tells
                log.warning("nobody can tell how far a standby is", reason=type(error).__name__)
            finally:
                self._looking.release()
        return self._is_near

    def _look(self) -> None:
        self._looked_at = time.monotonic()
        with self._tried(self.engine) as copy:
            if copy is not None and self._written:
                self._is_near = bool(copy.scalar(REPLAYED, {"at": self._written}))
        with self._tried(self._database) as session:
            if session is None:
                self._written, self._is_near = "", True
            else:
                self._written = str(session.scalar(HERE))

    @contextmanager
    def first_of(self, engines: Sequence[Engine]) -> Iterator[Session]:
        """A session on the first of these that answers. Where none does, one on the last: it says why when it is used."""
        with ExitStack() as stack:
            for each in engines:
                if (session := stack.enter_context(self._tried(each))) is not None:
                    yield session
                    return
            yield stack.enter_context(reading(engines[-1]))

    @contextmanager
    def _tried(self, engine: Engine) -> Iterator[Session | None]:
        """A session that is connected; None where the server does not answer, or did not a moment ago."""
        with ExitStack() as stack:
            session: Session | None = None
            if time.monotonic() >= self._gone_until.get(engine, 0.0):
                session = stack.enter_context(reading(engine))
                try:
                    session.connection()
                except GONE as error:
                    self._gone_until[engine] = time.monotonic() + GONE_SECONDS
                    log.warning("a server does not answer", is_standby=engine is self.engine, reason=type(error).__name__)
                    session = None
            yield session


_STANDBYS: WeakKeyDictionary[Engine, _Standby] = WeakKeyDictionary()


def add_standby(engine: Engine, url: str) -> None:
    """From now on `url` is the standby of `engine`. No connection is opened yet. Raises `ConfigError` for no URL of ours."""
    _STANDBYS[engine] = _Standby(engine, url)


@contextmanager
def reading_copy(engine: Engine) -> Iterator[Session]:
    """A transaction that reads what may be some seconds old: from the standby where there is one and it is near. Raises as `reading`."""
    standby = _STANDBYS.get(engine)
    if standby is None:
        opened = reading(engine)
    else:
        opened = standby.first_of((standby.engine, engine) if standby.is_near() else (engine, standby.engine))
    with opened as session:
        yield session


@contextmanager
def reading_now(engine: Engine) -> Iterator[Session]:
    """A transaction that reads what is true now: from the standby only while the database does not answer. Raises as `reading`."""
    standby = _STANDBYS.get(engine)
    with reading(engine) if standby is None else standby.first_of((engine, standby.engine)) as session:
        yield session
