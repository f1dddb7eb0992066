"""Conditions: any or all of what was answered, and what may yet be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.assessment.definition import HELP, NOT_SURE, Assessment, Condition, Option, Question, Topic

A_OR_B = Condition((("a", frozenset({"yes"})), ("b", frozenset({"yes", "perhaps"}))), needs_all=False)
A_AND_B = Condition(A_OR_B.terms, needs_all=True)
CHOSEN = st.dictionaries(st.sampled_from("abc"), st.lists(st.sampled_from(["yes", "no", "perhaps"]), unique=True, max_size=3))
CONDITIONS = st.builds(
    Condition,
    st.lists(st.tuples(st.sampled_from("ab"), st.frozensets(st.sampled_from(["yes", "perhaps"]), min_size=1)), max_size=3).map(tuple),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("chosen", "either", "both"),
    [
        ({}, False, False),
        ({"a": ["no"]}, False, False),
        ({"a": ["yes"]}, True, False),
        ({"b": ["perhaps"]}, True, False),
        ({"a": ["yes"], "b": ["no"]}, True, False),
        ({"a": ["yes", "no"], "b": ["perhaps"]}, True, True),
        ({"c": ["yes"]}, False, False),
    ],
)
def test_any_needs_one_and_all_needs_each(chosen: dict[str, list[str]], either: bool, both: bool) -> None:
    assert A_OR_B.holds(chosen) is either
    assert A_AND_B.holds(chosen) is both


@pytest.mark.parametrize("needs_all", [True, False])
def test_without_terms_it_always_holds(needs_all: bool) -> None:
    assert Condition(needs_all=needs_all).holds({})
    assert Condition(needs_all=needs_all).could_hold({"a": ["no"]})


@pytest.mark.parametrize(
    ("chosen", "either", "both"),
    [
        ({}, True, True),
        ({"a": ["no"]}, True, False),
        ({"a": ()}, True, False),
        ({"a": ["no"], "b": ["no"]}, False, False),
        ({"a": ["yes"]}, True, True),
    ],
)
def test_what_is_not_answered_may_still_be(chosen: dict[str, list[str]], either: bool, both: bool) -> None:
    assert A_OR_B.could_hold(chosen) is either
    assert A_AND_B.could_hold(chosen) is both


@settings(deadline=None)
@given(CONDITIONS, CHOSEN)
def test_what_holds_could_hold(condition: Condition, chosen: dict[str, list[str]]) -> None:
    assert not condition.holds(chosen) or condition.could_hold(chosen)


@settings(deadline=None)
@given(CONDITIONS, CHOSEN, CHOSEN)
def test_what_could_not_hold_never_will_whatever_else_is_answered(
    condition: Condition, chosen: dict[str, list[str]], later: dict[str, list[str]]
) -> None:
    assert condition.could_hold(chosen) or not condition.holds({**later, **chosen})


def asked(name: str, *conditions: Condition) -> Question:
    return Question(name, f"{name}?", name, "", "one", "always", (Option("yes", "Yes"), Option(NOT_SURE, "Not sure")), conditions)


def after(name: str) -> Condition:
    return Condition(((name, frozenset({"yes"})),))


CHAIN = Assessment(
    start=(asked("who"),),
    topics=(
        Topic("one", "home", (asked("first"), asked("second", after("first")), asked("third", after("second")))),
        Topic("two", "mood", (asked("other", after("first")),)),
        Topic("carer", "caring", (asked("tired", after("other")),), is_for_carer=True),
    ),
    end=(asked("last"),),
)


def names(chosen: dict[str, tuple[str, ...]]) -> list[str]:
    return [question.id for question in CHAIN.list_asked(chosen)]


def test_questions_of_topics_that_were_not_chosen_are_not_asked() -> None:
    assert names({}) == ["who", "last"]
    assert names({HELP: ("one",)}) == ["who", "first", "last"]
    assert names({HELP: ("two",), "first": ("yes",)}) == ["who", "last"], "first was not asked, so what it opens is not"


def test_somebody_who_is_not_sure_is_asked_all() -> None:
    everything = {HELP: (NOT_SURE,), "first": ("yes",), "second": ("yes",), "other": ("yes",)}
    assert names(everything) == ["who", "first", "second", "third", "other", "tired", "last"]


def test_an_answer_to_what_is_no_longer_asked_opens_nothing() -> None:
    assert names({HELP: ("one",), "first": ("no",), "second": ("yes",), "third": ("yes",)}) == ["who", "first", "last"]


def test_a_carers_topic_needs_no_choosing_only_its_condition() -> None:
    assert [topic.id for topic in CHAIN.offered_topics] == ["one", "two"]
    assert "tired" in names({HELP: ("one", "two"), "first": ("yes",), "other": ("yes",)})
    assert "tired" not in names({HELP: ("one", "two"), "first": ("yes",), "other": (NOT_SURE,)})
