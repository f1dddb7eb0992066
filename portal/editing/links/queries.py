"""Reads of links: those that lead nowhere, with the service that names them. A session in, ordered frozen rows out."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.editing.links.models import CheckedLink

MOST: Final = 100


@dataclass(frozen=True)
class Broken:
    """A link that failed on three different days, and a service on whose page, or its organization's, it stands."""

    service_id: uuid.UUID
    service: str
    organization_id: uuid.UUID
    url: str
    reason: str
    broken_since: date


def list_broken(session: Session, organization_ids: Collection[uuid.UUID] | None = None) -> tuple[Broken, ...]:
    """Links that lead nowhere, of these organizations or of all, the longest first; each with the first service that shows it."""
    broken = {it.url: it for it in session.scalars(select(CheckedLink).where(CheckedLink.broken_since.is_not(None)).limit(10 * MOST))}
    named = or_(Service.url.in_(broken), Organization.website.in_(broken))
    found = select(Service.id, Service.name, Organization.id, Service.url, Organization.website).join(
        Organization, Organization.id == Service.organization_id
    )
    found = found.where(named, Service.status.in_(PUBLIC_STATUSES)).order_by(Service.name, Service.id)
    if organization_ids is not None:
        found = found.where(Organization.id.in_(organization_ids))
    rows: dict[tuple[uuid.UUID, str], Broken] = {}
    for service_id, service, organization_id, *urls in session.execute(found) if broken else ():
        for it in (broken[url] for url in urls if url in broken):
            since = it.broken_since or date.min
            rows.setdefault((organization_id, it.url), Broken(service_id, service, organization_id, it.url, it.reason, since))
    return tuple(sorted(rows.values(), key=lambda it: (it.broken_since, it.service))[:MOST])


def count_broken(session: Session) -> int:
    """How many addresses lead nowhere."""
    return session.scalar(select(func.count()).select_from(CheckedLink).where(CheckedLink.broken_since.is_not(None))) or 0
