"""Reads of quality: how many listings each measure counts, in all, by area and by organization. A session in, frozen rows out.

A number and the list behind it (see `listed.py`) come from one condition (`conditions.py`), so that they cannot differ.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, Select, case, func, literal, null, select, true, union_all
from sqlalchemy.orm import Session

from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.editing.freshness.queries import is_kept
from portal.editing.quality.conditions import TROUBLES, conditions, of_listings
from portal.editing.quality.measures import Measure
from portal.editing.quality.models import QualityPlace
from portal.editing.quality.placing import ELSEWHERE, EVERYWHERE

PAGE: Final = 50
BY_NAME: Final = "name"
_BITS: Final = {measure: 1 << at for at, measure in enumerate((*TROUBLES, Measure.UNKEPT, Measure.UNMEASURED))}
_MASKS: Final = {**_BITS, Measure.WORK: sum(_BITS[measure] for measure in TROUBLES)}


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

    def among(self, measure: Measure) -> int:
        """How many it could count: those measured where reading them is what is counted, else all."""
        of_read = measure in (Measure.INCOMPLETE, Measure.HARD)
        return self.numbers[Measure.ALL] - (self.numbers[Measure.UNMEASURED] if of_read else 0)

    def share(self, measure: Measure) -> float | None:
        """Which part of those it could count, 0 to 1. None of none."""
        among = self.among(measure)
        return self.numbers[measure] / among if among else None


@dataclass(frozen=True)
class Row:
    """An area (`place`) or an organization, and its counts."""

    name: str
    counts: Counts
    place: str = ""
    organization_id: uuid.UUID | None = None


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


def count_places(session: Session, asked: Asked, names: Mapping[str, str]) -> tuple[Whole, list[Row]]:
    """All listings; and a row for each area of `names` (by what stands in the database): each locality, and the others with listings."""
    facts = _facts(asked.rule)
    number = func.count()
    placed = select(QualityPlace.place, facts.c.bits, number).join(facts, facts.c.id == QualityPlace.service_id)
    every = union_all(select(null(), facts.c.bits, number).group_by(facts.c.bits), placed.group_by(QualityPlace.place, facts.c.bits))
    found: dict[str | None, Counter[int]] = defaultdict(Counter)
    for place, bits, count in session.execute(every):
        found[place][bits] += count
    shown = {place: name for place, name in names.items() if place in found or place not in (EVERYWHERE, ELSEWHERE)}
    rows = [Row(name, _of_bits(found[place]), place=place) for place, name in shown.items()]
    return Whole(_of_bits(found[None]), *_owners(session)), sorted(rows, key=lambda row: _place_in_order(row, asked.sort))


def count_organizations(session: Session, asked: Asked, page: int | None = None) -> tuple[Whole, list[Row]]:
    """All listings; and a row for each organization that has any, 50 a page, or all of them. No rows on a page that there is not."""
    groups = _groups(asked.rule)
    sums = [func.coalesce(func.sum(groups.c[measure.value]), 0).label(f"all_{measure}") for measure in Measure]
    unkept = func.count(case((groups.c[Measure.UNKEPT.value] > 0, 1))).label("unkept")
    whole = select(*sums, func.count().label("organizations"), unkept).select_from(groups).subquery()
    rows = _rows(groups, asked, page).subquery()
    together = select(*whole.c, *rows.c).select_from(whole.outerjoin(rows, true())).order_by(rows.c.position)
    found = session.execute(together).all()
    first = tuple(found[0])
    width = len(whole.c)
    return Whole(_counts(first), first[width - 2], first[width - 1]), [_row(it[width:]) for it in found if it[width] is not None]


def _owners(session: Session) -> tuple[int, int]:
    """How many organizations have listings, and how many of those nobody keeps."""
    owner = Service.organization_id
    query = select(func.count(owner.distinct()), func.count(case((~is_kept(), owner)).distinct()))
    organizations, unkept = session.execute(query.where(Service.status.in_(PUBLIC_STATUSES))).one()
    return organizations, unkept


def _facts(rule: str) -> CTE:
    """Every public listing once, with a bit for each measure that counts it: worked out once, however often it is summed."""
    counted = conditions()
    bits = sum((case((counted[measure], bit), else_=0) for measure, bit in _BITS.items()), literal(0))
    facts = of_listings(rule, Service.id, Service.organization_id, bits.label("bits"))
    return facts.cte("facts").prefix_with("MATERIALIZED")


def _groups(rule: str) -> CTE:
    """Every organization that has listings, with how many each measure counts."""
    facts = _facts(rule)
    counted = [func.count(case((_is_counted(facts.c.bits, measure), 1))).label(measure.value) for measure in Measure]
    return select(facts.c.organization_id, *counted).group_by(facts.c.organization_id).cte("groups").prefix_with("MATERIALIZED")


def _rows(groups: CTE, asked: Asked, page: int | None) -> Select[Any]:
    """Organizations in order: many to put right first; of equally many, those who have fewer listings in all."""
    by_name = [func.lower(Organization.name), Organization.id]
    order = by_name
    if asked.sort != BY_NAME:
        order = [groups.c[asked.sort].desc(), groups.c[Measure.ALL.value], *by_name]
    position = func.row_number().over(order_by=order).label("position")
    found = select(groups.c.organization_id, Organization.name, *(groups.c[measure.value] for measure in Measure), position)
    found = found.join(Organization, Organization.id == groups.c.organization_id).order_by(position)
    if asked.is_unkept:
        found = found.where(groups.c[Measure.UNKEPT.value] > 0)
    return found if page is None else found.limit(PAGE).offset((page - 1) * PAGE)


def _is_counted(bits: ColumnElement[int], measure: Measure) -> ColumnElement[bool]:
    return true() if measure is Measure.ALL else bits.bitwise_and(_MASKS[measure]) != 0


def _of_bits(found: Mapping[int, int]) -> Counts:
    """How many of so many listings with these bits each measure counts."""
    every = {Measure.ALL: sum(found.values())}
    return Counts(every | {measure: sum(count for bits, count in found.items() if bits & mask) for measure, mask in _MASKS.items()})


def _place_in_order(row: Row, sort: str) -> tuple[float, float, str]:
    name = row.name.casefold()
    if sort == BY_NAME:
        return 0, 0, name
    return -row.counts.number(Measure(sort)), -(row.counts.share(Measure(sort)) or 0), name


def _row(found: Sequence[Any]) -> Row:
    organization_id, name, *numbers = found
    return Row(name, _counts(numbers), organization_id=organization_id)


def _counts(numbers: Sequence[int]) -> Counts:
    return Counts(dict(zip(Measure, map(int, numbers), strict=False)))
