"""People whom councils wrote about, answering the questions: each is sent to early, local help that keeps them independent.

Who they are and what they need comes from the councils' own plans; what they answer is what they would choose on a phone. What
is judged is the services on their plan, by the needs that the directory says they meet.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import pytest
from flask.testing import FlaskClient
from seeds import MISS_J, MR_D, MR_M, MRS_L, PEOPLE, QUIET, Person
from visiting import HELD, Screen, visit

from portal.db import reading
from portal.directory.listings import list_listings

MOST_PAGES = 20  # more than anybody should see: where a walk that goes round in a circle ends
FRONT_DOOR = "01632 960"


everybody = pytest.mark.parametrize("name", PEOPLE)


def plan_of(client: FlaskClient, person: Person) -> tuple[Screen, list[str]]:
    """The plan of this person, and the questions that they were asked."""
    screen, asked = visit(client, "/en/questions"), []
    for _ in range(MOST_PAGES):
        if screen.heading == "Check your answers":
            return screen.follow("See my plan"), asked
        filled = said(screen, person)
        asked += filled
        screen = screen.send("Continue", **filled)
        assert screen.status == 200, screen.text
    raise AssertionError(f"{MOST_PAGES} pages and no end: {asked}")


def said(screen: Screen, person: Person) -> dict[str, str | list[str]]:
    """What a person puts into the form of this page."""
    [form] = [it for it in screen.page.all("form") if it.get("action", "").startswith(screen.path)]
    offered: dict[str, list[str]] = {}
    for control in (it for it in form.iter() if it.tag in HELD and it.get("type") != "hidden"):
        offered.setdefault(control.get("name", ""), []).append(control.get("value", ""))
    if "danger" in offered:
        return {"none": "1"}
    if "language" in offered:
        return {}
    known = {"who": person.who, "place": person.place, "help": list(person.topics), **person.texts, **person.answers}
    filled: dict[str, str | list[str]] = {}
    for name, options in offered.items():
        answer = known.get(name, next((option for option in QUIET if option in options), ""))
        filled[name] = list(answer) if isinstance(answer, tuple) else answer  # type: ignore[assignment]  # str or list
    return filled


def met(client: FlaskClient, services: Iterable[str]) -> list[tuple[str, ...]]:
    """The needs that each of these services meets, strongest first, as the directory says."""
    room = client.application.extensions["assessment"]
    ids = [uuid.UUID(each) for each in services]
    with reading(room.engine) as session:
        found = {listing.id: listing.needs for listing in list_listings(session, room.taxonomy, ids)}
    return [found[each] for each in ids]


@everybody
def test_somebody_is_sent_to_help_that_fits_what_they_told_us(client: FlaskClient, name: str) -> None:
    person = PEOPLE[name]
    plan, asked = plan_of(client, person)
    needs = {need for each in met(client, plan.services) for need in each}
    missing = [sorted(wanted) for wanted in person.needs if not wanted & needs]
    unasked = sorted(set(person.answers) - set(asked))
    assert missing == [], f"{name} gets nothing for {missing}; never asked: {unasked}; gets {plan.names}"


@everybody
def test_a_plan_says_why_in_the_persons_own_answers(client: FlaskClient, name: str) -> None:
    person = PEOPLE[name]
    plan, _ = plan_of(client, person)
    assessment = client.application.extensions["assessment"].assessment
    own = list(filter(None, [person.texts.get("better", "")]))
    for question, answer in person.answers.items():
        about = assessment.by_id[question]
        own += [f"{about.short} – {about.by_id[each].label}" for each in ([answer] if isinstance(answer, str) else answer)]
    reasons = [" ".join("".join(it.itertext()).split()) for it in plan.page.all("p") if it.get("class") == "because"]
    assert len(reasons) == len(plan.services) > 0
    for reason in reasons:
        assert reason.startswith("Because you told us: ")
        assert any(each in reason for each in own), f"{name} never said: {reason}"


@everybody
def test_a_plan_ends_with_somebody_to_ring_and_decides_nothing(client: FlaskClient, name: str) -> None:
    plan, asked = plan_of(client, PEOPLE[name])
    assert plan.heading == "Your next steps"
    assert FRONT_DOOR in plan.part("care")
    assert "does not decide" in plan.part("care")
    assert "care-homes" not in [each[0] for each in met(client, plan.services)], "nobody here asked to leave home for good"
    assert len(asked) <= 30


def test_mrs_l_is_helped_to_do_it_herself_before_anybody_does_it_for_her(client: FlaskClient) -> None:
    plan, _ = plan_of(client, MRS_L)
    first = [needs[0] for needs in met(client, plan.services)]
    done_for_her = [at for at, need in enumerate(first) if need in ("personal-care", "home-care")]
    herself = [at for at, need in enumerate(first) if need in ("reablement", "equipment")]
    assert herself
    assert not done_for_her or min(herself) < min(done_for_her)


def test_mr_ms_daughter_sees_which_help_is_for_her(client: FlaskClient) -> None:
    plan, _ = plan_of(client, MR_M)
    assert "This is for you." in plan.text
    assert "you can ask for a carer's assessment too" in plan.part("care")


def test_miss_j_is_heard_in_her_own_words(client: FlaskClient) -> None:
    plan, _ = plan_of(client, MISS_J)
    assert "Because you told us: “I want to cook my own meals”" in plan.text


def test_somebody_who_is_counted_on_is_never_asked_whether_they_are_a_carer(client: FlaskClient) -> None:
    screen = visit(client, "/en/questions")
    while screen.heading != "Check your answers":
        assert "are you a carer" not in screen.text.casefold()
        screen = screen.send("Continue", **said(screen, MR_D))
    plan = screen.follow("See my plan")
    assert "you can ask for a carer's assessment too" in plan.part("care")
