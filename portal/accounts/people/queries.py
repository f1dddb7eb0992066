"""Reads of offers: a session and a person in, what they are asked to do, out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Role, person_of
from portal.accounts.models import Grant, Membership
from portal.accounts.people.offers import LASTS, Offer
from portal.accounts.queries import names_of
from portal.directory.models import Organization


@dataclass(frozen=True)
class Offered:
    """An offer that waits for an answer. `organization` is empty for a role, `asked_by` for somebody without a name."""

    offer: Offer
    organization: str
    asked_by: str
    instead_of: str
    ends_on: date


def has_offers(session: Session, person_id: uuid.UUID) -> bool:
    """Whether a person is asked anything that they have not answered."""
    late = clock.now() - LASTS
    role = exists().where(Grant.person_id == person_id, Grant.accepted_at.is_(None), Grant.invited_at > late)
    place = exists().where(Membership.person_id == person_id, Membership.accepted_at.is_(None), Membership.invited_at > late)
    return bool(session.scalar(select(role | place)))


def list_offers(session: Session, person_id: uuid.UUID) -> tuple[Offered, ...]:
    """What a person is asked: organizations by name, then roles."""
    late = clock.now() - LASTS
    places = select(Membership, Organization.name).join(Organization, Organization.id == Membership.organization_id)
    open_places = (Membership.person_id == person_id, Membership.accepted_at.is_(None), Membership.invited_at > late)
    memberships = session.execute(places.where(*open_places).order_by(Organization.name)).all()
    open_roles = (Grant.person_id == person_id, Grant.accepted_at.is_(None), Grant.invited_at > late)
    grants = session.scalars(select(Grant).where(*open_roles).order_by(Grant.role)).all()
    askers = {row.invited_by: person_of(row.invited_by) for row in (*(place.Membership for place in memberships), *grants)}
    names = names_of(session, [one for one in askers.values() if one])

    def offered(row: Grant | Membership, offer: Offer, organization: str = "") -> Offered:
        asked_by = askers[row.invited_by]
        before = names.get(offer.instead_of, "") if offer.instead_of else ""
        return Offered(offer, organization, names.get(asked_by, "") if asked_by else "", before, _ends_on(row.invited_at))

    return (
        *(offered(row, Offer(None, row.organization_id, row.instead_of), name) for row, name in memberships),
        *(offered(grant, Offer(Role(grant.role))) for grant in grants),
    )


def _ends_on(invited_at: datetime) -> date:
    return clock.day_of(invited_at + LASTS)
