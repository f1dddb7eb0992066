"""Writes to the directory: one function, one act of the field. History is written here; nothing commits."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from portal import clock
from portal.directory.changes import mark_changed
from portal.directory.models import Service, Status
from portal.directory.reports import ListingReport
from portal.errors import NotFound
from portal.history import Act, record


def report_problem(session: Session, service_id: uuid.UUID, kind: str, message: str, reply_to: str) -> None:
    """Keep what somebody says is wrong with a service, of a `kind` of `ListingReport.KINDS`. Raises `NotFound`."""
    if session.get(Service, service_id) is None:
        raise NotFound(f"no service {service_id}")
    session.add(ListingReport(service_id=service_id, kind=kind, message=message, reply_to=reply_to, reported_at=clock.now()))


def withdraw(session: Session, service_id: uuid.UUID, acted_by: str, reason: str) -> None:
    """Take a service out of public view; the record stays. Raises `NotFound`."""
    service = session.get(Service, service_id)
    if service is None:
        raise NotFound(f"no service {service_id}")
    before, service.status = service.status, Status.INACTIVE.value
    service.last_modified = clock.now()
    record(session, ("service", service_id), Act("withdrawn", acted_by, reason), {"status": [before, service.status]})
    mark_changed(session, [service_id])
