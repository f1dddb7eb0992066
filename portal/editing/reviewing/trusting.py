"""Organizations that the council lets publish at once: a session in, names and days out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.directory.models import Organization
from portal.editing.proposals.models import OrganizationStanding


@dataclass(frozen=True)
class Trusted:
    """An organization that publishes at once, and since when."""

    id: uuid.UUID
    name: str
    since: datetime


def list_trusted(session: Session) -> list[Trusted]:
    """All that are trusted, by name."""
    query = (
        select(Organization.id, Organization.name, OrganizationStanding.trusted_at)
        .join(OrganizationStanding, OrganizationStanding.organization_id == Organization.id)
        .where(OrganizationStanding.is_trusted)
        .order_by(Organization.name, Organization.id)
    )
    return [Trusted(row.id, row.name, row.trusted_at) for row in session.execute(query)]


def find_organization(session: Session, organization_id: uuid.UUID) -> str | None:
    """The name of an organization, public or not."""
    return session.scalar(select(Organization.name).where(Organization.id == organization_id))
