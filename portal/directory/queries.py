"""Reads of the directory: a session in, ordered records out. Only public services leave."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Load, Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from portal.directory.freshness import HIDDEN_MONTHS, oldest_within
from portal.directory.listing import summarise
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.places import Location, ServiceAtLocation
from portal.directory.reports import ListingReport
from portal.errors import NotFound

BATCH = 500
ALL: Final = slice(0, None)
MOST_ASKED: Final = 5_000  # ids in one question: PostgreSQL takes 65,535 values, SQLite 32,766 or more

Parts = tuple[tuple[InstrumentedAttribute[Any], "Parts"], ...]
PARTS: Final[Parts] = (  # what belongs to a service, and what to that
    (Service.needs, ()),
    (Service.translations, ()),
    (Service.service_areas, ()),
    (Service.schedules, ()),
    (Service.holiday_schedules, ()),
    (Service.phones, ()),
    (Service.languages, ()),
    (Service.cost_options, ()),
    (
        Service.service_at_locations,
        (
            (ServiceAtLocation.schedules, ()),
            (ServiceAtLocation.holiday_schedules, ()),
            (ServiceAtLocation.phones, ()),
            (ServiceAtLocation.location, ((Location.addresses, ()), (Location.accessibility, ()))),
        ),
    ),
)

PUBLIC_OF: Final = select(Service.__table__.c.id).where(
    Service.__table__.c.id.in_(bindparam("ids", expanding=True)), Service.__table__.c.status.in_(PUBLIC_STATUSES)
)


def _loading(parts: Parts) -> Iterator[Load]:
    for relation, inner in parts:
        load = selectinload if relation.property.uselist else joinedload
        yield cast("Load", load(relation).options(*_loading(inner)))


WHOLE: Final[tuple[ORMOption, ...]] = (joinedload(Service.organization), *_loading(PARTS))


def get_service(session: Session, service_id: uuid.UUID) -> Service:
    """A public service with all that belongs to it. Raises `NotFound`."""
    whole = select(Service).where(Service.id == service_id, Service.status.in_(PUBLIC_STATUSES)).options(*WHOLE)
    service = session.scalar(whole.options(selectinload(Service.required_documents), selectinload(Service.funding)))
    if service is None:
        raise NotFound(f"no public service {service_id}")
    return service


def find_closed_service(session: Session, service_id: uuid.UUID) -> Service | None:
    """A service that was public once and is no longer, so that an old link can say so."""
    return session.scalar(select(Service).where(Service.id == service_id, Service.status.not_in(PUBLIC_STATUSES)))


def get_organization(session: Session, organization_id: uuid.UUID) -> Organization:
    """An organization with its numbers and public services. Raises `NotFound` also when none of its services is public."""
    organization = session.scalar(
        select(Organization)
        .where(Organization.id == organization_id)
        .options(selectinload(Organization.phones), selectinload(Organization.identifiers))
    )
    if organization is None or not list_service_ids(session, organization_id):
        raise NotFound(f"no public organization {organization_id}")
    return organization


@dataclass(frozen=True)
class Helper:
    """An organization in one line."""

    id: uuid.UUID
    name: str
    what: str


def list_helpers(session: Session, organization_ids: Sequence[uuid.UUID]) -> list[Helper]:
    """Those of these organizations that have a public service, with what they do in one line, by name."""
    helps = select(Service.id).where(Service.organization_id == Organization.id, Service.status.in_(PUBLIC_STATUSES)).exists()
    found = select(Organization.id, Organization.name, Organization.description).where(Organization.id.in_(organization_ids), helps)
    rows = session.execute(found.order_by(func.lower(Organization.name), Organization.id))
    return [Helper(key, name, "" if what.strip() == name else summarise(what)) for key, name, what in rows]


def list_service_ids(session: Session, organization_id: uuid.UUID | None = None) -> list[uuid.UUID]:
    """Ids of public services, of one organization where given, by name."""
    query = select(Service.id).where(Service.status.in_(PUBLIC_STATUSES)).order_by(Service.name, Service.id)
    if organization_id is not None:
        query = query.where(Service.organization_id == organization_id)
    return list(session.scalars(query))


def since() -> ColumnElement[date | None]:
    """The day from which a service ages, as `Listing.since` says it."""
    return func.coalesce(Service.assured_date, Service.known_on)


def is_shown(today: date) -> ColumnElement[bool]:
    """That searches show a service on `today`: not hidden because nobody has confirmed it for too long. Not whether it is public."""
    return or_(since().is_(None), since() >= oldest_within(HIDDEN_MONTHS, today))


def find_public(session: Session, service_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these services are public now. So many at once as any database takes in a question."""
    asked = session.connection()  # not through the session: every search asks this, and no object comes of it
    found: set[uuid.UUID] = set()
    for start in range(0, len(service_ids), MOST_ASKED):
        found.update(asked.scalars(PUBLIC_OF, {"ids": service_ids[start : start + MOST_ASKED]}))
    return found


