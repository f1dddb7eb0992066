"""The read model as a bare engine, asked what other engines are asked and nothing more.

Nothing is mended, weighed by needs, place or freshness or left out: words to the ten best by worth, and how many. What a portal's search
adds to that is the difference to `Ours` in `engines.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from bench.other_engines import TEN, Ask

from portal.search.arrays.files import Array
from portal.search.arrays.postings import union
from portal.search.generation import Generation
from portal.search.understanding import Lexicon

Found = tuple[Array, Array]  # rows, what each is worth


class Alone:
    """Questions of each kind, straight from the arrays."""

    def __init__(self, generation: Generation, lexicon: Lexicon) -> None:
        self._generation = generation
        self._free = generation.columns.feature("cost", "free")
        self.asks: dict[str, Ask] = {
            "one word": lambda text: self._best(self._any([text])),
            "all of 3": lambda text: self._best(self._all(text.split())),
            "any of 3": lambda text: self._best(self._any(text.split())),
            "phrase": lambda text: self._best(self._together(text.split())),
            "prefix": lambda text: self._best(self._any([text, *lexicon._beginning_with(text)])),
            "typo": lambda text: self._best(self._any([text, *lexicon.close_to(text)])),
            "filter": lambda text: self._best(self._filtered(text)),
            "facets": lambda text: generation.columns.counts(self._filtered(text)[0]),
            "page": self._page,
            "broad page": self._page,
        }

    def _any(self, words: Sequence[str]) -> Found:
        each = [self._generation.inverted.worth(word) for word in words]
        rows, places = union(self._generation.size, [it.rows for it in each])
        worth = np.zeros(len(rows))
        for at, it in zip(places, each, strict=True):
            worth[at] += it.worth
        return rows, worth

    def _all(self, words: Sequence[str]) -> Found:
        rows, worth = self._any(words[:1])
        for word in words[1:]:
            other = self._generation.inverted.worth(word)
            rows, here, there = np.intersect1d(rows, other.rows, assume_unique=True, return_indices=True)
            worth = worth[here] + other.worth[there]
        return rows, worth

    def _together(self, words: Sequence[str]) -> Found:
        rows, worth = self._all(words)
        stand = np.isin(rows, self._generation.inverted.together(words), assume_unique=True)
        return rows[stand], worth[stand]

    def _filtered(self, text: str) -> Found:
        rows, worth = self._any([text])
        are_free = self._free[rows]
        return rows[are_free], worth[are_free]

    def _ten(self, found: Found) -> list[int]:
        rows, worth = found
        return [int(row) for row in rows[np.argsort(-worth, kind="stable")[:TEN]]]

    def _best(self, found: Found) -> object:
        return self._generation.row_ids(self._ten(found)), len(found[0])

    def _page(self, text: str) -> object:
        found = self._filtered(text)
        cards = [self._generation.inverted.listing(row) for row in self._ten(found)]
        return cards, len(found[0]), self._generation.columns.counts(found[0])
