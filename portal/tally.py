"""Counts by day, and nothing else: no person, no address, no cookie, no time of day.

A subject is (day, kind, key, locality): a kind such as "search missed", a key such as a need, and a place no finer than a locality.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy import CheckConstraint, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import clock
from portal.db import Base, inserting

SMALLEST: Final = 10  # a published figure below this is not shown, so that nobody can be found behind it
ROUNDED_TO: Final = 5


class Tally(Base):
    """How often one thing happened on one day."""

    __tablename__ = "tally"
    __table_args__ = (UniqueConstraint("counted_on", "kind", "key", "locality"), CheckConstraint("count > 0", name="count_positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    counted_on: Mapped[date]
    kind: Mapped[str]
    key: Mapped[str]
    locality: Mapped[str] = mapped_column(default="")
    count: Mapped[int] = mapped_column(default=1)


class Subject(NamedTuple):
    """What is counted, and the day in London on which it happened."""

    counted_on: date
    kind: str
    key: str
    locality: str = ""


def count(session: Session, kind: str, key: str, locality: str = "") -> None:
    """Count one more of (kind, key, locality) today, also when others count the same at the same moment. Never commits."""
    add(session, {Subject(clock.today(), kind, key, locality): 1})


def add(session: Session, counts: Mapping[Subject, int]) -> None:
    """Count so many more of each, at once; what others add at the same moment is added too. Never commits.

    Always in the same order, so that two that add much never wait for each other.
    """
    first = inserting(session, Tally)
    added = first.on_conflict_do_update(index_elements=list(Subject._fields), set_={"count": Tally.count + first.excluded["count"]})
    if rows := [{**subject._asdict(), "count": number} for subject, number in sorted(counts.items())]:
        session.execute(added, rows)


def purge(session: Session, older_than: timedelta, kinds: Collection[str] | None = None) -> None:
    """Forget the counts (of these kinds, where given) of days longer ago than that. Never commits."""
    is_old = Tally.counted_on < clock.today() - older_than
    session.execute(delete(Tally).where(is_old) if kinds is None else delete(Tally).where(is_old, Tally.kind.in_(kinds)))


def published(count: int) -> int | None:
    """A count as it may be shown: None from 1 to 9, else rounded to the nearest 5; no difference of two gives a small one away."""
    if not 0 < count < SMALLEST:
        return ROUNDED_TO * round(count / ROUNDED_TO)
    return None


def totals(session: Session, kind: str, first: date = date.min, last: date = date.max) -> list[tuple[str, str, int]]:
    """(key, locality, how often) of one kind on the days from `first` to `last`, in that order. Never to be shown as they are."""
    summed = select(Tally.key, Tally.locality, func.sum(Tally.count)).where(Tally.kind == kind, Tally.counted_on.between(first, last))
    rows = session.execute(summed.group_by(Tally.key, Tally.locality).order_by(Tally.key, Tally.locality))
    return [(key, locality, int(number)) for key, locality, number in rows]
