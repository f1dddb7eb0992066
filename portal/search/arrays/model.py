"""The read model of a generation: two files of arrays and which rows live in; postings, words and listings out, as one row space.

The rows of the base come first, then those of the listings that changed since. A row of the base whose listing changed or went is still
there, and does not live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from portal.directory.listing import Listing
from portal.errors import IndexUnavailable
from portal.search.arrays.files import Array, read_arrays
from portal.search.arrays.positions import PHRASED, Positions
from portal.search.arrays.postings import EXACT, GROUPS, NOTHING, TEXT, TOLD, Postings, Worth, union
from portal.search.arrays.terms import Spelt, spelt
from portal.search.arrays.texts import Blobs
from portal.search.spellings import Spellings

MOST_DECODED: Final = 1_000  # listings that a process has at hand, 4 KB each


class Part:
    """One file of arrays, open for reading. Raises whatever damage raises; safe between threads, for nothing in it changes."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.postings = {name: Postings(name, arrays) for name in GROUPS}
        self._positions = {name: Positions(name, self.postings[name].words, arrays) for name in PHRASED}
        self.cards = Blobs("cards", arrays)
        self.told_in: tuple[str, ...] = tuple(arrays["told_in"].tolist())
        self.ids = arrays["ids"]
        self.size = len(self.ids)
        exact = self.postings[EXACT]
        self.spellings = Spellings(exact.words, exact.frequencies[:, 0], arrays)

    @classmethod
    def read(cls, file: Path) -> Part:
        """A part as it is on disk."""
        return cls(read_arrays(file))

    def worth(self, spelt: Spelt) -> Worth:
        """What a word is worth in each row that holds it in any field."""
        told = [self.postings[TOLD].of(spelt.told[code]) for code in self.told_in]
        found = [each for each in (self.postings[TEXT].of(spelt.stem), *told) if each is not None]
        exact = self.postings[EXACT].of(spelt.word)
        if exact is None or not found:
            return self._added(found if exact is None else [exact])
        rows, worth, in_name = self._added(found)
        at = np.searchsorted(rows, exact.rows)
        if (at == len(rows)).any() or (rows[at] != exact.rows).any():  # of rows whose stem was not taken in, as a name of two lines
            return self._added([*found, exact])
        worth = worth.copy()
        worth[at] += exact.worth
        return Worth(rows, worth, in_name)

    def together(self, phrase: Sequence[Spelt]) -> Array:
        """The rows that hold words one after another in one text: as they are written, or in any one language that is told."""
        texts = self._positions[TEXT].rows([word.stem for word in phrase])
        told = [self._positions[TOLD].rows([word.told[code] for word in phrase]) for code in self.told_in]
        return np.unique(np.concatenate([texts, *told]))

    def _added(self, found: Sequence[Worth]) -> Worth:
        if len(found) < 2:
            return found[0] if found else NOTHING
        rows, places = union(self.size, [each.rows for each in found])
        worth, in_name = np.zeros(len(rows)), np.zeros(len(rows), dtype=bool)
        for at, each in zip(places, found, strict=True):
            worth[at] += each.worth
            in_name[at] |= each.in_name
        return Worth(rows, worth, in_name)


class ReadModel:
    """What searches read of a generation. `live`: which rows count, those of `base` first."""

    def __init__(self, base: Part, delta: Part, live: Array) -> None:
        self._base = base
        self._delta = delta
        self._live = live
        if len(live) != base.size + delta.size:
            raise ValueError("arrays and columns are not of the same rows")

    @property
    def size(self) -> int:
        """How many rows there are, those that do not live too."""
        return len(self._live)

    @property
    def _parts(self) -> tuple[Part, ...]:
        return (self._base, self._delta) if self._delta.size else (self._base,)

    @cached_property
    def told_in(self) -> tuple[str, ...]:
        """Codes of languages that any listing is translated into."""
        return tuple(sorted({code for part in self._parts for code in part.told_in}))

    @cached_property
    def spellings(self) -> tuple[Spellings, ...]:
        """The words that listings hold."""
        return tuple(part.spellings for part in self._parts)

    @cached_property
    def _all_live(self) -> bool:
        return bool(self._live[: self._base.size].all())

    def worth(self, word: str) -> Worth:
        """The rows that live and hold a folded word in any field, and what it is worth in each."""
        sought = spelt(word, self.told_in)
        found = self._base.worth(sought)
        if not self._all_live:
            there = self._live[found.rows]
            found = Worth(*(array[there] for array in found))
        if not self._delta.size:
            return found
        later = self._delta.worth(sought)
        rows = np.concatenate([found.rows, later.rows + self._base.size])
        return Worth(rows, np.concatenate([found.worth, later.worth]), np.concatenate([found.in_name, later.in_name]))

    def together(self, phrase: Sequence[str]) -> Array:
        """The rows that live and hold folded words one after another in one text."""
        sought = [spelt(word, self.told_in) for word in phrase]
        rows = np.concatenate([self._base.together(sought), self._delta.together(sought) + self._base.size])
        return np.asarray(rows[self._live[rows]])

    def listing(self, row: int) -> Listing:
        """The listing of a row, as it was when it was written. Without its words. Raises `IndexUnavailable`."""
        of_delta = row - self._base.size
        card = self._base.cards[row] if of_delta < 0 else self._delta.cards[of_delta]
        try:
            return _decoded(card)
        except msgspec.MsgspecError as error:  # a mapped file that somebody wrote into
            raise IndexUnavailable(f"damaged while open: {error!r}") from error

    def listings(self) -> Iterator[tuple[int, Listing]]:
        """(row, listing) of every row that lives."""
        return ((row, self.listing(row)) for row in np.flatnonzero(self._live).tolist())


@lru_cache(maxsize=MOST_DECODED)
def _decoded(card: bytes) -> Listing:
    return msgspec.json.decode(card, type=Listing)
