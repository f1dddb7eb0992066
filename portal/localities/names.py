"""The names of places: entries in, and what a typed name means out: the same name, its beginning, or one with a typing error.

A name is looked up by its key, in which case, accents, apostrophes, hyphens, spaces, "the", "and" and the ways to write Saint,
Street or Road make no difference. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.localities.answer import Kind, Place
from portal.localities.distance import miles
from portal.taxonomy.words import words

SAME_PLACE: Final = 2.0  # miles within which a ward and a village of one name are one place to people
SHORTEST_PREFIX: Final = 4
SHORTEST_TYPO: Final = 4
TWO_ERRORS: Final = 8  # letters from which two typing errors are looked for
MOST_RESEMBLING: Final = 12
ORDER: Final[Mapping[Kind, int]] = {"locality": 0, "place": 1, "street": 2, "postcode": 3, "sector": 4, "district": 5}
IGNORED: Final = frozenset({"the", "and"})
WAYS: Final[Mapping[str, str]] = {
    "st": "street", "str": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "dr": "drive", "cl": "close",
    "ct": "court", "cres": "crescent", "gdns": "gardens", "gdn": "gardens", "gr": "grove", "pl": "place", "sq": "square",
    "tce": "terrace", "terr": "terrace", "ter": "terrace", "pde": "parade",
}  # fmt: skip


def tokens(text: str) -> tuple[str, ...]:
    """The words of a name that matter when names are compared; all of them where none does."""
    found = words(text)
    return tuple(word for word in found if word not in IGNORED) or found


def key(name: Sequence[str]) -> str:
    """What names with these tokens have in common however they are written."""
    last = len(name) - 1
    return "".join(WAYS.get(word, word) if at == last > 0 else "st" if word == "saint" else word for at, word in enumerate(name))


@dataclass(frozen=True, eq=False)
class NameIndex:
    """Places by key; one key may mean several places, and one place may have several keys."""

    places: Mapping[str, tuple[Place, ...]]

    @cached_property
    def keys(self) -> list[str]:
        """Every key, sorted."""
        return sorted(self.places)

    def exact(self, name: Sequence[str]) -> tuple[Place, ...]:
        """Places of this very name."""
        return self.places.get(key(name), ())

    def beginning(self, name: Sequence[str]) -> tuple[Place, ...]:
        """Places whose name begins so; none for fewer than `SHORTEST_PREFIX` letters."""
        start = "".join(name)
        if len(start) < SHORTEST_PREFIX:
            return ()
        low, high = bisect_left(self.keys, start), bisect_left(self.keys, start + chr(0x10FFFF))
        places = {place for spelling in self.keys[low:high] for place in self.places[spelling]}
        return tuple(sorted(places, key=lambda place: (ORDER[place.kind], place.label)))

    def resembling(self, name: Sequence[str]) -> dict[Place, int]:
        """Places a typing error or two from `name`, nearest first, each with the number of its errors."""
        typed = key(name)
        if len(typed) < SHORTEST_TYPO:
            return {}
        most = 2 if len(typed) >= TWO_ERRORS else 1
        found = process.extract(typed, self.keys, scorer=OSA.distance, score_cutoff=most, limit=MOST_RESEMBLING)
        errors = {place: int(distance) for spelling, distance, _ in reversed(found) for place in self.places[spelling]}
        return dict(sorted(errors.items(), key=lambda item: (item[1], ORDER[item[0].kind], item[0].label)))


@dataclass(frozen=True)
class Named:
    """A place under the name that people know it by, and `home`: what tells it from its namesakes, such as its locality."""

    name: str
    place: Place
    home: str = ""


def index_names(named: Iterable[Named]) -> NameIndex:
    """Leave out what is one place twice, and give namesakes labels that tell them apart."""
    namesakes: dict[str, list[Named]] = defaultdict(list)
    for entry in sorted(named, key=lambda entry: (ORDER[entry.place.kind], entry.name, entry.home)):
        others = namesakes[key(tokens(entry.name))]
        if not any(_is_same(entry, other) for other in others):
            others.append(entry)
    found: dict[str, dict[str, Place]] = defaultdict(dict)
    for spelling, entries in namesakes.items():
        for place in _told_apart(entries):
            found[spelling].setdefault(place.label, place)
            found[key(tokens(place.label))].setdefault(place.label, place)
    return NameIndex({spelling: tuple(places.values()) for spelling, places in found.items()})


def _is_same(entry: Named, other: Named) -> bool:
    one, two = entry.place, other.place
    if one.kind == two.kind == "locality":
        return False
    if "street" in {one.kind, two.kind}:
        return one.kind == two.kind and entry.home == other.home
    return miles(one.latitude, one.longitude, two.latitude, two.longitude) <= max(SAME_PLACE, one.reach, two.reach)


def _told_apart(entries: list[Named]) -> Iterator[Place]:
    """The places, their home behind their name where another has that name too."""
    for entry in entries:
        is_plain = len(entries) == 1 or not entry.home or entry.home == entry.name or entry.place.label != entry.name
        yield entry.place if is_plain else replace(entry.place, label=f"{entry.name}, {entry.home}")
