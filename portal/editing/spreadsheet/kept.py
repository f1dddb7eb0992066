"""What was there before and is told again stays the same part: new entries and those before in, new entries with their ids out. Pure.

A part of a record has more to it than a line of a cell can say: the id of its row, a position on the map. A line that is as it was is
the part that it was, whole; one that was changed keeps its id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from portal.directory.record import (
    AreaEntry,
    ClosureEntry,
    CostEntry,
    LanguageEntry,
    PhoneEntry,
    SessionEntry,
    TranslationEntry,
    VenueEntry,
)

Entry = TypeVar("Entry", SessionEntry, ClosureEntry, PhoneEntry, CostEntry, AreaEntry, LanguageEntry, TranslationEntry)


def read_kept(
    lines: Sequence[str], before: Sequence[Entry], write: Callable[[Entry], str], read: Callable[[str], Sequence[Entry]]
) -> tuple[Entry, ...]:
    """The entries of these lines: one as before where the line is as before, else as read, with the id of one that is gone."""
    waiting = list(before)
    found: list[Entry | None] = []
    fresh: list[Entry] = []
    for line in lines:
        same = next((entry for entry in waiting if _plain(write(entry)) == _plain(line)), None)
        if same is not None:
            waiting.remove(same)
            found.append(same)
            continue
        told = read(line)
        found.extend([None] * len(told))
        fresh.extend(told)
    named = iter(_with_ids(fresh, waiting))
    return tuple(entry if entry is not None else next(named) for entry in found)


def venues_kept(told: Sequence[VenueEntry], before: Sequence[VenueEntry]) -> tuple[VenueEntry, ...]:
    """Places with what the file does not tell of them: a place of the same name, or at the same address, is the same place.

    Others may use a place too: one whose name and address are both new is another place, and nothing of the old one is changed.
    """
    waiting = list(before)
    found: dict[int, VenueEntry] = {}
    for likeness in (_line, _address, _name):
        for index, venue in enumerate(told):
            if index not in found and any(likeness(venue)):
                same = next((old for old in waiting if likeness(old) == likeness(venue)), None)
                if same is not None:
                    waiting.remove(same)
                    found[index] = _moved(same, venue)
    return tuple(found.get(index, venue) for index, venue in enumerate(told))


def _with_ids(fresh: list[Entry], waiting: list[Entry]) -> list[Entry]:
    """New entries take over the ids of those that went, in order."""
    pairs = zip(fresh, [*waiting, *([None] * len(fresh))], strict=False)
    return [msgspec.structs.replace(entry, id=old.id) if old is not None else entry for entry, old in pairs]


def _moved(old: VenueEntry, new: VenueEntry) -> VenueEntry:
    """The old place with its new name and address; at another address its position is not known any more."""
    has_moved = _address(old) != _address(new)
    changed = {name: getattr(new, name) for name in ("name", "address", "city", "postcode", "is_confidential")}
    if _line(old) == _line(new):
        return old
    return msgspec.structs.replace(old, **changed, **({"latitude": None, "longitude": None} if has_moved else {}))


def _line(venue: VenueEntry) -> tuple[str, ...]:
    hidden = "hidden" if venue.is_confidential else ""
    return tuple(_plain(part) for part in (venue.name, venue.address, venue.city, venue.postcode, hidden))


def _address(venue: VenueEntry) -> tuple[str, ...]:
    return (_plain(venue.address), _plain(venue.postcode).replace(" ", ""))


def _name(venue: VenueEntry) -> tuple[str, ...]:
    return (_plain(venue.name),)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
