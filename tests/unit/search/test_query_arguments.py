"""What was asked, out of an address and back into one: nothing lost, nothing unbounded, nothing that is not offered."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from little_borough import taxonomy
from werkzeug.datastructures import MultiDict

from portal.search.query import AGES, GROUPS, LAST_PAGE, LONGEST_PLACE, MILES, WHEN, SearchQuery, choices
from portal.taxonomy.words import LONGEST_TEXT

TERMS = taxonomy()
OFFERED = choices(TERMS)


def asked(*pairs: tuple[str, str]) -> SearchQuery:
    return SearchQuery.from_args(MultiDict(pairs), TERMS)


def again(query: SearchQuery) -> SearchQuery:
    """The query read from its own arguments, as a link carries them."""
    pairs = [(key, str(one)) for key, value in query.to_args().items() for one in (value if isinstance(value, list) else [value])]
    return asked(*pairs)


WORDS = (
    "\0",
    "' OR 1=1 --",
    "../../etc/passwd",
    "<script>",
    "%00",
    "now",
    "free",
    "adult",
    "nan",
    "ur",
    "ß",
    "\ud800",
    "\U000e0001",
)
NUMBERS = ("-1", "0", "1", "01", "٣", "²", "1e3", "99999", "100000", "9" * 400)
LONG = ("\u202eabc", "a" * 5000, " " * 3000 + "late", "e\u0301" * 900)
HOSTILE = st.text(max_size=30) | st.sampled_from((*WORDS, *NUMBERS, *LONG))
KEYS = st.sampled_from(["q", "place", "within", "page", *GROUPS, "text", "unknown", "__class__"])
ARGUMENTS = st.lists(st.tuples(KEYS, HOSTILE), max_size=30)


@settings(deadline=None)
@given(ARGUMENTS)
def test_whatever_an_address_holds_gives_a_bounded_query(pairs: list[tuple[str, str]]) -> None:
    query = asked(*pairs)
    assert len(query.text) <= LONGEST_TEXT
    assert len(query.place) <= LONGEST_PLACE
    assert not any(letter in query.text + query.place for letter in "\0\n\r\u202e")
    assert 1 <= query.page <= LAST_PAGE
    assert query.within in ("", *MILES)
    assert all(set(getattr(query, group)) <= set(values) for group, values in OFFERED.items())
    assert len(query.speaks) <= 20


@settings(deadline=None)
@given(ARGUMENTS)
def test_a_query_is_read_back_from_its_own_arguments(pairs: list[tuple[str, str]]) -> None:
    query = asked(*pairs)
    assert again(query) == query


@settings(deadline=None)
@given(ARGUMENTS)
def test_arguments_hold_nothing_empty(pairs: list[tuple[str, str]]) -> None:
    assert all(asked(*pairs).to_args().values())


def test_nothing_asked_is_no_arguments() -> None:
    assert asked() == SearchQuery()
    assert SearchQuery().to_args() == {}
    assert SearchQuery().is_empty


def test_every_choice_that_is_offered_can_be_made_and_is_given_back() -> None:
    every = asked(*((group, value) for group, values in OFFERED.items() for value in values), ("within", "5"), ("page", "3"), ("q", "x"))
    assert {group: getattr(every, group) for group in OFFERED} == OFFERED
    assert again(every) == every


def test_choices_come_in_the_order_that_is_offered_and_each_once() -> None:
    assert asked(("when", "evening"), ("when", "now"), ("when", "evening")).when == ("now", "evening")
    assert asked(("speaks", "ur"), ("speaks", "tr"), ("speaks", "ur")).speaks == ("ur", "tr")


def test_every_group_but_languages_has_its_choices_and_every_group_is_a_field() -> None:
    assert {*OFFERED, "speaks"} == set(GROUPS) <= {field.name for field in fields(SearchQuery)}
    assert OFFERED["age"] == tuple(AGES)
    assert OFFERED["when"] == WHEN


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "٣", "²", "", "x", "1" * 10, "1 2"])
def test_a_page_that_is_none_is_the_first(page: str) -> None:
    assert asked(("page", page)).page == 1


@pytest.mark.parametrize("page", ["99999", "100000"])
def test_a_page_beyond_the_last_is_the_last(page: str) -> None:
    assert asked(("page", page)).page == LAST_PAGE


def test_text_cut_at_its_limit_reads_the_same_again() -> None:
    query = asked(("q", "a" * (LONGEST_TEXT - 1) + " tail"), ("place", "b" * (LONGEST_PLACE - 1) + " tail"))
    assert not query.text.endswith(" ")
    assert again(query) == query


def test_joiners_that_urdu_needs_are_kept() -> None:
    assert asked(("q", "می\u200cخواہم")).text == "می\u200cخواہم"


FULL = SearchQuery(
    text="falls",
    place="North",
    need=("falls", "food"),
    who=("adult",),
    age=("65",),
    when=("now",),
    cost=("free",),
    how=("home",),
    access=("step-free",),
    speaks=("ur",),
    within="5",
    page=4,
)


@pytest.mark.parametrize("group", [*GROUPS, "text", "place", "within"])
def test_a_group_is_let_go_whole_and_nothing_else_with_it(group: str) -> None:
    without = FULL.without(group)
    assert not getattr(without, group)
    assert replace(without, **{group: getattr(FULL, group)}, page=4) == FULL
    assert without.page == 1


def test_one_value_of_a_group_is_let_go_and_the_others_stay() -> None:
    assert FULL.without("need", "falls").need == ("food",)
    assert FULL.without("need", "work").need == FULL.need


def test_a_query_at_another_place_begins_on_the_first_page() -> None:
    assert FULL.at("South") == replace(FULL, place="South", page=1)


def test_pages_are_turned_both_ways() -> None:
    assert FULL.turned(1).page == 5
    assert FULL.turned(-1) == replace(FULL, page=3)


def test_what_narrows_a_query_is_each_choice_and_the_distance_last() -> None:
    assert FULL.narrowed[:3] == (("need", "falls"), ("need", "food"), ("who", "adult"))
    assert FULL.narrowed[-1] == ("within", "5")
    assert SearchQuery(text="falls", place="North").narrowed == ()


@pytest.mark.parametrize("field", ["text", "place", "need", "within"])
def test_anything_asked_is_not_nothing(field: str) -> None:
    assert not replace(SearchQuery(), **{field: getattr(FULL, field)}).is_empty
