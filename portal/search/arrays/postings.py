"""Postings: which rows hold a word and how well, by Whoosh's BM25F, from arrays. Fields in, finished worth out: a search only adds up.

Fields that are cut into words alike are one group, looked up once: what a word is worth in a row is the sum of what it is worth in
each, `weight × idf × tf (K1 + 1) / (tf + norm)`. How many rows of each field hold a word stays beside it, so that rows that come later
are measured by the same idf as all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Final, NamedTuple

import numpy as np

from portal.search.arrays.files import Array
from portal.search.arrays.texts import Texts, sorted_texts

NAME: Final = "name"
TEXT: Final = "text"
TOLD: Final = "told"  # a name or summary in another language
EXACT: Final = "exact"
GROUPS: Final[Mapping[str, Mapping[str, float]]] = {
    TEXT: {NAME: 3.0, "organization": 1.6, "body": 1.0},
    TOLD: {"told": 2.0},
    EXACT: {"exact": 1.0},
}
B: Final = 0.75  # as Whoosh has them unless told otherwise
K1: Final = 1.2


@dataclass(frozen=True)
class Held:
    """A word of a field: in how many rows it is, rows that are gone among them; and the rows that are there with how often they hold it.

    `places` says where: as many as the weights add up to, row by row in order; none in a field where no phrase is looked for.
    """

    text: str
    frequency: int
    rows: Array
    weights: Array
    places: Array


@dataclass(frozen=True)
class Field:
    """What one field of all rows holds: `words` in order, and the `lengths` of the field in each row, `total` in all."""

    words: Sequence[Held]
    lengths: Array
    total: int


class Worth(NamedTuple):
    """The rows that hold a word, in order; what it is worth in each; and whether the name, a group's first field, holds it."""

    rows: Array
    worth: Array
    in_name: Array


NOTHING: Final = Worth(np.zeros(0, dtype=np.int32), np.zeros(0), np.zeros(0, dtype=bool))


class Postings:
    """One group of fields, out of arrays."""

    def __init__(self, name: str, arrays: Mapping[str, Array]) -> None:
        self.words = Texts(f"{name}.words", arrays)
        self.averages = arrays[f"{name}.averages"]
        self.frequencies = arrays[f"{name}.frequencies"]
        self._size = int(arrays[f"{name}.size"][0])
        self._ends = arrays[f"{name}.ends"].data
        self._of_rows = Worth(arrays[f"{name}.rows"], arrays[f"{name}.worth"], arrays[f"{name}.in_name"])

    def of(self, text: str) -> Worth | None:
        """What a word is worth, and where; None where no row holds it."""
        at = self.words.find(text)
        if at is None:
            return None
        span = slice(self._ends[at], self._ends[at + 1])
        return Worth(self._of_rows.rows[span], self._of_rows.worth[span], self._of_rows.in_name[span])

    def idfs(self, texts: Iterable[str]) -> Array:
        """How rare each word (texts × fields) is among these rows in each field, or one that is nowhere."""
        numbers = [self.words.find(text) for text in texts]
        held = [self.frequencies[number] if number is not None else np.zeros_like(self.averages) for number in numbers]
        return _idfs(np.array(held).reshape(-1, len(self.averages)), self._size)


def _idfs(frequencies: Array, size: int) -> Array:
    return np.asarray(np.log(max(1, size) / (frequencies + 1)) + 1)


def arrays_of(name: str, fields: Sequence[Field], base: Postings | None = None) -> dict[str, Array]:
    """A group of fields as arrays, whose names begin with its own; measured as if its rows stood among those of `base`."""
    found = [field.words for field in fields]
    texts = sorted({word.text for words in found for word in words})
    number = {text: at for at, text in enumerate(texts)}
    size = len(fields[0].lengths)
    frequencies = np.zeros((len(texts), len(fields)), dtype=np.int32)
    for at, words in enumerate(found):
        frequencies[[number[word.text] for word in words], at] = [word.frequency for word in words]
    averages = base.averages if base else np.array([field.total / (size or 1) or 1.0 for field in fields])
    idfs = base.idfs(texts) if base else _idfs(frequencies, size)
    weights = list(GROUPS[name].values())
    each = [
        _postings_of(words, number, weights[at] * idfs[:, at], _norms(field.lengths, averages[at]))
        for at, (words, field) in enumerate(zip(found, fields, strict=True))
    ]
    ends, worth = _added(each, len(texts), size)
    worth = worth._replace(in_name=worth.in_name & (NAME in GROUPS[name]))
    held = {"ends": ends, "size": np.array([size]), "averages": averages, "frequencies": frequencies, **worth._asdict()}
    return {**sorted_texts(f"{name}.words", texts), **{f"{name}.{key}": array for key, array in held.items()}}


class _Posting(NamedTuple):
    """One field: for each time that a row holds a word, the number of the word, the row, and what it is worth there."""

    words: Array
    rows: Array
    worth: Array


def _postings_of(words: Sequence[Held], number: Mapping[str, int], rarity: Array, norms: Array) -> _Posting:
    of_words = np.repeat(np.array([number[word.text] for word in words], dtype=np.int64), [len(word.rows) for word in words])
    rows = joined_arrays(word.rows for word in words)
    often = joined_arrays(word.weights for word in words).astype(np.float64)
    return _Posting(of_words, rows, rarity[of_words] * ((often * (K1 + 1)) / (often + norms[rows])))


def joined_arrays(arrays: Iterable[Array]) -> Array:
    """Arrays of whole numbers end to end; an empty one of none."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *arrays])


def _norms(lengths: Array, average: float) -> Array:
    """What the lengths of a field in each row take from the worth of a word."""
    return np.asarray(K1 * ((1 - B) + B * lengths.astype(np.float64) / average))


def _added(each: Sequence[_Posting], words: int, size: int) -> tuple[Array, Worth]:
    """The fields as one: where the rows of each word end, and all of them with what the word is worth there in all fields."""
    keys, place = np.unique(np.concatenate([it.words * max(1, size) + it.rows for it in each]), return_inverse=True)
    worth = np.bincount(place, weights=np.concatenate([it.worth for it in each]), minlength=len(keys))
    in_name = np.zeros(len(keys), dtype=bool)
    in_name[place[: len(each[0].rows)]] = True
    of_words, rows = np.divmod(keys, max(1, size))
    return np.searchsorted(of_words, np.arange(words + 1)), Worth(rows.astype(np.int32), worth, in_name)


def union(size: int, parts: Sequence[Array]) -> tuple[Array, Iterator[Array | EllipsisType]]:
    """All rows, of `size` there are, that any of the `parts` has, in order; and for each part where among them its rows stand."""
    filled = [rows for rows in parts if len(rows)]
    if len(filled) == 1:  # as in most questions of one word
        return filled[0], (... if len(rows) else rows for rows in parts)
    is_there = np.zeros(size, dtype=bool)
    for rows in filled:
        is_there[rows] = True
    every = np.flatnonzero(is_there)
    place = np.empty(size, dtype=np.intp)
    place[every] = np.arange(len(every))
    return every, (place[rows] for rows in parts)
