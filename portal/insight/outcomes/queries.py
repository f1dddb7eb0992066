"""Reads of what came of plans and requests: quarters in, their reports out. Counts are read by month, each in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from portal.insight.outcomes.measures import CELLS
from portal.insight.outcomes.report import NOWHERE, Report, report_of
from portal.insight.periods import MONTHS, Quarter
from portal.localities.versions import AreaVersion, Versions
from portal.tally import Tally

_Counts = dict[tuple[str, str, str], list[int]]


def list_reports(session: Session, versions: Versions, quarters: Sequence[Quarter]) -> tuple[Report, ...]:
    """The reports of these quarters, in their order, each of the localities of its days."""
    counted = _by_quarter(session, versions, min(quarters).first, max(quarters).last) if quarters else {}
    return tuple(_report(versions.on(quarter.first), quarter, counted.get(quarter, {})) for quarter in quarters)


def _report(version: AreaVersion, quarter: Quarter, counts: _Counts) -> Report:
    return report_of(quarter, version.key, {slug: one.name for slug, one in version.localities.items()}, counts)


def _by_quarter(session: Session, versions: Versions, first: date, last: date) -> Mapping[Quarter, _Counts]:
    """Counts by month. What was counted for none of the localities of its day is with those who did not say where they live."""
    found: dict[Quarter, _Counts] = defaultdict(lambda: defaultdict(lambda: [0] * MONTHS))
    year, month = extract("year", Tally.counted_on), extract("month", Tally.counted_on)
    columns = (Tally.kind, Tally.key, Tally.locality, year, month)
    is_ours = Tally.kind.in_({kind for kind, _ in CELLS}), Tally.counted_on.between(first, last)
    for kind, key, slug, of_year, of_month, count in session.execute(
        select(*columns, func.sum(Tally.count)).where(*is_ours).group_by(*columns)
    ):
        day = date(int(of_year), int(of_month), 1)
        place = slug if slug in versions.on(day).localities else NOWHERE
        quarter = Quarter.of(day)
        found[quarter][kind, key, place][quarter.months.index(day)] += int(count)
    return found
