"""Typed words become a question: needs, words worth looking for, typing errors mended and nothing invented."""

from __future__ import annotations

from functools import partial

import pytest
from effort import effort, steps
from hypothesis import given, settings
from hypothesis import strategies as st
from little_borough import NEEDS, laywords

from portal.search.spellings import Spellings
from portal.search.understanding import (
    LONG_WORD,
    MOST_ALTERNATIVES,
    MOST_MENDED,
    MOST_TERMS,
    MOST_WORDS,
    Lexicon,
    Question,
    Term,
    understand,
)
from portal.taxonomy.words import LONGEST_WORD

HELD = {"lunch": 9, "club": 20, "lunchtime": 2, "gardening": 5, "physiotherapy": 4, "dementia": 8, "eastmoor": 3, "helpline": 6, "swim": 3}
LAYWORDS = laywords()
LEXICON = Lexicon([Spellings.of(HELD)], LAYWORDS)


def asked(text: str, language: str = "en") -> Question:
    return understand(text, language, LAYWORDS, LEXICON)


def terms(text: str, language: str = "en") -> dict[str, Term]:
    return {term.word: term for term in asked(text, language).terms}


@pytest.mark.parametrize("text", ["", "   ", "!?", "…", "\0", "I am", "what is it for"])
def test_a_question_that_says_nothing_is_empty(text: str) -> None:
    assert asked(text).is_empty


@pytest.mark.parametrize("text", ["lunch", "lonely", "hungry", "xqzjk", "24/7", "yalnız", "ہوں"])
def test_a_question_that_says_anything_is_not_empty(text: str) -> None:
    assert not asked(text).is_empty


def test_common_words_are_not_looked_for() -> None:
    assert list(terms("what is the lunch club for")) == ["lunch", "club"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gardning", "gardening"),
        ("gradening", "gardening"),
        ("physiotheropy", "physiotherapy"),
        ("fysiotherapy", "physiotherapy"),
        ("demensha", "dementia"),
        ("lumch", "lunch"),
        ("eastmor", "eastmoor"),
    ],
)
def test_a_typing_error_is_mended_towards_a_word_that_is_held(typed: str, meant: str) -> None:
    question = asked(f"the {typed}")
    assert question.mended == {typed: meant}
    assert question.read == ("the", meant)
    assert meant in terms(typed)[typed].alternatives


@pytest.mark.parametrize("word", ["lunch", "lunches", "gardener", "people", "kitchen", "lonely", "the", "iş", "اکیلا", "swimming"])
def test_a_word_that_is_spelt_right_somewhere_is_left_alone(word: str) -> None:
    assert asked(word).mended == {}


@pytest.mark.parametrize("word", ["zub", "lnx", "1234567", "qqqqqqqq", "xyzzyxyzzy"])
def test_a_word_that_is_too_short_too_odd_or_a_number_is_left_alone(word: str) -> None:
    assert asked(word).mended == {}


def test_a_short_word_may_have_one_letter_wrong_and_a_long_one_two() -> None:
    assert len("lumjh") < LONG_WORD <= len("gardnign")
    assert asked("lumjh").mended == {}
    assert asked("gardnign").mended == {"gardnign": "gardening"}


def test_the_nearest_word_comes_first_then_one_that_begins_alike_then_the_more_frequent() -> None:
    lexicon = Lexicon([Spellings.of({"planting": 9, "painting": 1, "fainting": 8, "plaiting": 1})], LAYWORDS)
    assert lexicon.close_to("peinting")[:2] == ("painting", "planting")
    assert lexicon.close_to("paintjng")[0] == "painting"
    assert lexicon.close_to("gainting")[:2] == ("fainting", "painting")
    assert lexicon.close_to("pladting")[:2] == ("planting", "plaiting")
    assert Lexicon([Spellings.of({"bainting": 1, "fainting": 8})], LAYWORDS).close_to("bbinting")[0] == "bainting"
    alike = Spellings.of({f"painting{letter}": 1 for letter in "abcdefgh"})
    assert len(Lexicon([alike], LAYWORDS).close_to("paintingx")) == MOST_ALTERNATIVES


def test_the_beginning_of_a_word_stands_for_the_word() -> None:
    assert asked("physiother").mended == {"physiother": "physiotherapy"}


