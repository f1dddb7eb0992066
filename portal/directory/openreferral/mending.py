"""Values of one row seen together: ages, positions, recurrence and hours, telephone numbers, and what a row cannot be without.

A clean row in, rows and findings out. Each mender changes the row's values in place and says what it did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from portal import clock
from portal.directory.openreferral.hours import mend_hours, mend_recurrence
from portal.directory.openreferral.identifiers import child_id
from portal.directory.openreferral.rows import Action, Finding, Row
from portal.directory.openreferral.values.phone_numbers import Number, numbers_in
from portal.directory.openreferral.values.words import code_of_language
from portal.directory.openreferral.voice import Voice

SOUTH, NORTH, WEST, EAST = 49.0, 61.5, -11.0, 3.0  # around the British Isles

# What a row of each table cannot be without, and how an officer would say so.
_NEEDED: Final[Mapping[str, tuple[str, str]]] = {
    "organization": ("name", "An organisation without a name"),
    "service": ("name", "A service without a name"),
    "taxonomy": ("name", "A list of terms without a name"),
    "taxonomy_term": ("name", "A term without a name"),
    "phone": ("number", "A telephone entry without a number"),
    "organization_identifier": ("identifier", "A register entry without its number"),
    "required_document": ("document", "A document without a name"),
    "funding": ("source", "A funder without a name"),
    "holiday_schedule": ("start_date", "An exception without a date"),
}


def mend(row: Row) -> tuple[list[Row], list[Finding]]:
    """The rows that `row` becomes: one, none, or one for each telephone number."""
    voice = Voice(row)
    for mender in _MENDERS.get(row.table, ()):
        mender(row, voice)
    needed = _NEEDED.get(row.table)
    if needed and needed[0] not in row.values:
        voice.say("", Action.REFUSED, f"{needed[1]} was left out, with all that belongs to it.")
        return [], voice.findings
    return (_one_each(row, voice) if row.table == "phone" else [row]), voice.findings


def _mend_ages(row: Row, voice: Voice) -> None:
    low, high = row.values.get("minimum_age"), row.values.get("maximum_age")
    if high == 0:
        voice.put("maximum_age", None, "Nobody could use a service for people aged 0 at most: it was taken to mean that there is no limit.")
        if low == 0:
            del row.values["minimum_age"]
    elif isinstance(low, float) and isinstance(high, float) and low > high:
        voice.put("minimum_age", high, "The youngest age was above the oldest: the two were changed round.")
        row.values["maximum_age"] = low


def _mend_status(row: Row, voice: Voice) -> None:
    if "status" not in row.values:
        voice.put("status", "active", "It does not say whether the service is open: it was taken to be active.")


def _mend_assurance(row: Row, voice: Voice) -> None:
    assured = row.values.get("assured_date")
    if isinstance(assured, date) and assured > clock.local_now().date():
        voice.put("assured_date", None, "It says that it was checked on a day still to come; the date was taken out.")


def _mend_place_type(row: Row, voice: Voice) -> None:
    if "location_type" not in row.values:
        voice.put("location_type", "physical", "It does not say what kind of place this is: it was taken to be one that people can go to.")


def _mend_position(row: Row, voice: Voice) -> None:
    latitude, longitude = row.values.get("latitude"), row.values.get("longitude")
    if latitude is None and longitude is None:
        return
    if isinstance(latitude, float) and isinstance(longitude, float):
        if _is_here(latitude, longitude):
            return
        if _is_here(longitude, latitude):
            voice.put("latitude", longitude, "Latitude and longitude were changed round.")
            row.values["longitude"] = latitude
            return
    words = (
        "0, 0 is in the Atlantic" if latitude == 0 and longitude == 0 else "This position is not in the British Isles, or is half missing"
    )
    voice.put("latitude", None, f"{words}: the position was taken out, the place stayed.", before=f"{latitude}, {longitude}")
    row.values.pop("longitude", None)


def _is_here(latitude: float, longitude: float) -> bool:
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def _mend_language(row: Row, voice: Voice) -> None:
    name = row.values.get("name")
    if "code" not in row.values and isinstance(name, str) and (code := code_of_language(name)):
        row.values["code"] = code  # nothing was wrong: the standard has a name, we filter by code


def _mend_days(row: Row, voice: Voice) -> None:
    row.values.setdefault("closed", "opens_at" not in row.values)
    start = row.values.get("start_date") or row.values.get("end_date")
    if start is not None:
        row.values["start_date"] = start
        row.values.setdefault("end_date", start)


def _one_each(row: Row, voice: Voice) -> list[Row]:
    written = str(row.values["number"])
    numbers = numbers_in(written)
    if not numbers:
        voice.say("number", Action.REFUSED, "There is no number in this that could be dialled, so it was left out.", before=written)
        return []
    if len(numbers) > 1:
        voice.say("number", Action.MENDED, f"There were {len(numbers)} numbers in one field; each was kept by itself.", before=written)
    elif numbers[0].extension or numbers[0].words:
        voice.say(
            "number", Action.MENDED, "The words were moved from the number to its description.", before=written, after=numbers[0].number
        )
    return [_phone(row, number, place) for place, number in enumerate(numbers)]


def _phone(row: Row, number: Number, place: int) -> Row:
    values = {**row.values, "number": number.number}
    if number.extension:
        values["extension"] = number.extension
    if number.words:
        said = row.values.get("description")
        values["description"] = f"{said}; {number.words}" if said else number.words
    own_id = child_id(row.id, f"phone/{place}") if place else row.id
    return Row("phone", own_id, values, row.source, row.where, row.listing, row.record)


_MENDERS: Final[Mapping[str, tuple[Callable[[Row, Voice], None], ...]]] = {
    "service": (_mend_status, _mend_ages, _mend_assurance),
    "location": (_mend_place_type, _mend_position),
    "language": (_mend_language,),
    "schedule": (mend_recurrence, mend_hours),
    "holiday_schedule": (_mend_days, mend_hours),
}
