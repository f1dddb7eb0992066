"""Phrases that mean something, found in what people type: a book of phrases and some words in, matches out.

The grammar, for the people who write the books: the words of a phrase must occur in order, with at most two others between
neighbours, figures aside. `word*` is any word that starts so; `a|b` is either; a hyphen is a space. A word without a star also
matches by its stem. Matching looks up the first word of every phrase in a dictionary, so its cost follows the text, not the
size of the book.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from portal.taxonomy.numbering import Lists, Numbered
from portal.taxonomy.words import words

MOST_BETWEEN: Final = 2
SHORTEST_PREFIX: Final = 3
NONE: Final = -1  # the number of no form

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


class _Reading:
    """What is gathered while a book is read, and let go of afterwards: alternatives of each place in a phrase, and the phrases."""

    def __init__(self, stem: Stem) -> None:
        self._stem = stem
        self._known: dict[str, int] = {}  # the same alternatives stand in many phrases
        self.forms, self.prefixes = Numbered(), Numbered()
        self.whole: set[int] = set()
        self.places: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
        self.phrases: list[tuple[int, tuple[int, ...]]] = []
        self.by_form: defaultdict[int, list[int]] = defaultdict(list)
        self.by_prefix: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, meaning: int, phrase: str) -> None:
        """A phrase in the grammar of the books."""
        places = [place for place in map(self._place, phrase.replace("-", " ").split()) if any(self.places[place])]
        if not places:
            return
        forms, prefixes = self.places[places[0]]
        for form in forms:
            self.by_form[form].append(len(self.phrases))
        for prefix in prefixes:
            self.by_prefix[prefix].append(len(self.phrases))
        self.phrases.append((meaning, tuple(places[1:])))

    def _place(self, part: str) -> int:
        if part not in self._known:
            self._known[part] = len(self.places)
            self.places.append(self._alternatives(part))
        return self._known[part]

    def _alternatives(self, part: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        exact: set[int] = set()
        prefixes: list[int] = []
        for choice in part.split("|"):
            for word in _cut(choice):
                if choice.endswith("*") and len(word) >= SHORTEST_PREFIX:
                    prefixes.append(self.prefixes[word])
                else:
                    exact |= {self.forms[word], self.forms[self._stem(word)]}
                    self.whole.add(self.forms[word])
        return tuple(exact), tuple(prefixes)


class PhraseBook:
    """Phrases by meaning. `entries` is {meaning: phrases}; `stem` joins the forms of one word in the book's language.

    There are tens of thousands of phrases, so they are numbers in arrays: places in a phrase, forms of words and beginnings of words.
    """

    def __init__(self, entries: Mapping[str, Iterable[str]], stem: Stem = unstemmed) -> None:
        read = _Reading(stem)
        for meaning, phrases in enumerate(entries.values()):
            for phrase in phrases:
                read.add(meaning, phrase)
        self._stem = stem
        self._meanings = tuple(entries)
        self._forms, self._prefixes = dict(read.forms), dict(read.prefixes)
        self._beginnings = tuple(read.prefixes)
        self._is_whole = bytes(number in read.whole for number in range(len(read.forms)))
        self._place_forms = Lists(forms for forms, _ in read.places)
        self._place_prefixes = Lists(prefixes for _, prefixes in read.places)
        self._phrase_meanings = array("I", (meaning for meaning, _ in read.phrases))
        self._phrase_places = Lists(places for _, places in read.phrases)
        self._by_form = Lists(read.by_form.get(number, ()) for number in range(len(read.forms)))
        self._by_prefix = Lists(read.by_prefix.get(number, ()) for number in range(len(read.prefixes)))
        self._prefix_lengths = sorted({len(self._beginnings[number]) for number in read.by_prefix})

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every whole word of every phrase."""
        return frozenset(form for form, number in self._forms.items() if self._is_whole[number])

    def knows(self, word: str) -> bool:
        """Whether a folded word stands in any phrase, whole or as the ending of a beginning."""
        number = self._forms.get(word)
        if number is not None and self._is_whole[number]:
            return True
        for length in range(SHORTEST_PREFIX, len(word) + 1):  # noqa: SIM110 - a generator for every word and book takes twice the time
            if word[:length] in self._prefixes:
                return True
        return False

    def find(self, text: Sequence[str]) -> list[Match]:
        """Every match in folded words (see `words`), in order of first word; one for each meaning and start."""
        stems = [self._stem(word) for word in text]
        starting = [(start, phrase) for start, word in enumerate(text) for phrase in self._starting(word, stems[start])]
        if not starting:  # as in most books
            return []
        forms = [{self._forms.get(word, NONE), self._forms.get(stem, NONE)} for word, stem in zip(text, stems, strict=True)]
        found: dict[tuple[str, int], Match] = {}
        for start, phrase in starting:
            positions = self._follow(self._phrase_places[phrase], text, forms, start)
            meaning = self._meanings[self._phrase_meanings[phrase]]
            key = (meaning, start)
            if positions and (key not in found or len(positions) > len(found[key].positions)):
                found[key] = Match(meaning, positions)
        return list(found.values())

    def _starting(self, word: str, stem: str) -> list[int]:
        found: list[int] = []
        for form in (word, stem) if stem != word else (word,):
            number = self._forms.get(form)
            if number is not None:
                found.extend(self._by_form[number])
        for length in self._prefix_lengths:
            if length > len(word):
                break
            number = self._prefixes.get(word[:length])
            if number is not None:
                found.extend(self._by_prefix[number])
        return found

    def _follow(self, places: Sequence[int], text: Sequence[str], forms: Sequence[Set[int]], start: int) -> tuple[int, ...]:
        """Positions of a phrase that begins at `start`, or nothing; a nearer word that leads nowhere gives way to a farther."""
        paths: dict[int, tuple[int, ...]] = {start: (start,)}  # by the last position of each, nearest first
        for place in places:
            exact, prefixes = self._place_forms[place], self._place_prefixes[place]
            longer: dict[int, tuple[int, ...]] = {}
            for last, path in paths.items():
                for at in _near(text, last):
                    if at not in longer and (not forms[at].isdisjoint(exact) or (prefixes and self._begins(text[at], prefixes))):
                        longer[at] = (*path, at)
            if not longer:
                return ()
            paths = longer
        return next(iter(paths.values()))

    def _begins(self, word: str, prefixes: Iterable[int]) -> bool:
        return word.startswith(tuple(self._beginnings[number] for number in prefixes))


def _near(text: Sequence[str], last: int) -> Iterator[int]:
    """Positions after `last` with at most `MOST_BETWEEN` words between; a number in figures is no word ("a boy of 4 who bites")."""
    between = 0
    for at in range(last + 1, len(text)):
        yield at
        between += not text[at].isdecimal()
        if between > MOST_BETWEEN:
            return
