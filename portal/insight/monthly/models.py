"""Tables of what was remembered: one row a month, and one for each need in each locality of that month. No I/O."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Month(Base):
    """A month (its first day) that is remembered, as it was at `taken_at`.

    `version` names the localities of its day (`localities.versions.AreaVersion.key`). `counted` services are behind its figures;
    `too_old` ones were not shown any more.
    """

    __tablename__ = "insight_month"

    month: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[str]
    taken_at: Mapped[datetime]
    counted: Mapped[int]
    too_old: Mapped[int]


class MonthCell(Base):
    """One need in one locality of a month: `Provision`'s figures, people who have the need, and the gap.

    `locality` is a slug, or `facts.EVERY` for all of them; `need` is an id, or `facts.EVERY` for any or none. What nobody knew is None.
    """

    __tablename__ = "insight_month_cell"

    month: Mapped[date] = mapped_column(ForeignKey("insight_month.month", ondelete="CASCADE"), primary_key=True)
    need: Mapped[str] = mapped_column(primary_key=True)
    locality: Mapped[str] = mapped_column(primary_key=True)
    people: Mapped[int | None]
    covers: Mapped[int]
    local: Mapped[int]
    based: Mapped[int]
    places: Mapped[int]
    hours: Mapped[float]
    free: Mapped[int]
    step_free: Mapped[int]
    evening: Mapped[int]
    weekend: Mapped[int]
    remote: Mapped[int]
    in_languages: Mapped[int]
    expected: Mapped[float | None]
    ratio: Mapped[float | None]
    verdict: Mapped[str]
