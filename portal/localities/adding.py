"""Need by LSOA added up by locality: numbers, postcodes and membership in, whole numbers that lose and gain nobody out. Pure.

An LSOA that a locality is made of is wholly its own. Where localities are made of wards, an LSOA can lie in several (in the five areas
that this was tried on a third of all do, with 3 to 9 in a hundred of their postcodes across the border). Its people are then divided
as its postcodes are, which are known and each hold about as many homes; giving all of them to the ward of most would move up to half
an LSOA, some 800 people, across a border. The shares of all LSOAs are added up exactly and rounded once, by largest remainders, so
that a locality's number is less than one from its exact share and all localities together are the table's own total.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Final

from portal.errors import SourceError
from portal.localities.measures import Measure, find_contradiction, whole_of
from portal.localities.membership import Ground, Membership
from portal.localities.need_areas import AreaNeed

OUTSIDE: Final = ""


@dataclass(frozen=True)
class AddedNeed:
    """Numbers by measure and slug, `OUTSIDE` for people of an LSOA that lies partly in no locality.

    `unplaced` are LSOAs of the table that no postcode and no locality has; `uncounted` those of postcodes that the table does not have.
    """

    numbers: Mapping[Measure, Mapping[str, int]]
    unplaced: tuple[str, ...]
    uncounted: tuple[str, ...]


def add_up(need: AreaNeed, membership: Membership, ground: Ground) -> AddedNeed:
    """The numbers of each locality, in order, and of those outside. Raises `SourceError` where a part comes out larger than its whole."""
    shares = _shares(need, membership, ground)
    slugs = [*(locality.slug for locality in membership.localities), OUTSIDE]
    numbers: dict[Measure, dict[str, int]] = {}
    for measure in sorted(need.measures, key=lambda measure: _depth(measure, need.measures)):  # a whole before its parts
        whole = whole_of(measure, need.measures)
        exact = dict.fromkeys(slugs, Fraction(0))
        for lsoa, row in need.numbers.items():
            for slug, share in shares.get(lsoa, {}).items():
                exact[slug] += share * row[measure]
        numbers[measure] = apportion(exact, numbers[whole] if whole else None)
    for locality in membership.localities:
        if wrong := find_contradiction({measure: numbers[measure][locality.slug] for measure in numbers}):
            raise SourceError(f"The table of need, added up for {locality.name!r}, is wrong: {wrong}. Are its columns mixed up?")
    return AddedNeed(
        {measure: numbers[measure] for measure in need.measures},
        tuple(sorted(need.numbers.keys() - shares.keys())),
        tuple(sorted(_inside(shares) - need.numbers.keys())),
    )


def apportion(exact: Mapping[str, Fraction], most: Mapping[str, int] | None = None) -> dict[str, int]:
    """Whole numbers with the sum of `exact`, which is whole: each rounded down, and the largest remainders up; none above `most`
    while that can be."""
    found = {name: floor(share) for name, share in exact.items()}
    for _ in range(int(sum(exact.values())) - sum(found.values())):
        free = [name for name in found if most is None or found[name] < most[name]] or list(found)
        found[max(free, key=lambda name: exact[name] - found[name])] += 1
    return found


def _shares(need: AreaNeed, membership: Membership, ground: Ground) -> dict[str, dict[str, Fraction]]:
    """Which part of each LSOA lies in which locality, or outside all of them."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for postcode in ground.postcodes:
        if postcode.lsoa:
            counts[postcode.lsoa][membership.slug_of(postcode)] += 1
    shares = {lsoa: {slug: Fraction(number, held.total()) for slug, number in held.items()} for lsoa, held in counts.items()}
    return shares


def _inside(shares: Mapping[str, Mapping[str, Fraction]]) -> set[str]:
    return {lsoa for lsoa, held in shares.items() if held.keys() != {OUTSIDE}}


def _depth(measure: Measure, known: Sequence[Measure]) -> int:
    """How many of the `known` measures it is a part of."""
    whole = whole_of(measure, known)
    return 1 + _depth(whole, known) if whole else 0
