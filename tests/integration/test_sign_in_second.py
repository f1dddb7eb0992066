"""The second step after a link: a passkey or a code of an app, whichever there is; set up once, guessed at by nobody."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from accounts import make_person, signed_in
from authenticator import Authenticator
from flask import Flask
from flask.testing import FlaskClient
from signing import (
    add_passkey,
    code_of,
    is_half_way,
    is_in,
    letters,
    new_options,
    room_of,
    set_up_app,
    sign_in_by_link,
    token_of,
    use_passkey,
    ways_of,
)
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import clock
from portal.accounts.audiences import Level, Role
from portal.accounts.models import Grant, Person
from portal.accounts.signing.models import CodeApp
from portal.accounts.signing.sessions import find_member
from portal.accounts.signing.ways import find_ways
from portal.db import reading, writing
from portal.history import HistoryLine

AMINA = "amina@example.org"


@pytest.fixture
def amina(app: Flask) -> Person:
    return make_person(app, AMINA)


def second(client: FlaskClient, digits: str, **options: Any) -> TestResponse:
    return client.post("/en/sign-in/second", data={"digits": digits}, **options)


def level_of(client: FlaskClient) -> Level | None:
    with reading(room_of(client).engine) as session:
        member = find_member(session, token_of(client))
    return member.level if member else None


def with_app(app: Flask) -> tuple[FlaskClient, str]:
    """A browser half way in, of somebody with an app; and the app's secret. Its first code is spent."""
    client = app.test_client()
    sign_in_by_link(client, AMINA)
    secret, _ = set_up_app(client)
    client.post("/en/sign-out")
    sign_in_by_link(client, AMINA)
    assert is_half_way(client)
    return client, secret


def wrong(secret: str) -> str:
    """Digits that are good at no step near now."""
    good = {code_of(secret, steps) for steps in (-1, 0, 1)}
    return next(digits for digits in ("000000", "111111", "222222", "333333") if digits not in good)


def test_whoever_has_no_way_in_sets_one_up_and_is_in(app: Flask, client: FlaskClient, amina: Person) -> None:
    sign_in_by_link(client, AMINA)
    page = client.get("/en/sign-in/second").text
    assert page.index("With a passkey") < page.index("With an app")
    half = token_of(client)
    _, led = set_up_app(client)
    assert led.location == "/en/account"
    assert is_in(client)
    assert level_of(client) is Level.CODE
    assert token_of(client) != half
    assert ways_of(app, amina) == (0, True)
    assert letters(app)[-1].subject == "How you sign in has changed"
    stranger = app.test_client()
    stranger.set_cookie("desk", half)
    assert not is_in(stranger)
    assert not is_half_way(stranger)


def test_a_passkey_made_after_a_link_signs_in(app: Flask, client: FlaskClient, amina: Person) -> None:
    sign_in_by_link(client, AMINA)
    device, led = add_passkey(client)
    assert led.location == "/en/account"
    assert level_of(client) is Level.PASSKEY
    client.post("/en/sign-out")
    assert use_passkey(client, device).location == "/en/account"
    assert level_of(client) is Level.PASSKEY


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_code_of_the_app_is_good_one_step_either_way(app: Flask, amina: Person, drift: int) -> None:
    client, secret = with_app(app)
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        half = token_of(client)
        assert second(client, code_of(secret, drift)).location == "/en/account"
        assert (is_in(client), level_of(client)) == (True, Level.CODE)
        assert token_of(client) != half


@pytest.mark.parametrize("drift", [-2, 2])
def test_a_code_of_another_time_is_not(app: Flask, amina: Person, drift: int) -> None:
    client, secret = with_app(app)
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        assert second(client, code_of(secret, drift)).status_code == 422
        assert is_half_way(client)


def test_a_code_is_good_once_and_an_earlier_one_never_again(app: Flask, amina: Person) -> None:
    client, secret = with_app(app)
    assert second(client, code_of(secret)).status_code == 422, "it was used to set the app up"
    with clock.stopped_at(clock.now() + timedelta(seconds=60)):
        assert second(client, code_of(secret)).status_code == 303
        for steps in (0, -1):
            again = app.test_client()
            sign_in_by_link(again, AMINA)
            assert second(again, code_of(secret, steps)).status_code == 422
        assert second(again, code_of(secret, 1)).status_code == 303


