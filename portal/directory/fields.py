"""The fields of a record, each written to where the directory keeps it: a whole service, a record and names of fields in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from portal.directory.entries import phones_of
from portal.directory.models import Service
from portal.directory.parts import AREAS, CLOSURES, COSTS, DOCUMENTS, LANGUAGES, PHONES, SESSIONS, TRANSLATIONS, Part, reconcile
from portal.directory.record import ServiceRecord
from portal.directory.terms import ServiceNeed
from portal.directory.venues import Touched, write_venues

_COLUMNS: Final[Mapping[str, str]] = {  # field → column of the service; text that is empty is not there
    "alert": "alert",
    "eligibility": "eligibility_description",
    "email": "email",
    "url": "url",
    "application_process": "application_process",
    "wait_time": "wait_time",
    "fees": "fees_description",
    "interpretation": "interpretation_services",
}
_AS_THEY_ARE: Final = ("name", "description", "status", "minimum_age", "maximum_age")
_LISTS: Final = ("who_for", "how")
_PARTS: Final[Mapping[str, tuple[str, Part]]] = {  # type: ignore[type-arg] # field → relationship, and its kind of part
    "sessions": ("schedules", SESSIONS),
    "closures": ("holiday_schedules", CLOSURES),
    "areas": ("service_areas", AREAS),
    "costs": ("cost_options", COSTS),
    "documents": ("required_documents", DOCUMENTS),
    "languages": ("languages", LANGUAGES),
    "translations": ("translations", TRANSLATIONS),
}


def write_fields(session: Session, service: Service, record: ServiceRecord, fields: tuple[str, ...]) -> Touched:
    """Write these fields of `record`; the places that were changed on the way. Numbers before venues: a venue's may be kept."""
    touched = Touched()
    for name in fields:
        if name in _PARTS:
            _write_part(session, service, record, name)
        elif name in _OTHERS:
            _OTHERS[name](session, service, record)
        elif name != "venues":
            _write_column(service, record, name)
    if "venues" in fields:
        touched = write_venues(session, service, record.venues)
    if not _ONLY_COLUMNS.issuperset(fields):  # columns alone can wait, and are written together for many services
        session.flush()
    return touched


def _write_column(service: Service, record: ServiceRecord, name: str) -> None:
    value = getattr(record, name)
    if name in _AS_THEY_ARE:
        setattr(service, name, value)
    elif name in _LISTS:
        setattr(service, name, list(value))
    else:
        setattr(service, _COLUMNS[name], value or None)


def _write_part(session: Session, service: Service, record: ServiceRecord, name: str) -> None:
    relation, part = _PARTS[name]
    rows = reconcile(session, part, getattr(service, relation), getattr(record, name), {"service_id": service.id})
    set_committed_value(service, relation, rows)


def _write_phones(session: Session, service: Service, record: ServiceRecord) -> None:
    rows = reconcile(session, PHONES, phones_of(service), record.phones, {"service_id": service.id})
    set_committed_value(service, "phones", [row for row in rows if row.service_id == service.id])
    for place in service.service_at_locations:
        set_committed_value(place, "phones", [row for row in rows if row.service_at_location_id == place.id])


def _write_needs(session: Session, service: Service, record: ServiceRecord) -> None:
    """Needs as somebody gave them: no rule overwrites them any more."""
    known = {row.need: row for row in service.needs}
    for need, row in known.items():
        if need not in record.needs:
            session.delete(row)
    rows = [known.get(need) or ServiceNeed(service_id=service.id, need=need) for need in record.needs]
    for position, row in enumerate(rows):
        row.position, row.inferred = position, False
        session.add(row)
    set_committed_value(service, "needs", rows)


_OTHERS: Final[Mapping[str, Callable[[Session, Service, ServiceRecord], None]]] = {"phones": _write_phones, "needs": _write_needs}
_ONLY_COLUMNS: Final = frozenset({*_AS_THEY_ARE, *_LISTS, *_COLUMNS})
