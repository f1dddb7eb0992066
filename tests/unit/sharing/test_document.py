"""A plan as plain text: what stands where, and what is kept readable from right to left."""

from __future__ import annotations

import pytest

from portal.sharing.plans.document import LONGEST, Document, Entry, Section, Words, readable, to_text

LEFT, END = "\u2066", "\u2069"
PLAN = Document(
    title="Your next steps",
    language="en",
    site="Doorstep Calderwick",
    made_on="24 November 2026",
    intro=("Here is what can help.", ""),
    sections=(
        Section("Get help now", "In danger?", (Entry(Words("Emergency: 999"), (Words("Free, any time"),)),), is_urgent=True),
        Section("Small steps", "", (Entry(Words("Move the rugs."), (Words("You fell."),), is_tick=True), Entry(None, (Words("Rest."),)))),
    ),
    closing=("This does not decide what you can get.",),
)
WRITTEN = """\
Your next steps

Doorstep Calderwick · 24 November 2026

Here is what can help.


Get help now
------------

In danger?

Emergency: 999
Free, any time


Small steps
-----------

[ ] Move the rugs.
    You fell.

Rest.

This does not decide what you can get.
"""


def test_a_plan_reads_from_its_title_to_its_closing() -> None:
    assert to_text(PLAN) == WRITTEN


def test_a_title_stands_over_one_dash_a_letter_with_its_vowel_signs() -> None:
    bengali = Document("ক", "bn", "Doorstep", "২৪ নভেম্বর", (), (Section("ছোট"),))
    assert "\n\nছোট\n--\n" in to_text(bengali)


def test_words_lose_marks_that_nobody_sees_and_keep_their_lines_and_joiners() -> None:
    assert readable("pay\x07 \u202e05£\u2066 now \r\n at  ten", "en") == "pay 05£ now\nat ten"
    assert readable("می\u200cخواهم", "en", "ur") == "می\u200cخواهم"
    assert len(readable("a" * (LONGEST + 1), "en")) == LONGEST


@pytest.mark.parametrize(
    "kept",
    [
        "01632 960001",
        "(0116) 496 0000",
        "+44 20 7946 0000",
        "0116-496-0000",
        "£2.50",
        "£23,250",
        "10:30",
        "NHS 111 (option 2)",
        "https://calderwick.example.org/",
        "20 Guildhall Street, Calderwick",
    ],
)
@pytest.mark.parametrize("sentence", ["اتصل {} الآن", "ہے {}۔", "{} فون"])
def test_numbers_and_money_stay_whole_in_a_sentence_from_right_to_left(kept: str, sentence: str) -> None:
    assert readable(sentence.format(kept), "ur") == sentence.format(f"{LEFT}{kept}{END}")


@pytest.mark.parametrize("plain", ["999", "Age UK", "Eastmoor Library, ZZ1 1EN", "care@calderwick.example.org", "9-5", "24 نوفمبر 2026"])
def test_what_stands_right_by_itself_is_left_alone(plain: str) -> None:
    assert readable(f"اتصل {plain} الآن", "ar") == f"اتصل {plain} الآن"


def test_a_name_before_a_number_of_the_sentence_does_not_take_it_along() -> None:
    assert readable("Doorstep Calderwick · 24 نوفمبر", "ar") == f"{LEFT}Doorstep Calderwick{END} · 24 نوفمبر"


def test_english_words_in_an_arabic_plan_are_isolated_whole_when_they_end_in_a_sign() -> None:
    assert readable("Carers' Break (CCB)", "ar", "en") == f"{LEFT}Carers' Break (CCB){END}"
    assert readable("Steady Steps\n01632 960012", "ar", "en") == f"Steady Steps\n{LEFT}01632 960012{END}"


@pytest.mark.parametrize("language", ["en", "pl", "tr", "bn", "pa", "so"])
def test_no_plan_from_left_to_right_holds_marks_of_direction(language: str) -> None:
    entries = (Entry(Words("کل 01632 960001 پر", "ur"), (Words("(0116) 496 0000"),)),)
    text = to_text(Document("Plan", language, "Doorstep (24)", "24", ("£2.50",), (Section("1", "2", entries),)))
    assert not set(text) & set("\u200e\u200f\u061c\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e")
