"""Advice pages that answer a question, beside the services: what was asked in, at most a few pages out, the most telling first.

A page is found by the needs it is about, which any language speaks of, and by the words of its title and opening, in the
reader's language and in English.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Final

from portal.advice.current import CurrentLibrary
from portal.advice.page import ADVICE, Page, Pages
from portal.i18n.languages import SOURCE
from portal.search.understanding import Question
from portal.taxonomy.stemming import stem, stemmer
from portal.taxonomy.words import words

MOST_PAGES: Final = 2
ENOUGH: Final = 0.5
BY_NEED: Final = (1.0, 0.65, 0.5, 0.4)  # by where the page names the need
BY_PLACE: Final = (1.0, 0.75, 0.6, 0.5)  # by where the question names it
HINT: Final = 0.5
IN_TITLE: Final = 0.8
NAMED: Final = 0.5  # the title holds every word of the question
IN_OPENING: Final = 0.3


@dataclass(frozen=True)
class _Entry:
    """A page with what each need that it names weighs, and the stems of its title, and of its lead and whom it is for."""

    page: Page
    about: Mapping[str, float]
    title: frozenset[str]
    opening: frozenset[str]

    def is_near(self, needs: Iterable[str], stems: frozenset[str]) -> bool:
        """Whether it speaks of any of these at all."""
        return not (self.title.isdisjoint(stems) and self.opening.isdisjoint(stems) and self.about.keys().isdisjoint(needs))


@dataclass(frozen=True)
class _Shelf:
    """The pages that readers of one language see. `rarity` of a stem is 1 for a word of one page and less for one of many."""

    pages: Pages
    entries: tuple[_Entry, ...]
    rarity: dict[str, float]


class AdviceFinder:
    """Finds advice among the pages of `library`. Safe between threads."""

    def __init__(self, library: CurrentLibrary) -> None:
        self._library = library
        self._shelves: dict[str, _Shelf] = {}
        self._making = threading.Lock()

    def find(self, question: Question, chosen: Sequence[str], language: str, day: date) -> tuple[Page, ...]:
        """Pages for `question` and the needs that were `chosen`, in `language` or in English."""
        shelf = self._shelf(language, day)
        asked = [frozenset(_all_stems((term.word, *term.bridged), language)) for term in question.terms]
        named = _named(question, chosen)
        stems = frozenset().union(*asked)
        scored = [(_score(entry, shelf, named, asked), entry.page) for entry in shelf.entries if entry.is_near(named, stems)]
        best = sorted((each for each in scored if each[0] >= ENOUGH), key=lambda each: (-each[0], each[1].slug))
        return tuple(page for _, page in best[:MOST_PAGES])

    def _shelf(self, language: str, day: date) -> _Shelf:
        pages = self._library.on(day)
        with self._making:
            shelf = self._shelves.get(language)
            if shelf is None or shelf.pages is not pages:  # another year, or the council changed a fact
                shelf = self._shelves[language] = _shelved(pages, language)
            return shelf


def _shelved(pages: Pages, language: str) -> _Shelf:
    slugs = pages.advice_slugs
    entries = tuple(_entry(pages, slug, language) for slug in slugs)
    counts = Counter(stemmed for entry in entries for stemmed in entry.title | entry.opening)
    return _Shelf(pages, entries, {stemmed: 1 / count for stemmed, count in counts.items()})


def _entry(pages: Pages, slug: str, language: str) -> _Entry:
    shown, english = pages.get_page(ADVICE, slug, language), pages.get_page(ADVICE, slug, SOURCE)
    title = frozenset(_all_stems((shown.title, english.title), language))
    opening = frozenset(_all_stems((shown.lead, shown.who, english.lead, english.who), language))
    about = {need.id: weight for need, weight in zip(shown.needs, BY_NEED, strict=False)}
    return _Entry(shown, about, title, opening - title)


def _all_stems(texts: Iterable[str], language: str) -> Iterator[str]:
    for text in texts:
        for word in words(text):
            yield from _stems(word, language)


def _stems(text: str, language: str) -> Iterator[str]:
    for word in text.split():
        yield stem(word)
        yield stemmer(language)(word)


def _named(question: Question, chosen: Sequence[str]) -> dict[str, float]:
    """Each need that is asked about, and how surely."""
    weighed = [*((need, HINT) for need in question.hints), *zip(question.needs, BY_PLACE, strict=False), *((need, 1.0) for need in chosen)]
    return dict(sorted(weighed, key=itemgetter(1)))


def _score(entry: _Entry, shelf: _Shelf, named: Mapping[str, float], asked: Sequence[frozenset[str]]) -> float:
    by_need = max((entry.about.get(need, 0.0) * weight for need, weight in named.items()), default=0.0)
    in_title = [stems & entry.title for stems in asked if stems & entry.title]
    in_opening = [stems & entry.opening for stems in asked if stems & entry.opening]
    share = len(in_title) / len(asked) if asked else 0.0
    score = by_need + IN_TITLE * share * _telling(in_title, shelf) + IN_OPENING * _telling(in_opening, shelf)
    return score + NAMED if share == 1 else score


def _telling(found: Sequence[frozenset[str]], shelf: _Shelf) -> float:
    """How rare the words are that were found, 1 at most."""
    return min(1.0, sum(max(shelf.rarity[stemmed] for stemmed in stems) for stems in found))
