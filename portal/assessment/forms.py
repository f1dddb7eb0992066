"""The form of a page of questions: a step and the answers so far in, a form out; and a posted form's answers back.

Words are looked up in the reader's language; whatever is missing or contradicts itself is said in words, with what was chosen kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from functools import partial
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.form import BaseForm
from wtforms.validators import AnyOf, InputRequired, Length, Optional, StopValidation

from portal.assessment.answers import CONTACT, LONGEST_TEXT, STRENGTHS, Answers
from portal.assessment.definition import HELP, MANY, NOT_SURE, Assessment, Question
from portal.i18n.text import gettext, marked
from portal.i18n.text import lazy_gettext as _
from portal.localities.answer import Ambiguous, Unknown
from portal.taxonomy.terms import Taxonomy
from portal.typed import lines, one_line
from portal.ui.choices import SelectChoice

LONGEST_PLACE = 80

ABOUT_STRENGTHS = {
    "works": (_("What is going well?"), _("For example: good neighbours, a garden, a sense of humour.")),
    "helpers": (_("Who helps already?"), ""),
    "better": (_("What would a good week look like?"), _("For example: “I want to cook my own meals.”")),
    "step": (_("What is one small thing to try this week?"), ""),
}
ABOUT_CONTACT = {
    "interpreter": marked("With an interpreter"),
    "bsl": marked("In British Sign Language"),
    "large-print": marked("In large print"),
    "easy-read": marked("In Easy Read, with pictures"),
    "no-calls": marked("Not by phone call"),
}


def question_form(questions: Sequence[Question], answers: Answers, posted: MultiDict[str, str] | None = None) -> BaseForm:
    """One field for each question, named by its id. What only another answer on the page calls for can be left empty."""
    fields = {question.id: _field(question, is_needed=not question.called_for_by(questions)) for question in questions}
    given = {question.id: _given(question, answers) for question in questions}
    return _form(fields, posted, given)


def read_questions(form: BaseForm, questions: Sequence[Question], answers: Answers) -> Answers:
    """The answers with those of a valid form."""
    for question in questions:
        chosen = form[question.id].data
        answers = answers.choosing(question.id, chosen if question.choose == MANY else [chosen] if chosen else [])
    return answers


def _given(question: Question, answers: Answers) -> object:
    chosen = answers.chosen.get(question.id, ())
    return list(chosen) if question.choose == MANY else next(iter(chosen), None)


def _field(question: Question, *, is_needed: bool) -> Field:
    choices = [SelectChoice(option.id, _(option.label)) for option in question.options]
    if question.choose == MANY:
        alone = {option.id: option.label for option in question.options if option.is_alone}
        return _many(question.label, question.why, choices, alone, is_needed=is_needed)
    words = _("Choose an answer. If nothing fits, choose the nearest.")
    first = InputRequired(words) if is_needed else Optional()
    checks = [first, AnyOf([option.id for option in question.options], words)]
    return RadioField(_(question.label), description=_(question.why), choices=choices, validators=checks, validate_choice=False)


def _many(label: str, why: str, choices: list[Any], alone: Mapping[str, str], *, is_needed: bool = True) -> Field:
    needed = [InputRequired(_("Choose at least one answer."))] if is_needed else []
    checks = [*needed, partial(_offered, {choice.value for choice in choices}, is_needed), partial(_not_both, alone)]
    return SelectMultipleField(_(label), description=_(why), choices=choices, validators=checks, validate_choice=False)


def _offered(offered: Set[str], is_needed: bool, _form: BaseForm, field: Field) -> None:
    """Leave out what is not on offer, such as an answer that has been taken away meanwhile. Raises `StopValidation` if all of it is."""
    field.data = [value for value in field.data or () if value in offered]
    if is_needed and not field.data:
        raise StopValidation(gettext("Choose at least one answer."))


def _not_both(alone: Mapping[str, str], _form: BaseForm, field: Field) -> None:
    """ "None of these" and another answer contradict each other. Raises `ValidationError` in words."""
    both = [label for option, label in alone.items() if option in field.data and len(field.data) > 1]
    if both:
        raise ValidationError(gettext("Choose “%(none)s”, or the other answers, but not both.", none=gettext(both[0])))


def help_form(assessment: Assessment, taxonomy: Taxonomy, answers: Answers, posted: MultiDict[str, str] | None = None) -> BaseForm:
    """What would help: topics, named as the groups of needs are, and "not sure"."""
    choices = [SelectChoice(topic.id, _(taxonomy.groups[topic.group].label)) for topic in assessment.offered_topics]
    choices.append(SelectChoice(NOT_SURE, _("Not sure: ask me about all of it")))
    field = _many(marked("What would help?"), marked("Choose as many as you like."), choices, {})
    return _form({HELP: field}, posted, {HELP: list(answers.chosen.get(HELP, ()))})


class PlaceForm(Form):
    """Where: a postcode or an area, or nothing; `pick` is one of those offered when the place was not clear."""

    pick = HiddenField()
    place = StringField(
        _("Where?"),
        description=_("A postcode, or the name of an area, so that we can show what is near. You can leave it empty."),
        filters=[lambda typed: one_line(typed or "", LONGEST_PLACE)],
    )


def place_of(form: BaseForm) -> str:
    """The place picked, else the place typed."""
    return one_line(form["pick"].data or "", LONGEST_PLACE) or form["place"].data or ""


def unplaced_message(found: Ambiguous | Unknown) -> str:
    """Why a place is not clear, and what to do."""
    if isinstance(found, Ambiguous):
        return gettext("There is more than one “%(text)s”. Choose below.", text=found.text)
    return gettext("We don't know the place “%(text)s”. Check it, choose an area below, or leave it empty.", text=found.text)


def strengths_form(answers: Answers, posted: MultiDict[str, str] | None = None) -> BaseForm:
    """Four questions in a person's own words, none of which must be answered."""
    too_long = Length(max=LONGEST_TEXT, message=_("Use 400 letters or fewer"))
    fields = {
        name: TextAreaField(label, description=hint, filters=[_typed], validators=[too_long])
        for name, (label, hint) in ABOUT_STRENGTHS.items()
    }
    return _form(fields, posted, {name: answers.texts.get(name, "") for name in STRENGTHS})


