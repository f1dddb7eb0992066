"""Services by what somebody typed: a name or an address and the facts in, those that are counted out."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.insight.facts import Facts

MOST: Final = 20  # that are offered to choose from
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """A service that is counted, and who runs it."""

    id: uuid.UUID
    name: str
    organization: str


def list_named(session: Session, facts: Facts, typed: str) -> tuple[Named, ...]:
    """The services that are counted and meant by this: the one of an address; those of just this name; else those whose name holds it."""
    rows = select(Service.id, Service.name, Organization.name).join(Service.organization).where(Service.status.in_(PUBLIC_STATUSES))
    if said := _ID.search(typed):
        wanted = rows.where(Service.id == uuid.UUID(said[0]))
    else:
        wanted = rows.where(func.lower(Service.name).contains(typed.lower(), autoescape=True))
    counted = {each.tobytes() for each in facts.ids}
    found = [Named(*row) for row in session.execute(wanted.order_by(func.lower(Service.name), Service.id)) if row[0].bytes in counted]
    same = [each for each in found if each.name.casefold() == typed.casefold()]
    return tuple(same or found)[:MOST]
