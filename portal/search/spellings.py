"""Words that are spelt right: some words in, whether another is one of them or a form of one, and which are of a length, out."""

from __future__ import annotations

from collections.abc import Iterable

from portal.taxonomy.stemming import stem


class Spellings:
    """Words that are spelt right, their English stems, and the words again by length."""

    def __init__(self, known: Iterable[str]) -> None:
        self.words = frozenset(known)
        self.stems = frozenset(map(stem, self.words))
        self.by_length: dict[int, list[str]] = {}
        for word in sorted(self.words):
            self.by_length.setdefault(len(word), []).append(word)

    def knows(self, word: str) -> bool:
        """Whether the word, or another form of it, is one of them."""
        return word in self.words or stem(word) in self.stems
