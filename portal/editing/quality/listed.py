"""The listings behind a number: a measure and an area or an organization in, one page of them out, each with what is to put right."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.directory.freshness import RECENT_MONTHS, oldest_within
from portal.directory.models import Organization, Service
from portal.directory.queries import since
from portal.directory.record import ServiceRecord
from portal.directory.reports import ListingReport
from portal.editing.checks.hint import Hint
from portal.editing.checks.missing import Part
from portal.editing.checks.reading import reading
from portal.editing.freshness.queries import is_kept
from portal.editing.links.models import CheckedLink
from portal.editing.quality.conditions import conditions, of_listings
from portal.editing.quality.measures import Measure
from portal.editing.quality.models import Quality, QualityPlace
from portal.editing.quality.queries import PAGE
from portal.errors import NotFound

MOST_HINTS: Final = 2  # of each listing


@dataclass(frozen=True)
class Wanted:
    """Which listings: those that a measure counts, in an area or of an organization; which page of them."""

    measure: Measure = Measure.WORK
    place: str = ""
    organization_id: uuid.UUID | None = None
    page: int = 1


@dataclass(frozen=True)
class Listed:
    """A listing and what is to put right. `missing` and `hints` are empty where it is not measured as it is now (`is_measured`)."""

    service_id: uuid.UUID
    name: str
    organization_id: uuid.UUID
    organization: str
    assured_on: date | None
    is_checked: bool
    is_measured: bool
    missing: tuple[Part, ...]
    hints: tuple[Hint, ...]
    broken: tuple[str, ...]
    is_reported: bool
    is_kept: bool


def count_listed(session: Session, rule: str, wanted: Wanted) -> int:
    """How many listings there are on all pages."""
    return session.scalar(of_listings(rule, func.count()).where(*_chosen(wanted))) or 0


def list_listed(session: Session, rule: str, wanted: Wanted) -> tuple[Listed, ...]:
    """One page of them, those that nobody checked for longest first."""
    columns = (Service.id, Service.name, Organization.id, Organization.name, Service.assured_date, Service.description)
    more = (Quality.is_plain, Quality.missing, Service.url, Organization.website, is_kept())
    chosen = of_listings(rule, Service.id).where(*_chosen(wanted)).order_by(since(), Service.id)
    ids = session.scalars(chosen.limit(PAGE).offset((wanted.page - 1) * PAGE)).all()
    found = of_listings(rule, *columns, *more).join(Organization, Organization.id == Service.organization_id)
    rows = session.execute(found.where(Service.id.in_(ids)).order_by(since(), Service.id)).all()
    broken, reported = _broken(session, rows), _reported(session, rows)
    return tuple(_listed(row, broken, reported) for row in rows)


def get_name_of_organization(session: Session, organization_id: uuid.UUID) -> str:
    """An organization's name. Raises `NotFound`."""
    name = session.scalar(select(Organization.name).where(Organization.id == organization_id))
    if name is None:
        raise NotFound(f"no organization {organization_id}")
    return name


def _chosen(wanted: Wanted) -> list[ColumnElement[bool]]:
    chosen = [conditions()[wanted.measure]]
    if wanted.place:
        chosen.append(Service.id.in_(select(QualityPlace.service_id).where(QualityPlace.place == wanted.place)))
    if wanted.organization_id:
        chosen.append(Service.organization_id == wanted.organization_id)
    return chosen


def _listed(row: Any, broken: set[str], reported: set[uuid.UUID]) -> Listed:
    service_id, name, organization_id, organization, assured_on, description, is_plain, missing, url, website, kept = row
    return Listed(
        service_id=service_id,
        name=name,
        organization_id=organization_id,
        organization=organization,
        assured_on=assured_on,
        is_checked=assured_on is not None and assured_on >= oldest_within(RECENT_MONTHS, clock.today()),
        is_measured=is_plain is not None,
        missing=tuple(part for part in Part if part in (missing or ())),
        hints=() if is_plain is not False else _hints(name, description),
        broken=tuple(dict.fromkeys(link for link in (url, website) if link in broken)),
        is_reported=service_id in reported,
        is_kept=bool(kept),
    )


def _hints(name: str, description: str) -> tuple[Hint, ...]:
    """What makes it hard to read, in the words that its editors are given."""
    return tuple(reading(ServiceRecord(name=name, description=description)))[:MOST_HINTS]


def _broken(session: Session, rows: Sequence[Any]) -> set[str]:
    """Which of the links of these rows lead nowhere."""
    links = {link for row in rows for link in (row.url, row.website) if link}
    found = select(CheckedLink.url).where(CheckedLink.url.in_(links), CheckedLink.broken_since.is_not(None))
    return set(session.scalars(found)) if links else set()


def _reported(session: Session, rows: Sequence[Any]) -> set[uuid.UUID]:
    ids = [row[0] for row in rows]
    found = select(ListingReport.service_id).where(ListingReport.service_id.in_(ids), ListingReport.closed_at.is_(None))
    return set(session.scalars(found))
