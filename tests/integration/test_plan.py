"""The plan: whatever somebody answered, it ends with a number to ring, decides nothing, and gives a reason for all that it shows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from contract_rules import Page, text_of
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from questioning import assessment, people
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from portal.assessment.answers import Answers
from portal.assessment.definition import HELP, NOT_SURE
from portal.assessment.journey import list_steps, settled
from portal.assessment.keeping import Sitting, find_sitting, save_sitting
from portal.assessment.needs import from_answers, list_told
from portal.db import reading, writing
from portal.errors import IndexUnavailable
from portal.i18n.languages import LANGUAGES
from portal.sealing import new_token
from portal.search.index import Index
from portal.signposting.counting import KIND_MADE, KIND_NEED, KIND_WENT
from portal.signposting.making import make_plan
from portal.tally import Tally
from portal.web.app import create_app

FRONT_DOOR = "01632 960001"
FALLS = Answers({"who": ("me",), HELP: ("about",), "falling": ("fell",), "outside": ("hurts",)}, place="Eastmoor", done=("safety", "place"))
NEVER_TOLD = "zzz-nobody-said-this"
moderate = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def engine_of(app: Flask) -> Engine:
    engine: Engine = app.extensions["assessment"].engine
    return engine


def phone_of(app: Flask, answers: Answers, **more: Any) -> FlaskClient:
    """A phone whose owner has answered so."""
    token, phone = new_token(), app.test_client()
    with writing(engine_of(app)) as session:
        save_sitting(session, token, Sitting(answers, **more))
    phone.set_cookie("answers", token)
    phone._typed += answers.texts.values()  # type: ignore[attr-defined]  # as if typed here: the contract knows words with signs in them
    return phone


def sitting_of(app: Flask, phone: FlaskClient) -> Sitting | None:
    cookie = phone.get_cookie("answers")
    assert cookie
    with reading(engine_of(app)) as session:
        return find_sitting(session, cookie.value)


def page_of(phone: FlaskClient, path: str = "/en/plan") -> Page:
    """A page of this phone, which must be there; the contract is checked as it is fetched."""
    response = phone.get(path)
    assert response.status_code == 200, response.location
    page: Page = response.page  # type: ignore[attr-defined]  # put there by CheckedClient
    return page


def part(page: Page, name: str) -> str:
    """The text of the part with this id, or headed by it; empty where there is none."""
    found = [it for it in page.tree.iter() if name in (it.get("id"), it.get("aria-labelledby")) and it.tag == "section"]
    return text_of(found[0]) if found else ""


def services(page: Page) -> list[str]:
    return [item.get("data-service", "") for item in page.all("li") if item.get("data-service")]


def counts(app: Flask) -> dict[tuple[str, str], int]:
    with reading(engine_of(app)) as session:
        rows = session.scalars(select(Tally).where(Tally.kind.in_((KIND_MADE, KIND_NEED, KIND_WENT)))).all()
        return {(row.kind, row.key): row.count for row in rows}


@moderate
@given(answers=people(least=4).filter(lambda answers: HELP in answers.chosen))
def test_whatever_was_answered_the_plan_ends_with_a_number_to_ring_and_decides_nothing(app: Flask, answers: Answers) -> None:
    page = page_of(phone_of(app, answers))
    care = part(page, "care")
    assert FRONT_DOOR in care
    assert "does not decide what you can get" in care
    assert "tel:01632960001" in [link.get("href") for link in page.all("a")]
    assert text_of(page.all("h1")[0]) == "Your next steps"


@moderate
@given(answers=people(least=4).filter(lambda answers: HELP in answers.chosen))
def test_whatever_was_answered_every_service_has_a_reason_that_somebody_gave(app: Flask, answers: Answers) -> None:
    page = page_of(phone_of(app, answers))
    told = {f"{one.question.short} – {one.option.label}" for one in list_told(assessment(), answers) if one.question and one.option}
    own = {f"“{' '.join(answers.texts['better'].split())}”"} if answers.texts.get("better") else set()
    assert len(services(page)) <= 10
    for item in (item for item in page.all("li") if item.get("data-service")):
        because = next(text_of(it) for it in item.iter("p") if it.get("class") == "because")
        given_by = because.removeprefix("Because you told us: ").split("; ")
        assert set(given_by) <= told | own, because
    steps = [it for it in page.all("section") if it.get("aria-labelledby") == "steps"]
    assert sum(len(list(section.iter("li"))) for section in steps) <= 3


@moderate
@given(answers=people(least=4).filter(lambda answers: HELP in answers.chosen))
def test_whatever_was_answered_no_need_is_passed_over_in_silence(app: Flask, answers: Answers) -> None:
    made = make_plan(app.extensions["signposting"], answers, "en")
    served = {each.need for one in made.services for each in one.revealed}
    named = {more.need for more in made.more} | set(made.unmet)
    assert {each.need for each in from_answers(assessment(), answers)} <= served | named


@moderate
@given(answers=people(least=4).filter(lambda answers: HELP in answers.chosen))
def test_whatever_was_answered_every_answer_stands_on_the_page_where_answers_are_checked(app: Flask, answers: Answers) -> None:
    words = text_of(page_of(phone_of(app, answers), "/en/questions/check").all("main")[0])
    for step in list_steps(assessment(), answers):
        for question in step.questions:
            assert question.short in words
            for option in answers.chosen.get(question.id, ()):
                assert question.by_id[option].label in words, f"{question.id} is said to be “{option}”, and the page does not show it"


def test_an_answer_that_makes_the_plan_can_always_be_seen_and_changed(app: Flask) -> None:
    told = Answers({"who": ("me",), HELP: ("home",), "washing": ("fine",), "harder": ("pet",)}, done=("safety", "place"))
    everything = settled(assessment(), told.choosing(HELP, [NOT_SURE]))  # with all topics there is no room for the question "harder"
    phone = phone_of(app, everything)
    makes_the_plan = "Looking after a pet" in text_of(page_of(phone).all("main")[0])
    can_be_seen = "Looking after a pet" in text_of(page_of(phone, "/en/questions/check").all("main")[0])
    assert can_be_seen or not makes_the_plan


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_stands_in_every_language_with_the_number_to_ring(app: Flask, language: str) -> None:
    everything = Answers(
        {"who": ("helping",), HELP: ("home", "about"), "washing": ("help",), "falling": ("stuck",), "carer-hard": ("time",)},
        place="Eastmoor",
        texts={"better": "میں گھر رہنا چاہتا ہوں <3", "step": "Ring Ann"},
        ways=("bsl",),
        language=language,
    )
    page = page_of(phone_of(app, everything), f"/{language}/plan")
    assert FRONT_DOOR in part(page, "care")
    assert services(page)
    assert "Ring Ann" in part(page, "steps")


@moderate
@given(answers=people(least=4).filter(lambda answers: HELP in answers.chosen))
def test_without_the_index_there_are_still_steps_advice_and_a_number_to_ring(app: Flask, answers: Answers) -> None:
    with mock.patch.object(Index, "snapshot", side_effect=IndexUnavailable("gone")):
        page = page_of(phone_of(app, answers))
    assert FRONT_DOOR in part(page, "care")
    assert FRONT_DOOR in part(page, "services")
    assert "We cannot look for local services just now" in part(page, "services")
    assert services(page) == []
    assert "We know of nothing near you" not in part(page, "services")


def test_without_the_index_advice_and_small_steps_are_those_of_always(app: Flask) -> None:
    phone = phone_of(app, FALLS)
    before = page_of(phone)
    with mock.patch.object(Index, "snapshot", side_effect=IndexUnavailable("gone")):
        after = page_of(phone)
    for name in ("steps", "advice", "self-help"):
        assert part(after, name) == part(before, name) != ""


def test_with_the_index_deleted_a_new_process_shows_the_plan_and_soon_services_again(make_app: Callable[..., Flask]) -> None:
    first = make_app()
    given_settings = first.extensions["test settings"]
    shutil.rmtree(given_settings.index)
    app = create_app(given_settings)
    app.test_client_class = first.test_client_class
    phone = phone_of(app, FALLS)
    page = page_of(phone)
    assert FRONT_DOOR in part(page, "care")
    assert "Staying steady on your feet" in part(page, "advice")
    with app.extensions["search"].index._mending:
        pass
    assert services(page_of(phone))
    app.extensions["search"].engine.dispose()


def test_what_was_needed_is_counted_once_however_often_the_plan_is_looked_at(app: Flask) -> None:
    phone = phone_of(app, FALLS)
    for _ in range(3):
        page_of(phone)
    needs = {each.need for each in from_answers(assessment(), FALLS)}
    assert counts(app) == {(KIND_MADE, ""): 1, **{(KIND_NEED, need): 1 for need in needs}}
    sitting = sitting_of(app, phone)
    assert sitting
    assert sitting.is_counted
    assert sitting.answers == FALLS


def test_two_people_count_twice_and_an_adviser_not_at_all(app: Flask) -> None:
    page_of(phone_of(app, FALLS))
    page_of(phone_of(app, FALLS))
    page_of(phone_of(app, FALLS, is_aloud=True))
    assert counts(app)[KIND_MADE, ""] == 2
    assert counts(app)[KIND_NEED, "falls"] == 2


def test_changing_an_answer_and_coming_back_is_not_counted_again(app: Flask) -> None:
    phone = phone_of(app, FALLS)
    page_of(phone)
    assert phone.post("/en/questions/1", data={"who": "helping"}).status_code == 303
    page_of(phone)
    assert counts(app)[KIND_MADE, ""] == 1


def test_counts_are_of_a_locality_and_never_of_a_finer_place(app: Flask) -> None:
    page_of(phone_of(app, replace(FALLS, place="ZZ4 2FA")))
    with reading(engine_of(app)) as session:
        assert {row.locality for row in session.scalars(select(Tally)).all()} == {"northgate"}


def test_a_count_that_cannot_be_made_takes_the_plan_from_nobody(app: Flask) -> None:
    phone = phone_of(app, FALLS)
    with mock.patch("portal.tally.add", side_effect=OperationalError("", {}, Exception("full"))):
        assert services(page_of(phone))


def test_a_phone_without_answers_is_led_to_where_they_begin(app: Flask) -> None:
    phone = app.test_client()
    assert phone.get("/en/plan").location == "/en/questions/ended"
    only_who = phone_of(app, Answers({"who": ("me",)}))
    assert only_who.get("/en/plan").location == "/en/questions"
    assert counts(app) == {}


def test_how_a_service_went_is_kept_with_the_plan_and_counted_without_a_name(app: Flask) -> None:
    phone = phone_of(app, FALLS)
    service = services(page_of(phone))[0]
    answer = phone.post("/en/plan/went", data={"item": service, "how": "done"})
    assert answer.location == f"/en/plan#i-{service}"
    assert counts(app)[KIND_WENT, "service done first"] == 1
    assert service not in str(counts(app))
    sitting = sitting_of(app, phone)
    assert sitting
    assert sitting.steps == {service: "done"}
    phone.post("/en/plan/went", data={"item": service, "how": ""})
    sitting = sitting_of(app, phone)
    assert sitting
    assert sitting.steps == {}


def test_how_it_went_is_only_taken_for_what_stands_on_the_plan(app: Flask) -> None:
    phone = phone_of(app, FALLS)
    for item, how in (("nothing", "done"), ("own", "great"), (NEVER_TOLD, "no-help")):
        assert phone.post("/en/plan/went", data={"item": item, "how": how}).status_code == 303
    sitting = sitting_of(app, phone)
    assert sitting
    assert sitting.steps == {}
    assert {kind for kind, _ in counts(app)} <= {KIND_MADE, KIND_NEED}


def test_words_of_danger_bring_urgent_help_to_the_top(app: Flask) -> None:
    page = page_of(phone_of(app, replace(FALLS, texts={"better": "I want to die"})))
    assert "116 123" in text_of(page.all("main")[0]).split("Small steps")[0]
    afraid = Answers({"who": ("me",), HELP: ("mood",), "feeling": ("some",), "behind": ("afraid",)})
    assert "0808 2000 247" in text_of(page_of(phone_of(app, afraid)).all("main")[0]).split("Small steps")[0]
