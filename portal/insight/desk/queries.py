"""The services behind a figure, by name: ids in, one page of them out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.directory.models import PUBLIC_STATUSES, Organization, Service

PAGE: Final = 50


@dataclass(frozen=True)
class Behind:
    """A service that a figure counts, who runs it, and when somebody last said that it is right."""

    id: uuid.UUID
    name: str
    organization: str
    assured_on: date | None


def list_behind(session: Session, service_ids: Sequence[uuid.UUID], page: int) -> tuple[Behind, ...]:
    """One page of those that are public now."""
    wanted = select(Service.id, Service.name, Organization.name, Service.assured_date).join(Organization)
    public = wanted.where(Service.id.in_(service_ids), Service.status.in_(PUBLIC_STATUSES))
    ordered = public.order_by(func.lower(Service.name), Service.id).limit(PAGE).offset((page - 1) * PAGE)
    return tuple(Behind(*row) for row in session.execute(ordered))
