"""Cells that speak of each place of a service: its times, closed days, access. Lines in, lines for each place out, and back. Pure.

A service with one place needs no more than the line. With several, or beside times that belong to no place, each line says which it
means: "Place 2: Tuesday 10:00–12:00", "No place: Monday 09:00–17:00".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

import msgspec

from portal.directory.record import ClosureEntry, ServiceRecord, SessionEntry, VenueEntry
from portal.editing.spreadsheet.table import Unclear
from portal.i18n.text import gettext

NOWHERE: Final = -1  # of the service itself: by phone, online, anywhere
_BEFORE: Final = re.compile(r"\s*(?:place\s*(?P<number>\d{1,3})|(?P<none>no place))\s*[:–-]\s*", re.IGNORECASE)
Entry = TypeVar("Entry", SessionEntry, ClosureEntry)


def write_lines(venues: Sequence[Iterable[str]], nowhere: Iterable[str] = ()) -> str:
    """One line for each of what belongs to each place, and to none."""
    others = list(nowhere)
    if not venues:
        return "\n".join(others)
    numbered = [(f"Place {number}: " if len(venues) > 1 else "", line) for number, lines in enumerate(venues, start=1) for line in lines]
    return "\n".join(f"{before}{line}" for before, line in [*numbered, *(("No place: ", line) for line in others)])


def read_lines(text: str, places: int, *, is_of_places: bool = False) -> dict[int, list[str]]:
    """The lines of each place by its index, and those of none. Raises `Unclear` where a line does not say which of several it means.

    `is_of_places`: only a place can have it.
    """
    found: dict[int, list[str]] = {index: [] for index in range(NOWHERE, places)}
    for line in text.split("\n"):
        if not line.strip():
            continue
        match = _BEFORE.match(line)
        index = _place_of(match, places, line)
        if index == NOWHERE and is_of_places:
            raise Unclear(gettext("“%(line)s” is about a place. Write the place in the column Places too.", line=line[:60]))
        found[index].append(line[match.end() :].strip() if match else line.strip())
    return found


def with_sessions(record: ServiceRecord, told: Mapping[int, tuple[SessionEntry, ...]]) -> ServiceRecord:
    """The record with these sessions at its places, and at none."""
    venues = tuple(msgspec.structs.replace(venue, sessions=told[index]) for index, venue in enumerate(record.venues))
    return msgspec.structs.replace(record, venues=venues, sessions=told[NOWHERE])


def with_closures(record: ServiceRecord, told: Mapping[int, tuple[ClosureEntry, ...]]) -> ServiceRecord:
    """The record with these closed days at its places, and at none."""
    venues = tuple(msgspec.structs.replace(venue, closures=told[index]) for index, venue in enumerate(record.venues))
    return msgspec.structs.replace(record, venues=venues, closures=told[NOWHERE])


def with_venues(record: ServiceRecord, change: Callable[[int, VenueEntry], VenueEntry]) -> ServiceRecord:
    """The record with each of its places changed."""
    return msgspec.structs.replace(record, venues=tuple(change(index, venue) for index, venue in enumerate(record.venues)))


def _place_of(match: re.Match[str] | None, places: int, line: str) -> int:
    if match and match["none"]:
        return NOWHERE
    if match:
        number = int(match["number"])
        if not 1 <= number <= places:
            raise Unclear(gettext("“%(line)s”: there is no place %(number)s in the column Places.", line=line[:60], number=number))
        return number - 1
    if places > 1:
        raise Unclear(
            gettext("This service has several places. Begin each line with the one it is about, like “Place 2: %(line)s”.", line=line[:60])
        )
    return 0 if places else NOWHERE
