"""Phrases that mean something, found in what people type: a book of phrases and some words in, matches out.

The grammar, for the people who write the books: the words of a phrase must occur in order, with at most two others between
neighbours, figures aside. `word*` is any word that starts so; `a|b` is either; a hyphen is a space. A word without a star also
matches by its stem. Matching looks up the first word of every phrase in a dictionary, so its cost follows the text, not the
size of the book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import Final

from portal.taxonomy.words import words

MOST_BETWEEN: Final = 2
SHORTEST_PREFIX: Final = 3

Stem = Callable[[str], str]
_cut = lru_cache(maxsize=2_000)(words)


def unstemmed(word: str) -> str:
    """The stem of a language that has no stemmer: the word itself."""
    return word


@dataclass(frozen=True)
class Match:
    """A phrase of `meaning` found at `positions` (indexes of words, ascending)."""

    meaning: str
    positions: tuple[int, ...]

    def covers(self, other: Match) -> bool:
        """Whether this match spans at least one word of `other` and reaches as far on both sides."""
        return self.positions[0] <= other.positions[0] and other.positions[-1] <= self.positions[-1]


@dataclass(frozen=True, slots=True)  # there are tens of thousands
class _Word:
    exact: tuple[str, ...]
    prefixes: tuple[str, ...]

    def fits(self, forms: frozenset[str], word: str) -> bool:
        return not forms.isdisjoint(self.exact) or (bool(self.prefixes) and word.startswith(self.prefixes))


@dataclass(frozen=True, slots=True)
class _Phrase:
    meaning: str
    rest: tuple[_Word, ...]


class PhraseBook:
    """Phrases by meaning. `entries` is {meaning: phrases}; `stem` joins the forms of one word in the book's language."""

    def __init__(self, entries: Mapping[str, Iterable[str]], stem: Stem = unstemmed) -> None:
        self._stem = stem
        self._by_first: dict[str, list[_Phrase]] = {}
        self._by_prefix: dict[str, list[_Phrase]] = {}
        self.vocabulary: set[str] = set()
        self._prefixes: set[str] = set()
        self._made: dict[str, _Word] = {}  # the same alternatives stand in many phrases
        for meaning, phrases in entries.items():
            for phrase in phrases:
                self._add(meaning, phrase)
        self._prefix_lengths = sorted(set(map(len, self._by_prefix)))
        del self._made

    def _add(self, meaning: str, phrase: str) -> None:
        parts = [self._made.get(part) or self._word(part) for part in phrase.replace("-", " ").split()]
        parts = [part for part in parts if part.exact or part.prefixes]
        if not parts:
            return
        entry = _Phrase(meaning, tuple(parts[1:]))
        for form in parts[0].exact:
            self._by_first.setdefault(form, []).append(entry)
        for prefix in parts[0].prefixes:
            self._by_prefix.setdefault(prefix, []).append(entry)

    def _word(self, part: str) -> _Word:
        exact: set[str] = set()
        prefixes: list[str] = []
        for choice in part.split("|"):
            for word in _cut(choice):
                if choice.endswith("*") and len(word) >= SHORTEST_PREFIX:
                    prefixes.append(word)
                    self._prefixes.add(word)
                else:
                    exact |= {intern(word), intern(self._stem(word))}
                    self.vocabulary.add(intern(word))
        self._made[part] = made = _Word(tuple(exact), tuple(prefixes))
        return made

    def knows(self, word: str) -> bool:
        """Whether a folded word stands in any phrase, whole or as the ending of a beginning."""
        return word in self.vocabulary or any(word[:length] in self._prefixes for length in range(SHORTEST_PREFIX, len(word) + 1))

    def find(self, text: Sequence[str]) -> list[Match]:
        """Every match in folded words (see `words`), in order of first word; one for each meaning and start."""
        stems = [self._stem(word) for word in text]
        starting = [(start, phrase) for start, word in enumerate(text) for phrase in self._starting(word, stems[start])]
        if not starting:  # as in most books
            return []
        forms = [frozenset(pair) for pair in zip(text, stems, strict=True)]
        found: dict[tuple[str, int], Match] = {}
        for start, phrase in starting:
            positions = _follow(phrase.rest, text, forms, start)
            key = (phrase.meaning, start)
            if positions and (key not in found or len(positions) > len(found[key].positions)):
                found[key] = Match(phrase.meaning, positions)
        return list(found.values())

    def _starting(self, word: str, stem: str) -> list[_Phrase]:
        found = [*self._by_first.get(word, ()), *(self._by_first.get(stem, ()) if stem != word else ())]
        for length in self._prefix_lengths:
            if length <= len(word):
                found += self._by_prefix.get(word[:length], ())
        return found


def _near(text: Sequence[str], last: int) -> Iterator[int]:
    """Positions after `last` with at most `MOST_BETWEEN` words between; a number in figures is no word ("a boy of 4 who bites")."""
    between = 0
    for at in range(last + 1, len(text)):
        yield at
        between += not text[at].isdecimal()
        if between > MOST_BETWEEN:
            return


def _follow(rest: tuple[_Word, ...], text: Sequence[str], forms: Sequence[frozenset[str]], start: int) -> tuple[int, ...]:
    """Positions of a phrase that begins at `start`, or nothing; a nearer word that leads nowhere gives way to a farther."""
    paths: dict[int, tuple[int, ...]] = {start: (start,)}  # by the last position of each, nearest first
    for part in rest:
        longer: dict[int, tuple[int, ...]] = {}
        for last, path in paths.items():
            for at in _near(text, last):
                if at not in longer and part.fits(forms[at], text[at]):
                    longer[at] = (*path, at)
        paths = longer
    return next(iter(paths.values()), ())