def test_two_words_run_together_are_parted_and_what_they_say_is_heard() -> None:
    question = asked("foodclub")
    assert question.mended == {}
    lexicon = Lexicon([Spellings.of({"food": 3, "bank": 2})], LAYWORDS)
    question = understand("where is a foodbank", "en", laywords(), lexicon)
    assert question.read == ("where", "is", "a", "food", "bank")
    assert question.needs == ("food",)
    assert next(term for term in question.terms if term.word == "foodbank").speaks_of_need


def test_a_word_written_as_two_is_joined() -> None:
    assert list(terms("lunch time help line")) == ["lunch", "time", "help", "line", "lunchtime", "helpline"]


def test_a_sentence_speaks_of_its_needs_and_its_words_are_marked() -> None:
    found = asked("mum keeps falling and I have no one to talk to at the lunch club")
    assert found.needs == ("loneliness", "falls")
    speaking = {term.word: term.speaks_of_need for term in found.terms}
    assert speaking["falling"]
    assert speaking["talk"]
    assert not speaking["lunch"]
    assert not speaking["mum"]


def test_languages_may_be_mixed_in_one_question() -> None:
    found = asked("yalnızım need a lunch club میں اکیلا ہوں")
    assert found.needs == ("loneliness",)
    assert {"lunch", "club"} <= {term.word for term in found.terms}


def test_a_mended_word_speaks_of_its_need() -> None:
    found = asked("I feel lonley")
    assert (found.needs, found.mended) == (("loneliness",), {"lonley": "lonely"})
    assert terms("I feel lonley")["lonley"].speaks_of_need


def test_turkish_is_is_a_word_to_look_for_on_a_turkish_page_only() -> None:
    assert asked("this is it").needs == ()
    assert asked("iş arıyorum", "tr").needs == ("work",)
    assert asked("is this open").is_empty is False
    assert "is" not in terms("is this open")


def test_a_bridged_word_carries_its_english() -> None:
    assert terms("yüzme")["yuzme"].bridged == ("swim",)


def test_a_language_named_is_remembered_and_still_looked_for() -> None:
    assert asked("someone who speaks Urdu").speaks == ("ur",)
    assert "urdu" in terms("someone who speaks Urdu")


TEXT = st.text(max_size=300) | st.lists(
    st.sampled_from([*HELD, "lonley", "gardning", "foodbank", "is", "iş", "yalnız", "میں", "a&e", "24/7", "x" * 60]), max_size=90
).map(" ".join)


@settings(deadline=None)
@given(TEXT, st.sampled_from(["en", "tr", "ur", "pl", ""]))
def test_any_text_gives_a_bounded_question(text: str, language: str) -> None:
    found = understand(text, language, LAYWORDS, LEXICON)
    assert len(found.words) <= MOST_WORDS
    assert len([term for term in found.terms if not term.word.startswith("x" * LONGEST_WORD)]) <= MOST_TERMS + MOST_WORDS
    assert len(found.mended) <= MOST_MENDED
    assert set(found.needs) | set(found.hints) <= set(NEEDS)
    assert set(found.mended) <= set(found.words)
    assert all(len(term.alternatives) <= MOST_ALTERNATIVES for term in found.terms)
    assert {word for near in found.mended.values() for word in near.split()} <= {*HELD, *LAYWORDS.vocabulary, *LAYWORDS.stopwords}


def test_the_same_words_in_any_case_and_spelling_are_the_same_question() -> None:
    assert asked("LUNCH  Club!").terms == asked("lunch club").terms
    assert asked("YALNIZIM", "tr").needs == asked("yalnızım", "tr").needs == asked("yalnizim", "tr").needs


@pytest.mark.parametrize("text", ["wordword~9 " * 200, "?*" * 500, "lunhc " * 200, " ".join(f"unknwon{n}" for n in range(200)), "a" * 1000])
def test_hostile_questions_are_understood_in_little_time(text: str) -> None:
    lexicon = Lexicon([Spellings.of({f"{word}{number}": 1 for number in range(2_000) for word in ("unknown", "lunch", "word")})], LAYWORDS)
    asked(text)
    understood = partial(understand, text, "en", LAYWORDS, lexicon)
    assert steps(understood) < 100_000
    assert effort(understood) < 15
