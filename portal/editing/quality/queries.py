"""Reads of quality: how many listings each measure counts, in all, by area and by organization. A session in, frozen rows out.

A number and the list behind it (see `listed.py`) come from one condition, so that they cannot differ.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true
from sqlalchemy.orm import Session

from portal import clock
from portal.directory.freshness import RECENT_MONTHS, oldest_within
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.reports import ListingReport
from portal.editing.freshness.queries import is_kept
from portal.editing.links.models import CheckedLink
from portal.editing.quality.measures import Measure
from portal.editing.quality.measuring import is_measured
from portal.editing.quality.models import Quality, QualityPlace
from portal.editing.quality.placing import ELSEWHERE, EVERYWHERE

PAGE: Final = 50
BY_NAME: Final = "name"


class By(StrEnum):
    """What the rows are."""

    PLACE = "place"
    ORGANIZATION = "organization"


@dataclass(frozen=True)
class Counts:
    """How many listings each measure counts among some."""

    numbers: Mapping[Measure, int]

    def number(self, measure: Measure) -> int:
        """How many it counts."""
        return self.numbers[measure]

    def share(self, measure: Measure) -> float | None:
        """Which part of them, 0 to 1: of those measured where reading them is what is counted. None of none."""
        of_read = measure in (Measure.INCOMPLETE, Measure.HARD)
        among = self.numbers[Measure.ALL] - (self.numbers[Measure.UNMEASURED] if of_read else 0)
        return self.numbers[measure] / among if among else None


@dataclass(frozen=True)
class Row:
    """An area (`place`) or an organization, and its counts."""

    name: str
    counts: Counts
    place: str = ""
    organization_id: uuid.UUID | None = None
    is_kept: bool = True


@dataclass(frozen=True)
class Whole:
    """All listings, each once; how many organizations have any, and how many of those nobody keeps."""

    counts: Counts
    organizations: int
    unkept: int


@dataclass(frozen=True)
class Asked:
    """How rows are to stand: `sort` a measure or `BY_NAME`; only organizations that nobody keeps."""

    rule: str
    sort: str = Measure.WORK.value
    is_unkept: bool = False


def conditions() -> dict[Measure, ColumnElement[bool]]:
    """What each measure counts, of listings joined as `of_listings` joins them."""
    recent = oldest_within(RECENT_MONTHS, clock.today())
    broken = select(CheckedLink.url).where(CheckedLink.broken_since.is_not(None))
    websites = select(Organization.id).where(Organization.website.in_(broken))
    found: dict[Measure, ColumnElement[bool]] = {
        Measure.ALL: true(),
        Measure.UNCHECKED: or_(Service.assured_date.is_(None), Service.assured_date < recent),
        Measure.INCOMPLETE: Quality.is_complete.is_(False),
        Measure.HARD: Quality.is_plain.is_(False),
        Measure.BROKEN: or_(Service.url.in_(broken), Service.organization_id.in_(websites)),
        Measure.REPORTED: Service.id.in_(select(ListingReport.service_id).where(ListingReport.closed_at.is_(None))),
        Measure.UNKEPT: ~is_kept(),
        Measure.UNMEASURED: Quality.service_id.is_(None),
    }
    troubles = (Measure.UNCHECKED, Measure.INCOMPLETE, Measure.HARD, Measure.BROKEN, Measure.REPORTED)
    return {**found, Measure.WORK: or_(*(found[measure] for measure in troubles))}


def of_listings(rule: str, *columns: Any) -> Select[Any]:
    """These columns of public listings and, where they are measured as they are now, of their measures."""
    joined = select(*columns).select_from(Service).outerjoin(Quality, is_measured(rule))
    return joined.where(Service.status.in_(PUBLIC_STATUSES))


def count_all(session: Session, rule: str) -> Whole:
    """All listings together."""
    unkept = case((conditions()[Measure.UNKEPT], Service.organization_id))
    organizations = func.count(Service.organization_id.distinct()), func.count(unkept.distinct())
    row = session.execute(of_listings(rule, *_counted().values(), *organizations)).one()
    return Whole(_counts(row), row[-2], row[-1])


def list_places(session: Session, asked: Asked, names: Mapping[str, str]) -> list[Row]:
    """A row for each area of `names` (by what stands in the database): each locality, and the others that have listings."""
    found = of_listings(asked.rule, *_counted().values(), QualityPlace.place)
    grouped = session.execute(found.join(QualityPlace, QualityPlace.service_id == Service.id).group_by(QualityPlace.place))
    counts = {row[-1]: _counts(row) for row in grouped}
    none = Counts(dict.fromkeys(Measure, 0))
    shown = {place: name for place, name in names.items() if place in counts or place not in (EVERYWHERE, ELSEWHERE)}
    rows = [Row(name, counts.get(place, none), place=place) for place, name in shown.items()]
    if asked.sort == BY_NAME:
        return sorted(rows, key=lambda row: row.name.casefold())
    measure = Measure(asked.sort)
    return sorted(rows, key=lambda row: (-row.counts.number(measure), -(row.counts.share(measure) or 0), row.name.casefold()))


def count_organizations(whole: Whole, asked: Asked) -> int:
    """How many rows `list_organizations` has in all."""
    return whole.unkept if asked.is_unkept else whole.organizations


def list_organizations(session: Session, asked: Asked, page: int | None = None) -> list[Row]:
    """A row for each organization that has listings, 50 a page, or all of them."""
    counted = [column.label(f"n_{measure}") for measure, column in _counted().items()]
    grouped = of_listings(asked.rule, *counted, Service.organization_id).group_by(Service.organization_id)
    if asked.is_unkept:
        grouped = grouped.where(conditions()[Measure.UNKEPT])
    rows = grouped.subquery()
    found = select(*rows.c, Organization.name).join(Organization, Organization.id == rows.c.organization_id)
    if asked.sort != BY_NAME:  # many to put right first; of equally many, those who have fewer in all
        found = found.order_by(rows.c[f"n_{Measure(asked.sort)}"].desc(), rows.c[f"n_{Measure.ALL}"])
    found = found.order_by(func.lower(Organization.name), Organization.id)
    if page is not None:
        found = found.limit(PAGE).offset((page - 1) * PAGE)
    return list(_organizations(session.execute(found)))


def _organizations(found: Any) -> Iterator[Row]:
    for row in found:
        counts = _counts(row)
        yield Row(row[-1], counts, organization_id=row[-2], is_kept=not counts.number(Measure.UNKEPT))


def _counted() -> dict[Measure, ColumnElement[int]]:
    """A column for each measure, in their order."""
    counted = conditions()
    return {measure: func.count(case((counted[measure], 1))) for measure in Measure}


def _counts(row: Any) -> Counts:
    return Counts(dict(zip(Measure, row, strict=False)))
