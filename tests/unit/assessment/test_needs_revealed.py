"""Needs from answers: the hard things first, each thing told before one is heard twice, every need with what told of it."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st
from questioning import assessment, people, taxonomy

from portal.assessment.answers import Answers
from portal.assessment.definition import HELP, NOT_SURE
from portal.assessment.needs import Revealed, Told, from_answers, list_outcomes, list_told, list_urgent

HARD = Answers({"who": ("me",), HELP: ("home", "about"), "washing": ("hurts",), "meals": ("help",), "falling": ("worry",)})


def names(revealed: tuple[Revealed, ...]) -> list[str]:
    return [each.need for each in revealed]


def test_what_is_hard_comes_first_then_the_first_need_of_each_answer_before_the_second_of_any() -> None:
    assert names(from_answers(assessment(), HARD)) == [
        "cooking-eating",  # help is needed with meals: high
        "equipment",  # washing hurts
        "falls",  # worry about falling
        "reablement",
        "getting-active",
        "meals-delivered",
        "personal-care",
        "home-safety",
        "shopping",
    ]


def test_a_need_holds_every_answer_that_told_of_it_strongest_first() -> None:
    [reablement] = [each for each in from_answers(assessment(), HARD) if each.need == "reablement"]
    assert [(told.question.id, told.option.id) for told in reablement.told if told.question and told.option] == [
        ("meals", "help"),
        ("washing", "hurts"),
    ]


def test_a_need_that_a_carer_has_too_is_told_apart() -> None:
    answers = Answers({"who": ("helping",), HELP: ("home",), "washing": ("hurts",), "carer-hard": ("lifting",)})
    found = [each for each in from_answers(assessment(), answers) if each.need == "equipment"]
    assert [each.is_for_carer for each in found] == [False, True]


def test_their_own_words_come_after_what_is_hard_and_are_quoted() -> None:
    answers = Answers({"who": ("me",), HELP: ("home",), "washing": ("help",)}, texts={"better": "A dog"})
    revealed = from_answers(assessment(), answers, ("pets", "reablement"))
    assert names(revealed)[:2] == ["reablement", "pets"]
    told = {each.need: each.told for each in revealed}
    assert told["pets"] == (Told(words="A dog"),)
    assert told["reablement"][-1] == Told(words="A dog")


def test_nothing_told_reveals_nothing() -> None:
    assert from_answers(assessment(), Answers()) == ()
    assert from_answers(assessment(), Answers({"who": ("me",), HELP: ("home",), "washing": ("fine",)})) == ()


def test_an_answer_to_what_is_not_asked_or_that_nobody_can_choose_tells_nothing() -> None:
    told = Answers({"who": ("me",), HELP: ("home",), "falling": ("fell",), "washing": ("flying",), "weather": ("rain",)})
    assert [each.option.id for each in list_told(assessment(), told) if each.option] == ["me"]
    assert from_answers(assessment(), told) == ()


def test_answers_of_danger_call_for_cards_of_urgent_help_each_once() -> None:
    answers = Answers({"who": ("me",), HELP: (NOT_SURE,), "feeling": ("most",), "behind": ("afraid", "loss"), "dwelling": ("losing",)})
    assert list_urgent(assessment(), answers) == ("abuse", "homeless")
    assert list_urgent(assessment(), HARD) == ()


def test_outcomes_are_those_that_the_needs_bear_on_in_the_taxonomys_order() -> None:
    outcomes = list_outcomes(from_answers(assessment(), HARD), taxonomy())
    assert outcomes[0] == "nutrition"
    assert list(outcomes) == [name for name in taxonomy().outcomes if name in outcomes]
    assert "safe-home" in outcomes
    assert "relationships" not in outcomes


def reasons(revealed: tuple[Revealed, ...]) -> Iterator[tuple[str, Told]]:
    return ((each.need, told) for each in revealed for told in each.told)


@settings(deadline=None)
@given(people(), st.lists(st.sampled_from(list(taxonomy().needs)), max_size=2, unique=True))
def test_every_need_told_is_there_once_with_its_reason_and_nothing_else_is(answers: Answers, heard: list[str]) -> None:
    revealed = from_answers(assessment(), answers, heard if "better" in answers.texts else ())
    assert len({(each.need, each.is_for_carer) for each in revealed}) == len(revealed)
    assert all(each.told for each in revealed)
    wanted = {(need, told) for told in list_told(assessment(), answers) if told.option for need in told.option.needs}
    own = {(need, told) for need, told in reasons(revealed) if told.words}
    assert set(reasons(revealed)) - own == wanted
    assert {need for need, _ in own} == (set(heard) if "better" in answers.texts else set())


@settings(deadline=None)
@given(people())
def test_no_second_need_comes_before_the_first_of_another_answer(answers: Answers) -> None:
    order = {(each.need, each.is_for_carer): at for at, each in enumerate(from_answers(assessment(), answers))}
    told = [each for each in list_told(assessment(), answers) if each.option and each.option.needs]
    place = [
        [order[need, bool(one.question and one.question.is_for_carer)] for need in one.option.needs]
        for one in told
        if one.option and one.question
    ]
    firsts = {places[0] for places in place}
    assert firsts == set(range(len(firsts))), "the first needs of all answers come before anything else"
    high = {places[0] for places, one in zip(place, told, strict=True) if one.option and one.option.is_high}
    assert high == set(range(len(high))), "what is hard comes first of all"


@settings(deadline=None)
@given(people())
def test_the_same_answers_reveal_the_same_whatever_order_they_were_given_in(answers: Answers) -> None:
    turned = Answers(dict(reversed(answers.chosen.items())), texts=answers.texts)
    assert from_answers(assessment(), turned) == from_answers(assessment(), answers)