def test_five_wrong_codes_end_the_sign_in_and_a_new_link_works(app: Flask, amina: Person) -> None:
    client, secret = with_app(app)
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        found = [second(client, wrong(secret)).status_code for _ in range(5)]
        assert found == [422, 422, 422, 422, 410]
        assert not is_half_way(client)
        assert second(client, code_of(secret)).location.startswith("/en/sign-in")
        sign_in_by_link(client, AMINA)
        assert second(client, code_of(secret)).status_code == 303


def test_guesses_of_one_person_are_few_in_a_day_however_many_links_they_take(app: Flask, amina: Person) -> None:
    _, secret = with_app(app)
    guessed = 0
    for hour in range(2, 9):
        with clock.stopped_at(clock.now() + timedelta(hours=hour)):
            client = app.test_client()
            sign_in_by_link(client, AMINA)
            found = [second(client, wrong(secret)).status_code for _ in range(5)]
            guessed += sum(code in (422, 410) for code in found)
    assert guessed == 30
    assert found[-1] == 429


def test_of_many_at_once_with_the_same_code_one_is_let_in(app: Flask, amina: Person) -> None:
    client, secret = with_app(app)
    half, at = token_of(client), clock.now() + timedelta(minutes=2)
    with clock.stopped_at(at):
        digits = code_of(secret)

    def enter(_number: int) -> bool:
        browser = app.test_client()
        browser.set_cookie("desk", half)
        with clock.stopped_at(at):
            return second(browser, digits).location == "/en/account"

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(enter, range(8))) == 1


def test_whoever_has_a_way_in_cannot_set_up_another_by_link_alone(app: Flask, amina: Person) -> None:
    client, _ = with_app(app)
    assert client.get("/en/account/app").location == "/en/sign-in/second"
    assert client.post("/en/account/passkeys/options").status_code == 403
    assert client.post("/en/account/passkeys", data={"credential": "{}"}).location == "/en/sign-in/second"
    assert ways_of(app, amina) == (0, True)


def test_of_two_half_way_in_only_the_first_sets_up_a_way_in(app: Flask, amina: Person) -> None:
    """The mailbox may be read by two: what one has begun is worth nothing once the other has finished."""
    first, late = signed_in(app, amina, Level.LINK), signed_in(app, amina, Level.LINK)
    page, device = late.get("/en/account/app").text, Authenticator()
    made = device.make(new_options(late))
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    secret = re.search(r'class="app-secret" dir="ltr">([A-Z2-7 ]+)<', page)
    assert sealed
    assert secret
    set_up_app(first)
    late.post("/en/account/app", data={"sealed": sealed[1], "digits": code_of(secret[1].replace(" ", ""))})
    late.post("/en/account/passkeys", data={"credential": made})
    assert ways_of(app, amina) == (0, True)
    assert is_half_way(late)


def test_somebody_with_a_passkey_and_no_app_is_asked_for_the_passkey_and_told_who_helps(
    app: Flask, client: FlaskClient, amina: Person
) -> None:
    add_passkey(signed_in(app, amina))
    sign_in_by_link(client, AMINA)
    page = client.get("/en/sign-in/second").text
    assert "Use your passkey" in page
    assert "Have you lost it?" in page
    assert 'name="digits"' not in page
    assert second(client, "123456").status_code == 200
    assert is_half_way(client)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("is_offered", [False, True])
def test_reviewers_and_administrators_set_up_a_passkey_and_no_app(app: Flask, client: FlaskClient, role: Role, is_offered: bool) -> None:
    person = make_person(app, "rev@example.org", roles=[role])
    with writing(room_of(app).engine) as session:
        session.get_one(Grant, (person.id, role.value)).accepted_at = None if is_offered else clock.now()
    sign_in_by_link(client, "rev@example.org")
    page = client.get("/en/sign-in/second").text
    assert "Set up a passkey" in page
    assert "/account/app" not in page
    assert client.get("/en/account/app").location == "/en/sign-in/second"
    add_passkey(client)
    assert client.get("/en/account").status_code == 200
    assert client.get("/en/account/app").location == "/en/account"


