"""Reads of what was remembered: a session in; months, and one number of them by locality, out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.insight.monthly.lines import Number, Remembered
from portal.insight.monthly.models import Month, MonthCell


def list_months(session: Session) -> list[Remembered]:
    """Every month that is remembered, in order."""
    rows = session.scalars(select(Month).order_by(Month.month))
    return [Remembered(row.month, clock.day_of(row.taken_at), row.version, row.counted, row.too_old) for row in rows]


def find_values(session: Session, number: Number, need: str, localities: Collection[str]) -> dict[tuple[date, str], float]:
    """One number of a need (or `EVERY`) in these localities (or `EVERY`), by month and locality; what nobody knew is not in it."""
    column = getattr(MonthCell, number.value)
    wanted = select(MonthCell.month, MonthCell.locality, column).where(MonthCell.need == need, MonthCell.locality.in_(localities))
    return {(month, locality): float(value) for month, locality, value in session.execute(wanted) if value is not None}
