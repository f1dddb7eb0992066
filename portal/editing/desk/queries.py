"""What an editor's desk shows first: a member in, their services with what each waits for, a page of them out."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.accounts.audiences import Member
from portal.directory.freshness import Stage, stage_of
from portal.directory.models import PUBLIC_STATUSES, Organization, Service, Status
from portal.directory.places import Address, ServiceAtLocation
from portal.directory.record import ServiceRecord
from portal.editing.checks.twins import Neighbour
from portal.editing.claiming.queries import count_asked
from portal.editing.proposals.queries import list_of_organizations
from portal.editing.proposals.seen import Waiting

PAGE: Final = 30
MOST_NEIGHBOURS: Final = 300
SHOWN: Final = (*PUBLIC_STATUSES, Status.INACTIVE.value)  # what has ended for good is no work for anybody


@dataclass(frozen=True)
class Card:
    """One service on the desk. `mine` is this member's draft, or what was returned to them; `waiting` what was sent by anybody."""

    id: uuid.UUID
    name: str
    status: str
    assured_on: date | None
    stage: Stage | None
    is_public: bool
    mine: Waiting | None
    waiting: Waiting | None


@dataclass(frozen=True)
class Shelf:
    """An organization with those of its services that are on this page, and a new service that is half written.

    `asks`: how many people ask to keep these listings too, and wait for an answer of those who do.
    """

    id: uuid.UUID
    name: str
    cards: tuple[Card, ...]
    new: Waiting | None
    new_waiting: tuple[Waiting, ...]
    asks: int


@dataclass(frozen=True)
class Desk:
    """One page of the desk. `due` are services of all pages that should be confirmed."""

    shelves: tuple[Shelf, ...]
    page: int
    pages: int
    due: int


def get_desk(session: Session, member: Member, page: int, today: date) -> Desk:
    """A page of this member's services, by organization and name. A page beyond the last is the last."""
    mine = select(func.count()).select_from(Service).where(Service.organization_id.in_(member.organizations), Service.status.in_(SHOWN))
    pages = max(1, -(-(session.scalar(mine) or 0) // PAGE))
    page = min(max(page, 1), pages)
    rows = _rows(session, member.organizations, page)
    organizations = _organizations(session, member.organizations, [row.organization_id for row in rows], is_first=page == 1)
    proposals = list_of_organizations(session, [organization_id for organization_id, _name in organizations])
    asks = count_asked(session, [organization_id for organization_id, _name in organizations])
    shelves = []
    for organization_id, name in organizations:
        theirs = proposals.get(organization_id, [])
        cards = tuple(_card(row, theirs, member, today) for row in rows if row.organization_id == organization_id)
        new = [each for each in theirs if each.kind == "new"]
        draft = next((each for each in new if each.state in ("draft", "returned") and each.proposed_by == member.id), None)
        sent = tuple(each for each in new if each.state == "waiting")
        shelves.append(Shelf(organization_id, name, cards, draft, sent, asks.get(organization_id, 0)))
    return Desk(tuple(shelves), page, pages, sum(card.stage is not None and card.is_public for it in shelves for card in it.cards))


def _rows(session: Session, organization_ids: Collection[uuid.UUID], page: int) -> Sequence[Service]:
    query = select(Service).join(Organization, Organization.id == Service.organization_id)
    mine = query.where(Service.organization_id.in_(organization_ids), Service.status.in_(SHOWN))
    ordered = mine.order_by(Organization.name, Organization.id, Service.name, Service.id)
    return session.scalars(ordered.limit(PAGE).offset((page - 1) * PAGE)).all()


def _organizations(
    session: Session, mine: Collection[uuid.UUID], on_page: Collection[uuid.UUID], *, is_first: bool
) -> list[tuple[uuid.UUID, str]]:
    """Organizations of this page's services; on the first page also those that have none yet."""
    wanted = set(on_page)
    if is_first:
        busy = select(Service.organization_id).where(Service.organization_id.in_(mine), Service.status.in_(SHOWN))
        wanted |= set(session.scalars(select(Organization.id).where(Organization.id.in_(mine), Organization.id.not_in(busy)).limit(PAGE)))
    found = select(Organization.id, Organization.name).where(Organization.id.in_(wanted)).order_by(Organization.name, Organization.id)
    return [(organization_id, name) for organization_id, name in session.execute(found)]


def _card(service: Service, proposals: Sequence[Waiting], member: Member, today: date) -> Card:
    about = [each for each in proposals if service.id in each.service_ids]
    is_public = service.status in PUBLIC_STATUSES
    return Card(
        id=service.id,
        name=service.name,
        status=service.status,
        assured_on=service.assured_date,
        stage=stage_of(service.assured_date or service.known_on, today) if is_public else None,
        is_public=is_public,
        mine=next((each for each in about if each.state in ("draft", "returned") and each.proposed_by == member.id), None),
        waiting=next((each for each in about if each.state == "waiting"), None),
    )


def list_neighbours(session: Session, organization_id: uuid.UUID, service_id: uuid.UUID | None, record: ServiceRecord) -> list[Neighbour]:
    """Other public services of the organization, and those at the places of `record`."""
    location_ids = [venue.location_id for venue in record.venues if venue.location_id]
    postcodes = [venue.postcode for venue in record.venues if venue.postcode]
    there = select(ServiceAtLocation.service_id).outerjoin(Address, Address.location_id == ServiceAtLocation.location_id)
    beside = there.where(or_(ServiceAtLocation.location_id.in_(location_ids), Address.postal_code.in_(postcodes)))
    named = select(Service.id, Service.name, Organization.name.label("organization"), Service.organization_id)
    query = named.join(Organization, Organization.id == Service.organization_id).where(
        or_(Service.organization_id == organization_id, Service.id.in_(beside)),
        Service.status.in_(PUBLIC_STATUSES),
        Service.id != service_id,
    )
    found = session.execute(query.order_by(Service.name, Service.id).limit(MOST_NEIGHBOURS))
    return [Neighbour(it.id, it.name, it.organization, it.organization_id == organization_id) for it in found]
