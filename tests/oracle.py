"""Whoosh as the oracle of what arrays find: its own reader of the index that the arrays are made of, in the place of the arrays.

Its scorer, its words and its phrases, and typing errors compared word by word; with questions drawn with a fixed seed.
"""

from __future__ import annotations

import copy
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA
from relevance.judging import JUDGEMENTS, MOMENT, load_judgements
from whoosh.query import Phrase

from portal.db import reading
from portal.directory.listing import Listing
from portal.directory.listings import list_listings
from portal.directory.queries import list_service_ids
from portal.i18n.languages import LANGUAGES
from portal.search import inverted
from portal.search.arrays.postings import GROUPS, Worth
from portal.search.arrays.terms import told_term
from portal.search.evidence import weighed
from portal.search.find import Asked, _Search
from portal.search.generation import Generation, Origin, current_name, open_generation
from portal.search.inverted import InvertedIndex
from portal.search.matching import measure
from portal.search.query import MILES, SearchQuery, choices
from portal.search.quoting import understand_quoted
from portal.search.results import SearchResults
from portal.search.understanding import Lexicon
from portal.web.holdings import Holdings

SEED = 7
QUESTIONS = 1_500  # beside the judged ones
PHRASES = 600
PLACES = ("", "", "Eastmoor", "ZZ1 1AZ", "Calderwick", "nowhere at all")
SPOKEN = ("ur", "tr", "pl", "bfi")


class Whoosh:
    """The index of record in the place of the arrays."""

    def __init__(self, folder: Path) -> None:
        self._index = InvertedIndex(folder)
        self.told_in = self._index.told_languages()
        self.worth = cache(self._worth)
        self.listing = cache(self._index.listing)
        self.counts = self._index.word_counts()

    def _worth(self, word: str) -> Worth:
        """What a word is worth, added up row by row from what Whoosh says of each field."""
        worth: dict[int, float] = {}
        terms = [(field, inverted.stem(word), weight) for field, weight in GROUPS["text"].items()]
        terms += [("told", told_term(language, word), GROUPS["told"]["told"]) for language in self.told_in]
        for field, text, weight in (*terms, ("exact", word, GROUPS["exact"]["exact"])):
            for row, score in zip(*self._index.postings(field, text), strict=True):
                worth[int(row)] = worth.get(int(row), 0.0) + weight * score
        rows = np.array(sorted(worth), dtype=np.int64)
        in_name = np.isin(rows, self._index.postings("name", inverted.stem(word))[0])
        return Worth(rows, np.array([worth[row] for row in rows.tolist()]), in_name)

    def together(self, phrase: Sequence[str]) -> np.ndarray:
        """The rows that hold a phrase, by Whoosh's own query."""
        return np.array(sorted(holders(self._index, phrase, self.told_in)), dtype=np.int64)


def holders(index: InvertedIndex, phrase: Sequence[str], told_in: Sequence[str]) -> set[int]:
    """The document numbers in which a field holds words one after another, as Whoosh finds them."""
    asked = [Phrase(field, [inverted.stem(word) for word in phrase]) for field in GROUPS["text"]]
    asked += [Phrase("told", [told_term(language, word) for word in phrase]) for language in told_in]
    return {int(row) for query in asked for row in index._searcher.docs_for_query(query)}


@dataclass
class OneByOne:
    """Words that are spelt right, each compared with each."""

    counts: dict[str, int]

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(map(inverted.stem, self.counts))

    def __contains__(self, word: str) -> bool:
        return word in self.counts

    def count(self, word: str) -> int:
        return self.counts.get(word, 0)

    def knows(self, word: str) -> bool:
        return word in self.counts or inverted.stem(word) in self.stems

    def close_to(self, word: str, most: int) -> dict[str, int]:
        found = process.extract(word, list(self.counts), scorer=OSA.distance, score_cutoff=most, limit=None)
        return {close: distance for close, distance, _ in found}

    def beginning_with(self, word: str, most: int) -> list[str]:
        return sorted((known for known in self.counts if known.startswith(word)), key=lambda it: (-self.counts[it], it))[:most]