def list_services(session: Session, service_ids: Sequence[uuid.UUID]) -> Iterator[Service]:
    """The public ones of these services, whole, in batches, in the order of the ids; nothing stays in the session."""
    for start in range(0, len(service_ids), BATCH):
        wanted = service_ids[start : start + BATCH]
        query = select(Service).where(Service.id.in_(wanted), Service.status.in_(PUBLIC_STATUSES)).options(*WHOLE)
        found = {service.id: service for service in session.scalars(query).unique()}
        yield from (found[service_id] for service_id in wanted if service_id in found)
        session.expunge_all()


def count_services(session: Session) -> int:
    """How many services are public."""
    return session.scalar(select(func.count()).select_from(Service).where(Service.status.in_(PUBLIC_STATUSES))) or 0


@dataclass(frozen=True)
class OpenReport:
    """A report that nobody has dealt with, with the name of its service and who has it: editors or council."""

    service_id: uuid.UUID
    name: str
    kind: str
    message: str
    holder: str
    wants_answer: bool
    reported_at: datetime


def list_open_reports(session: Session) -> list[OpenReport]:
    """Reports of problems that wait, oldest first."""
    rows = session.execute(
        select(ListingReport, Service.name)
        .join(Service, Service.id == ListingReport.service_id)
        .where(ListingReport.closed_at.is_(None))
        .order_by(ListingReport.reported_at, ListingReport.id)
    )
    return [
        OpenReport(it.service_id, name, it.kind, it.message, it.holder, bool(it.sealed or it.reply_to), it.reported_at) for it, name in rows
    ]


def count_shown(session: Session, today: date) -> tuple[int, int]:
    """How many public services searches show on `today`, and of how many organizations."""
    counted = select(func.count(), func.count(Service.organization_id.distinct()))
    services, organizations = session.execute(counted.where(Service.status.in_(PUBLIC_STATUSES), is_shown(today))).one()
    return services, organizations


def list_public_dates(session: Session, today: date, some: slice = ALL) -> list[tuple[uuid.UUID, datetime | None]]:
    """Public services that searches show on `today`, by id, and when each was last changed; `some` by their places in that order."""
    found = select(Service.id, Service.last_modified).where(Service.status.in_(PUBLIC_STATUSES), is_shown(today)).order_by(Service.id)
    return [(service_id, changed_at) for service_id, changed_at in session.execute(found.slice(some.start, some.stop))]


def list_organization_dates(session: Session, today: date, some: slice = ALL) -> list[tuple[uuid.UUID, datetime | None]]:
    """Organizations with a public service that searches show on `today`, by id, and when one of them was last changed; `some` as above."""
    shown = (Service.status.in_(PUBLIC_STATUSES), is_shown(today))
    found = select(Service.organization_id, func.max(Service.last_modified)).where(*shown).group_by(Service.organization_id)
    in_order = found.order_by(Service.organization_id).slice(some.start, some.stop)
    return [(key, changed_at) for key, changed_at in session.execute(in_order)]
