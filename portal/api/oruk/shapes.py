"""What is given, as Open Referral UK 3.0 spells it: one class for each noun, with nothing empty ever written.

Beside the UK profile's fields stand those of HSDS 3.0 that we hold (telephone numbers, names of languages, who may come, how to ask,
what to bring) and Open Referral 2's `holiday_schedules`, for which 3.0 has no word. There is no field for what must not leave:
contacts of people, `assurer_email`, a name beside a check. Moments are in UTC, times of day on a clock in London.
"""

from __future__ import annotations

import uuid
from datetime import date

from portal.api.oruk.part_shapes import (
    Accessibility,
    Address,
    CostOption,
    Funding,
    HolidaySchedule,
    Language,
    Number,
    OrganizationIdentifier,
    Phone,
    RequiredDocument,
    Schedule,
    ServiceArea,
)
from portal.api.oruk.term_shapes import Attribute, Shape


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
