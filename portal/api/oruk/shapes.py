"""What is given, as Open Referral UK 3.0 spells it: one class for each noun, with nothing empty ever written.

Beside the UK profile's fields stand those of HSDS 3.0 that we hold (telephone numbers, names of languages, who may come, how to ask,
what to bring) and Open Referral 2's `holiday_schedules`, for which 3.0 has no word. There is no field for what must not leave:
contacts of people, `assurer_email`, a name beside a check. Moments are in UTC, times of day on a clock in London.
"""

from __future__ import annotations

import uuid
from datetime import date, time

import msgspec

Number = int | float


class Shape(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What is None or an empty list is left out."""


class OrganizationIdentifier(Shape, kw_only=True):
    """A number in somebody's register."""

    id: uuid.UUID
    organization_id: uuid.UUID
    identifier_scheme: str | None = None
    identifier_type: str
    identifier: str


class Taxonomy(Shape, kw_only=True):
    """A vocabulary; its terms only where it is asked for by its id."""

    id: uuid.UUID
    name: str
    description: str
    uri: str | None = None
    version: str | None = None
    taxonomy_terms: list[TaxonomyTerm] = []


class TaxonomyTerm(Shape, kw_only=True):
    """One term."""

    id: uuid.UUID
    code: str | None = None
    name: str
    description: str
    parent_id: uuid.UUID | None = None
    taxonomy: str | None = None
    taxonomy_id: uuid.UUID | None = None
    language: str | None = None
    term_uri: str | None = None
    term: str


class Attribute(Shape, kw_only=True):
    """A term attached to a record."""

    id: uuid.UUID
    link_id: uuid.UUID
    link_entity: str
    taxonomy_term_id: uuid.UUID
    link_type: str | None = None
    value: str | None = None
    label: str | None = None
    taxonomy_term: TaxonomyTerm


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


class Organization(Shape, kw_only=True):
    """Who offers services. `services` are given by its id, and in a list with `full`."""

    id: uuid.UUID
    name: str
    alternate_name: str | None = None
    description: str
    email: str | None = None
    website: str | None = None
    logo: str | None = None
    uri: str | None = None
    tax_status: str | None = None
    tax_id: str | None = None
    year_incorporated: int | None = None
    legal_status: str | None = None
    parent_organization_id: uuid.UUID | None = None
    organization_identifiers: list[OrganizationIdentifier] = []
    phones: list[Phone] = []
    attributes: list[Attribute] = []
    services: list[Service | ServiceStub] = []


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


class Location(Shape, kw_only=True):
    """A place. Of one whose address is kept secret nothing is given but that there is one."""

    id: uuid.UUID
    location_type: str
    name: str | None = None
    alternate_name: str | None = None
    description: str | None = None
    transportation: str | None = None
    url: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    external_identifier: str | None = None
    external_identifier_type: str | None = None
    addresses: list[Address] = []
    accessibility: list[Accessibility] = []
    attributes: list[Attribute] = []


class ServiceAtLocation(Shape, kw_only=True):
    """A service where it happens; `service` where it is not inside one already."""

    id: uuid.UUID
    service_id: uuid.UUID
    location_id: uuid.UUID
    description: str | None = None
    location: Location | None = None
    service: Service | ServiceStub | None = None
    phones: list[Phone] = []
    schedules: list[Schedule] = []
    holiday_schedules: list[HolidaySchedule] = []


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


class ServiceStub(Shape, kw_only=True):
    """What tells a service apart: of one that is no longer listed, all that is given. `modified_date` is what the UK profile calls it."""

    id: uuid.UUID
    organization_id: uuid.UUID
    name: str
    status: str
    last_modified: str | None = None
    modified_date: str | None = None


class Service(Shape, kw_only=True):
    """One thing that people can use. The lists are filled where it is given whole.

    `last_modified` is when anything about it last changed here; `assured_date` the day on which somebody last checked it, left out where
    nobody has.
    """

    id: uuid.UUID
    organization_id: uuid.UUID
    name: str
    alternate_name: str | None = None
    description: str | None = None
    url: str | None = None
    email: str | None = None
    status: str
    interpretation_services: str | None = None
    application_process: str | None = None
    fees: str | None = None
    wait_time: str | None = None
    accreditations: str | None = None
    licenses: str | None = None
    eligibility_description: str | None = None
    minimum_age: Number | None = None
    maximum_age: Number | None = None
    assured_date: date | None = None
    alert: str | None = None
    last_modified: str
    organization: Organization | None = None
    phones: list[Phone] = []
    schedules: list[Schedule] = []
    holiday_schedules: list[HolidaySchedule] = []
    service_areas: list[ServiceArea] = []
    service_at_locations: list[ServiceAtLocation] = []
    languages: list[Language] = []
    cost_options: list[CostOption] = []
    required_documents: list[RequiredDocument] = []
    funding: list[Funding] = []
    attributes: list[Attribute] = []


class License(Shape, kw_only=True):
    """Under which licence the data may be used, and whom to name."""

    name: str
    url: str
    attribution: str


class Details(Shape, kw_only=True):
    """What this interface is, at `/`."""

    version: str
    profile: str
    openapi_url: str
    publisher: str
    license: License


class Page(Shape, omit_defaults=False, kw_only=True):
    """A page of a list.

    `total_pages` may be more than `total_items` fill: what is withdrawn leaves its place empty for a day, so that pages do not slip.
    """

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[Shape]
