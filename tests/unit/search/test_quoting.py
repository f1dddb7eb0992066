"""Quotation marks of twelve languages make phrases of the words between them; apostrophes, inches and lonely marks change nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from little_borough import laywords

from portal.i18n.languages import LANGUAGES
from portal.search.quoting import phrases_in, understand_quoted, unquoted
from portal.search.spellings import Spellings
from portal.search.understanding import Lexicon, Question, understand
from portal.taxonomy.words import words

LAYWORDS = laywords()
LEXICON = Lexicon([Spellings.of({"lunch": 9, "club": 20, "swim": 3, "job": 4, "dont": 1})], LAYWORDS)
MARKS = '"“”„‟＂«»‹›‘’'

IN_LANGUAGES = {
    "ar": ("أبحث عن «نادي الغداء» قريب", "نادي الغداء"),
    "bn": ("কাছে “দুপুরের খাবার” আছে", "দুপুরের খাবার"),
    "en": ("a “lunch club” for Dad", "lunch club"),
    "es": ("busco el «comedor social» de aquí", "comedor social"),
    "fr": ("je cherche « les repas de l’école » ici", "les repas de l’école"),
    "pa": ("ਨੇੜੇ ‘ਦੁਪਹਿਰ ਦਾ ਖਾਣਾ’ ਹੈ", "ਦੁਪਹਿਰ ਦਾ ਖਾਣਾ"),
    "pl": ("gdzie jest „klub seniora” tutaj", "klub seniora"),
    "pt": ("procuro «clube de almoço» perto", "clube de almoço"),
    "ro": ("caut „clubul pensionarilor” aici", "clubul pensionarilor"),
    "so": ("waxaan raadinayaa \"naadiga qadada\" halkan", "naadiga qadada"),
    "tr": ("yakında “öğle yemeği”nde ne var", "öğle yemeği"),
    "ur": ("قریب ”کھانے کا کلب“ ہے", "کھانے کا کلب"),
}  # fmt: skip


def asked(text: str, language: str = "en") -> Question:
    return understand_quoted(text, language, LAYWORDS, LEXICON)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_marks_of_every_language_make_a_phrase_of_the_words_between_them(language: str) -> None:
    text, said = IN_LANGUAGES[language]
    phrases, rest = phrases_in(text)
    assert phrases == (words(said),)
    assert words(rest) == tuple(word for word in words(text) if word not in words(said))


@pytest.mark.parametrize(
    "text",
    [
        '"lunch club"', "“lunch club”", "”lunch club“", "”lunch club”", "„lunch club“", "„lunch club”", "«lunch club»", "« lunch club »",
        "»lunch club«", "‹lunch club›", "‘lunch club’", "＂lunch club＂", '("lunch club")', "“lunch club\"", '"Lunch, club!"',
        "‘lunch club’, please", "dad's \"lunch club\" isn't on",
    ],
)  # fmt: skip
def test_any_pair_of_marks_will_do(text: str) -> None:
    assert phrases_in(text)[0] == (("lunch", "club"),)


@pytest.mark.parametrize(
    "text",
    [
        "", '"', '""', '"lunch"', "“lunch” club", '"lunch club', 'lunch club"', "“lunch club", "lunch club”", "«lunch club", "‘lunch club",
        "don't ask, can't go", "don’t ask, can’t go", "l’eau de l’école", "the carers’ group and the parents’ group",
        "the ’90s and the ’80s",
        "'lunch club'", "32\" tv and 40\" screen", "32” tv and 40” screen", "rock ‘n’ roll ‘n’ jive", "“ ” lunch club",
        "«» lunch club", '5\'6" tall or 6\'1" tall',
    ],
)  # fmt: skip
def test_what_is_no_pair_around_words_is_no_phrase(text: str) -> None:
    assert phrases_in(text) == ((), text)


def test_an_apostrophe_stays_in_its_word_within_marks() -> None:
    assert phrases_in("‘don’t panic now’ please") == ((("dont", "panic", "now"),), "  please")
    assert phrases_in("“carers’ week” please")[0] == (("carers", "week"),)


def test_several_phrases_are_found_each_once() -> None:
    phrases, rest = phrases_in('"lunch club" or „job club” and "Lunch Club" today')
    assert phrases == (("lunch", "club"), ("job", "club"))
    assert words(rest) == ("or", "and", "today")


def test_a_text_in_marks_is_shown_without_them() -> None:
    assert unquoted(' "lunch club" ') == "lunch club"
    assert unquoted("« club du midi »") == "club du midi"
    assert unquoted('"lunch club" today') == '"lunch club" today'
    assert unquoted('"lunch" "club"') == '"lunch" "club"'


@given(st.text(st.characters(exclude_characters=MARKS)), st.sampled_from(["", *MARKS]), st.text(st.characters(exclude_characters=MARKS)))
def test_a_text_without_a_pair_is_understood_as_before(before: str, mark: str, after: str) -> None:
    text = before + mark + after
    assert asked(text) == understand(text, "en", LAYWORDS, LEXICON)
    assert not asked(text).phrases


@given(st.text(st.sampled_from([*MARKS, " ", " ", "a", "b", "'", "’", "я", "1"])))
def test_whatever_is_typed_no_word_is_lost(text: str) -> None:
    phrases, rest = phrases_in(text)
    assert {word for phrase in phrases for word in phrase}.union(words(rest)) == set(words(text))
    assert all(len(phrase) > 1 for phrase in phrases)


def test_what_is_quoted_is_neither_mended_nor_translated_nor_heard_as_a_need() -> None:
    plain, quoted = asked("I need lnuch and a food bank"), asked('I need "lnuch and a food bank"')
    assert (plain.needs, dict(plain.mended)) == (("food",), {"lnuch": "lunch"})
    assert (quoted.needs, quoted.hints, quoted.mended) == ((), (), {})
    assert [(term.word, term.alternatives, term.bridged) for term in quoted.terms if term.word != "need"] == [
        (word, (), ()) for word in ("lnuch", "food", "bank")
    ]


def test_the_rest_of_the_question_goes_on_as_before() -> None:
    quoted = asked('lonely "lunch club" swm')
    assert quoted.needs == asked("lonely swm").needs == ("loneliness",)
    assert {term.word for term in quoted.terms} == {"lunch", "club", "lonely", "swm"}
    assert quoted.words == ("lonely", "lunch", "club", "swm")


def test_all_that_was_said_is_kept_for_those_who_listen_for_danger() -> None:
    quoted = asked('"I have fallen" today')
    assert quoted.needs == ()
    assert quoted.said == understand('"I have fallen" today', "en", LAYWORDS, LEXICON)
    assert quoted.said.needs == ("falls",)
    assert asked("today").said == asked("today")


def test_words_that_say_nothing_are_looked_for_where_a_phrase_has_no_others() -> None:
    assert {term.word for term in asked('"this is it"').terms} == {"this", "is", "it"}
    assert {term.word for term in asked('"lunch and club"').terms} == {"lunch", "club"}
