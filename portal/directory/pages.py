"""What the pages of a service and an organization show: whole records in, frozen views out. Nothing confidential passes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Final

from sqlalchemy.orm import Session

from portal.directory.feeds.queries import Provenance, find_provenance
from portal.directory.freshness import Freshness, freshness, is_hidden
from portal.directory.listing import Listing, Site
from portal.directory.listings import address_line, hours_of, hours_of_place, listing_of, patterns_of, site_of
from portal.directory.models import Service
from portal.directory.opening import Closure, Hours, Opening, Pattern, is_open, openings_from
from portal.directory.places import Phone, ServiceAtLocation
from portal.directory.queries import get_service
from portal.taxonomy.terms import Taxonomy

MOST_DATES: Final = 6


@dataclass(frozen=True)
class Number:
    """A telephone number and what it is for."""

    number: str
    extension: str
    description: str


@dataclass(frozen=True)
class Rule:
    """One line of opening hours: the days of the week on which `pattern` holds (none for a day of the month)."""

    weekdays: tuple[int, ...]
    pattern: Pattern


@dataclass(frozen=True)
class When:
    """Hours of one place, or of the service itself: the rules, the next dates, closures to come, whether it is on now."""

    place_id: uuid.UUID
    rules: tuple[Rule, ...]
    words: tuple[str, ...]
    coming: tuple[Opening, ...]
    closures: tuple[Closure, ...]
    is_open: bool


@dataclass(frozen=True)
class Venue:
    """A place where the service happens. `lines` is the address as on an envelope, empty where it is not shown."""

    site: Site
    lines: tuple[str, ...]
    access: tuple[str, ...]
    directions: str
    note: str
    phones: tuple[Number, ...]
    when: When


@dataclass(frozen=True)
class Cost:
    """One price: an amount in pounds, or None, and its words."""

    amount: float | None
    option: str
    description: str


@dataclass(frozen=True)
class ServicePage:
    """All that the page of a service says."""

    listing: Listing
    description: str
    alert: str
    eligibility: str
    how_to_start: str
    wait: str
    fees: str
    costs: tuple[Cost, ...]
    documents: tuple[str, ...]
    accreditations: str
    interpreting: str
    funding: tuple[str, ...]
    phones: tuple[Number, ...]
    email: str
    url: str
    languages: tuple[tuple[str, str], ...]
    venues: tuple[Venue, ...]
    when: When
    assured_by: str
    freshness: Freshness
    is_hidden: bool
    source: str
    provenance: Provenance | None
    area_names: tuple[str, ...]


def service_page(session: Session, taxonomy: Taxonomy, service_id: uuid.UUID, moment: datetime) -> ServicePage:
    """The page of a public service at local `moment`. Raises `NotFound`."""
    service = get_service(session, service_id)
    listing = listing_of(service, taxonomy)
    return ServicePage(
        listing=listing,
        description=service.description,
        alert=service.alert or "",
        eligibility=service.eligibility_description or "",
        how_to_start=service.application_process or "",
        wait=service.wait_time or "",
        fees=service.fees_description or "",
        costs=tuple(Cost(option.amount, option.option or "", option.amount_description or "") for option in service.cost_options),
        documents=tuple(document.document for document in service.required_documents),
        accreditations=service.accreditations or "",
        interpreting=service.interpretation_services or "",
        funding=tuple(funding.source for funding in service.funding),
        phones=tuple(Number(phone.number, phone.extension or "", phone.description or "") for phone in service.phones),
        email=service.email or "",
        url=service.url or "",
        languages=tuple((language.code or "", language.name or "") for language in service.languages),
        venues=tuple(_venue(place, moment) for place in service.service_at_locations if place.location.location_type == "physical"),
        when=when_of(service.id, service, moment),
        assured_by=service.assured_by or "",
        freshness=freshness(service.assured_date, moment.date()),
        is_hidden=is_hidden(listing.since, moment.date()),
        source=service.source,
        provenance=find_provenance(session, service_id) if service.source else None,
        area_names=tuple(dict.fromkeys(area.name or area.extent or "" for area in service.service_areas if area.name or area.extent)),
    )


def _venue(place: ServiceAtLocation, moment: datetime) -> Venue:
    site = site_of(place)
    location = place.location
    address = None if location.is_confidential or not location.addresses else location.addresses[0]
    lines = tuple(dict.fromkeys([site.name, *address_line(address).split(", ")])) if address else ()
    return Venue(
        site=site,
        lines=lines,
        access=() if location.is_confidential else tuple(access.description for access in location.accessibility if access.description),
        directions="" if location.is_confidential else (location.transportation or ""),
        note="" if location.is_confidential else place.description or "",
        phones=tuple(_number(phone, is_secret=location.is_confidential) for phone in place.phones),
        when=when_of(place.id, place, moment),
    )


def _number(phone: Phone, *, is_secret: bool) -> Number:
    return Number(phone.number, phone.extension or "", "" if is_secret else phone.description or "")


def when_of(place_id: uuid.UUID, owner: Service | ServiceAtLocation, moment: datetime) -> When:
    """The hours of a whole service, or of one of its places, at local `moment`."""
    is_secret = isinstance(owner, ServiceAtLocation) and owner.location.is_confidential
    hours = hours_of_place(owner) if isinstance(owner, ServiceAtLocation) else hours_of(owner.schedules, owner.holiday_schedules)
    return When(
        place_id=place_id,
        rules=rules_of(hours, moment.date()),
        words=() if is_secret else tuple(row.description for row in owner.schedules if row.description and not list(patterns_of(row))),
        coming=tuple(islice(openings_from(hours, moment), MOST_DATES)),
        closures=tuple(closure for closure in hours.closures if closure.last >= moment.date()),
        is_open=is_open(hours, moment),
    )


def rules_of(hours: Hours, today: date) -> tuple[Rule, ...]:
    """Patterns that differ only in the weekday, as one line each; those that are over `today` are left out."""
    lines: dict[Pattern, list[int]] = {}
    for pattern in hours.patterns:
        if pattern.last is None or pattern.last >= today:
            days = lines.setdefault(replace(pattern, weekday=None), [])
            if pattern.weekday is not None and pattern.weekday not in days:
                days.append(pattern.weekday)
    return tuple(Rule(tuple(sorted(days)), pattern) for pattern, days in lines.items())
