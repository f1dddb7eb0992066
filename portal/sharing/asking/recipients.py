"""Whom somebody can ask: the front door first, then the organizations of the services on a plan that can be written to.

A plan and a session in, recipients in the plan's order out, each once, named with their services.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.directory.listing import Listing
from portal.directory.models import Organization
from portal.mail.message import as_address
from portal.pack import Pack

FRONT_DOOR: Final = "front-door"


@dataclass(frozen=True)
class Recipient:
    """`organization_id` None is the front door. `services` are those of the plan that they offer, by their English names."""

    organization_id: uuid.UUID | None
    name: str
    email: str
    services: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What a form calls them."""
        return str(self.organization_id or FRONT_DOOR)

    @property
    def is_front_door(self) -> bool:
        """Whether this is the council's own front door."""
        return self.organization_id is None


def front_door(pack: Pack) -> Recipient | None:
    """The council's front door; nothing where it has no address that can be written to."""
    line = pack.front_door
    return Recipient(None, line.name, line.email) if _is_address(line.email) else None


def list_recipients(session: Session, pack: Pack, listings: Sequence[Listing]) -> tuple[Recipient, ...]:
    """Everybody who can be asked about these listings."""
    names = {listing.organization_id: listing.organization for listing in listings}
    found = select(Organization.id, Organization.email).where(Organization.id.in_(names))
    emails = {organization_id: email for organization_id, email in session.execute(found) if email and _is_address(email)}
    first = front_door(pack)
    own = [
        Recipient(one, name, emails[one], tuple(listing.name for listing in listings if listing.organization_id == one))
        for one, name in names.items()
        if one in emails
    ]
    return (first, *own) if first else tuple(own)


def address_of(session: Session, pack: Pack, organization_id: uuid.UUID | None) -> str:
    """Where to write to now; empty where nobody can be."""
    if organization_id is None:
        email: str | None = pack.front_door.email
    else:
        email = session.scalar(select(Organization.email).where(Organization.id == organization_id))
    return email if email and _is_address(email) else ""


def name_of(session: Session, pack: Pack, organization_id: uuid.UUID | None) -> str:
    """What they are called; empty for an organization that is gone."""
    if organization_id is None:
        return pack.front_door.name
    return session.scalar(select(Organization.name).where(Organization.id == organization_id)) or ""


def _is_address(email: str) -> bool:
    try:
        as_address(email)
    except ValueError:
        return False
    return True
