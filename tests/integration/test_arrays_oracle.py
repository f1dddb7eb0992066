"""Arrays find what Whoosh finds: over the demo borough, in all languages and with all filters, for questions drawn with a fixed seed.

The oracle is Whoosh's own reader of the index that the arrays are made of, with its scorer and its words, and typing errors compared
word by word. What is compared is everything that a page is made of: who answers, in which order, all counts, wider questions.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from oracle import Bench, OneByOne, rows_of, seeded, services

from portal.config import Settings
from portal.i18n.languages import LANGUAGES
from portal.search import inverted
from portal.search.arrays.postings import GROUPS
from portal.search.generation import Base, current_name, open_generation, write_generation
from portal.search.inverted import InvertedIndex
from portal.search.understanding import Lexicon
from portal.web.holdings import hold

PARTS = 6


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
