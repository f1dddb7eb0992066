"""Names as people write them in an address: "12 Mill Lane, Millbrook" in, the street in that locality out. Pure.

What stands before a name (a number, "near") and behind it (a locality, the borough, part of a postcode) is understood. A guess is
never taken silently unless one name alone is a single typing error away.
"""

from __future__ import annotations

from typing import Final

from portal.localities import spelling
from portal.localities.answer import Found, Place
from portal.localities.distance import miles
from portal.localities.gazetteer import Gazetteer
from portal.localities.names import WAYS, tokens

CERTAIN_TYPO: Final = 5  # letters from which a single typing error in one name alone is taken for granted
LONGEST_QUALIFIER: Final = 5  # words
VILLAGE: Final = 2.0  # miles within which a street is said to be in a village

_BEFORE: Final = frozenset({"in", "near", "at", "around", "by", "flat", "apartment", "unit", "room", "no", "number"})
_WIDER: Final = frozenset({"london", "england", "uk", "britain"})
_STREETS: Final = frozenset(WAYS.values()) | frozenset(WAYS) | {"row", "walk", "rise", "hill", "mews", "way", "yard", "bank"}


def find_by_name(plain: str, gazetteer: Gazetteer) -> Found:
    """The place, or places, that an address or a name in `plain` letters means; None for none."""
    typed = _without_wider(tokens(plain))
    if exact := gazetteer.names.exact(typed):
        return _chosen(exact)
    name, has_number = _without_number(typed)
    if not name or name[0] in _WIDER:
        return None
    return (
        _chosen(gazetteer.names.exact(name))
        or _in_district(name, gazetteer)
        or _with_qualifier(name, gazetteer, is_address=has_number or "," in plain)
        or _chosen(gazetteer.names.beginning(name))
        or _guessed(name, gazetteer)
        or _leading(name, gazetteer)
    )


def _without_wider(typed: tuple[str, ...]) -> tuple[str, ...]:
    """The name without "London" or "England" behind it, which says nothing here."""
    while len(typed) > 1 and typed[-1] in _WIDER:
        typed = typed[:-1]
    return typed


def _without_number(typed: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The name without "12", "flat 3b" or "near" before it, and whether there was any."""
    start = next((at for at, word in enumerate(typed) if word not in _BEFORE and not word[0].isdigit()), len(typed))
    return typed[start:], start > 0


def _in_district(name: tuple[str, ...], gazetteer: Gazetteer) -> Found:
    """A name with part of a postcode behind it ("Mill Lane ZZ7"), or that part alone."""
    for width in (2, 1):
        head, tail = name[:-width], " ".join(name[-width:])
        spelt = spelling.readings(tail) if any(letter.isdigit() for letter in tail) else ()
        area = next((found for reading in spelt if not reading.changes and (found := gazetteer.postcodes.known(reading))), None)
        if area:
            return _within(_named(head, gazetteer), (area,)) or area
    return None


def _with_qualifier(name: tuple[str, ...], gazetteer: Gazetteer, *, is_address: bool) -> Found:
    """A name with the locality, village or borough that it lies in behind it: "Mill Lane Millbrook"."""
    for width in range(min(len(name) - 1, LONGEST_QUALIFIER), 0, -1):
        head, tail = name[:-width], name[-width:]
        around = tuple(found for found in gazetteer.names.exact(tail) if found.kind != "street")
        if around:
            return _within(_named(head, gazetteer), around) or _unless_doubtful(around, certain=is_address or head[-1] in _STREETS)
    return None


def _named(name: tuple[str, ...], gazetteer: Gazetteer) -> tuple[Place, ...]:
    return gazetteer.names.exact(name) or tuple(gazetteer.names.resembling(name))


def _within(named: tuple[Place, ...], around: tuple[Place, ...]) -> Found:
    """Those of `named` that lie in one of `around`; all of them, and where they were said to be, if none does."""
    inside = tuple(found for found in named if any(_lies_in(found, area) for area in around))
    if inside or not named:
        return _chosen(inside)
    return (*named, *around)


def _lies_in(found: Place, area: Place) -> bool:
    if area.kind == "locality":
        return found.locality == area.locality
    return miles(found.latitude, found.longitude, area.latitude, area.longitude) <= max(VILLAGE, 1.5 * area.reach)


def _unless_doubtful(around: tuple[Place, ...], *, certain: bool) -> Found:
    return _chosen(around) if certain else around


def _guessed(name: tuple[str, ...], gazetteer: Gazetteer) -> Found:
    """Names with typing errors: one alone with a single letter wrong is taken; anything less sure is asked."""
    errors = gazetteer.names.resembling(name)
    close = [found for found, number in errors.items() if number == 1]
    if len(close) == 1 and len("".join(name)) >= CERTAIN_TYPO:
        return close[0]
    return tuple(errors) or None


def _leading(name: tuple[str, ...], gazetteer: Gazetteer) -> Found:
    """The longest name that the text begins with, to be asked about: "Dalston Junction" may well be in Dalston."""
    for width in range(len(name) - 1, 0, -1):
        if places := gazetteer.names.exact(name[:width]):
            return places
    return None


def _chosen(places: tuple[Place, ...]) -> Found:
    return places[0] if len(places) == 1 else places or None
