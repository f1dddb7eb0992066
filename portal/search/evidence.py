"""How much a listing is about each of its needs: a listing with its words in, the same with weights out.

Its own order comes first: the need that a listing names first is what it is for. Within that, a listing that speaks of the
need in the words that people use weighs more, so that a question in any language finds the most telling ones first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from portal.directory.listing import Listing
from portal.search.laywords import LayWords
from portal.taxonomy.words import words

BY_POSITION: Final = (100, 80, 65, 50)
INFERRED: Final = 0.9
UNSPOKEN: Final = 0.75  # what a need weighs that the words do not speak of
ENOUGH_PHRASES: Final = 3
MOST_WORDS: Final = 400


def weighed(listing: Listing, laywords: LayWords) -> Listing:
    """`listing` with `weights` of its needs, 0–100."""
    text = words("\n".join((listing.name, listing.words)))[:MOST_WORDS]
    spoken = Counter(match.meaning for book in (laywords.books.get("en"), laywords.cues.get("en")) if book for match in book.find(text))
    return replace(listing, weights=tuple(_weight(listing, at, spoken[need]) for at, need in enumerate(listing.needs[: len(BY_POSITION)])))


def _weight(listing: Listing, position: int, phrases: int) -> int:
    share = UNSPOKEN + (1 - UNSPOKEN) * min(1.0, phrases / ENOUGH_PHRASES)
    return round(BY_POSITION[position] * share * (INFERRED if listing.inferred else 1))
