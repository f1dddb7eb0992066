"""Publishing: a record in, the directory written as it says, field by field; a version, a history line and change rows beside it.

Nothing commits. What a record does not speak of (funding, accreditations, contacts, terms) stays as it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Executable, Result, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from portal import clock
from portal.db import inserting
from portal.directory.changes import mark_changed
from portal.directory.entries import read_record
from portal.directory.fields import write_fields
from portal.directory.models import Organization, Service
from portal.directory.record import ServiceRecord, bare, changed_fields, pack
from portal.directory.records import load_service
from portal.directory.venues import Touched
from portal.directory.versions import ServiceVersion, get_version
from portal.errors import Conflict, NotFound
from portal.history import Act
from portal.history import record as remember


@dataclass(frozen=True)
class Target:
    """What is published: a service of an organization (`service_id` None: a new one), from the `version` that was read.

    Where the service has another version by now, nothing is written and `Conflict` is raised; None publishes over whatever is there.
    """

    organization_id: uuid.UUID
    service_id: uuid.UUID | None = None
    version: int | None = None


def publish(session: Session, target: Target, record: ServiceRecord, act: Act, *, confirmed_by: str | None = None) -> uuid.UUID:
    """Write a service as `record` says; its id. `confirmed_by` (a name that is shown) marks it as checked today.

    A record that says what is there already writes nothing (but the check). Raises `NotFound`, `Conflict`.
    """
    if target.service_id is None:
        service = _new(session, target, record)
        _write(session, service, (None, record), act, confirmed_by)
    else:
        service = _known(session, target)
        publish_on(session, service, record, act, confirmed_by)
    return service.id


def publish_on(session: Session, service: Service, record: ServiceRecord, act: Act, confirmed_by: str | None = None) -> None:
    """As `publish`, for a whole service that this transaction has read and holds already."""
    before = read_record(service)
    if changed_fields(before, record):
        _write(session, service, (before, record), act, confirmed_by)
    elif confirmed_by is not None:
        assure(session, service.id, replace(act, name="confirmed"), confirmed_by)


def _write(session: Session, service: Service, records: tuple[ServiceRecord | None, ServiceRecord], act: Act, name: str | None) -> None:
    """Write what differs between the `records` before (None: it is new) and after; `name` as `confirmed_by`."""
    before, record = records
    fields = changed_fields(before, record)
    changes = {each: [_plain(getattr(before, each, None)), _plain(getattr(record, each))] for each in fields}
    touched = write_fields(session, service, record, fields)
    changes |= _check(service, name)
    service.last_modified = clock.now()
    changes["version"] = _raise_version(session, service, before, act)
    remember(session, ("service", service.id), act, changes)
    _tell_others(session, touched, act)
    mark_changed(session, [service.id, *sorted(touched.services)])


def assure(session: Session, service_id: uuid.UUID, act: Act, confirmed_by: str) -> bool:
    """Mark a service as checked today by `confirmed_by`, a name that is shown; False when it is so already. Raises `NotFound`.

    The act's name is the caller's: "confirmed" by those who keep it, "checked by phone", …
    """
    service = session.get(Service, service_id, with_for_update=True)
    if service is None:
        raise NotFound(f"no service {service_id}")
    changes = _check(service, confirmed_by)
    if not changes:
        return False
    service.last_modified = clock.now()
    remember(session, ("service", service_id), act, changes)
    mark_changed(session, [service_id])
    return True


def restore(session: Session, service_id: uuid.UUID, number: int, act: Act) -> None:
    """Publish what the service said in version `number`. Raises `NotFound`."""
    version = get_version(session, service_id, number)
    service = load_service(session, service_id, is_to_change=True)
    publish(session, Target(service.organization_id, service_id), version.record, act)


def _known(session: Session, target: Target) -> Service:
    service = load_service(session, target.service_id, is_to_change=True) if target.service_id else None
    if service is None or service.organization_id != target.organization_id:
        raise NotFound(f"no service {target.service_id} of organization {target.organization_id}")
    if target.version is not None and service.version != target.version:
        raise Conflict(f"service {service.id} is at version {service.version}, not {target.version}")
    return service


def _new(session: Session, target: Target, record: ServiceRecord) -> Service:
    if session.get(Organization, target.organization_id) is None:
        raise NotFound(f"no organization {target.organization_id}")
    values: dict[str, Any] = {"name": record.name, "status": record.status, "who_for": [], "how": [], "description": ""}
    service = Service(id=uuid.uuid4(), organization_id=target.organization_id, version=0, **values)
    session.add(service)
    session.flush()
    for relation in Service.__mapper__.relationships:
        if relation.uselist:
            set_committed_value(service, relation.key, [])
    return service


def _check(service: Service, confirmed_by: str | None) -> dict[str, list[Any]]:
    """Mark it as checked today; what that changes."""
    if confirmed_by is None or (service.assured_date, service.assured_by) == (clock.today(), confirmed_by):
        return {}
    changes = {
        "assured_date": [_plain(service.assured_date), clock.today().isoformat()],
        "assured_by": [service.assured_by or "", confirmed_by],
    }
    service.assured_date, service.assured_by, service.assurer_email = clock.today(), confirmed_by, None
    return changes


def _raise_version(session: Session, service: Service, before: ServiceRecord | None, act: Act) -> list[int]:
    """One version more, kept whole; what stood before is kept too, if nobody has. The numbers before and after."""
    was, now = service.version, clock.now()
    _raise(session, service.id, was)
    set_committed_value(service, "version", was + 1)
    if before is not None:
        stood = {"number": was, "record": pack(before), "published_at": now, "acted_by": "", "reason": ""}
        put = inserting(session, ServiceVersion).values(service_id=service.id, **stood)
        _at_once(session, put.on_conflict_do_nothing(index_elements=["service_id", "number"]))
    whole = pack(read_record(service))
    session.add(
        ServiceVersion(service_id=service.id, number=was + 1, record=whole, published_at=now, acted_by=act.acted_by, reason=act.reason)
    )
    return [was, was + 1]


def _raise(session: Session, service_id: uuid.UUID, was: int) -> None:
    query = update(Service).where(Service.id == service_id, Service.version == was).values(version=was + 1)
    if _at_once(session, query.returning(Service.id)).one_or_none() is None:
        raise Conflict(f"service {service_id} is no longer at version {was}")


def _at_once(session: Session, statement: Executable) -> Result[Any]:
    """Execute what asks nothing of rows that wait to be written: they are written together later, which for a large import is far less."""
    with session.no_autoflush:
        return session.execute(statement, execution_options={"synchronize_session": False})


def _tell_others(session: Session, touched: Touched, act: Act) -> None:
    """Places that changed, and the services that happen there too: a line each, and a version more."""
    for location_id, changes in touched.places.items():
        remember(session, ("location", location_id), act, changes)
    _raise_others(session, touched.services)
    for service_id in sorted(touched.services):
        places = [str(key) for key in touched.places]
        remember(session, ("service", service_id), replace(act, name="place changed"), {"places": [places, places]})


def _raise_others(session: Session, service_ids: Iterable[uuid.UUID]) -> None:
    others = sorted(service_ids)
    if not others:
        return
    values = {"version": Service.version + 1, "last_modified": clock.now()}
    raised = update(Service).where(Service.id.in_(others)).values(values).returning(Service.id, Service.version)
    for service_id, version in session.execute(raised, execution_options={"synchronize_session": False}).all():
        if (known := session.identity_map.get(identity_key(Service, service_id))) is not None:  # read before, and perhaps written next
            set_committed_value(known, "version", version)


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(bare(value))
