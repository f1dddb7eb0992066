"""From rows to a record: a whole service in, what people may write about it out, each part with the id of its row. Pure.

Of places, those that people can go to: a postal or virtual location stays as it is. Numbers of a place stand beside the service's own.
"""

from __future__ import annotations

from portal.directory import record as entries
from portal.directory.models import CostOption, Language, Service
from portal.directory.places import Address, Phone, ServiceArea, ServiceAtLocation
from portal.directory.record import ServiceRecord
from portal.directory.terms import ServiceTranslation
from portal.directory.times import HolidaySchedule, Schedule


def read_record(service: Service) -> ServiceRecord:
    """What people may write about a service, as it stands. The service is whole (see `queries.WHOLE`)."""
    return ServiceRecord(
        name=service.name,
        description=service.description,
        status=service.status,
        alert=service.alert or "",
        needs=tuple(each.need for each in service.needs),
        who_for=tuple(service.who_for),
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        eligibility=service.eligibility_description or "",
        how=tuple(service.how),
        venues=tuple(venue_entry(place) for place in venues_of(service)),
        sessions=tuple(session_entry(row) for row in service.schedules),
        closures=tuple(closure_entry(row) for row in service.holiday_schedules),
        areas=tuple(area_entry(row) for row in service.service_areas),
        phones=tuple(phone_entry(row) for row in phones_of(service)),
        email=service.email or "",
        url=service.url or "",
        application_process=service.application_process or "",
        wait_time=service.wait_time or "",
        fees=service.fees_description or "",
        costs=tuple(cost_entry(row) for row in service.cost_options),
        documents=tuple(row.document for row in service.required_documents),
        languages=tuple(language_entry(row) for row in service.languages),
        interpretation=service.interpretation_services or "",
        translations=tuple(translation_entry(row) for row in service.translations),
    )


def venues_of(service: Service) -> list[ServiceAtLocation]:
    """Where a service happens, of places that people can go to."""
    return [place for place in service.service_at_locations if place.location.location_type == "physical"]


def phones_of(service: Service) -> list[Phone]:
    """A service's numbers and those of its places, in the order in which people gave them."""
    of_places = [phone for place in service.service_at_locations for phone in place.phones]
    return sorted([*service.phones, *of_places], key=lambda phone: phone.position)


def address_text(address: Address | None) -> str:
    """An address without its city and postcode, on one line."""
    parts = (address.address_1, address.address_2, address.region) if address else ()
    return ", ".join(part.strip() for part in parts if part and part.strip())


def venue_entry(place: ServiceAtLocation) -> entries.VenueEntry:
    """A place as people edit it."""
    location = place.location
    address = location.addresses[0] if location.addresses else None
    return entries.VenueEntry(
        name=location.name or "",
        address=address_text(address),
        city=(address.city or "") if address else "",
        postcode=(address.postal_code or "") if address else "",
        is_confidential=location.is_confidential,
        latitude=location.latitude,
        longitude=location.longitude,
        access=tuple(row.description or "" for row in location.accessibility),
        directions=location.transportation or "",
        note=place.description or "",
        sessions=tuple(session_entry(row) for row in place.schedules),
        closures=tuple(closure_entry(row) for row in place.holiday_schedules),
        location_id=location.id,
        id=place.id,
    )


def session_entry(row: Schedule) -> entries.SessionEntry:
    """A schedule as people edit it."""
    return entries.SessionEntry(
        freq=row.freq or "",
        interval=row.interval or 1,
        byday=row.byday or "",
        bymonthday=row.bymonthday or "",
        opens=row.opens_at,
        closes=row.closes_at,
        start=row.dtstart,
        first=row.valid_from,
        last=min((day for day in (row.valid_to, row.until) if day), default=None),
        note=row.description or "",
        id=row.id,
    )


def closure_entry(row: HolidaySchedule) -> entries.ClosureEntry:
    """Days of closing as people edit them."""
    opens, closes = (None, None) if row.closed else (row.opens_at, row.closes_at)
    return entries.ClosureEntry(row.start_date, row.end_date, opens, closes, row.description or "", row.id)


def phone_entry(row: Phone) -> entries.PhoneEntry:
    """A number as people edit it."""
    return entries.PhoneEntry(row.number, row.description or "", row.extension or "", row.id)


def area_entry(row: ServiceArea) -> entries.AreaEntry:
    """An area as people edit it."""
    return entries.AreaEntry(row.extent or "", row.name or "", row.id)


def cost_entry(row: CostOption) -> entries.CostEntry:
    """A price as people edit it."""
    return entries.CostEntry(row.amount, row.option or "", row.amount_description or "", row.id)


def language_entry(row: Language) -> entries.LanguageEntry:
    """A language as people edit it."""
    return entries.LanguageEntry(row.code or "", row.name or "", row.id)


def translation_entry(row: ServiceTranslation) -> entries.TranslationEntry:
    """A translation as people edit it."""
    return entries.TranslationEntry(row.language or "", row.name or "", row.summary or "", row.id)
