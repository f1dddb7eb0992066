"""What time it is: UTC for records, London for people. The one place that asks the machine, so that tests can stop it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_stopped_at: ContextVar[datetime | None] = ContextVar("stopped_at", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _stopped_at.get() or datetime.now(UTC)


def local_now() -> datetime:
    """The present moment on a clock in London, without a zone: opening hours are wall-clock times."""
    return now().astimezone(LONDON).replace(tzinfo=None)


def day_of(moment: datetime) -> date:
    """The day in London on which an aware `moment` is."""
    return moment.astimezone(LONDON).date()


def today() -> date:
    """Today's date in London."""
    return local_now().date()


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware `moment`; for tests and the bench only."""
    token = _stopped_at.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _stopped_at.reset(token)
