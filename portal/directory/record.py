"""A service as people edit it: everything that somebody may write about it, whole and frozen, field by field.

A record is what is proposed, compared, kept as a version and published. Parts keep the id of the row they come from, so that a part
that somebody changed is still the same part; a new one has none. What the directory holds beside it is left as it is.
Wall-clock times in London, money in pounds, ages in years.
"""

from __future__ import annotations

import uuid
from datetime import date, time
from typing import Any

import msgspec


class PhoneEntry(msgspec.Struct, frozen=True):
    """A telephone number, as people dial it, and what it is for."""

    number: str
    description: str = ""
    extension: str = ""
    id: uuid.UUID | None = None


class CostEntry(msgspec.Struct, frozen=True):
    """One price; an amount of 0 is free, None is told in words only."""

    amount: float | None = None
    option: str = ""
    description: str = ""
    id: uuid.UUID | None = None


class SessionEntry(msgspec.Struct, frozen=True):
    """When it happens. `freq` WEEKLY or MONTHLY; `byday` as RFC 5545 writes it ("TU,TH", "2TU", "-1FR"); `bymonthday` "15" or "-1".

    `start` is a day on which it happens, from which `interval` counts; `first` and `last` bound it.
    """

    freq: str = "WEEKLY"
    interval: int = 1
    byday: str = ""
    bymonthday: str = ""
    opens: time | None = None
    closes: time | None = None
    start: date | None = None
    first: date | None = None
    last: date | None = None
    note: str = ""
    id: uuid.UUID | None = None


class ClosureEntry(msgspec.Struct, frozen=True):
    """Days, both included, when sessions do not hold: closed, or open at other times."""

    first: date
    last: date
    opens: time | None = None
    closes: time | None = None
    note: str = ""
    id: uuid.UUID | None = None


class VenueEntry(msgspec.Struct, frozen=True):
    """A place where it happens. `id` is the service-at-location's, `location_id` the place's, which other services may share."""

    name: str = ""
    address: str = ""
    city: str = ""
    postcode: str = ""
    is_confidential: bool = False
    latitude: float | None = None
    longitude: float | None = None
    access: tuple[str, ...] = ()
    directions: str = ""
    note: str = ""
    sessions: tuple[SessionEntry, ...] = ()
    closures: tuple[ClosureEntry, ...] = ()
    location_id: uuid.UUID | None = None
    id: uuid.UUID | None = None


class AreaEntry(msgspec.Struct, frozen=True):
    """An area that it covers: a locality's slug, the borough's, `england`, `uk`, or as imported; or words of its own."""

    extent: str = ""
    name: str = ""
    id: uuid.UUID | None = None


class LanguageEntry(msgspec.Struct, frozen=True):
    """A language it is offered in."""

    code: str
    name: str = ""
    id: uuid.UUID | None = None


class TranslationEntry(msgspec.Struct, frozen=True):
    """What it is called and does, in another language."""

    language: str
    name: str
    summary: str = ""
    id: uuid.UUID | None = None


class ServiceRecord(msgspec.Struct, frozen=True):
    """All that people may write about a service. Each field is proposed, compared and approved on its own."""

    name: str
    description: str = ""
    status: str = "active"
    alert: str = ""
    needs: tuple[str, ...] = ()
    who_for: tuple[str, ...] = ()
    minimum_age: float | None = None
    maximum_age: float | None = None
    eligibility: str = ""
    how: tuple[str, ...] = ()
    venues: tuple[VenueEntry, ...] = ()
    sessions: tuple[SessionEntry, ...] = ()
    closures: tuple[ClosureEntry, ...] = ()
    areas: tuple[AreaEntry, ...] = ()
    phones: tuple[PhoneEntry, ...] = ()
    email: str = ""
    url: str = ""
    application_process: str = ""
    wait_time: str = ""
    fees: str = ""
    costs: tuple[CostEntry, ...] = ()
    documents: tuple[str, ...] = ()
    languages: tuple[LanguageEntry, ...] = ()
    interpretation: str = ""
    translations: tuple[TranslationEntry, ...] = ()


FIELDS = ServiceRecord.__struct_fields__
CONTACT_FIELDS = ("phones", "url", "email")  # how people are reached: whoever changes them could lead people elsewhere


def changed_fields(before: ServiceRecord | None, after: ServiceRecord) -> tuple[str, ...]:
    """The fields in which two records say something else, in the order of the record; ids of parts say nothing.

    All that are filled in, when there was none before.
    """
    old = before or ServiceRecord(name="")
    return tuple(name for name in FIELDS if not says_the_same(getattr(old, name), getattr(after, name)))


def says_the_same(one: object, other: object) -> bool:
    """Whether two values of a field, or two parts, differ in nothing but ids."""
    return one == other or bare(one) == bare(other)


def bare(value: Any) -> Any:
    """A value of a field, or a part, without ids."""
    if isinstance(value, tuple):
        return tuple(bare(each) for each in value)
    if isinstance(value, msgspec.Struct):
        inner = {name: bare(getattr(value, name)) for name in value.__struct_fields__ if isinstance(getattr(value, name), tuple)}
        ids = {name: None for name in ("id", "location_id") if name in value.__struct_fields__}
        return msgspec.structs.replace(value, **inner, **ids)
    return value


def with_fields(record: ServiceRecord, other: ServiceRecord, fields: tuple[str, ...]) -> ServiceRecord:
    """`record` with these fields of `other`."""
    return msgspec.structs.replace(record, **{name: getattr(other, name) for name in fields})


def pack(record: ServiceRecord) -> str:
    """The record as JSON, the same text for the same record."""
    return msgspec.json.encode(record, order="deterministic").decode()


def unpack(packed: str) -> ServiceRecord:
    """The record in what `pack` gave."""
    return msgspec.json.decode(packed, type=ServiceRecord)
