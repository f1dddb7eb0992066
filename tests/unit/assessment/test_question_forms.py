"""The form of a page: what it takes, what it refuses and in which words, and the answers that it gives back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given, settings
from hypothesis import strategies as st
from questioning import assessment, options_of, taxonomy
from werkzeug.datastructures import MultiDict
from wtforms import Form

from portal.assessment import forms
from portal.assessment.answers import CONTACT, LONGEST_TEXT, STRENGTHS, Answers
from portal.assessment.definition import HELP, MANY, NOT_SURE, Question
from portal.localities.answer import Ambiguous, Unknown

QUESTIONS = list(assessment().questions())
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
LANGUAGES = [("en", "English"), ("ur", "اردو")]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request in English: words are looked up as they are shown."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


def posted(**fields: str | list[str]) -> MultiDict[str, str]:
    return MultiDict([(name, one) for name, value in fields.items() for one in ([value] if isinstance(value, str) else value)])


def form_of(question: Question, *chosen: str, answers: Answers | None = None) -> Form:
    return forms.question_form([question], answers or Answers(), MultiDict([(question.id, each) for each in chosen]))


def errors(form: Form) -> list[str]:
    assert not form.validate()
    return [str(message) for messages in form.errors.values() for message in messages]


@each_question
def test_every_option_alone_is_taken_and_given_back(question: Question) -> None:
    for option in question.options:
        form = form_of(question, option.id)
        assert form.validate(), form.errors
        assert forms.read_questions(form, [question], Answers()).chosen == {question.id: (option.id,)}


@each_question
def test_nothing_chosen_is_refused_with_what_to_do(question: Question) -> None:
    [message] = errors(form_of(question))
    assert message.startswith("Choose ")


@each_question
def test_an_option_that_is_not_offered_is_refused(question: Question) -> None:
    assert errors(form_of(question, "flying"))
    assert not form_of(question, "flying").validate()


@each_question
def test_none_of_these_and_another_answer_contradict_each_other(question: Question) -> None:
    alone = [option for option in question.options if option.is_alone]
    others = [option for option in question.options if not option.is_alone]
    for option in alone:
        [message] = errors(form_of(question, others[0].id, option.id))
        assert message == f"Choose “{option.label}”, or the other answers, but not both."
    if len(alone) > 1:
        assert errors(form_of(question, *(option.id for option in alone)))


@each_question
def test_what_was_chosen_before_is_chosen_when_the_page_comes_again(question: Question) -> None:
    given_before = tuple(option.id for option in question.options if not option.is_alone)[: 2 if question.choose == MANY else 1]
    form = forms.question_form([question], Answers().choosing(question.id, given_before))
    assert tuple(option.data for option in form[question.id] if option.checked) == given_before


@settings(deadline=None)
@given(st.data())
def test_every_sound_answer_comes_back_as_it_was(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(QUESTIONS))
    chosen = data.draw(options_of(question))
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        form = form_of(question, *chosen)
        assert form.validate(), form.errors
        assert forms.read_questions(form, [question], Answers()).chosen[question.id] == chosen


def test_what_would_help_offers_every_topic_by_the_name_of_its_group_and_not_sure() -> None:
    field = forms.help_form(assessment(), taxonomy(), Answers())[HELP]
    offered = {option.data: str(option.label.text) for option in field}
    assert list(offered) == [*(topic.id for topic in assessment().offered_topics), NOT_SURE]
    assert offered["about"] == "Getting about and falls"
    assert "carer" not in offered


def test_what_would_help_takes_several_and_not_nothing() -> None:
    assert forms.help_form(assessment(), taxonomy(), Answers(), posted(help=["home", "mood"])).validate()
    assert errors(forms.help_form(assessment(), taxonomy(), Answers(), posted())) == ["Choose at least one answer."]
    assert errors(forms.help_form(assessment(), taxonomy(), Answers(), posted(help=["carer"])))


def test_a_place_picked_goes_before_a_place_typed_and_both_may_be_empty() -> None:
    assert forms.place_of(forms.PlaceForm(posted(place=" East\x00moor ", pick=""))) == "Eastmoor"
    assert forms.place_of(forms.PlaceForm(posted(place="Mill", pick="Mill Lane"))) == "Mill Lane"
    assert forms.place_of(forms.PlaceForm(posted())) == ""
    assert len(forms.place_of(forms.PlaceForm(posted(place="x" * 9_999)))) <= forms.LONGEST_PLACE


def test_a_place_that_is_not_clear_says_what_to_do() -> None:
    assert "more than one “Mill”. Choose below" in forms.unplaced_message(Ambiguous("Mill", ()))
    assert "We don't know the place “Narnia”" in str(forms.unplaced_message(Unknown("Narnia"))).replace("&#39;", "'")


def test_a_place_typed_as_markup_stays_text() -> None:
    assert "<b>" not in forms.unplaced_message(Unknown("<b>x</b>"))


def test_own_words_may_all_be_empty_and_come_back_cleaned() -> None:
    assert forms.strengths_form(Answers(), posted()).validate()
    form = forms.strengths_form(Answers(), posted(better="  cook \u202e my\x00 own\r\nmeals ", works="می‌خواہم"))
    assert form.validate()
    assert form.data["better"] == "cook my own\nmeals"
    assert form.data["works"] == "می‌خواہم", "joiners stay"
    assert tuple(form.data) == STRENGTHS


def test_own_words_that_are_too_long_are_refused_and_not_cut() -> None:
    form = forms.strengths_form(Answers(), posted(better="x" * (LONGEST_TEXT + 1)))
    assert errors(form) == ["Use 400 letters or fewer"]
    assert len(form.data["better"]) == LONGEST_TEXT + 1
    assert forms.strengths_form(Answers(), posted(better="x" * LONGEST_TEXT)).validate()


def test_ways_of_contact_are_those_we_know_and_none_is_needed() -> None:
    form = forms.contact_form(Answers(), LANGUAGES, posted(language="ur", ways=list(CONTACT)))
    assert form.validate()
    assert (form.data["language"], tuple(form.data["ways"])) == ("ur", CONTACT)
    assert forms.contact_form(Answers(), LANGUAGES, posted(language="en")).validate()
    assert not forms.contact_form(Answers(), LANGUAGES, posted(language="xx")).validate()
    unknown = forms.contact_form(Answers(), LANGUAGES, posted(language="en", ways=["telepathy"]))
    assert unknown.validate()
    assert unknown.data["ways"] == []
