"""The way through: nobody sees more than 15 pages, each topic is asked its first question, and no page appears behind anybody's back."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questioning import assessment, people, replies

from portal.assessment.answers import Answers
from portal.assessment.definition import ALWAYS, HELP, NOT_SURE
from portal.assessment.journey import CONTACT, MOST_PAGES, PLACE, QUESTIONS, SAFETY, STRENGTHS, Step, list_steps, next_step

CHECK = 1
WHO = [option.id for option in assessment().by_id["who"].options]
TOPICS = [topic.id for topic in assessment().offered_topics]
EVERY_CHOICE = [chosen for size in range(1, len(TOPICS) + 1) for chosen in combinations(TOPICS, size)] + [(NOT_SURE,)]


def kinds(steps: tuple[Step, ...]) -> list[str]:
    return [step.kind for step in steps]


def ids(steps: tuple[Step, ...]) -> list[str]:
    return [question.id for step in steps for question in step.questions]


def beginning(who: str, topics: tuple[str, ...]) -> Answers:
    return Answers({"who": (who,), HELP: topics}).doing(SAFETY).doing(PLACE)


def test_the_beginning_is_the_same_for_all() -> None:
    steps = list_steps(assessment(), Answers())
    assert kinds(steps) == [QUESTIONS, SAFETY, PLACE, HELP]
    assert ids(steps) == ["who"]


@pytest.mark.parametrize("who", WHO)
def test_nobody_sees_more_than_fifteen_pages_whatever_they_choose_and_whatever_it_opens(who: str) -> None:
    for topics in EVERY_CHOICE:
        answers = beginning(who, topics)
        for question in assessment().questions():  # whatever leads further is answered so that it does
            named = {
                option
                for later in assessment().questions()
                for condition in later.conditions
                for name, options in condition.terms
                for option in options
                if name == question.id
            }
            if named and question.id != "who":
                answers = answers.choosing(question.id, sorted(named))
        assert len(list_steps(assessment(), answers)) + CHECK <= MOST_PAGES, topics


@pytest.mark.parametrize("who", WHO)
def test_the_first_question_of_each_topic_is_always_asked(who: str) -> None:
    for topics in EVERY_CHOICE:
        asked = ids(list_steps(assessment(), beginning(who, topics)))
        for topic in assessment().offered_topics:
            first = [each.id for each in topic.questions if each.ask == ALWAYS and each.holds({"who": (who,)})]
            wanted = topic.id in topics or NOT_SURE in topics
            assert topic.is_asked_anyway or all((name in asked) is wanted for name in first), (topics, topic.id)
            assert not wanted or set(first) <= set(asked), (topics, topic.id)


def test_words_of_their_own_are_asked_before_further_questions_and_there_is_room_for_them_unless_somebody_chooses_nearly_all() -> None:
    for topics in EVERY_CHOICE:
        steps = kinds(list_steps(assessment(), beginning("me", topics)))
        if len(topics) <= 6 and topics != (NOT_SURE,):
            assert STRENGTHS in steps, topics
        if CONTACT in steps:
            assert steps[-2:] == [STRENGTHS, CONTACT]


def test_there_is_room_for_the_second_question_of_a_topic_before_the_third_of_any() -> None:
    asked = ids(list_steps(assessment(), beginning("helping", ("home", "about", "memory", "caring"))))
    assert {"meals", "outside", "carer-on"} <= set(asked)
    assert "harder" not in asked
    assert "travel" not in asked


def test_one_topic_has_room_for_all_of_it() -> None:
    for topic in assessment().offered_topics:
        asked = set(ids(list_steps(assessment(), beginning("me", (topic.id,)))))
        assert {question.id for question in topic.questions if question.holds({"who": ("me",)}) and not question.conditions} <= asked
        assert "conditions" in asked


@settings(deadline=None)
@given(st.data())
def test_no_unanswered_page_ever_appears_behind_the_one_that_was_answered(data: st.DataObject) -> None:
    answers, passed = Answers(), 0
    while (step := next_step(assessment(), answers)) is not None:
        before = list_steps(assessment(), answers)
        at = before.index(step)
        assert at >= passed, "the next page comes after the last"
        answers = data.draw(replies(step, answers))
        after = list_steps(assessment(), answers)
        assert after[: at + 1] == before[: at + 1]
        assert all(each.is_answered(answers) for each in after[: at + 1])
        passed = at
    assert len(list_steps(assessment(), answers)) + CHECK <= MOST_PAGES


@settings(deadline=None)
@given(people(least=6), st.data())
def test_changing_an_answer_leaves_the_pages_before_it_as_they_were(answers: Answers, data: st.DataObject) -> None:
    before = list_steps(assessment(), answers)
    done = [step for step in before if step.is_answered(answers)]
    step = data.draw(st.sampled_from(done))
    changed = data.draw(replies(step, answers))
    at = before.index(step)
    assert list_steps(assessment(), changed)[: at + 1] == before[: at + 1]


@settings(deadline=None)
@given(people())
def test_the_next_page_is_the_first_that_is_not_answered(answers: Answers) -> None:
    steps = list_steps(assessment(), answers)
    step = next_step(assessment(), answers)
    assert step == next((each for each in steps if not each.is_answered(answers)), None)
    assert step is not None or all(each.is_answered(answers) for each in steps)


@settings(deadline=None)
@given(people(least=20))
def test_every_way_ends_at_the_plan(answers: Answers) -> None:
    assert next_step(assessment(), answers) is None