@dataclass(frozen=True)
class Bench:
    """The demo borough's index, and what a search of it needs."""

    holdings: Holdings
    folder: Path

    @property
    def origin(self) -> Origin:
        return Origin(self.holdings.taxonomy, self.holdings.search_room.searcher.extents)

    @cached_property
    def generation(self) -> Generation:
        return open_generation(self.folder, current_name(self.folder), self.origin)

    @cached_property
    def oracle(self) -> Generation:
        """The same generation, read by Whoosh."""
        generation = copy.copy(self.generation)
        generation.inverted = Whoosh(generation.folder)  # type: ignore[assignment]
        generation.told_in = generation.inverted.told_in
        return generation

    @cached_property
    def listings(self) -> list[Listing]:
        """All public listings, with their words."""
        room = self.holdings.search_room.searcher
        with reading(self.holdings.engine) as session:
            found = list_listings(session, self.holdings.taxonomy, list_service_ids(session))
            return [weighed(each, room.laywords) for each in found]

    def answers(self, query: SearchQuery, language: str, generations: Sequence[Generation]) -> list[SearchResults]:
        """What each generation answers to a question, which is understood once."""
        searcher = self.holdings.search_room.searcher
        text, where = searcher.where(query)
        question = understand_quoted(text, language, searcher.laywords, self.lexicon)
        asked = Asked(language, MOMENT, set)
        return [
            _Search(searcher, each, query, question, where, asked, measure(each, question, searcher.need_numbers)).results()
            for each in generations
        ]

    @cached_property
    def lexicon(self) -> Lexicon:
        lexicon = Lexicon(self.generation.inverted.spellings, self.holdings.search_room.searcher.laywords)
        lexicon.close_to = cache(lexicon.close_to)  # type: ignore[method-assign]
        return lexicon

    @cached_property
    def queries(self) -> list[tuple[SearchQuery, str]]:
        """What is asked, with the page's language."""
        judged = [(SearchQuery(text=it.q, place=it.place), it.language) for it in load_judgements(JUDGEMENTS)]
        chance = seeded()
        return [*judged, *(self._drawn(chance) for _ in range(QUESTIONS))]

    @cached_property
    def phrased(self) -> list[tuple[SearchQuery, str]]:
        """Questions with words in quotation marks, drawn from the listings."""
        chance = seeded()
        drawn = (self._drawn(chance) for _ in range(PHRASES))
        return [(replace(query, text=self._quoting(chance), page=1), language) for query, language in drawn]

    def _quoting(self, chance: random.Random) -> str:
        """A run of words of one text, the end of one and the beginning of the next, a name, a translation; alone or beside other words."""
        listing, other = chance.choice(self.listings), chance.choice(self.listings)
        words = [*listing.name.split(), *listing.words.split()]
        at = chance.randrange(len(words))
        told = [text for each in self.listings for it in each.translations for text in (it.name, it.summary)]
        lines = [line.split() for line in listing.words.splitlines() if line.split()] or [[listing.organization]]
        said = chance.choice(
            (
                lambda: " ".join(words[at : at + chance.choice((2, 3, 4, 5))]),
                lambda: " ".join(words[at : at + 2]),
                lambda: " ".join(reversed(words[at : at + 2])),
                lambda: f"{lines[0][-1]} {chance.choice(lines)[0]}",
                lambda: chance.choice((listing.name, listing.organization)),
                lambda: " ".join(chance.choice(told).split()[: chance.choice((2, 3))]),
            )
        )().replace('"', "")
        beside = chance.choice(("", "", other.name, words[at], f'"{other.organization}"'))
        return f'{chance.choice(("", "", beside))} "{said}" {chance.choice(("", "", beside))}'.strip()

    def _drawn(self, chance: random.Random) -> tuple[SearchQuery, str]:
        offered = {**choices(self.holdings.taxonomy), "speaks": SPOKEN}
        groups = chance.sample(sorted(offered), chance.choice((0, 1, 1, 2)))
        chosen = {group: tuple(chance.sample(offered[group], min(len(offered[group]), chance.choice((1, 2))))) for group in groups}
        query = SearchQuery(text=self._text(chance), place=chance.choice(PLACES), within=chance.choice(("", "", *MILES)), **chosen)
        return query, chance.choice(list(LANGUAGES))

    def _text(self, chance: random.Random) -> str:
        """One word, some of one listing or of several, a run of words, the beginning of one, one mistyped, or some in another language."""
        listing, other = chance.choice(self.listings), chance.choice(self.listings)
        words = listing.words.split() or [listing.name]
        at = chance.randrange(len(words))
        told = [text for each in self.listings for it in each.translations for text in (it.name, it.summary)]
        return chance.choice(
            (
                lambda: words[at],
                lambda: " ".join(words[at : at + chance.choice((2, 3, 4))]),
                lambda: " ".join(chance.sample(words, min(3, len(words)))),
                lambda: f"{words[at]} {chance.choice(other.words.split() or [other.name])} {other.name}",
                lambda: words[at][: chance.choice((3, 4, 5, 6))],
                lambda: mistyped(words[at], chance),
                lambda: f"{mistyped(words[at], chance)} {listing.organization}",
                lambda: listing.name,
                lambda: " ".join(chance.choice(told).split()[:3]),
            )
        )()


def seeded() -> random.Random:
    """The same chances each time."""
    return random.Random(SEED)  # noqa: S311 - repeatable, not secret


def mistyped(word: str, chance: random.Random) -> str:
    """A word with a letter too few, too many, another, or two turned round."""
    at = chance.randrange(len(word))
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + chance.choice("aeinrst") + word[at:],
            word[:at] + chance.choice("aeinrst") + word[at + 1 :],
            word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
        )
    )


def rows_of(generation: Generation, name: str, text: str) -> list[int]:
    """The rows that live and hold a term, the base's and the delta's."""
    model = generation.inverted
    found = [(part.postings[name].of(text), first) for part, first in ((model._base, 0), (model._delta, model._base.size))]
    rows = [row + first for worth, first in found if worth is not None for row in worth.rows.tolist()]
    return [row for row in rows if generation.columns.live[row]]


def services(generation: Generation, rows: Sequence[int]) -> set[uuid.UUID]:
    """Of which services rows are, each once."""
    found = generation.row_ids(rows)
    assert len(set(found)) == len(found)
    return set(found)
