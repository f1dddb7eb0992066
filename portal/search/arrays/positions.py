"""Positions: where each word stands, so that words that stand together can be found. Fields in; the rows that hold a phrase out.

All texts of all rows are thought of as one long line, with a free place wherever a text ends: a place on it is one number, and a phrase
is where each word stands one place after the one before. Which row that is, the places say at which rows begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from portal.search.arrays.files import Array
from portal.search.arrays.postings import NOTHING, TEXT, TOLD, Field, Held, joined_arrays
from portal.search.arrays.texts import Texts

PHRASED: Final = (TEXT, TOLD)  # groups of fields in which phrases are looked for


class Positions:
    """Where the words of one group of fields stand, out of arrays."""

    def __init__(self, name: str, words: Texts, arrays: Mapping[str, Array]) -> None:
        self._words = words
        self._places = arrays[f"{name}.places"]
        self._ends = arrays[f"{name}.place_ends"].data
        self._begins = arrays[f"{name}.begins"]

    def rows(self, phrase: Sequence[str]) -> Array:
        """The rows in which terms stand one after another, in order. The rarest is looked up first, so that few places are compared."""
        each: list[tuple[Array, int]] = []
        for after, text in enumerate(phrase):
            places = self._of(text)
            if not len(places):  # as most words in most languages
                return NOTHING.rows
            each.append((places, after))
        each.sort(key=lambda it: len(it[0]))
        rarest, after = each[0]
        starts = rarest[np.searchsorted(rarest, after) :] - after
        for places, after in each[1:]:
            starts = starts[_are_in(places, starts + after)]
        return np.unique(np.searchsorted(self._begins, starts, side="right") - 1)

    def _of(self, text: str) -> Array:
        at = self._words.find(text)
        return self._places[:0] if at is None else self._places[self._ends[at] : self._ends[at + 1]]


def _are_in(places: Array, wanted: Array) -> Array:
    """Which of the `wanted` are among `places`; both in order, and of one kind, so that nothing is copied."""
    found = np.searchsorted(places, wanted)
    return np.asarray(places[np.minimum(found, len(places) - 1)] == wanted)


def positions_of(name: str, fields: Sequence[Field], words: Iterable[str]) -> dict[str, Array]:
    """Where the words of a group stand, as arrays whose names begin with its own."""
    number = {text: at for at, text in enumerate(words)}
    each = [_standing(field.words, number) for field in fields]
    begins = _begins(each, len(fields[0].lengths))
    length = max(1, int(begins[-1]))
    keys = [it.words * length + begins[it.rows * len(fields) + at] + it.places for at, it in enumerate(each)]
    of_words, places = np.divmod(np.sort(np.concatenate(keys)), length)
    kind = np.min_scalar_type(length)  # the smallest that holds any place
    return {
        f"{name}.places": places.astype(kind),
        f"{name}.place_ends": np.searchsorted(of_words, np.arange(len(number) + 1)),
        f"{name}.begins": begins[:: len(fields)].astype(kind),
    }


class _Standing(NamedTuple):
    """One field: for each word of each text the number of the word, the row, and the place in the field."""

    words: Array
    rows: Array
    places: Array


def _standing(words: Sequence[Held], number: Mapping[str, int]) -> _Standing:
    often = joined_arrays(word.weights for word in words)
    of_words = np.repeat(np.array([number[word.text] for word in words], dtype=np.int64), [len(word.places) for word in words])
    return _Standing(of_words, np.repeat(joined_arrays(word.rows for word in words), often), joined_arrays(word.places for word in words))


def _begins(each: Sequence[_Standing], size: int) -> Array:
    """Where each field of each row begins on the line, row by row, and where the line ends."""
    lengths = np.zeros((size, len(each)), dtype=np.int64)
    for at, it in enumerate(each):
        np.maximum.at(lengths[:, at], it.rows, it.places + 1)
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths + 1)])
