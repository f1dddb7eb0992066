"""Parts of what is given, as Open Referral UK 3.0 spells them: numbers, times, prices, areas.

`shapes.py` puts them together, and says what is left out on purpose.
"""

from __future__ import annotations

import uuid
from datetime import date, time

from portal.api.oruk.term_shapes import Shape

Number = int | float


class OrganizationIdentifier(Shape, kw_only=True):
    """A number in somebody's register."""

    id: uuid.UUID
    organization_id: uuid.UUID
    identifier_scheme: str | None = None
    identifier_type: str
    identifier: str


class Language(Shape, kw_only=True):
    """A language that something is offered in; `code` as ISO 639 has it."""

    id: uuid.UUID
    name: str | None = None
    code: str | None = None
    note: str | None = None


class Phone(Shape, kw_only=True):
    """A telephone number, as people dial it."""

    id: uuid.UUID
    number: str
    extension: str | None = None
    type: str | None = None
    description: str | None = None
    languages: list[Language] = []


class Schedule(Shape, kw_only=True):
    """When something happens, as RFC 5545 counts it."""

    id: uuid.UUID
    service_id: uuid.UUID | None = None
    service_at_location_id: uuid.UUID | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    dtstart: date | None = None
    until: date | None = None
    count: int | None = None
    wkst: str | None = None
    freq: str | None = None
    interval: int | None = None
    byday: str | None = None
    byweekno: str | None = None
    bymonthday: str | None = None
    byyearday: str | None = None
    description: str | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    schedule_link: str | None = None
    attending_type: str | None = None
    notes: str | None = None


class HolidaySchedule(Shape, kw_only=True):
    """Days, both included, on which the schedules do not hold: closed, or open at other times."""

    id: uuid.UUID
    closed: bool
    start_date: date
    end_date: date
    opens_at: time | None = None
    closes_at: time | None = None
    description: str | None = None


class Address(Shape, kw_only=True):
    """How a place is written on an envelope, without the person whom it may be sent to."""

    id: uuid.UUID
    location_id: uuid.UUID
    address_1: str
    address_2: str | None = None
    city: str
    region: str | None = None
    state_province: str
    postal_code: str
    country: str
    address_type: str


class Accessibility(Shape, kw_only=True):
    """One thing that makes a place easier to use; the UK profile says `accessibility` for what HSDS calls `description`."""

    id: uuid.UUID
    location_id: uuid.UUID
    description: str | None = None
    details: str | None = None
    url: str | None = None
    accessibility: str | None = None


class ServiceArea(Shape, kw_only=True):
    """An area that a service covers; the UK profile says `service_area` for what HSDS calls `name`."""

    id: uuid.UUID
    service_id: uuid.UUID
    name: str | None = None
    description: str | None = None
    extent: str | None = None
    extent_type: str | None = None
    uri: str | None = None
    service_area: str | None = None


class CostOption(Shape, kw_only=True):
    """What it costs; an amount of 0 is free."""

    id: uuid.UUID
    service_id: uuid.UUID
    valid_from: date | None = None
    valid_to: date | None = None
    option: str | None = None
    currency: str | None = None
    amount: Number | None = None
    amount_description: str | None = None


class RequiredDocument(Shape, kw_only=True):
    """Something to bring."""

    id: uuid.UUID
    service_id: uuid.UUID
    document: str
    uri: str | None = None


class Funding(Shape, kw_only=True):
    """Who pays for it."""

    id: uuid.UUID
    service_id: uuid.UUID
    source: str
