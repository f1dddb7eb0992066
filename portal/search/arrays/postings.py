"""Postings: which rows hold a word in a field and how well, by Whoosh's BM25F, from arrays.

What a word is worth in a row, `idf × tf (K1 + 1) / (tf + norm)`, takes three things: how often the row holds it (`weights`), how long
the field is there beside others (`norms`), and how many rows hold it (`frequencies`). They are kept apart, so that rows that came later
are measured by the same idf as all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import log
from typing import Final

import numpy as np

from portal.search.arrays.files import Array
from portal.search.arrays.texts import Texts, sorted_texts

FIELDS: Final = ("name", "organization", "body", "told", "exact")
B: Final = 0.75  # as Whoosh has them unless told otherwise
K1: Final = 1.2
NO_ROWS: Final = np.zeros(0, dtype=np.int32)
NO_SCORES: Final = np.zeros(0)
MOST_OFTEN: Final = 65_535  # times that a row holds a word, and no more is counted


@dataclass(frozen=True)
class Held:
    """A word of a field: in how many rows it is, rows that are gone among them; and the rows that are there with how often they hold it."""

    text: str
    frequency: int
    rows: Array
    weights: Array


@dataclass(frozen=True)
class Field:
    """What one field of all rows holds: `words` in order, and the `lengths` of the field in each row, `total` in all."""

    words: Iterable[Held]
    lengths: Array
    total: int


def average_length(total: int, size: int) -> float:
    """Of a field over `size` rows, as Whoosh takes it."""
    return total / (size or 1) or 1.0


def norms(lengths: Array, average: float) -> Array:
    """What the lengths of a field in each row take from the worth of a word."""
    return np.asarray(K1 * ((1 - B) + B * lengths.astype(np.float64) / average))


def arrays_of(name: str, field: Field, average: float) -> dict[str, Array]:
    """A field as arrays, whose names begin with its own."""
    words = list(field.words)
    rows = [word.rows for word in words] or [np.zeros(0)]
    weights = [word.weights for word in words] or [np.zeros(0)]
    return {
        **sorted_texts(f"{name}.words", (word.text for word in words)),
        f"{name}.frequencies": np.array([word.frequency for word in words], dtype=np.int32),
        f"{name}.ends": np.array(list(accumulate((len(word.rows) for word in words), initial=0)), dtype=np.int64),
        f"{name}.rows": np.concatenate(rows).astype(np.int32),
        f"{name}.weights": np.minimum(np.concatenate(weights), MOST_OFTEN).astype(np.uint16),
        f"{name}.norms": norms(field.lengths, average),
        f"{name}.average": np.array([average]),
    }


class Postings:
    """One field, out of arrays."""

    def __init__(self, name: str, arrays: Mapping[str, Array]) -> None:
        self.words = Texts(f"{name}.words", arrays)
        self.frequencies = arrays[f"{name}.frequencies"]
        self.average = float(arrays[f"{name}.average"][0])
        self._ends = arrays[f"{name}.ends"]
        self._rows = arrays[f"{name}.rows"]
        self._weights = arrays[f"{name}.weights"]
        self._norms = arrays[f"{name}.norms"]

    def idf(self, at: int | None) -> float:
        """How rare the word of a number is among the rows, or one that is nowhere."""
        return log(max(1, len(self._norms)) / ((0 if at is None else int(self.frequencies[at])) + 1)) + 1

    def scored(self, at: int | None, idf: float) -> tuple[Array, Array]:
        """Rows that hold the word of a number, in order, and what it is worth in each; empty where there is none."""
        if at is None:
            return NO_ROWS, NO_SCORES
        begin, end = int(self._ends[at]), int(self._ends[at + 1])
        rows, weights = self._rows[begin:end], self._weights[begin:end].astype(np.float64)
        return rows, idf * ((weights * (K1 + 1)) / (weights + self._norms[rows]))
