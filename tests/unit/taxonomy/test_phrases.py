"""Phrases in what people type: in order, with small gaps, by stem, star and alternative, at a cost that follows the text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import combinations, cycle, islice

import pytest
from effort import steps
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.taxonomy.phrases import MOST_BETWEEN, Match, PhraseBook
from portal.taxonomy.stemming import stemmer
from portal.taxonomy.words import words

FEW = st.lists(st.sampled_from("abcd"), max_size=12)
PHRASE = st.lists(st.sampled_from(["a", "b", "c", "a|b", "c|d"]), min_size=1, max_size=4)


def found(phrase: str, text: str, language: str = "") -> list[tuple[int, ...]]:
    book = PhraseBook({"meaning": [phrase]}, stemmer(language)) if language else PhraseBook({"meaning": [phrase]})
    return [match.positions for match in book.find(words(text))]


@pytest.mark.parametrize(
    ("phrase", "text", "positions"),
    [
        ("no one to talk to", "I have no one to talk to", (2, 3, 4, 5, 6)),
        ("keeps falling", "mum keeps on falling over", (1, 3)),
        ("keeps falling", "mum keeps a b falling", (1, 4)),
        ("boy bites", "a boy of 4 who bites", (1, 5)),
        ("a|b c", "b c", (0, 1)),
        ("wheelchair*", "wheelchairs", (0,)),
        ("self-harm", "self harm", (0, 1)),
        ("can't cope", "cant really cope", (0, 2)),
        ("A&E", "at a&e now", (1,)),
        ("sum* fun*|play", "summer of play", (0, 2)),
        ("Yalnızım", "YALNIZIM", (0,)),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str, positions: tuple[int, ...]) -> None:
    assert found(phrase, text) == [positions]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("keeps falling", "falling keeps"),
        ("keeps falling", "keeps a b c falling"),
        ("keeps falling", "keeps"),
        ("self-harm", "harm"),
        ("self-harm", "self"),
        ("to*", "tomorrow"),
        ("fall", "fallow"),
        ("", "anything"),
        ("!", "anything"),
        ("fall", ""),
    ],
)
def test_a_phrase_is_not_found(phrase: str, text: str) -> None:
    assert found(phrase, text) == []


def test_a_star_after_fewer_than_three_letters_is_no_star() -> None:
    assert found("to*", "to") == [(0,)]


def test_a_nearer_word_that_leads_nowhere_gives_way_to_a_farther() -> None:
    assert found("mum keeps falling", "mum keeps crying keeps on nearly falling") == [(0, 3, 6)]
    assert found("mum keeps falling", "mum keeps on keeps falling") == [(0, 1, 4)]


def test_a_word_without_a_star_is_found_by_its_stem_in_the_language_of_the_book() -> None:
    assert found("falls", "falling", "en") == [(0,)]
    assert found("falls", "falling") == []
    assert found("kitap", "kitaplar", "tr") == [(0,)]


def test_a_starred_word_is_not_stemmed() -> None:
    assert found("carer*", "caring", "en") == []


def test_each_start_is_one_match_and_each_meaning_its_own() -> None:
    book = PhraseBook({"one": ["falls", "falls over"], "two": ["over"]})
    assert book.find(("falls", "over", "falls")) == [Match("one", (0, 1)), Match("two", (1,)), Match("one", (2,))]


def test_the_vocabulary_is_every_whole_word() -> None:
    assert PhraseBook({"one": ["can't|won't cop* today"]}).vocabulary == {"cant", "wont", "today"}


def test_a_match_covers_another_that_lies_inside_it() -> None:
    assert Match("wide", (1, 4)).covers(Match("narrow", (2, 3)))
    assert Match("wide", (1, 4)).covers(Match("same", (1, 4)))
    assert not Match("wide", (1, 4)).covers(Match("beyond", (3, 5)))


def holds(parts: Sequence[str], text: Sequence[str], start: int) -> bool:
    """Whether the phrase begins at `start`, tried in every way."""
    later = range(start + 1, len(text))
    return any(
        all(text[at] in part.split("|") for at, part in zip((start, *rest), parts, strict=True))
        and all(two - one <= MOST_BETWEEN + 1 for one, two in zip((start, *rest), rest, strict=False))
        for rest in combinations(later, len(parts) - 1)
    )


@settings(deadline=None)
@given(PHRASE, FEW)
def test_a_phrase_is_found_wherever_any_reading_of_the_text_has_it(parts: list[str], text: list[str]) -> None:
    starts = [match.positions[0] for match in PhraseBook({"meaning": [" ".join(parts)]}).find(text)]
    assert starts == [start for start in range(len(text)) if holds(parts, text, start)]


@settings(deadline=None)
@given(PHRASE, FEW)
def test_what_is_found_are_words_of_the_phrase_in_order_without_wide_gaps(parts: list[str], text: list[str]) -> None:
    for match in PhraseBook({"meaning": [" ".join(parts)]}).find(text):
        assert len(match.positions) == len(parts)
        assert all(text[at] in part.split("|") for at, part in zip(match.positions, parts, strict=True))
        assert all(0 < two - one <= MOST_BETWEEN + 1 for one, two in zip(match.positions, match.positions[1:], strict=False))


@pytest.mark.parametrize("said", [["mum"], ["mum", "keeps"], [f"word{number}" for number in range(1000)]], ids=["one", "two", "many"])
def test_twice_the_words_cost_twice_the_steps_whatever_they_repeat(said: list[str]) -> None:
    phrases = [f"mum keeps mum {ending}" for ending in ("falling", "crying", "keeps mum keeps mum falling", "forget*", "a|b|c")]
    book = PhraseBook({"meaning": phrases}, stemmer("en"))
    text = list(islice(cycle(said), 1000))
    book.find(text)  # stems are remembered
    assert steps(partial(book.find, text)) <= 2.2 * steps(partial(book.find, text[:500]))


def test_a_refugee_is_not_heard_as_a_refuge() -> None:
    assert found("refuge space", "a space for a refugee space", "en") == []
    assert found("need refuge", "we need a refuge", "en") == [(1, 3)]
    assert found("refugee charity", "refugees charity", "en") == [(0, 1)]
