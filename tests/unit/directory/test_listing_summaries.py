"""The line of a description that a card has room for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.directory.listing import LONGEST_SUMMARY, summarise

LONG = "word " * 40


@settings(deadline=None)
@given(text=st.text(alphabet=st.sampled_from("ab ,.!?\n\t…-;"), max_size=400) | st.text(max_size=400))
def test_a_summary_is_the_beginning_of_the_description_on_one_line(text: str) -> None:
    summary, line = summarise(text), " ".join(text.split())
    assert len(summary) <= LONGEST_SUMMARY + 1
    assert line.startswith(summary.removesuffix("…"))
    assert summary == line or len(line) > LONGEST_SUMMARY


def test_whole_sentences_are_kept_when_they_fit() -> None:
    first = "A warm room and a hot meal each Tuesday, for anybody who would like company."
    assert summarise(f"{first} {LONG}") == first
    assert summarise(f"{first} Come as you are. {LONG}") == f"{first} Come as you are."


def test_a_first_sentence_that_says_too_little_is_not_all() -> None:
    assert summarise(f"Hello! {LONG}").startswith("Hello! word")


@pytest.mark.parametrize("mark", [",", ";", ":", " –", " -"])
def test_a_cut_leaves_whole_words_and_no_dangling_mark(mark: str) -> None:
    text = ("a" * 145) + f"{mark} " + LONG
    assert summarise(text) == "a" * 145 + "…"
    assert summarise("lonely " * 60) == ("lonely " * 21).strip() + "…"


def test_a_number_with_a_point_is_no_end_of_a_sentence() -> None:
    text = "Sessions cost £2.50 and last an hour and a half each " + LONG
    assert not summarise(text).endswith("£2.")
