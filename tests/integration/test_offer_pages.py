"""The core offer over HTTP: named, changed and taken back by commissioners; nothing typed is lost; numbers are those of services."""

from __future__ import annotations

import re
import uuid

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.accounts.audiences import Role
from portal.db import reading, writing
from portal.errors import IndexUnavailable
from portal.insight.facts import Facts
from portal.insight.offer.operations import change, remove
from portal.insight.offer.promises import Condition, Promise
from portal.insight.offer.queries import list_promises
from portal.insight.offer.views import OfferRoom

ADDRESS = "/en/insight/core-offer"
ROW = re.compile(r'rowheader"><a href="/en/insight/areas/([a-z-]+)/[a-z-]+".*?data-label="Services"><div>([\d,]+)<', re.DOTALL)


@pytest.fixture
def commissioner(app: Flask) -> FlaskClient:
    return signed_in(app, make_person(app, "plans@example.org", roles=[Role.COMMISSIONER], name="Noor Begum"))


def room_of(app: Flask) -> OfferRoom:
    room: OfferRoom = app.extensions["offer"]
    return room


def facts_of(app: Flask) -> Facts:
    return room_of(app).figures.facts(clock.today())


def name(client: FlaskClient, need: str, minimum: str = "1", *conditions: str) -> uuid.UUID:
    answer = client.post(f"{ADDRESS}/add", data={"need": need, "minimum": minimum, "conditions": list(conditions)})
    assert answer.status_code == 303, answer.text
    with reading(room_of(client.application).engine) as session:
        asked = Promise(need, int(minimum), frozenset(map(Condition, conditions)))
        return next(it.id for it in list_promises(session) if it.promise == asked)


def test_at_first_nothing_is_named_and_the_page_leads_to_naming(commissioner: FlaskClient) -> None:
    page = commissioner.get(ADDRESS).text
    assert "Nothing is named yet" in page
    assert f'href="{ADDRESS}/add"' in page


@pytest.mark.parametrize("need", ["falls", "carer-support", "loneliness"])
def test_each_area_has_the_number_of_services_that_are_all_that_is_asked(app: Flask, commissioner: FlaskClient, need: str) -> None:
    facts = facts_of(app)
    for conditions in ((), ("free",), ("free", "evening"), ("local", "step-free")):
        page = commissioner.get(f"{ADDRESS}/{name(commissioner, need, '2', *conditions)}").text
        parts = [each.replace("-", "_") for each in ("covers", *conditions)]
        expected = {slug: len(set.intersection(*(set(facts.services(need, slug, of)) for of in parts))) for slug in facts.localities}
        assert {slug: int(number) for slug, number in ROW.findall(page)} == expected, conditions
        assert page.count("It is there") == sum(number >= 2 for number in expected.values())
        assert page.count("1 more to come") == sum(number == 1 for number in expected.values())


def test_where_it_is_still_to_come_is_named_with_a_way_to_what_there_is(app: Flask, commissioner: FlaskClient) -> None:
    facts = facts_of(app)
    number = {slug: facts.provision("carer-support", slug).covers for slug in facts.localities}
    asked = min(20, sorted(number.values())[len(number) // 2] + 1)
    name(commissioner, "carer-support", str(asked))
    name(commissioner, "falls", "1")
    page = commissioner.get(ADDRESS).text
    short = sorted(slug for slug, found in number.items() if found < asked)
    assert 0 < len(short) < len(number)
    assert sorted(re.findall(r'href="/en/insight/areas/([a-z-]+)/carer-support"', page)) == short
    assert commissioner.get(f"/en/insight/areas/{short[0]}/carer-support").status_code == 200
    assert f"At least {asked} services" in page
    assert all(facts.provision("falls", slug).covers for slug in facts.localities)
    assert page.count("Every area has it") == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"need": "", "minimum": "1"}, "Choose which kind of help."),
        ({"need": "dragons", "minimum": "1"}, "Choose which kind of help."),
        ({"need": "falls", "minimum": "0"}, "Write a whole number from 1 to 20."),
        ({"need": "falls", "minimum": "21"}, "Write a whole number from 1 to 20."),
        ({"need": "falls", "minimum": "some"}, "Write a whole number from 1 to 20."),
        ({"need": "falls", "minimum": "1", "conditions": ["free", "magic"]}, "Tick only what is in the list."),
    ],
)
def test_what_cannot_be_named_is_said_and_what_was_typed_stays(
    app: Flask, commissioner: FlaskClient, typed: dict[str, str], words: str
) -> None:
    answer = commissioner.post(f"{ADDRESS}/add", data=typed)
    assert answer.status_code == 422
    assert answer.text.count(words) == 2  # above, and at its field
    assert f'value="{typed["minimum"]}"' in answer.text
    assert ('value="falls" selected' in answer.text) == (typed["need"] == "falls")
    with reading(room_of(app).engine) as session:
        assert list_promises(session) == []


