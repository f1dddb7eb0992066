"""Words in quotation marks are found where Whoosh's own phrase query finds them, over the demo borough and after listings change or go."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from oracle import PHRASES, Bench, holders, seeded, services

from portal.config import Settings
from portal.directory.listing import Listing
from portal.search import inverted
from portal.search.generation import Base, current_name, open_generation, write_generation
from portal.search.inverted import InvertedIndex
from portal.search.quoting import phrases_in
from portal.taxonomy.words import words
from portal.web.holdings import hold


@pytest.fixture(scope="module")
def bench(demo: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = shutil.copytree(demo.index, tmp_path_factory.mktemp("phrases") / "index")
    holdings = hold(demo)
    yield Bench(holdings, folder)
    holdings.engine.dispose()


def phrases(bench: Bench) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(phrase for query, _ in bench.phrased for phrase in phrases_in(query.text)[0]))


def test_every_question_with_a_phrase_is_answered_as_by_whoosh(bench: Bench) -> None:
    found = nothing = loose = 0
    for query, language in bench.phrased:
        answer, wanted = bench.answers(query, language, (bench.generation, bench.oracle))
        assert answer == wanted, query
        found += bool(answer.hits and answer.question.phrases)
        nothing += bool(answer.question.phrases and not answer.hits)
        loose += answer.total > 3
    assert len(bench.phrased) == PHRASES
    assert found > PHRASES / 5
    assert nothing > PHRASES / 20
    assert loose > PHRASES / 20


def test_a_phrase_is_found_where_the_stems_of_one_text_say_it(bench: Bench) -> None:
    """Counted from the listings themselves, without an index."""
    texts = {it.id: stems_of(it) for it in bench.listings}
    found = 0
    for phrase in phrases(bench):
        stems = tuple(map(inverted.stem, phrase))
        wanted = {service for service, each in texts.items() if any(stems in runs(text, len(stems)) for text in each)}
        told = set(holders(bench.oracle.inverted._index, phrase, bench.oracle.told_in))  # type: ignore[attr-defined]
        rows = bench.generation.inverted.together(phrase)
        in_english = {service for service in services(bench.generation, rows.tolist()) if service in wanted}
        assert in_english == wanted, phrase
        assert set(rows.tolist()) == told, phrase
        found += len(wanted)
    assert found > 500


def stems_of(listing: Listing) -> list[tuple[str, ...]]:
    texts = (listing.name, listing.organization, *listing.words.splitlines())
    return [tuple(map(inverted.stem, words(text))) for text in texts]


def runs(text: tuple[str, ...], length: int) -> set[tuple[str, ...]]:
    return {text[at : at + length] for at in range(len(text) - length + 1)}


def test_no_phrase_goes_over_the_border_of_two_texts(bench: Bench) -> None:
    """The end of one text and the beginning of the next, where no text says both together."""
    texts = [(it.id, stems_of(it)) for it in bench.listings]
    together = {pair for _, each in texts for text in each for pair in pairwise(text)}
    borders = {(one[-1], two[0]) for _, each in texts for one, two in pairwise(each) if one and two}.difference(together)
    assert len(borders) > 200
    of_stems = bench.generation.base._positions["text"]
    assert not any(of_stems.rows(border).size for border in borders)


def test_after_changes_a_phrase_is_found_where_an_index_made_anew_finds_it(bench: Bench, tmp_path: Path) -> None:
    chance = seeded()
    changed = [replace(it, name=f"{it.name} renamed", words=chance.choice(bench.listings).words) for it in bench.listings[:30]]
    gone = {it.id for it in bench.listings[20:50]}
    later = shutil.copytree(bench.folder, tmp_path / "later")
    write_generation(later, bench.origin, changed[:20], Base(later / current_name(later), gone))
    generation = open_generation(later, current_name(later), bench.origin)
    now = {**{it.id: it for it in bench.listings if it.id not in gone}, **{it.id: it for it in changed[:20]}}
    (tmp_path / "anew").mkdir()
    inverted.write(tmp_path / "anew", now.values(), anew=True)
    anew = InvertedIndex(tmp_path / "anew")
    ids, told_in = anew.ids(), anew.told_languages()
    renamed = [tuple(words(it.name)[-2:]) for it in changed[:20]]
    in_delta = 0
    for phrase in (*phrases(bench), *renamed):
        rows = generation.inverted.together(phrase)
        assert services(generation, rows.tolist()) == {ids[row] for row in holders(anew, phrase, told_in)}, phrase
        in_delta += int(np.count_nonzero(rows >= generation.base.size))
    assert in_delta >= 20
    anew.close()


def test_a_withdrawn_listing_is_gone_from_its_phrase_at_once(bench: Bench, tmp_path: Path) -> None:
    listing = next(it for it in bench.listings if len(words(it.name)) > 2)
    assert listing.id in services(bench.generation, bench.generation.inverted.together(words(listing.name)).tolist())
    later = shutil.copytree(bench.folder, tmp_path / "later")
    write_generation(later, bench.origin, (), Base(later / current_name(later), {listing.id}))
    generation = open_generation(later, current_name(later), bench.origin)
    assert listing.id not in services(generation, generation.inverted.together(words(listing.name)).tolist())
