"""Writes to the directory: one function, one act of the field. History is written here; nothing commits."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass

from msgspec import structs
from sqlalchemy.orm import Session

from portal.directory.models import Organization, Status
from portal.directory.places import Phone
from portal.directory.publishing import Target, publish
from portal.directory.records import get_record
from portal.history import Act
from portal.history import record as remember


@dataclass(frozen=True)
class NewOrganization:
    """An organization as it is first written down; whatever is not known is empty."""

    name: str
    description: str = ""
    website: str = ""
    phone: str = ""


def add_organization(session: Session, new: NewOrganization, act: Act) -> uuid.UUID:
    """Write down an organization that was not here; its id. Nobody sees it before one of its services is published."""
    organization = Organization(id=uuid.uuid4(), name=new.name, description=new.description, website=new.website or None)
    if new.phone:
        organization.phones = [Phone(id=uuid.uuid4(), number=new.phone)]
    session.add(organization)
    session.flush()
    fields = {name: [None, value] for name, value in asdict(new).items() if value}
    remember(session, ("organization", organization.id), act, fields)
    return organization.id


def withdraw(session: Session, service_id: uuid.UUID, acted_by: str, reason: str) -> None:
    """Take a service out of public view; the record stays, and can be restored. Raises `NotFound`."""
    standing = get_record(session, service_id)
    record = structs.replace(standing.record, status=Status.INACTIVE.value)
    publish(session, Target(standing.organization_id, service_id), record, Act("withdrawn", acted_by, reason))