def test_the_same_is_not_named_twice(commissioner: FlaskClient) -> None:
    name(commissioner, "falls", "1", "free")
    again = commissioner.post(f"{ADDRESS}/add", data={"need": "falls", "minimum": "3", "conditions": ["free"]})
    assert again.status_code == 409
    assert "This is promised already, with the same ticks." in again.text
    assert 'value="3"' in again.text


def test_a_promise_is_changed_and_taken_back_and_the_history_says_by_whom(commissioner: FlaskClient) -> None:
    promise_id = name(commissioner, "falls", "1", "free")
    form = commissioner.get(f"{ADDRESS}/{promise_id}/change").text
    assert 'value="falls" selected' in form
    changed = commissioner.post(f"{ADDRESS}/{promise_id}/change", data={"version": "1", "need": "falls", "minimum": "4"})
    assert changed.location == f"{ADDRESS}/{promise_id}"
    assert commissioner.post(f"{ADDRESS}/{promise_id}/take-back", data={"version": "2"}).location == ADDRESS
    assert commissioner.get(f"{ADDRESS}/{promise_id}").status_code == 404
    history = commissioner.get(f"{ADDRESS}/history").text
    assert re.findall(r"<h2[^>]*>(Named|Changed|Taken back), ", history) == ["Taken back", "Changed", "Named"]
    assert history.count("Noor Begum") == 3
    assert "At least 4 services</del>" in history
    assert "At least 1 service: free</ins>" in history


def test_when_somebody_else_was_quicker_nothing_typed_is_lost(app: Flask, commissioner: FlaskClient) -> None:
    promise_id = name(commissioner, "falls")
    with writing(room_of(app).engine) as session:
        change(session, promise_id, 1, Promise("falls", 7), "test")
    typed = {"version": "1", "need": "falls", "minimum": "3", "conditions": ["evening"]}
    late = commissioner.post(f"{ADDRESS}/{promise_id}/change", data=typed)
    assert late.status_code == 409
    assert "It now says:" in late.text
    assert "At least 7 services" in late.text
    assert 'value="3"' in late.text
    assert re.search(r'value="evening" checked', late.text)
    assert 'name="version" value="2"' in late.text
    with writing(room_of(app).engine) as session:
        remove(session, promise_id, 2, "test")
    gone = commissioner.post(f"{ADDRESS}/{promise_id}/change", data={**typed, "version": "2"})
    assert gone.status_code == 409
    assert "Save it to name it again." in gone.text
    assert f'action="{ADDRESS}/add"' in gone.text
    assert commissioner.post(f"{ADDRESS}/{promise_id}/take-back", data={"version": "2"}).location == ADDRESS  # as they wish already


def test_taking_back_what_was_changed_meanwhile_shows_it_as_it_is_now(app: Flask, commissioner: FlaskClient) -> None:
    promise_id = name(commissioner, "falls")
    with writing(room_of(app).engine) as session:
        change(session, promise_id, 1, Promise("falls", 7), "test")
    assert commissioner.post(f"{ADDRESS}/{promise_id}/take-back", data={"version": "1"}).location == f"{ADDRESS}/{promise_id}"
    with reading(room_of(app).engine) as session:
        assert len(list_promises(session)) == 1


def test_without_the_index_promises_are_told_without_numbers(commissioner: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    promise_id = name(commissioner, "falls")

    def away(*_given: object) -> Facts:
        raise IndexUnavailable("test")

    monkeypatch.setattr("portal.insight.figures.Figures.facts", away)
    for address in (ADDRESS, f"{ADDRESS}/{promise_id}"):
        page = commissioner.get(address).text
        assert "We cannot count services just now." in page
        assert "At least 1 service" in page
        assert "none yet" not in page


@pytest.mark.parametrize("language", ["ur", "bn", "es", "so"])
def test_every_page_opens_in_other_languages(commissioner: FlaskClient, language: str) -> None:
    promise_id = name(commissioner, "carer-support", "2", "free", "evening", "step-free", "local")
    start = f"/{language}/insight/core-offer"
    for address in (start, f"{start}/{promise_id}", f"{start}/{promise_id}/change", f"{start}/add", f"{start}/history"):
        assert commissioner.get(address).status_code == 200, address


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COUNCIL_EDITOR, Role.ADVISER, Role.ADMINISTRATOR])
def test_others_neither_see_nor_change_it(app: Flask, role: Role) -> None:
    other = signed_in(app, make_person(app, "other@example.org", roles=[role]))
    assert other.get(ADDRESS).status_code == 403
    assert other.post(f"{ADDRESS}/add", data={"need": "falls", "minimum": "1"}).status_code == 403
    with reading(room_of(app).engine) as session:
        assert list_promises(session) == []
