"""Arrays find what Whoosh finds: over the demo borough, in all languages and with all filters, for questions drawn with a fixed seed.

The oracle is Whoosh's own reader of the index that the arrays are made of, with its scorer and its words, and typing errors compared
word by word. What is compared is everything that a page is made of: who answers, in which order, all counts, wider questions.
"""

from __future__ import annotations

import copy
import random
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import process
from rapidfuzz.distance import OSA
from relevance.judging import JUDGEMENTS, MOMENT, load_judgements

from portal.config import Settings
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
from portal.search.generation import Base, Generation, Origin, current_name, open_generation, write_generation
from portal.search.inverted import InvertedIndex
from portal.search.matching import measure
from portal.search.query import MILES, SearchQuery, choices
from portal.search.results import SearchResults
from portal.search.understanding import Lexicon, understand
from portal.web.holdings import Holdings, hold

SEED = 7
QUESTIONS = 1_500  # beside the judged ones
PARTS = 6
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
        question = understand(text, language, searcher.laywords, self.lexicon)
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


@pytest.fixture(scope="module")
def bench(demo: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = shutil.copytree(demo.index, tmp_path_factory.mktemp("oracle") / "index")
    holdings = hold(demo)
    yield Bench(holdings, folder)
    holdings.engine.dispose()


def test_questions_enough_are_asked_in_every_language(bench: Bench) -> None:
    assert len(bench.queries) >= 2_000
    assert {language for _, language in bench.queries} == set(LANGUAGES)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_question_is_answered_as_by_whoosh(bench: Bench, part: int) -> None:
    asked, found, wider = bench.queries[part::PARTS], 0, 0
    for query, language in asked:
        answer, wanted = bench.answers(query, language, (bench.generation, bench.oracle))
        assert answer == wanted, query
        found += bool(answer.hits)
        wider += bool(answer.relaxations)
    assert found > len(asked) / 2
    assert wider > len(asked) / 10


def test_every_word_of_every_field_is_in_the_same_rows_and_worth_the_same(bench: Bench) -> None:
    by_whoosh = bench.oracle.inverted
    seen = 0
    spoken = {term.partition(":")[2] for term in bench.generation.base.postings["told"].words}
    for word in sorted({*bench.generation.base.postings["exact"].words, *bench.generation.base.postings["text"].words, *spoken})[::3]:
        found, wanted = bench.generation.inverted.worth(word), by_whoosh.worth(word)
        np.testing.assert_array_equal(found.rows, wanted.rows)
        np.testing.assert_allclose(found.worth, wanted.worth, rtol=1e-12)
        np.testing.assert_array_equal(found.in_name, wanted.in_name)
        seen += len(found.rows)
    assert seen > 10_000


def test_every_listing_is_the_one_that_whoosh_keeps(bench: Bench) -> None:
    for row, listing in bench.generation.inverted.listings():
        assert listing == bench.oracle.inverted.listing(row)


def test_words_are_spelt_right_counted_mended_and_completed_as_one_by_one(bench: Bench) -> None:
    laywords = bench.holdings.search_room.searcher.laywords
    plain = Lexicon([OneByOne(bench.oracle.inverted.counts)], laywords)  # type: ignore[attr-defined,list-item]
    plain._all = (*plain._held, OneByOne(dict.fromkeys(laywords.spellings.words, 0)))  # type: ignore[arg-type,assignment]
    typed = {word.casefold() for query, _ in bench.queries for word in query.text.split()}
    mended = 0
    for word in sorted(typed)[::3]:
        assert (word in bench.lexicon, bench.lexicon.count(word)) == (word in plain, plain.count(word)), word
        assert bench.lexicon.knows(word) == plain.knows(word), word
        assert bench.lexicon.close_to(word) == plain.close_to(word), word
        assert bench.lexicon._beginning_with(word[:4]) == plain._beginning_with(word[:4]), word
        mended += bool(bench.lexicon.close_to(word))
    assert mended > 100


@pytest.fixture(scope="module")
def later(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy to go on from."""
    return shutil.copytree(bench.folder, tmp_path_factory.mktemp("later") / "index")


def test_listings_put_again_as_they_were_are_found_as_they_were(bench: Bench, later: Path) -> None:
    again = seeded().sample(bench.listings, 60)
    for some in (again[:40], again[30:]):
        write_generation(later, bench.origin, some, Base(later / current_name(later)))
    generation = open_generation(later, current_name(later), bench.origin)
    assert (generation.base is bench.generation.base, generation.size) == (True, bench.generation.size + 60)
    for query, language in bench.queries[::7]:
        answer, wanted = bench.answers(query, language, (generation, bench.generation))
        assert answer == wanted, query


def test_after_changes_every_word_is_found_where_an_index_made_anew_finds_it(bench: Bench, later: Path, tmp_path: Path) -> None:
    chance = seeded()
    changed = [replace(it, name=f"{it.name} renamed", words=chance.choice(bench.listings).words) for it in bench.listings[:30]]
    gone = {it.id for it in bench.listings[20:50]}
    write_generation(later, bench.origin, changed[:20], Base(later / current_name(later), gone))
    generation = open_generation(later, current_name(later), bench.origin)
    now = {**{it.id: it for it in bench.listings if it.id not in gone}, **{it.id: it for it in changed[:20]}}
    inverted.write(tmp_path, now.values(), anew=True)
    anew = InvertedIndex(tmp_path)
    ids = anew.ids()
    for name, fields in GROUPS.items():
        for word in sorted({held.text for field in fields for held in anew.field(field).words}):
            wanted = {ids[row] for field in fields for row in anew.postings(field, word)[0].tolist()}
            assert services(generation, rows_of(generation, name, word)) == wanted, (name, word)
    assert {it.id for _, it in generation.inverted.listings()} == set(now)


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
