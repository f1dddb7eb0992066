"""Texts and lists by number."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.taxonomy.numbering import Lists, Numbered
from portal.taxonomy.stemming import forget_stems, stemmer


@given(st.lists(st.lists(st.integers(0, 2**32 - 1))))
def test_each_list_is_found_by_its_number(lists: list[list[int]]) -> None:
    held = Lists(lists)
    assert [list(held[number]) for number in range(len(lists))] == lists


@given(st.lists(st.text()))
def test_a_text_has_the_number_of_when_it_was_first_asked_for(texts: list[str]) -> None:
    numbered = Numbered()
    assert [numbered[text] for text in texts] == [list(dict.fromkeys(texts)).index(text) for text in texts]


def test_a_stem_forgotten_is_made_again() -> None:
    before = stemmer("en")("falling")
    forget_stems()
    assert stemmer("en").cache_info().currsize == 0  # type: ignore[attr-defined]
    assert stemmer("en")("falling") == before == "fall"
