"""Reads of the open list by when each service last changed: a place to go on from in, one page of changes out, the newest first."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from portal.directory.listed import ListedService
from portal.directory.models import Organization, Service

_MARK: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})Z-(\d{1,9})", re.ASCII)


@dataclass(frozen=True)
class Mark:
    """A place in the list of changes: when something changed, and its place in the open list. What is older comes after it."""

    changed_at: datetime
    position: int

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{self.changed_at:%Y-%m-%dT%H:%M:%S}.{self.changed_at.microsecond // 1000:03}Z-{self.position}"


@dataclass(frozen=True)
class Changed:
    """A service that is or was listed, as it stands since it last changed. The texts are empty where nothing is left of it."""

    mark: Mark
    service_id: uuid.UUID
    status: str
    name: str
    description: str
    organization: str


def read_mark(text: str) -> Mark | None:
    """A place from an address; None for what is none."""
    found = _MARK.fullmatch(text)
    if found is None:
        return None
    try:
        return Mark(datetime.fromisoformat(found[1]).replace(tzinfo=UTC), int(found[2]))
    except ValueError:  # a thirteenth month
        return None


def list_changed(session: Session, before: Mark | None, limit: int) -> list[Changed]:
    """The `limit` services that changed last, of those before a place where one is given, the newest first."""
    listed = ListedService
    query = (
        select(listed.changed_at, listed.position, listed.service_id, listed.status, Service.name, Service.description)
        .add_columns(Organization.name.label("organization"))
        .outerjoin(Service, Service.id == listed.service_id)
        .outerjoin(Organization, Organization.id == Service.organization_id)
        .order_by(listed.changed_at.desc(), listed.position.desc())
        .limit(limit)
    )
    if before is not None:
        is_older = tuple_(listed.changed_at, listed.position) < tuple_(before.changed_at, before.position)
        query = query.where(is_older)
    return [
        Changed(
            Mark(row.changed_at, row.position), row.service_id, row.status, row.name or "", row.description or "", row.organization or ""
        )
        for row in session.execute(query)
    ]
