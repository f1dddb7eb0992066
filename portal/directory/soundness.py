"""Whether a record can be kept: a record in, the fields out that say something the directory has no room for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from portal.directory.record import FIELDS, ClosureEntry, ServiceRecord, SessionEntry, VenueEntry

_LONGEST_FIELD: Final = 50_000  # bytes, packed
_STATUSES: Final = ("active", "inactive", "defunct", "temporarily closed")


def unstorable(record: ServiceRecord) -> tuple[str, ...]:
    """Fields that say something that the directory cannot keep, in the order of the record; empty for a sound record."""
    return tuple(name for name in FIELDS if not _is_sound(name, getattr(record, name)))


def _is_sound(name: str, value: Any) -> bool:
    try:
        packed = msgspec.json.encode(value)
    except (UnicodeEncodeError, ValueError):  # half a letter; a number that is none
        return False
    is_short = len(packed) <= _LONGEST_FIELD and b"\\u0000" not in packed
    return is_short and _RULES.get(name, lambda _value: True)(value)


def _is_age(value: float | None) -> bool:
    return value is None or 0 <= value <= 150


def _are_sessions(value: tuple[SessionEntry, ...]) -> bool:
    return all(each.freq in ("", "WEEKLY", "MONTHLY") and 1 <= each.interval <= 1000 for each in value)


def _are_closures(value: tuple[ClosureEntry, ...]) -> bool:
    return all(each.first <= each.last for each in value)


def _are_venues(value: tuple[VenueEntry, ...]) -> bool:
    return all(
        (each.latitude is None or -90 <= each.latitude <= 90)
        and (each.longitude is None or -180 <= each.longitude <= 180)
        and _are_sessions(each.sessions)
        and _are_closures(each.closures)
        for each in value
    )


_RULES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "name": lambda value: bool(value.strip()),
    "status": lambda value: value in _STATUSES,
    "needs": lambda value: len(set(value)) == len(value),
    "minimum_age": _is_age,
    "maximum_age": _is_age,
    "venues": _are_venues,
    "sessions": _are_sessions,
    "closures": _are_closures,
    "phones": lambda value: all(each.number.strip() for each in value),
    "costs": lambda value: all(each.amount is None or 0 <= each.amount <= 1_000_000 for each in value),
    "documents": all,
    "translations": lambda value: len({each.language for each in value}) == len(value),
}
