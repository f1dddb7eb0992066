"""One flat table of services for people with a spreadsheet: records as the interface gives them in, a line of CSV for each out.

No spreadsheet runs what stands in it (`portal.inert`). What a service has several of stands in one cell, divided by semicolons.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from portal import inert
from portal.api.package.rows import Record

BOM: Final = "\ufeff"  # or spreadsheets take UTF-8 for something else


def lines(services: Iterable[Record], base_url: str) -> Iterator[str]:
    """The file, line by line. `base_url` is where the site is public."""
    yield BOM + _line((*COLUMNS, "page"))
    for service in services:
        yield _line((*(make(service) for make in COLUMNS.values()), f"{base_url}/en/services/{service['id']}"))


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _text(name: str) -> Callable[[Record], str]:
    return lambda service: inert.for_text(str(service.get(name, "")))


def _number(name: str) -> Callable[[Record], str]:
    return lambda service: str(service.get(name, ""))


def _several(found: Callable[[Record], Iterable[str]]) -> Callable[[Record], str]:
    return lambda service: inert.for_text("; ".join(dict.fromkeys(text for text in found(service) if text)))


def _named(key: str, *names: str) -> Callable[[Record], Iterable[str]]:
    """The first of these names that each record of a list has."""
    return lambda service: (next((str(each[name]) for name in names if each.get(name)), "") for each in service.get(key, ()))


def _places(service: Record) -> list[Mapping[str, Any]]:
    return [place["location"] for place in service.get("service_at_locations", ()) if "location" in place]


def _addresses(service: Record) -> Iterator[str]:
    for place in _places(service):
        address: Record = next(iter(place.get("addresses", ())), {})
        parts = (place.get("name"), *(address.get(name) for name in ("address_1", "address_2", "city", "postal_code")))
        yield ", ".join(dict.fromkeys(str(part) for part in parts if part))


def _position(name: str) -> Callable[[Record], str]:
    """Of the first place that has one."""
    return lambda service: next((str(place[name]) for place in _places(service) if name in place), "")


def _phones(service: Record) -> Iterator[str]:
    for owner in (service, *service.get("service_at_locations", ())):
        yield from (str(phone["number"]) for phone in owner.get("phones", ()))


def _terms(service: Record) -> Iterator[str]:
    return (str(each["taxonomy_term"]["name"]) for each in service.get("attributes", ()))


COLUMNS: Final[Mapping[str, Callable[[Record], str]]] = {
    "id": _text("id"),
    "name": _text("name"),
    "organization": lambda service: inert.for_text(str(service.get("organization", {}).get("name", ""))),
    "description": _text("description"),
    "status": _text("status"),
    "helps_with": _several(_terms),
    "minimum_age": _number("minimum_age"),
    "maximum_age": _number("maximum_age"),
    "eligibility": _text("eligibility_description"),
    "how_to_start": _text("application_process"),
    "fees": _text("fees"),
    "phones": _several(_phones),
    "email": _text("email"),
    "url": _text("url"),
    "languages": _several(_named("languages", "name", "code")),
    "areas": _several(_named("service_areas", "name", "extent")),
    "places": _several(_addresses),
    "latitude": _position("latitude"),
    "longitude": _position("longitude"),
    "assured_date": _text("assured_date"),
    "last_modified": _text("last_modified"),
}