_typed: Callable[[str | None], str] = lambda text: lines(text or "", 4 * LONGEST_TEXT)  # noqa: E731 - a filter, used once


def contact_form(answers: Answers, languages: Sequence[tuple[str, str]], posted: MultiDict[str, str] | None = None) -> BaseForm:
    """How somebody likes to be contacted: in which of (code, name) `languages`, and in which ways."""
    codes = [code for code, _name in languages]
    spoken = SelectField(
        _("Which language is best?"),
        choices=[SelectChoice(code, name) for code, name in languages],
        validators=[AnyOf(codes, _("Choose an answer"))],
        validate_choice=False,
    )
    ways = SelectMultipleField(
        _("What would make it easier?"),
        choices=[SelectChoice(way, _(ABOUT_CONTACT[way])) for way in CONTACT],
        validate_choice=False,
        filters=[lambda ways: [way for way in ways or () if way in CONTACT]],
    )
    return _form({"language": spoken, "ways": ways}, posted, {"language": answers.language, "ways": answers.ways})


def _form(fields: Mapping[str, Any], posted: MultiDict[str, str] | None, given: dict[str, object]) -> BaseForm:
    """A form of these fields alone: no class is made for it."""
    form = BaseForm(fields)
    form.process(posted, data=given)
    return form


class SafetyForm(Form):
    """Is anyone in danger: boxes that nobody keeps."""

    danger = SelectMultipleField(_("Is anyone in danger now?"), validate_choice=False)
    none = HiddenField()
