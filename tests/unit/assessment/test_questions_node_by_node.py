"""Every question and every answer of the project's own content, one by one: what it opens, what it reveals, that it goes on."""

from __future__ import annotations

import pytest
from questioning import assessment, taxonomy

from portal.assessment.answers import Answers, kept
from portal.assessment.definition import HELP, MANY, NOT_SURE, Option, Question
from portal.assessment.journey import list_steps
from portal.assessment.needs import from_answers

QUESTIONS = list(assessment().questions())
OPTIONS = [(question, option) for question in QUESTIONS for option in question.options]
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
each_option = pytest.mark.parametrize(("question", "option"), OPTIONS, ids=[f"{question.id}-{option.id}" for question, option in OPTIONS])
CONDITIONAL = {question.id for question in QUESTIONS if question.conditions}


def opened(question: Question) -> Answers:
    """Answers that lead to a question: the first who, everything asked, and of its conditions what they name."""
    for who in assessment().by_id["who"].options:
        answers = Answers(chosen={"who": (who.id,), HELP: (NOT_SURE,)})
        for before in QUESTIONS:
            if before == question:
                break
            named = [options for condition in question.conditions for name, options in condition.terms if name == before.id]
            if named and before.id != "who":
                answers = answers.choosing(before.id, sorted(named[0])[:1])
        if question in assessment().list_asked(answers.chosen):
            return answers
    raise AssertionError(f"nobody is asked {question.id}")


@each_question
def test_somebody_is_asked(question: Question) -> None:
    assert question in assessment().list_asked(opened(question).chosen)


@each_question
def test_it_has_words_for_its_page_for_a_list_and_a_reason(question: Question) -> None:
    assert question.label.endswith("?")
    assert question.why
    assert question.short
    assert len(question.short) < len(question.label)
    assert len({option.label for option in question.options}) == len(question.options)


@each_question
def test_it_has_a_way_out_for_somebody_to_whom_nothing_fits(question: Question) -> None:
    if question.choose == MANY:
        assert any(option.is_alone for option in question.options)
    elif question.id != "who":
        assert NOT_SURE in question.by_id


@each_question
def test_it_is_asked_only_after_the_answers_that_call_for_it(question: Question) -> None:
    answers = opened(question)
    for condition in question.conditions:
        closed = kept(answers, assessment()).chosen
        for name, options in condition.terms:
            others = [option.id for option in assessment().by_id[name].options if option.id not in options]
            closed = {**closed, name: tuple(others[:1])}
        assert not condition.holds(closed)
        assert question not in assessment().list_asked(closed)
        assert question.id not in {each.id for step in list_steps(assessment(), Answers(closed)) for each in step.questions}


@each_option
def test_an_answer_that_stands_alone_is_one_that_says_none_or_not_sure(question: Question, option: Option) -> None:
    assert not option.is_alone or question.choose == MANY
    says_nothing = option.id in ("nothing", NOT_SURE)
    assert not (question.choose == MANY and says_nothing) or option.is_alone


@each_option
def test_what_it_reveals_is_a_need_that_we_know_and_says_so(question: Question, option: Option) -> None:
    assert set(option.needs) <= set(taxonomy().needs)
    assert len(set(option.needs)) == len(option.needs)
    answers = opened(question).choosing(question.id, [option.id])
    revealed = from_answers(assessment(), answers)
    told = {each.need: {(one.question.id, one.option.id) for one in each.told if one.question and one.option} for each in revealed}
    assert [need for need in option.needs if (question.id, option.id) not in told.get(need, set())] == []


@each_option
def test_a_carers_answers_reveal_a_carers_needs_and_others_do_not(question: Question, option: Option) -> None:
    revealed = from_answers(assessment(), opened(question).choosing(question.id, [option.id]))
    about = [each for each in revealed if any(one.question == question for one in each.told)]
    assert {each.is_for_carer for each in about} <= {question.is_for_carer}


@each_option
def test_it_is_kept_and_leads_on(question: Question, option: Option) -> None:
    answers = kept(opened(question).choosing(question.id, [option.id]), assessment())
    assert answers.chosen[question.id] == (option.id,)
    assert question in assessment().list_asked(answers.chosen)


@each_option
def test_danger_in_the_home_comes_first_and_shows_urgent_help(question: Question, option: Option) -> None:
    assert not option.urgent or option.is_high
    assert not {"domestic-abuse", "homelessness"} & set(option.needs) or option.urgent


def test_questions_that_others_lead_to_are_found_and_every_way_into_them_is_real() -> None:
    assert {"company", "counted-on", "helper", "behind", "dementia-told", "living", "carer-hard"} <= CONDITIONAL
    for name in CONDITIONAL:
        question = assessment().by_id[name]
        for condition in question.conditions:
            assert all(options <= set(assessment().by_id[before].by_id) for before, options in condition.terms)
