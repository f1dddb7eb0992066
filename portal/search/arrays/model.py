"""The read model of a generation: two files of arrays and which rows live in; postings, words and listings out, as one row space.

The rows of the base come first, then those of the listings that changed since. A row of the base whose listing changed or went is still
there, and does not live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np

from portal.directory.listing import Listing
from portal.errors import IndexUnavailable
from portal.search.arrays.files import Array, read_arrays
from portal.search.arrays.postings import FIELDS, NO_ROWS, NO_SCORES, Postings
from portal.search.arrays.texts import Blobs
from portal.search.spellings import Spellings


class Part:
    """One file of arrays, open for reading. Raises whatever damage raises; safe between threads, for nothing in it changes."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.postings = {name: Postings(name, arrays) for name in FIELDS}
        self.cards = Blobs("cards", arrays)
        self.told_in: tuple[str, ...] = tuple(arrays["told_in"].tolist())
        self.ids = arrays["ids"]
        self.size = len(self.ids)
        exact = self.postings["exact"]
        self.spellings = Spellings(exact.words, exact.frequencies, arrays)

    @classmethod
    def read(cls, file: Path) -> Part:
        """A part as it is on disk."""
        return cls(read_arrays(file))


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

    def postings(self, field: str, text: str) -> tuple[Array, Array]:
        """Rows that hold `text` in `field`, in order, and their BM25F scores; empty where none does."""
        base, delta = self._base.postings[field], self._delta.postings[field]
        at, later = base.words.find(text), delta.words.find(text) if self._delta.size else None
        if at is None and later is None:
            return NO_ROWS, NO_SCORES
        idf = base.idf(at)
        rows, scores = base.scored(at, idf)
        if not self._all_live:
            there = self._live[rows]
            rows, scores = rows[there], scores[there]
        if later is None:
            return rows, scores
        of_delta, worth = delta.scored(later, idf)
        return np.concatenate([rows, of_delta + self._base.size]), np.concatenate([scores, worth])

    def listing(self, row: int) -> Listing:
        """The listing of a row, as it was when it was written. Without its words. Raises `IndexUnavailable`."""
        of_delta = row - self._base.size
        card = self._base.cards[row] if of_delta < 0 else self._delta.cards[of_delta]
        try:
            return msgspec.json.decode(card, type=Listing)
        except msgspec.MsgspecError as error:  # a mapped file that somebody wrote into
            raise IndexUnavailable(f"damaged while open: {error!r}") from error

    def listings(self) -> Iterator[tuple[int, Listing]]:
        """(row, listing) of every row that lives."""
        return ((row, self.listing(row)) for row in np.flatnonzero(self._live).tolist())
