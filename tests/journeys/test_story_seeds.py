"""People whom councils wrote about, answering the questions: each is sent to early, local help that keeps them independent.

Who they are and what they need comes from the councils' own plans; what they answer is what they would choose on a phone. What
is judged is the services on their plan, by the needs that the directory says they meet.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest
from flask.testing import FlaskClient
from visiting import HELD, Screen, visit

from portal.db import reading
from portal.directory.listings import list_listings

# what somebody chooses who has nothing to say to a question
QUIET = ("fine", "none", "never", "nobody", "nothing", "untold", "checked", "gladly", "someone", "managing", "not-sure")
MOST_PAGES = 20  # more than anybody should see: where a walk that goes round in a circle ends
FRONT_DOOR = "01632 960"


@dataclass(frozen=True)
class Person:
    """What somebody answers. `needs`: for each group of needs, some service of the plan meets at least one."""

    who: str
    place: str
    topics: tuple[str, ...]
    answers: Mapping[str, str | tuple[str, ...]]
    needs: tuple[frozenset[str], ...]
    texts: Mapping[str, str] = field(default_factory=dict)


def any_of(*needs: str) -> frozenset[str]:
    return frozenset(needs)


MR_M = Person(  # late eighties, dementia and Parkinson's, falls, wants to stay at home; his daughter answers
    who="helping",
    place="Eastmoor",
    topics=("home", "about", "memory", "caring"),
    answers={
        "washing": "help",
        "meals": "help",
        "harder": ("stairs-bath", "alone"),
        "falling": "fell",
        "outside": "help",
        "forgetting": "help",
        "dementia-told": "told",
        "conditions": ("brain",),
        "carer-hard": ("health", "time"),
        "carer-on": "with-help",
        "carer-stand-in": "no-one",
        "carer-about": ("dementia",),
    },
    texts={"better": "He stays in his own home"},
    needs=(any_of("falls"), any_of("telecare"), any_of("dementia"), any_of("reablement"), any_of("carer-break"), any_of("stroke-brain")),
)
CORA = Person(  # lived alone, fell, broke a rib, was placed far away, wants to go home
    who="me",
    place="Northgate",
    topics=("home", "about"),
    answers={
        "washing": "help",
        "meals": "hurts",
        "harder": ("hospital", "alone"),
        "falling": "stuck",
        "outside": "help",
        "travel": ("confidence",),
    },
    texts={"better": "I am back in my own home"},
    needs=(any_of("home-from-hospital"), any_of("reablement"), any_of("falls"), any_of("telecare")),
)
MRS_B = Person(  # 78, fractured foot, lost her home and her dog
    who="me",
    place="Old Town",
    topics=("home", "about", "housing"),
    answers={
        "washing": "hurts",
        "meals": "hurts",
        "harder": ("hospital", "pet"),
        "falling": "fell",
        "outside": "hurts",
        "travel": ("aid", "lift"),
        "dwelling": ("losing",),
        "living": ("own-door",),
    },
    needs=(
        any_of("homelessness", "housing-advice"),
        any_of("home-from-hospital", "reablement"),
        any_of("pets"),
        any_of("supported-housing", "shared-lives"),
        any_of("equipment", "mobility-aids"),
    ),
)
MRS_L = Person(  # showering, dressing, confidence in walking
    who="me",
    place="Eastmoor",
    topics=("home", "about"),
    answers={"washing": "hurts", "falling": "worry", "outside": "hurts", "travel": ("confidence",)},
    needs=(any_of("reablement"), any_of("equipment"), any_of("falls")),
)
MR_K = Person(  # a learning disability: travelling, shopping and cooking alone
    who="me",
    place="Northgate",
    topics=("home", "about", "todo"),
    answers={"meals": "hurts", "travel": ("learn",), "days": ("skills",), "conditions": ("learning-disability",)},
    needs=(any_of("travel-training"), any_of("cooking-eating"), any_of("shopping"), any_of("learning-disability")),
)
MISS_J = Person(  # somebody cooks for her; she wants to do it herself, and says so in her own words only
    who="me",
    place="Eastmoor",
    topics=("home",),
    answers={"meals": "has-help"},
    texts={"better": "I want to cook my own meals"},
    needs=(any_of("cooking-eating"),),
)
MRS_A = Person(  # looks after her husband, and would never call herself a carer: she is only tired
    who="me",
    place="Eastmoor",
    topics=("mood",),
    answers={"feeling": "most"},
    texts={"better": "One whole night of sleep. I look after my husband and I'm worn out."},
    needs=(any_of("carer-break", "carer-support"), any_of("low-mood", "talking-therapy")),
)
MR_D = Person(  # says that somebody counts on him, and no more
    who="me",
    place="Old Town",
    topics=("caring",),
    answers={"counted-on": "daily", "carer-hard": ("time", "work"), "carer-on": "with-help", "carer-stand-in": "no-one"},
    needs=(any_of("carer-break"), any_of("carer-support"), any_of("work")),
)
PEOPLE = {
    "Mr M": MR_M,
    "Cora": CORA,
    "Mrs B": MRS_B,
    "Mrs L": MRS_L,
    "Mr K": MR_K,
    "Miss J": MISS_J,
    "Mrs A": MRS_A,
    "Mr D": MR_D,
}
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
