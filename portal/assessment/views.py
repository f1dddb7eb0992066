"""The pages of the questions: one thing a page, answers by POST, nothing of them in any address or title.

A page's address is its number on this person's way. A post is answered with 303, so that Back and a second tap do no harm; what
does not fit comes back with the reason and what was typed. The boxes of the safety page are read, answered and forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Flask, Response, current_app, g, render_template, request, url_for
from flask_limiter import Limiter
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm

from portal.assessment import forms
from portal.assessment.answers import Answers
from portal.assessment.cookie import give_token, read_token, take_token
from portal.assessment.definition import HELP, Assessment
from portal.assessment.journey import CONTACT, PLACE, QUESTIONS, SAFETY, STRENGTHS, Step, list_pages, list_steps, next_step, settled
from portal.assessment.keeping import LASTS, Sitting, end_sitting, find_sitting, save_sitting
from portal.assessment.needs import list_told
from portal.db import writing
from portal.i18n.request import language_links, page_language
from portal.localities.answer import Ambiguous, Unknown
from portal.localities.gazetteer import Gazetteer
from portal.localities.place import place as find_place
from portal.sealing import new_token
from portal.taxonomy.terms import Taxonomy
from portal.ui.caching import never, onward
from portal.urgent.views import UrgentRoom

ANSWERS: Final = "300 per minute; 10000 per day"  # a way has fifteen forms, and a library or a mobile network is many people


@dataclass(frozen=True)
class AssessmentRoom:
    """What these pages are given. `follow` lets a plan that is kept under a code follow each change, in the same transaction."""

    engine: Engine
    assessment: Assessment
    taxonomy: Taxonomy
    urgent: UrgentRoom
    gazetteer: Gazetteer
    is_secure: bool
    follow: Callable[[Session, Sitting], None]


def install(app: Flask, of_language: str, room: AssessmentRoom, limiter: Limiter) -> None:
    """Serve the questions."""
    app.extensions["assessment"] = room
    views = Blueprint("assessment", __name__)
    views.add_url_rule("/questions", "start", start)
    answering = limiter.limit(ANSWERS, methods=["POST"])(question)
    views.add_url_rule("/questions/<int:number>", "question", answering, methods=["GET", "POST"])
    views.add_url_rule("/questions/check", "check", check)
    views.add_url_rule("/questions/stay", "stay", stay, methods=["POST"])
    views.add_url_rule("/questions/ended", "ended", ended)
    app.register_blueprint(views, url_prefix=of_language)
    app.jinja_env.globals["sitting_seconds"] = int(LASTS.total_seconds())


def assessment_room() -> AssessmentRoom:
    """What `install` was given."""
    room: AssessmentRoom = current_app.extensions["assessment"]
    return room


def this_sitting() -> Sitting | None:
    """The sitting of the phone that asks; nothing when none has begun, or it has ended."""
    if "sitting" not in g:  # one request reads its sitting once
        room = assessment_room()
        token = read_token(request, is_secure=room.is_secure)
        g.sitting = None
        if token:
            with room.engine.connect() as connection:
                g.sitting = find_sitting(connection, token)
    found: Sitting | None = g.sitting
    return found


def keep(response: Response, sitting: Sitting) -> Response:
    """Keep the sitting under the phone's token, or under a new one where it has none that still opens anything."""
    room = assessment_room()
    token = read_token(request, is_secure=room.is_secure) if this_sitting() else ""
    given = token or new_token()
    with writing(room.engine) as session:
        save_sitting(session, given, sitting)
        room.follow(session, sitting)
    if not token:
        give_token(response, given, is_secure=room.is_secure)
    return response


def end(response: Response) -> None:
    """Forget the sitting, here and on the phone."""
    room = assessment_room()
    token = read_token(request, is_secure=room.is_secure)
    if token:
        with writing(room.engine) as session:
            end_sitting(session, token)
        take_token(response, is_secure=room.is_secure)


def start() -> Response:
    """The first question."""
    return onward(url_for("assessment.question", number=1))


def question(number: int) -> Response:
    """One page of the way, and its answer."""
    found = this_sitting()
    if found is None and number > 1:
        return onward(url_for("assessment.ended"))
    sitting = found or Sitting()
    steps, extras = _way(sitting)
    ahead = next((at for at, step in enumerate(steps, 1) if not step.is_answered(sitting.answers)), len(steps) + len(extras))
    if not 1 <= number <= ahead:
        return onward(url_for("assessment.question", number=min(ahead, len(steps))))
    at = _At(number, (*steps, *extras), sitting)
    return at.answer(request.form) if request.method == "POST" else at.page(at.form())


def _way(sitting: Sitting) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """The pages of a sitting, and those that it had no room for."""
    return list_pages(assessment_room().assessment, sitting.answers, is_aloud=sitting.is_aloud)


