"""One's own account closed: what it says first, what goes, what stays; and who must hand over or sign in once more before."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from signing import is_in, letters, room_of, token_of
from sqlalchemy import select

from portal import clock
from portal.accounts.audiences import Level, Role
from portal.accounts.models import Grant, Membership, Person
from portal.accounts.signing.models import CodeApp, Passkey, SignIn
from portal.db import reading
from portal.directory.models import Organization
from portal.history import HistoryLine

AMINA = "amina@example.org"
CLOSE = "/en/account/close"
SURE = {"is_sure": "y"}
FORGOTTEN = (Grant, Membership, CodeApp, Passkey, SignIn)


@pytest.fixture
def club(app: Flask) -> uuid.UUID:
    with reading(room_of(app).engine) as session:
        return session.scalars(select(Organization.id).order_by(Organization.name)).first() or uuid.uuid4()


def person_of(app: Flask, person: Person) -> Person:
    with reading(room_of(app).engine) as session:
        return session.get_one(Person, person.id)


def is_closed(app: Flask, person: Person) -> bool:
    return person_of(app, person).left_at is not None


def test_the_account_leads_to_text_messages_and_to_closing_it(app: Flask, club: uuid.UUID) -> None:
    page = signed_in(app, make_person(app, AMINA, organizations=[club])).get("/en/account").text
    assert 'href="/en/account/texts"' in page
    assert 'href="/en/account/close"' in page


def test_who_keeps_no_listings_is_not_offered_text_messages(app: Flask) -> None:
    page = signed_in(app, make_person(app, AMINA, roles=[Role.ADVISER])).get("/en/account").text
    assert "/en/account/texts" not in page


def test_a_closed_account_is_forgotten_and_the_history_keeps_its_id(app: Flask, club: uuid.UUID) -> None:
    amina = make_person(app, AMINA, organizations=[club], roles=[Role.ADVISER], name="Amina Rahman")
    phone, laptop = signed_in(app, amina), signed_in(app, amina)
    found = phone.post(CLOSE, data=SURE)
    assert (found.status_code, found.location) == (303, "/en/account/closed")
    assert token_of(phone) == ""
    assert not is_in(phone)
    assert not is_in(laptop)
    assert "Your account is closed" in phone.get(found.location).text
    left = person_of(app, amina)
    assert (left.email, left.name, left.left_at) == (None, "", clock.now())
    with reading(room_of(app).engine) as session:
        for table in FORGOTTEN:
            assert session.scalars(select(table).where(table.person_id == amina.id)).all() == []
        [line] = session.scalars(select(HistoryLine).where(HistoryLine.resource_id == amina.id))
    assert (line.action, line.acted_by) == ("closed own account", f"person:{amina.id}")
    assert line.changes == {"roles": [["adviser"], []], "organizations": [[str(club)], []]}
    assert "Amina" not in str(line.__dict__)
    assert AMINA not in str(line.__dict__)


def test_the_last_letter_goes_to_the_address_that_is_forgotten(app: Flask) -> None:
    signed_in(app, make_person(app, AMINA)).post(CLOSE, data=SURE)
    [letter] = letters(app)
    assert (letter.to, letter.subject) == (AMINA, "Your account is closed")
    assert "Was it not you?" in letter.body


def test_without_the_tick_nothing_is_closed(app: Flask) -> None:
    amina = make_person(app, AMINA)
    for posted in ({}, {"is_sure": ""}, {"is_sure": "false"}, {"other": "y"}):
        refused = signed_in(app, amina).post(CLOSE, data=posted)
        assert refused.status_code == 422
        assert "Tick the box if you want to close your account" in refused.text
    assert not is_closed(app, amina)


def test_looking_at_the_page_closes_nothing(app: Flask) -> None:
    amina = make_person(app, AMINA)
    assert signed_in(app, amina).get(CLOSE, query_string=SURE).status_code == 200
    assert not is_closed(app, amina)


def test_who_signed_in_a_while_ago_signs_in_once_more_first(app: Flask) -> None:
    amina = make_person(app, AMINA)
    phone = signed_in(app, amina)
    with clock.stopped_at(clock.now() + timedelta(minutes=11)):
        page = phone.get(CLOSE).text
        assert 'href="/en/sign-in?then=/en/account/close"' in page
        assert "is_sure" not in page
        assert phone.post(CLOSE, data=SURE).status_code == 422
        assert not is_closed(app, amina)
        assert signed_in(phone, amina).post(CLOSE, data=SURE).status_code == 303
        assert is_closed(app, amina)


def test_the_only_administrator_stays_and_is_shown_a_way_out(app: Flask) -> None:
    boss = make_person(app, AMINA, roles=[Role.ADMINISTRATOR])
    desk = signed_in(app, boss)
    page = desk.get(CLOSE).text
    assert "You are the only administrator" in page
    assert 'href="/en/people/invite"' in page
    assert desk.post(CLOSE, data=SURE).status_code == 409
    assert not is_closed(app, boss)
    make_person(app, "second@example.org", roles=[Role.ADMINISTRATOR])
    assert desk.post(CLOSE, data=SURE).status_code == 303
    assert is_closed(app, boss)


def test_somebody_who_is_only_asked_to_be_administrator_is_none_yet(app: Flask) -> None:
    boss = make_person(app, AMINA, roles=[Role.ADMINISTRATOR])
    desk = signed_in(app, boss)
    desk.post("/en/people/invite", data={"email": "second@example.org", "name": "", "language": "en", "role": "administrator"})
    assert desk.post(CLOSE, data=SURE).status_code == 409


def test_an_only_keeper_is_told_so_and_offered_to_hand_over_first(app: Flask, club: uuid.UUID) -> None:
    amina = make_person(app, AMINA, organizations=[club])
    page = signed_in(app, amina).get(CLOSE).text
    assert "Nobody else keeps these listings" in page
    assert f'href="/en/organizations/{club}/people/hand-over"' in page
    make_person(app, "second@example.org", organizations=[club])
    assert "Nobody else keeps these listings" not in signed_in(app, amina).get(CLOSE).text


def test_an_organization_without_anybody_is_flagged_for_the_council(app: Flask, club: uuid.UUID) -> None:
    amina = make_person(app, AMINA, organizations=[club])
    council = signed_in(app, make_person(app, "council@example.org", roles=[Role.COUNCIL_EDITOR]))
    assert str(club) in council.get("/en/people/organizations?show=somebody").text
    signed_in(app, amina).post(CLOSE, data=SURE)
    assert str(club) not in council.get("/en/people/organizations?show=somebody").text


def test_what_somebody_asked_others_is_taken_back(app: Flask, club: uuid.UUID) -> None:
    amina = make_person(app, AMINA, organizations=[club])
    phone = signed_in(app, amina)
    phone.post(f"/en/organizations/{club}/people/invite", data={"email": "friend@example.org", "name": "", "language": "en"})
    phone.post(CLOSE, data=SURE)
    with reading(room_of(app).engine) as session:
        assert session.scalars(select(Membership).where(Membership.organization_id == club)).all() == []


def test_the_address_can_begin_anew_as_somebody_else(app: Flask) -> None:
    amina = make_person(app, AMINA)
    signed_in(app, amina).post(CLOSE, data=SURE)
    assert make_person(app, AMINA).id != amina.id


@pytest.mark.parametrize("level", [None, Level.LINK])
def test_nobody_half_signed_in_closes_anything(app: Flask, level: Level | None) -> None:
    amina = make_person(app, AMINA)
    browser: FlaskClient = signed_in(app, amina, level) if level else app.test_client()
    browser.post(CLOSE, data=SURE)
    assert not is_closed(app, amina)