def test_an_editor_who_becomes_a_reviewer_is_asked_for_a_passkey_and_is_none_before(app: Flask, amina: Person) -> None:
    client, secret = with_app(app)
    with writing(room_of(app).engine) as session:
        session.add(Grant(person_id=amina.id, role=Role.REVIEWER, invited_by="test", invited_at=clock.now(), accepted_at=clock.now()))
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        assert second(client, code_of(secret)).location == "/en/account#passkeys"
        assert "needs a passkey" in client.get("/en/account").text
        with reading(room_of(app).engine) as session:
            member = find_member(session, token_of(client))
            assert member
            assert not member.has(Role.REVIEWER)
        add_passkey(client)
        assert level_of(client) is Level.PASSKEY
        with reading(room_of(app).engine) as session:
            assert not find_ways(session, amina.id).takes_codes, "now that there is a passkey"


def test_the_secret_of_an_app_is_sealed_and_bound_to_its_owner(app: Flask, amina: Person) -> None:
    _, secret = with_app(app)
    kim = make_person(app, "kim@example.org")
    engine = room_of(app).engine
    with writing(engine) as session:
        kept = session.get_one(CodeApp, amina.id)
        assert secret.encode() not in kept.sealed
        session.add(CodeApp(person_id=kim.id, sealed=kept.sealed, confirmed_at=clock.now(), last_step=0))
    client = signed_in(app, kim, Level.LINK)
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        assert second(client, code_of(secret)).status_code == 422, "what belongs to another opens nowhere else"


def test_a_secret_is_confirmed_only_by_whom_it_was_shown_to_and_by_its_own_code(app: Flask, amina: Person) -> None:
    first, other = signed_in(app, amina, Level.LINK), signed_in(app, make_person(app, "kim@example.org"), Level.LINK)
    page = first.get("/en/account/app").text
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    secret = re.search(r'class="app-secret" dir="ltr">([A-Z2-7 ]+)<', page)
    assert sealed
    assert secret
    right = code_of(secret[1].replace(" ", ""))
    for client, form in (
        (other, {"sealed": sealed[1], "digits": right}),
        (first, {"sealed": "", "digits": right}),
        (first, {"sealed": "x" * 5000 + "\x00é", "digits": right}),
        (first, {"sealed": sealed[1][:-4] + "AAAA", "digits": right}),
        (first, {"sealed": sealed[1], "digits": wrong(secret[1].replace(" ", ""))}),
    ):
        assert client.post("/en/account/app", data=form).status_code == 422
    again = first.post("/en/account/app", data={"sealed": sealed[1], "digits": ""})
    assert secret[1] in again.text, "what was added to the app is still good"
    assert first.post("/en/account/app", data={"sealed": sealed[1], "digits": right}).status_code == 303


def test_the_picture_the_link_and_the_words_are_the_same_secret(app: Flask, amina: Person) -> None:
    page = signed_in(app, amina, Level.LINK).get("/en/account/app").text
    secret = re.search(r'class="app-secret" dir="ltr">([A-Z2-7 ]+)<', page)
    address = re.search(r'href="(otpauth://totp/[^"]+)"', page)
    assert secret
    assert address
    assert pyotp.parse_uri(address[1].replace("&amp;", "&")).secret == secret[1].replace(" ", "")
    assert "<svg" in page.split('class="app-picture"')[1]


def test_changes_of_ways_in_are_in_the_history_by_id_alone(app: Flask, amina: Person) -> None:
    client = signed_in(app, amina)
    add_passkey(client)
    set_up_app(client)
    with reading(room_of(app).engine) as session:
        lines = session.scalars(select(HistoryLine).where(HistoryLine.resource_id == amina.id).order_by(HistoryLine.id)).all()
        assert [(line.action, line.acted_by, line.changes) for line in lines] == [
            ("passkey added", f"person:{amina.id}", {}),
            ("code app set up", f"person:{amina.id}", {}),
        ]


@pytest.mark.parametrize("path", ["/en/sign-in/second", "/en/account/app", "/en/account/passkeys/options", "/en/account/passkeys"])
def test_nobody_gets_here_without_a_link(client: FlaskClient, path: str) -> None:
    assert client.post(path).location.startswith("/en/sign-in")
