"""Remembering a month: today's figures in, its rows written once, by whichever process comes first.

A month is remembered as it was on the first day of it on which a server ran, and never changed after: a line that went on moving would
be no memory. Nothing is remembered while the index is away, is behind the database or has no service, or while a server that was
started before the localities changed still counts under the former ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any, Final

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from portal import clock
from portal.db import inserting, reading, writing
from portal.errors import IndexUnavailable
from portal.insight.facts import EVERY, Facts
from portal.insight.figures import Figures
from portal.insight.gap import Gap
from portal.insight.matrix import Matrix
from portal.insight.monthly.models import Month, MonthCell
from portal.insight.provision import Provision

FIGURES: Final = tuple(each.name for each in fields(Provision) if each.name != "languages")


def remember(engine: Engine, figures: Figures) -> bool:
    """Keep this month's figures, where nobody has yet; whether that was done now."""
    today = clock.today()
    month = today.replace(day=1)
    with reading(engine) as session:
        if session.get(Month, month) or not figures.ground.areas.holds(today):
            return False
    try:
        if figures.is_behind():
            return False
        facts, matrix = figures.facts(today), figures.matrix(today)
    except IndexUnavailable:
        return False
    if not matrix.counted:
        return False
    with writing(engine) as session:
        return _keep(session, month, figures.ground.areas.key, list(_cells(month, matrix, facts)), matrix)


def _keep(session: Session, month: date, version: str, cells: list[dict[str, Any]], matrix: Matrix) -> bool:
    """Write all rows of the month, or none where another process was first."""
    row = {"month": month, "version": version, "taken_at": clock.now(), "counted": matrix.counted, "too_old": matrix.too_old}
    first = inserting(session, Month).values(row).on_conflict_do_nothing(index_elements=["month"])
    if session.scalar(first.returning(Month.month)) is None:
        return False
    session.execute(insert(MonthCell), cells)
    return True


def _cells(month: date, matrix: Matrix, facts: Facts) -> Iterator[dict[str, Any]]:
    for (locality, need), cell in matrix.cells.items():
        yield _row((month, need, locality), cell.people, cell.provision, cell.gap)
    for locality, total in matrix.by_locality.items():
        yield _row((month, EVERY, locality), total.people, total.provision, None)
    for need, total in matrix.by_need.items():
        yield _row((month, need, EVERY), total.people, total.provision, None)
    yield _row((month, EVERY, EVERY), None, facts.provision(), None)


def _row(key: tuple[date, str, str], people: int | None, provision: Provision, gap: Gap | None) -> dict[str, Any]:
    figures = {name: getattr(provision, name) for name in FIGURES}
    found = {"expected": gap.expected, "ratio": gap.ratio, "verdict": gap.verdict.value} if gap else {}
    none = {"expected": None, "ratio": None, "verdict": ""}
    return {**dict(zip(("month", "need", "locality"), key, strict=True)), "people": people, **figures, **none, **found}
