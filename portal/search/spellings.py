"""Words that are spelt right: some words in; whether another is one of them or a form of one, and which are close to it, out.

They are arrays, so that tens of thousands of words cost a worker nothing that another has not read already. Close words are looked for
among those of nearly the same length and nearly the same letters, and only those few are compared letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.search.arrays.files import Array
from portal.search.arrays.texts import Texts, sorted_texts
from portal.taxonomy.stemming import stem
from portal.taxonomy.words import LONGEST_WORD

LETTERS: Final = 64
LETTERS_AN_ERROR: Final = 2  # that one wrong letter changes at most in the set of letters: one goes and one comes


def spelling_arrays(words: Iterable[str]) -> dict[str, Array]:
    """What `Spellings` needs beside the words themselves, which come sorted."""
    known = list(words)
    lengths = np.array([len(word) for word in known], dtype=np.int64)
    by_length = np.argsort(lengths, kind="stable")
    masks = np.array([_letters(word) for word in known], dtype=np.uint64)
    return {
        **sorted_texts("stems", sorted(set(map(stem, known)))),
        "by_length": by_length.astype(np.int32),
        "letters": masks[by_length],
        "length_ends": np.searchsorted(lengths[by_length], np.arange(LONGEST_WORD + 2)),
    }


def _letters(word: str) -> int:
    """The set of a word's letters, more or less: one of 64 bits for each."""
    held = 0
    for letter in word:
        held |= 1 << (ord(letter) % LETTERS)
    return held


class Spellings:
    """Words that are spelt right, with how often each is used."""

    def __init__(self, words: Texts, counts: Array, arrays: Mapping[str, Array]) -> None:
        self.words = words
        self._counts = counts
        self._stems = Texts("stems", arrays)
        self._by_length = arrays["by_length"]
        self._letters = arrays["letters"]
        self._length_ends = arrays["length_ends"]

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Spellings:
        """The words of `counts`."""
        known = sorted(counts)
        words = Texts("words", sorted_texts("words", known))
        return cls(words, np.array([counts[word] for word in known], dtype=np.int64), spelling_arrays(known))

    def __contains__(self, word: object) -> bool:
        """Whether the word itself is one of them."""
        return isinstance(word, str) and self.words.find(word) is not None

    def count(self, word: str) -> int:
        """How often a word is used; 0 where it is none of them."""
        at = self.words.find(word)
        return 0 if at is None else int(self._counts[at])

    def knows(self, word: str) -> bool:
        """Whether the word, or another form of it, is one of them."""
        return word in self or self._stems.find(stem(word)) is not None

    def close_to(self, word: str, most: int) -> dict[str, int]:
        """The words that are at most so many letters off, with how many."""
        shortest, longest = (min(max(len(word) + off, 0), LONGEST_WORD) for off in (-most, most))
        span = slice(self._length_ends[shortest], self._length_ends[longest + 1])
        other_letters = np.bitwise_count(self._letters[span] ^ np.uint64(_letters(word)))
        near = self._by_length[span][other_letters <= LETTERS_AN_ERROR * most]
        found = process.extract(word, [self.words[number] for number in near], scorer=OSA.distance, score_cutoff=most, limit=None)
        return {close: int(distance) for close, distance, _ in found}

    def beginning_with(self, word: str, most: int) -> list[str]:
        """The most used of the longer words that begin so, and then by the alphabet."""
        span = self.words.beginning_with(word)
        order = np.argsort(-self._counts[span.start : span.stop], kind="stable")
        return [self.words[span.start + int(at)] for at in order[:most]]
