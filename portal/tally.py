"""Counts by day, and nothing else: no person, no address, no cookie, no time of day.

A subject is (kind, key, locality): a kind such as "search missed", a key such as a need, and a place no finer than a locality.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import clock
from portal.db import Base, inserting


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


def count(session: Session, kind: str, key: str, locality: str = "") -> None:
    """Count one more of (kind, key, locality) today, also when others count the same at the same moment. Never commits."""
    subject = {"counted_on": clock.today(), "kind": kind, "key": key, "locality": locality}
    first = inserting(session, Tally).values(**subject, count=1)
    session.execute(first.on_conflict_do_update(index_elements=list(subject), set_={"count": Tally.count + 1}))
