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
        self._is_whole = bytes(number in read.whole for number in range(len(read.forms)))
        self._places_of_form = _places_of((forms for forms, _ in read.places), len(read.forms))
        self._places_of_prefix = _places_of((prefixes for _, prefixes in read.places), len(read.prefixes))
        self._phrase_meanings = array("I", (meaning for meaning, _ in read.phrases))
        self._phrase_places = Lists(places for _, places in read.phrases)
        self._by_form = Lists(read.by_form.get(number, ()) for number in range(len(read.forms)))
        self._by_prefix = Lists(read.by_prefix.get(number, ()) for number in range(len(read.prefixes)))
        self._prefix_lengths = sorted(set(map(len, read.prefixes)))
        self._heads = frozenset(prefix[:SHORTEST_PREFIX] for prefix in read.prefixes)

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every whole word of every phrase."""
        return frozenset(form for form, number in self._forms.items() if self._is_whole[number])

    def knows(self, word: str) -> bool:
        """Whether a folded word stands in any phrase, whole or as the ending of a beginning."""
        number = self._forms.get(word)
        if number is not None and self._is_whole[number]:
            return True
        return bool(self._prefixes_of(word))

    def find(self, text: Sequence[str]) -> list[Match]:
        """Every match in folded words (see `words`), in order of first word; one for each meaning and start."""
        known = [(self._forms_of(word), self._prefixes_of(word)) for word in text]
        starting = [(start, phrase) for start, each in enumerate(known) for phrase in self._starting(*each)]
        if not starting:  # as in most books
            return []
        filled = [self._filled(*each) for each in known]
        anywhere = set().union(*filled)
        found: dict[tuple[str, int], Match] = {}
        for start, phrase in starting:
            places = self._phrase_places[phrase]
            if not anywhere.issuperset(places):  # as most phrases
                continue
            positions = _follow(places, text, filled, start)
            meaning = self._meanings[self._phrase_meanings[phrase]]
            key = (meaning, start)
            if positions and (key not in found or len(positions) > len(found[key].positions)):
                found[key] = Match(meaning, positions)
        return list(found.values())

    def _forms_of(self, word: str) -> list[int]:
        stem = self._stem(word)
        return [self._forms[form] for form in ((word, stem) if stem != word else (word,)) if form in self._forms]

    def _prefixes_of(self, word: str) -> list[int]:
        if word[:SHORTEST_PREFIX] not in self._heads:  # as most words
            return []
        begun = (word[:length] for length in self._prefix_lengths if length <= len(word))
        return [self._prefixes[beginning] for beginning in begun if beginning in self._prefixes]

    def _starting(self, forms: Iterable[int], prefixes: Iterable[int]) -> list[int]:
        """The phrases that a word can begin."""
        by_form = [each for form in forms for each in self._by_form[form]]
        return by_form + [each for prefix in prefixes for each in self._by_prefix[prefix]]

    def _filled(self, forms: Iterable[int], prefixes: Iterable[int]) -> set[int]:
        """The places in phrases where a word can stand."""
        found: set[int] = set()
        for form in forms:
            found.update(self._places_of_form[form])
        for prefix in prefixes:
            found.update(self._places_of_prefix[prefix])
        return found


def _places_of(places: Iterable[Iterable[int]], count: int) -> Lists:
    """Of each of `count` forms or beginnings of words, the places in which it stands."""
    found: list[list[int]] = [[] for _ in range(count)]
    for place, alternatives in enumerate(places):
        for number in alternatives:
            found[number].append(place)
    return Lists(found)


def _follow(places: Sequence[int], text: Sequence[str], filled: Sequence[Set[int]], start: int) -> tuple[int, ...]:
    """Positions of a phrase that begins at `start`, or nothing; a nearer word that leads nowhere gives way to a farther."""
    paths: dict[int, tuple[int, ...]] = {start: (start,)}  # by the last position of each, nearest first
    for place in places:
        longer: dict[int, tuple[int, ...]] = {}
        for last, path in paths.items():
            for at in _near(text, last):
                if at not in longer and place in filled[at]:
                    longer[at] = (*path, at)
        if not longer:
            return ()
        paths = longer
    return next(iter(paths.values()))


def _near(text: Sequence[str], last: int) -> Iterator[int]:
    """Positions after `last` with at most `MOST_BETWEEN` words between; a number in figures is no word ("a boy of 4 who bites")."""
    between = 0
    for at in range(last + 1, len(text)):
        yield at
        between += not text[at].isdecimal()
        if between > MOST_BETWEEN:
            return
