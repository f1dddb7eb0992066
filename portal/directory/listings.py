"""From the tables to listings: a whole `Service` in, a frozen `Listing` out, with its pieces put into the words of a card."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from portal.directory.listing import Area, Listing, Site, Translation, summarise
from portal.directory.models import CostOption, Service
from portal.directory.opening import WEEKDAYS, Closure, Hours, Pattern
from portal.directory.places import Address, Location, ServiceAtLocation
from portal.directory.queries import list_services
from portal.directory.times import HolidaySchedule, Schedule
from portal.taxonomy.terms import Taxonomy
from portal.taxonomy.words import words

PAID = re.compile(r"£\s?0*(?:[1-9]|0?\.0?[1-9])|\b[1-9]\d?p\b", re.IGNORECASE)  # "free for members, then £5"
FREE = re.compile(r"(free|no charge|no cost|nothing to pay|£0(\.0+)?(?!\.?\d))(?!\w)", re.IGNORECASE)


def list_listings(session: Session, taxonomy: Taxonomy, service_ids: Sequence[uuid.UUID]) -> Iterator[Listing]:
    """The public ones of these services as listings, in the order of the ids."""
    return (listing_of(service, taxonomy) for service in list_services(session, service_ids))


def listing_of(service: Service, taxonomy: Taxonomy) -> Listing:
    """A listing of one whole service (see `queries.list_services`)."""
    sites = tuple(site_of(place) for place in service.service_at_locations if place.location.location_type == "physical")
    needs = [need for need in service.needs if need.need in taxonomy.needs]
    return Listing(
        id=service.id,
        name=service.name,
        organization_id=service.organization_id,
        organization=service.organization.name,
        summary=summarise(service.description),
        status=service.status,
        needs=tuple(need.need for need in needs),
        inferred=any(need.inferred for need in needs),
        who_for=tuple(service.who_for),
        how=tuple(service.how) or (("in-person",) if sites else ()),
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        languages=tuple(language.code for language in service.languages if language.code),
        is_free=is_free(service),
        cost=cost_phrase(service),
        areas=tuple(Area(area.name or "", area.extent or "", area.uri or "") for area in service.service_areas),
        sites=sites,
        hours=hours_of(service.schedules, service.holiday_schedules),
        phone=_phone(service),
        access=_access(service, taxonomy),
        assured_on=service.assured_date,
        known_on=service.known_on,
        translations=tuple(
            Translation(each.language, each.name, summarise(each.summary or ""))
            for each in service.translations
            if each.language and each.name
        ),
        words=_words(service, sites),
    )


def site_of(place: ServiceAtLocation) -> Site:
    """The place as residents may see it: nothing of a confidential one but that it is."""
    location = place.location
    if location.is_confidential:
        return Site(name="", is_confidential=True, hours=hours_of_place(place))
    address = location.addresses[0] if location.addresses else None
    return Site(
        name=location.name or (address.address_1 if address and address.address_1 else ""),
        address=address_line(address) if address else "",
        postcode=(address.postal_code or "") if address else "",
        latitude=location.latitude,
        longitude=location.longitude,
        hours=hours_of_place(place),
    )


def hours_of_place(place: ServiceAtLocation) -> Hours:
    """When something happens at a place; of one whose address is kept secret without a word, for words may say where it is."""
    hours = hours_of(place.schedules, place.holiday_schedules)
    if not place.location.is_confidential:
        return hours
    patterns = tuple(replace(pattern, note="") for pattern in hours.patterns)
    return Hours(patterns, tuple(replace(closure, note="") for closure in hours.closures))


def address_line(address: Address) -> str:
    """An address on one line, each part once."""
    parts = (address.address_1, address.address_2, address.region, address.city, address.postal_code)
    return ", ".join(dict.fromkeys(part.strip() for part in parts if part and part.strip()))


def hours_of(schedules: Iterable[Schedule], holidays: Iterable[HolidaySchedule]) -> Hours:
    """Schedules as patterns, exceptions as closures."""
    patterns = tuple(pattern for schedule in schedules for pattern in patterns_of(schedule))
    closures = tuple(
        Closure(row.start_date, row.end_date, None if row.closed else row.opens_at, row.closes_at, row.description or "")
        for row in holidays
    )
    return Hours(patterns, closures)


def patterns_of(schedule: Schedule) -> Iterator[Pattern]:
    """One pattern for each day that the rule names; none for a schedule that is only words."""
    first = schedule.valid_from or schedule.dtstart
    last = min((day for day in (schedule.valid_to, schedule.until) if day), default=None)
    for weekday, ordinal, monthday in _days(schedule):
        yield Pattern(
            weekday=weekday,
            ordinal=ordinal,
            monthday=monthday,
            interval=schedule.interval or 1,
            anchor=schedule.dtstart or schedule.valid_from,
            first=first,
            last=last,
            opens=schedule.opens_at,
            closes=schedule.closes_at,
            note=schedule.description or "",
        )


def _days(schedule: Schedule) -> Iterator[tuple[int | None, int, int]]:
    monthly = schedule.freq == "MONTHLY"
    for part in (schedule.byday or "").upper().replace(" ", "").split(","):
        if part[-2:] in WEEKDAYS:
            ordinal = part[:-2]
            yield WEEKDAYS.index(part[-2:]), int(ordinal) if monthly and ordinal.lstrip("+-").isdigit() else 0, 0
    if monthly:
        yield from ((None, 0, int(day)) for day in (schedule.bymonthday or "").replace(" ", "").split(",") if day.isdigit() or day == "-1")


def is_free(service: Service) -> bool:
    """Whether the listing says that it costs nothing."""
    if service.cost_options:
        return all(option.amount == 0 for option in service.cost_options)
    said = (service.fees_description or "").strip()
    return bool(FREE.match(said)) and not PAID.search(said)


def cost_phrase(service: Service) -> str:
    """What it costs, as shortly as the listing has it; empty where free or unknown."""
    if is_free(service):
        return ""
    amounts = sorted({option.amount for option in service.cost_options if option.amount is not None and _in_pounds(option)})
    if amounts:
        return pounds(amounts[0]) if len(amounts) == 1 else f"{pounds(amounts[0])} – {pounds(amounts[-1])}"
    return summarise(service.fees_description or "")[:80]


def pounds(amount: float) -> str:
    """Money always looks so, in every language: £2.50, £23,250."""
    return f"£{amount:,.0f}" if amount == int(amount) else f"£{amount:,.2f}"


def _in_pounds(option: CostOption) -> bool:
    return (option.currency or "GBP").upper() == "GBP"


def _phone(service: Service) -> str:
    numbers = [*service.phones, *(phone for place in service.service_at_locations for phone in place.phones)]
    return numbers[0].number if numbers else ""


def _access(service: Service, taxonomy: Taxonomy) -> tuple[str, ...]:
    places: list[Location] = [place.location for place in service.service_at_locations]
    said = " . ".join(access.description or "" for place in places for access in place.accessibility)
    spoken = " . ".join(language.code or "" for language in service.languages)
    found = {match.meaning for match in taxonomy.access_book.find(words(said))}
    if spoken and {"bfi", "bsl"} & set(words(spoken)):
        found.add("bsl")
    return tuple(access for access in taxonomy.access if access in found)


def _words(service: Service, sites: tuple[Site, ...]) -> str:
    parts = (
        service.alternate_name,
        service.description,
        service.eligibility_description,
        service.application_process,
        service.accreditations,
        *(language.name for language in service.languages),
        *(area.name for area in service.service_areas),
        *(text for site in sites for text in (site.name, site.address)),
    )
    return "\n".join(part for part in parts if part)