@dataclass(frozen=True)
class _At:
    """Where somebody is: page `number` of `steps`."""

    number: int
    steps: tuple[Step, ...]
    sitting: Sitting

    @property
    def step(self) -> Step:
        return self.steps[self.number - 1]

    def form(self, posted: MultiDict[str, str] | None = None) -> BaseForm:
        return FORMS[self.step.kind](self.step, self.sitting.answers, posted)

    def answer(self, posted: MultiDict[str, str]) -> Response:
        """On to the next page; or this one again, with what is wrong."""
        form = self.form(posted)
        if "finish" in posted and not any(posted.get(question.id) for question in self.step.shown) and self.step.kind == QUESTIONS:
            return onward(url_for("signposting.plan"))
        if not form.validate():
            return self.page(form, 422)
        if self.step.kind == SAFETY and (ticked := [kind for kind in assessment_room().urgent.cards if kind in form["danger"].data]):
            return self._in_danger(ticked)
        if self.step.kind == PLACE and (refused := self._unplaced(form)):
            return refused
        read = READ[self.step.kind](form, self.step, self.sitting.answers)
        answers = settled(assessment_room().assessment, read, is_aloud=self.sitting.is_aloud)
        return keep(onward(self._onward(answers)), replace(self.sitting, answers=answers))

    def page(self, form: BaseForm, status: int = 200, **more: object) -> Response:
        """The page, with the form as it is."""
        html = render_template(
            f"assessment/{self.step.kind}.html",
            step=self.step,
            number=self.number,
            form=form,
            answers=self.sitting.answers,
            cards=assessment_room().urgent.cards,
            can_finish=self.number > 4,
            is_aloud=self.sitting.is_aloud,
            is_kept=self.number > 1,
            **more,
        )
        response = never(html)
        response.status_code = status
        return response

    def _in_danger(self, ticked: list[str]) -> Response:
        cards = assessment_room().urgent.cards
        return never(render_template("assessment/danger.html", cards=[cards[kind] for kind in ticked], number=self.number))

    def _unplaced(self, form: BaseForm) -> Response | None:
        found = find_place(forms.place_of(form), assessment_room().gazetteer)
        if isinstance(found, Ambiguous | Unknown):
            form["place"].errors = [forms.unplaced_message(found)]
            choices = [choice.label for choice in found.choices] if isinstance(found, Ambiguous) else []
            return self.page(form, 422, unplaced=found, choices=choices, localities=assessment_room().gazetteer.localities.values())
        return None

    def _onward(self, answers: Answers) -> str:
        if "finish" in request.form:
            return url_for("signposting.plan")
        steps = list_steps(assessment_room().assessment, answers, is_aloud=self.sitting.is_aloud)
        if request.args.get("back") == "check":
            step = next_step(assessment_room().assessment, answers, is_aloud=self.sitting.is_aloud)
            number = steps.index(step) + 1 if step else len(steps) + 1
        else:
            number = self.number + 1
        return url_for("assessment.question", number=number) if number <= len(steps) else url_for("assessment.check")


def check() -> Response:
    """Every answer, each with a link to change it."""
    sitting = this_sitting()
    if sitting is None:
        return onward(url_for("assessment.ended"))
    assessment = assessment_room().assessment
    steps, extras = _way(sitting)
    if HELP not in sitting.answers.chosen:
        return onward(url_for("assessment.question", number=len(steps)))
    return never(
        render_template(
            "assessment/check.html",
            steps=steps,
            sitting=sitting,
            answers=sitting.answers,
            told=list(list_told(assessment, sitting.answers)),
            extras=extras if all(step.is_answered(sitting.answers) for step in steps) else (),
            topics=assessment.offered_topics,
            groups=assessment_room().taxonomy.groups,
            about_strengths=forms.ABOUT_STRENGTHS,
            about_contact=forms.ABOUT_CONTACT,
        )
    )


def stay() -> Response:
    """Half an hour more."""
    sitting = this_sitting()
    response = never(Response(status=204 if sitting else 410, mimetype="text/plain"))
    return keep(response, sitting) if sitting else response


def ended() -> Response:
    """Nothing is kept: how to begin again."""
    return never(render_template("assessment/ended.html"))


def _questions_form(step: Step, answers: Answers, posted: MultiDict[str, str] | None) -> BaseForm:
    return forms.question_form(step.shown, answers, posted)


def _safety_form(_step: Step, _answers: Answers, posted: MultiDict[str, str] | None) -> BaseForm:
    form = forms.SafetyForm(posted)
    form.danger.choices = [(kind, card.title) for kind, card in assessment_room().urgent.cards.items()]
    return form


def _help_form(_step: Step, answers: Answers, posted: MultiDict[str, str] | None) -> BaseForm:
    room = assessment_room()
    return forms.help_form(room.assessment, room.taxonomy, answers, posted)


def _contact_form(_step: Step, answers: Answers, posted: MultiDict[str, str] | None) -> BaseForm:
    languages = [(link.code, link.name) for link in language_links()]
    given = answers if answers.language else replace(answers, language=page_language().code)
    return forms.contact_form(given, languages, posted)


FORMS: dict[str, Callable[[Step, Answers, MultiDict[str, str] | None], BaseForm]] = {
    QUESTIONS: _questions_form,
    SAFETY: _safety_form,
    PLACE: lambda _step, answers, posted: forms.PlaceForm(posted, place=answers.place),
    HELP: _help_form,
    STRENGTHS: lambda _step, answers, posted: forms.strengths_form(answers, posted),
    CONTACT: _contact_form,
}
READ: dict[str, Callable[[BaseForm, Step, Answers], Answers]] = {
    QUESTIONS: lambda form, step, answers: forms.read_questions(form, step.shown, answers),
    SAFETY: lambda _form, _step, answers: answers.doing(SAFETY),
    PLACE: lambda form, _step, answers: answers.doing(PLACE, place=forms.place_of(form)),
    HELP: lambda form, _step, answers: answers.choosing(HELP, form[HELP].data),
    STRENGTHS: lambda form, _step, answers: answers.doing(STRENGTHS, texts={name: text for name, text in form.data.items() if text}),
    CONTACT: lambda form, _step, answers: answers.doing(CONTACT, language=form["language"].data, ways=tuple(form["ways"].data)),
}
