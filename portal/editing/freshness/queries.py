"""Reads of freshness: what is due to be confirmed, of whom, and by whom nobody is asked. A session in, ordered frozen rows out.

A service is due from the sixth month after it was last checked. Only public ones are: what has closed is nobody's to confirm.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.models import Membership, Person
from portal.directory.freshness import RECENT_MONTHS, Stage, bounds, oldest_within, stage_of
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.places import Phone, ServiceArea, ServiceAtLocation
from portal.directory.queries import since
from portal.directory.reports import ORGANIZATION, ListingReport
from portal.editing.freshness.models import Call

PAGE: Final = 25
MOST_ORGANIZATIONS: Final = 50
ALL_AREAS: Final = ""


@dataclass(frozen=True)
class Wanted:
    """Which of what is due: of a stage, an organization, an area (a locality's slug); only what nobody keeps; which page of it."""

    stage: Stage | None = None
    organization_id: uuid.UUID | None = None
    area: str = ALL_AREAS
    is_unkept: bool = False
    page: int = 1


@dataclass(frozen=True)
class Due:
    """A service that somebody should confirm. `assured_on` None: never checked, and known `since`. `tried_at`: when a call last failed."""

    service_id: uuid.UUID
    name: str
    organization_id: uuid.UUID
    organization: str
    assured_on: date | None
    since: date
    stage: Stage
    phone: str = ""
    is_kept: bool = False
    tried_at: datetime | None = None
    note: str = ""


def list_due(session: Session, organization_ids: Collection[uuid.UUID] | None = None, wanted: Wanted | None = None) -> tuple[Due, ...]:
    """One page of what is due, of these organizations or of all, the longest due first."""
    wanted = wanted or Wanted()
    found = select(Service.id).where(*_chosen(organization_ids, wanted)).order_by(since(), Service.id)
    return list_due_of(session, session.scalars(found.limit(PAGE).offset((wanted.page - 1) * PAGE)).all())


def count_due(session: Session, organization_ids: Collection[uuid.UUID] | None = None, wanted: Wanted | None = None) -> dict[Stage, int]:
    """How many are due at each stage, of these organizations or of all; the stage that is wanted is not looked at."""
    wanted = wanted or Wanted()
    today = clock.today()
    older = [func.count(case((since() < bounds(stage, today)[1], 1))) for stage in Stage]  # of this stage and those after it
    found = session.execute(select(*older).where(*_chosen(organization_ids, replace(wanted, stage=None)))).one()
    return {stage: number - after for stage, number, after in zip(Stage, found, [*found[1:], 0], strict=True)}


def due_ids(session: Session, person_id: uuid.UUID, limit: int) -> list[uuid.UUID]:
    """Services that this person keeps and is to be asked about, the longest due first."""
    found = select(Service.id).where(is_due(), keeps(person_id), ~said_closed()).order_by(since(), Service.id)
    return list(session.scalars(found.limit(limit)))


def list_due_of(session: Session, service_ids: Sequence[uuid.UUID]) -> tuple[Due, ...]:
    """Those of these services that are due, in the order of the ids."""
    found = session.execute(_DUE.where(is_due(), Service.id.in_(service_ids)))
    dues = {due.service_id: due for row in found if (due := _due(row))}
    return _completed(session, [dues[service_id] for service_id in service_ids if service_id in dues])


def list_organizations_due(session: Session) -> list[tuple[uuid.UUID, str, int]]:
    """Organizations with services that are due: id, name and how many, the most first."""
    number = func.count()
    most = select(Service.organization_id, number.label("number")).where(is_due()).group_by(Service.organization_id)
    first = most.order_by(number.desc(), Service.organization_id).limit(MOST_ORGANIZATIONS).subquery()
    found = select(Organization.id, Organization.name, first.c.number).join(first, first.c.organization_id == Organization.id)
    rows = session.execute(found.order_by(first.c.number.desc(), Organization.name))
    return [(organization_id, name, count) for organization_id, name, count in rows]


def is_due() -> ColumnElement[bool]:
    """That a service is public and was not checked for longer than `RECENT_MONTHS`."""
    return and_(Service.status.in_(PUBLIC_STATUSES), since() < oldest_within(RECENT_MONTHS, clock.today()))


def keeps(person_id: uuid.UUID) -> ColumnElement[bool]:
    """That this person keeps a service's organization."""
    mine = select(Membership.organization_id).where(Membership.person_id == person_id, Membership.accepted_at.is_not(None))
    return Service.organization_id.in_(mine)


def said_closed() -> ColumnElement[bool]:
    """That those who run a service have said that it is over, and the council has not dealt with it yet."""
    open_report = (ListingReport.service_id == Service.id, ListingReport.told_by == ORGANIZATION, ListingReport.closed_at.is_(None))
    return exists().where(*open_report)


def is_kept() -> ColumnElement[bool]:
    """That somebody keeps a service's organization."""
    kept = select(Membership.organization_id).join(Person, Person.id == Membership.person_id)
    return Service.organization_id.in_(kept.where(Membership.accepted_at.is_not(None), Person.left_at.is_(None)))


_DUE: Final = select(Service.id, Service.name, Service.organization_id, Organization.name, Service.assured_date, since()).join(
    Organization, Organization.id == Service.organization_id
)


def _due(row: Any) -> Due | None:
    service_id, name, organization_id, organization, assured_on, aged_from = row
    stage = stage_of(aged_from, clock.today())
    return Due(service_id, name, organization_id, organization, assured_on, aged_from, stage) if stage else None


def _chosen(organization_ids: Collection[uuid.UUID] | None, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [is_due()]
    if organization_ids is not None:
        conditions.append(Service.organization_id.in_(organization_ids))
    if wanted.organization_id:
        conditions.append(Service.organization_id == wanted.organization_id)
    if wanted.stage:
        first, after = bounds(wanted.stage, clock.today())
        conditions += [since() < after, *([since() >= first] if first else [])]
    if wanted.area:
        conditions.append(Service.id.in_(select(ServiceArea.service_id).where(func.lower(ServiceArea.extent) == wanted.area)))
    return [*conditions, ~is_kept()] if wanted.is_unkept else conditions


def _completed(session: Session, dues: Sequence[Due]) -> tuple[Due, ...]:
    """With a number to ring, whether anybody keeps them, and the last call that reached nobody."""
    ids = [due.service_id for due in dues]
    kept = set(session.scalars(select(Service.id).where(Service.id.in_(ids), is_kept())))
    phones = _phones(session, dues)
    calls = {call.service_id: call for call in session.scalars(select(Call).where(Call.service_id.in_(ids)).order_by(Call.id))}
    return tuple(_with(due, phones, due.service_id in kept, calls.get(due.service_id)) for due in dues)


def _with(due: Due, phones: dict[uuid.UUID, str], kept: bool, call: Call | None) -> Due:
    phone = phones.get(due.service_id) or phones.get(due.organization_id, "")
    return replace(due, phone=phone, is_kept=kept, tried_at=call.called_at if call else None, note=call.note if call else "")


def _phones(session: Session, dues: Sequence[Due]) -> dict[uuid.UUID, str]:
    """A number for each service, or its place, or its organization, by the id of the service or the organization."""
    services, organizations = [due.service_id for due in dues], [due.organization_id for due in dues]
    of_places = select(ServiceAtLocation.service_id, Phone.number, Phone.id).join(
        Phone, Phone.service_at_location_id == ServiceAtLocation.id
    )
    numbers: dict[uuid.UUID, str] = {}
    for found in (
        select(Phone.service_id, Phone.number, Phone.id).where(Phone.service_id.in_(services)),
        of_places.where(ServiceAtLocation.service_id.in_(services)),
        select(Phone.organization_id, Phone.number, Phone.id).where(Phone.organization_id.in_(organizations)),
    ):
        for owner, number, _ in session.execute(found.order_by(Phone.id)):
            if owner is not None:
                numbers.setdefault(owner, number)
    return numbers
