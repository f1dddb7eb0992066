"""Limits on what is posted and on what programs read, shared by all workers: a store for Flask-Limiter in the site's own database.

A limit kept in each worker's memory lets through as many times more as there are workers. Keys are a keyed hash of the
address that lasts a day at most; the address itself is not kept.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from functools import cache, partial
from math import ceil
from typing import Any, Final, cast

from flask import Flask, request
from flask_limiter import Limiter
from limits.storage import Storage
from sqlalchemy import Engine, Executable, Table, bindparam, case, delete, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base, for_writing, inserting_in, reading, writing

SCHEME: Final = "portal-database"
ALWAYS: Final = "leaving.leave"  # nobody waits for leave to leave
POSTS: Final = "30 per minute; 1000 per day"  # a library or a mobile network is many people behind one address
READS: Final = 600  # requests of a program in a minute
AT_ONCE: Final = 20
A_MINUTE: Final = 60


class LimitCount(Base):
    """How often one hashed key was seen until `expires_at` (seconds since 1970)."""

    __tablename__ = "limit_count"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[float] = mapped_column(index=True)


class DatabaseStorage(Storage):
    """Fixed windows in `limit_count`. Expired rows go when a new one comes."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - the library declares it so

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._engine: Engine = options["engine"]

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the store may raise."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more and return the count in this window of `expiry` seconds.

        A window that would end later than one that begins now was begun before the machine's clock was put back: it is over too.
        (Not by less than a minute: another may have looked at the clock later than this, and written sooner.)
        """
        now = time.time()
        ends = now + expiry
        row = {"key": key, "count": amount, "expires_at": ends, "now": now, "latest": ends + A_MINUTE}
        with for_writing(self._engine, lasts=False).begin() as connection:
            count = int(connection.execute(_counting(connection.dialect.name), row).scalar_one())
        if count == amount:
            with writing(self._engine) as session:  # apart: two that clear away must not wait for each other's counts
                session.execute(delete(LimitCount).where(LimitCount.expires_at <= now))
        return count

    def get(self, key: str) -> int:
        """The count in this window."""
        row = self._live(key)
        return row.count if row else 0

    def get_expiry(self, key: str) -> float:
        """When this window ends, in seconds since 1970."""
        row = self._live(key)
        return row.expires_at if row else time.time()

    def check(self) -> bool:
        """Whether the store answers."""
        with reading(self._engine) as session:
            session.scalar(select(LimitCount.key).limit(1))
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        with writing(self._engine) as session:
            session.execute(delete(LimitCount))
        return None

    def clear(self, key: str) -> None:
        """Forget one count."""
        with writing(self._engine) as session:
            session.execute(delete(LimitCount).where(LimitCount.key == key))

    def _live(self, key: str) -> LimitCount | None:
        with reading(self._engine) as session:
            row = session.get(LimitCount, key)
            return row if row is not None and row.expires_at > time.time() else None


@cache
def _counting(dialect: str) -> Executable:
    """Counts `count` more for `key` in a window until `expires_at`: written once, since every form that is posted runs it."""
    table = cast("Table", LimitCount.__table__)
    first = inserting_in(dialect, table)
    is_over = or_(table.c.expires_at <= bindparam("now"), table.c.expires_at > bindparam("latest"))
    again = {
        "count": case((is_over, first.excluded.count), else_=table.c.count + first.excluded.count),
        "expires_at": case((is_over, first.excluded.expires_at), else_=table.c.expires_at),
    }
    return first.on_conflict_do_update(index_elements=["key"], set_=again).returning(table.c.count)


class Allowance:
    """How often a program may ask in a minute, whichever worker it asks.

    A worker takes `AT_ONCE` from the store and spends them by itself: one write for many answers. `most` is a multiple of that.
    """

    def __init__(self, engine: Engine, secret: str, most: int = READS) -> None:
        self._storage, self._secret, self._most = DatabaseStorage(engine=engine), secret, most
        self._left: dict[str, tuple[int, float]] = {}  # by caller: how many more, until when (seconds since 1970)
        self._lock = threading.Lock()

    def spend(self) -> int:
        """Count this request; the seconds to wait before the next where there were too many, 0 where not, or where no store answers."""
        key, now = f"reads {caller_of(self._secret)}", time.time()
        with self._lock:
            left, until = self._left.get(key, (0, 0.0))
            if left == 0 or not now < until <= now + 2 * A_MINUTE:  # later: the clock was put back
                left, until = self._take(key, now)
            self._left[key] = (max(left - 1, -1), until)
            return 0 if left > 0 else max(1, ceil(until - now))

    def _take(self, key: str, now: float) -> tuple[int, float]:
        """More from the store: how many (-1: none in this minute), and when the minute ends."""
        self._left = {each: kept for each, kept in self._left.items() if kept[1] > now}
        try:
            count = self._storage.incr(key, A_MINUTE, AT_ONCE)
            return AT_ONCE if count <= self._most else -1, self._storage.get_expiry(key)
        except SQLAlchemyError:
            return AT_ONCE, now + 1


def caller_of(secret: str) -> str:
    """Who asks, as a keyed hash that another day makes another."""
    today = clock.today().isoformat()
    return hmac.new(secret.encode(), f"{today} {request.remote_addr}".encode(), hashlib.sha256).hexdigest()[:32]


def install(app: Flask, engine: Engine, secret: str) -> Limiter:
    """Limit every posted form of `app` by hashed address; the answer limits single pages further. Without its store, forms still work."""
    options: dict[str, Any] = {"engine": engine}
    limiter = Limiter(
        partial(caller_of, secret),
        app=app,
        default_limits=[POSTS],
        default_limits_per_method=True,
        storage_uri=f"{SCHEME}://",
        storage_options=options,
        swallow_errors=True,
        headers_enabled=False,
    )
    limiter.request_filter(lambda: request.method != "POST" or request.endpoint == ALWAYS)
    return limiter
