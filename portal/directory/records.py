"""Services as records: ids in, what people may write about them out, with the version that it is. Public or not."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.directory.entries import read_record
from portal.directory.models import Service
from portal.directory.plain import load_plain
from portal.directory.queries import BATCH, WHOLE
from portal.directory.record import ServiceRecord
from portal.errors import NotFound

__all__ = ["Recorded", "find_records", "get_record", "list_records", "load_service", "load_services", "read_record", "recorded"]
WHOLE_RECORD: Final = (*WHOLE, selectinload(Service.required_documents))


@dataclass(frozen=True)
class Recorded:
    """A service's record as it stands, public or not, and its version."""

    service_id: uuid.UUID
    organization_id: uuid.UUID
    version: int
    record: ServiceRecord


def get_record(session: Session, service_id: uuid.UUID) -> Recorded:
    """A service, public or not. Raises `NotFound`."""
    return recorded(load_service(session, service_id))


def list_records(session: Session, organization_id: uuid.UUID) -> list[Recorded]:
    """All services of an organization, public or not, by name."""
    ids = session.scalars(select(Service.id).where(Service.organization_id == organization_id).order_by(Service.name, Service.id))
    return [recorded(service) for service in load_plain(session, ids.all())]


def find_records(session: Session, service_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Recorded]:
    """Those of these services that exist, by id."""
    return {service.id: recorded(service) for service in load_plain(session, service_ids)}


def load_service(session: Session, service_id: uuid.UUID, *, is_to_change: bool = False) -> Service:
    """A whole service as the database has it now, held against other writers if it is to be changed. Raises `NotFound`."""
    query = select(Service).where(Service.id == service_id).execution_options(populate_existing=True)
    if is_to_change:
        session.scalar(select(Service.id).where(Service.id == service_id).with_for_update())  # before its parts are read
    service = session.scalars(query.options(*WHOLE_RECORD)).unique().one_or_none()
    if service is None:
        raise NotFound(f"no service {service_id}")
    return service


def load_services(session: Session, service_ids: Sequence[uuid.UUID]) -> Iterator[Service]:
    """Whole services as the database has them now, in batches."""
    for start in range(0, len(service_ids), BATCH):
        some = select(Service).where(Service.id.in_(service_ids[start : start + BATCH])).options(*WHOLE_RECORD)
        yield from session.scalars(some.execution_options(populate_existing=True)).unique()


def recorded(service: Service) -> Recorded:
    """A loaded service with its version."""
    return Recorded(service.id, service.organization_id, service.version, read_record(service))
