"""One's own account: name and language, ways in that never all go, devices; and sign-ins that end when they should."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from signing import add_passkey, ask, is_in, letters, mailed, room_of, set_up_app, token_of, use_passkey, ways_of
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Level, Role
from portal.accounts.models import Grant, Membership, Person
from portal.accounts.signing import sessions
from portal.accounts.signing.models import Passkey, SignIn
from portal.db import reading, writing
from portal.directory.models import Organization
from portal.errors import NotFound
from portal.history import HistoryLine
from portal.web import tending
from portal.web.holdings import hold

AMINA = "amina@example.org"
ACCOUNT = "/en/account"


@pytest.fixture
def amina(app: Flask) -> Person:
    return make_person(app, AMINA)


@pytest.fixture
def phone(app: Flask, amina: Person) -> FlaskClient:
    """Her phone, just signed in."""
    return signed_in(app, amina)


def passkeys(app: Flask) -> list[uuid.UUID]:
    with reading(room_of(app).engine) as session:
        return list(session.scalars(select(Passkey.id).order_by(Passkey.added_at)))


def test_name_and_language_are_changed_and_what_was_typed_is_kept_when_it_cannot_be(app: Flask, phone: FlaskClient, amina: Person) -> None:
    found = phone.post(ACCOUNT, data={"name": "  Amina\u202e  Khan ", "language": "ur"})
    assert found.location == ACCOUNT
    assert 'value="Amina Khan"' in phone.get(ACCOUNT).text
    for form in (
        {"name": "", "language": "ur"},
        {"name": "x" * 81, "language": "ur"},
        {"name": "Amina", "language": "xx"},
        {"name": "Kept"},
    ):
        refused = phone.post(ACCOUNT, data=form)
        assert refused.status_code == 422
    assert 'value="Kept"' in refused.text
    with reading(room_of(app).engine) as session:
        person = session.get_one(Person, amina.id)
        assert (person.name, person.language) == ("Amina Khan", "ur")
        [line] = session.scalars(select(HistoryLine).where(HistoryLine.resource_id == amina.id))
        assert (line.action, line.changes) == ("changed own details", {"language": ["en", "ur"]})
        assert "Amina" not in str(line.__dict__)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "%(x)s", "\x00\x01a"])
def test_a_name_runs_nowhere(phone: FlaskClient, name: str) -> None:
    phone.post(ACCOUNT, data={"name": name, "language": "en"})
    page = phone.get(ACCOUNT).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert ">49<" not in page


def test_passkeys_are_renamed_and_removed_but_never_the_last_way_in(app: Flask, phone: FlaskClient, amina: Person) -> None:
    add_passkey(phone)
    [first] = passkeys(app)
    phone.post("/en/account/passkeys/rename", data={"passkey": first, "name": "<i>My phone</i>"})
    assert "&lt;i&gt;My phone" in phone.get(ACCOUNT).text
    assert "/passkeys/remove" not in phone.get(ACCOUNT).text
    assert phone.post("/en/account/passkeys/remove", data={"passkey": first}).status_code == 422
    add_passkey(phone)
    assert "/passkeys/remove" in phone.get(ACCOUNT).text
    assert phone.post("/en/account/passkeys/remove", data={"passkey": first}).status_code == 303
    assert ways_of(app, amina) == (1, False)
    assert "A passkey was removed" in letters(app)[-1].body
    assert phone.post("/en/account/passkeys/remove", data={"passkey": passkeys(app)[0]}).status_code == 422
    set_up_app(phone)
    assert phone.post("/en/account/passkeys/remove", data={"passkey": passkeys(app)[0]}).status_code == 303
    assert phone.post("/en/account/app/remove").status_code == 422
    assert ways_of(app, amina) == (0, True)


def test_the_app_of_a_reviewer_is_no_way_in_that_would_let_the_last_passkey_go(app: Flask, phone: FlaskClient, amina: Person) -> None:
    add_passkey(phone)
    set_up_app(phone)
    with writing(room_of(app).engine) as session:
        session.add(Grant(person_id=amina.id, role=Role.REVIEWER, invited_by="test", invited_at=clock.now()))
    assert phone.post("/en/account/passkeys/remove", data={"passkey": passkeys(app)[0]}).status_code == 422
    assert phone.post("/en/account/app/remove").status_code == 303
    assert ways_of(app, amina) == (1, False)


def test_of_two_that_remove_the_last_two_at_once_one_does(app: Flask, phone: FlaskClient, amina: Person) -> None:
    add_passkey(phone)
    add_passkey(phone)
    both, cookie, at = passkeys(app), token_of(phone), clock.now()

    def remove(passkey_id: uuid.UUID) -> int:
        browser = app.test_client()
        browser.set_cookie("desk", cookie)
        with clock.stopped_at(at):
            return browser.post("/en/account/passkeys/remove", data={"passkey": passkey_id}).status_code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(remove, both)) == [303, 422]
    assert ways_of(app, amina) == (1, False)


def test_nobody_touches_what_is_anothers(app: Flask, phone: FlaskClient) -> None:
    add_passkey(phone)
    add_passkey(phone)
    hers, _ = passkeys(app)
    other = signed_in(app, make_person(app, "kim@example.org"))
    add_passkey(other)
    add_passkey(other)
    assert other.post("/en/account/passkeys/rename", data={"passkey": hers, "name": "Mine"}).status_code == 404
    assert other.post("/en/account/passkeys/remove", data={"passkey": hers}).status_code == 422
    with reading(room_of(app).engine) as session:
        assert session.get_one(Passkey, hers).name == ""
        sign_in = session.scalars(select(SignIn.id).order_by(SignIn.started_at)).all()
    for each in sign_in:
        if sessions._id(token_of(other)) != each:
            other.post("/en/account/devices/end", data={"device": each})
    assert is_in(phone)


@pytest.mark.parametrize("value", ["", "x", "\x00", "1" * 40, "0" * 32])
def test_ids_that_are_none_are_not_found(phone: FlaskClient, value: str) -> None:
    assert phone.post("/en/account/passkeys/rename", data={"passkey": value, "name": "x"}).status_code == 404
    assert phone.post("/en/account/passkeys/remove", data={"passkey": value}).status_code in (404, 422)
    assert phone.post("/en/account/devices/end", data={"device": value}).status_code == 303
    assert is_in(phone)


def test_ways_in_are_changed_only_within_ten_minutes_of_signing_in(app: Flask, phone: FlaskClient, amina: Person) -> None:
    add_passkey(phone)
    device, _ = add_passkey(phone)
    with clock.stopped_at(clock.now() + timedelta(minutes=10)):
        page = phone.get(ACCOUNT).text
        assert "sign in once more first" in page
        assert "/passkeys/remove" not in page
        assert phone.post("/en/account/passkeys/options").status_code == 403
        assert phone.post("/en/account/passkeys/remove", data={"passkey": passkeys(app)[0]}).status_code == 422
        assert phone.get("/en/account/app").location == ACCOUNT
        assert ways_of(app, amina) == (2, False)
        assert use_passkey(phone, device, "/en/sign-in/passkey?then=/en/account").location == ACCOUNT
        assert phone.post("/en/account/passkeys/remove", data={"passkey": passkeys(app)[0]}).status_code == 303


def test_devices_are_listed_and_signed_out_one_by_one_and_all_at_once(app: Flask, phone: FlaskClient, amina: Person) -> None:
    laptop, library = signed_in(app, amina), signed_in(app, amina)
    page = phone.get(ACCOUNT).text
    assert page.count("Chrome, Android") == 3
    assert page.count("this one") == 1
    others = re.findall(r'name="device" value="(\w+)"', page)
    assert len(others) == 2
    assert token_of(laptop) not in page
    phone.post("/en/account/devices/end", data={"device": others[0]})
    assert sorted([is_in(laptop), is_in(library)]) == [False, True]
    assert is_in(phone)
    assert phone.post("/en/account/devices/end-all").location == "/en/signed-out"
    assert not any(is_in(each) for each in (phone, laptop, library))


def test_signing_out_ends_the_sign_in_not_only_the_cookie(app: Flask, phone: FlaskClient) -> None:
    kept = token_of(phone)
    assert phone.post("/en/sign-out").location == "/en/signed-out"
    assert token_of(phone) == ""
    thief = app.test_client()
    thief.set_cookie("desk", kept)
    assert not is_in(thief)
    assert app.test_client().post("/en/sign-out").location == "/en/signed-out", "also for whoever is not signed in"
    assert phone.get("/en/sign-out").status_code == 405, "a link or a picture signs nobody out"


def test_a_sign_in_ends_twelve_hours_after_its_start_however_busy_it_is(app: Flask, phone: FlaskClient) -> None:
    start = clock.now()
    for minutes in (*range(50, 12 * 60, 50), 12 * 60 - 1):
        with clock.stopped_at(start + timedelta(minutes=minutes)):
            assert is_in(phone)
    with clock.stopped_at(start + timedelta(hours=12)):
        assert not is_in(phone)


def test_what_is_not_used_for_an_hour_ends(app: Flask, phone: FlaskClient) -> None:
    with clock.stopped_at(clock.now() + timedelta(minutes=60)):
        assert not is_in(phone)


def test_a_lost_role_or_organization_works_at_once(app: Flask) -> None:
    with reading(room_of(app).engine) as session:
        organization = session.scalars(select(Organization.id).limit(1)).one()
    person = make_person(app, "rev@example.org", roles=[Role.REVIEWER], organizations=[organization])
    client = signed_in(app, person)

    def member(session: Session) -> tuple[bool, bool]:
        found = sessions.find_member(session, token_of(client))
        assert found
        return found.has(Role.REVIEWER), found.edits(organization)

    engine = room_of(app).engine
    with reading(engine) as session:
        assert member(session) == (True, True)
    with writing(engine) as session:
        session.delete(session.get_one(Grant, (person.id, Role.REVIEWER.value)))
        session.get_one(Membership, (person.id, organization)).accepted_at = None
    with reading(engine) as session:
        assert member(session) == (False, False)
    with writing(engine) as session:
        session.get_one(Person, person.id).left_at = clock.now()
    assert not is_in(client)


def test_two_steps_up_at_once_are_one(app: Flask, amina: Person) -> None:
    engine = room_of(app).engine
    client = signed_in(app, amina, Level.LINK)
    with writing(engine) as session:
        member = sessions.find_member(session, token_of(client))
        assert member
        sessions.step_up(session, member, Level.CODE)
        with pytest.raises(NotFound):
            sessions.step_up(session, member, Level.PASSKEY)


def test_a_page_costs_a_write_once_a_minute(app: Flask, phone: FlaskClient) -> None:
    def seen() -> object:
        with reading(room_of(app).engine) as session:
            return session.scalars(select(SignIn.seen_at)).one()

    first = seen()
    with clock.stopped_at(clock.now() + timedelta(seconds=59)):
        phone.get(ACCOUNT)
        assert seen() == first
    with clock.stopped_at(clock.now() + timedelta(seconds=60)):
        phone.get(ACCOUNT)
        assert seen() != first


def test_what_is_over_is_forgotten_by_tending_and_mail_goes_out_in_the_same_pass(app: Flask, amina: Person) -> None:
    settings, client = app.extensions["test settings"], app.test_client()
    held = hold(settings)
    client.post("/en/sign-in", data={"email": AMINA})
    tending.tend(settings, held)
    assert len([file for file in (settings.instance / "outbox").iterdir() if file.suffix == ".eml"]) == 1
    signed_in(app, amina)
    with clock.stopped_at(clock.now() + timedelta(hours=2)):
        tending.tend(settings, held)
    with reading(held.engine) as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 0


def test_over_https_cookies_are_for_this_host_only_and_for_no_script(make_app: Callable[..., Flask]) -> None:
    app = make_app(base_url="https://localhost")
    make_person(app, AMINA)
    client = app.test_client()
    found = client.post("/en/sign-in", data={"email": AMINA}, base_url="https://localhost")
    [cookie] = found.headers.getlist("Set-Cookie")
    assert re.fullmatch(r"__Host-asked=[\w-]{43}; Secure; HttpOnly; Path=/; SameSite=Lax", cookie)


def test_a_sign_in_from_another_sites_form_is_refused(app: Flask, client: FlaskClient, amina: Person) -> None:
    ask(client, AMINA)
    [mail] = mailed(app, AMINA)
    for path, form in (
        (mail.path, {}),
        ("/en/sign-in/sent", {"digits": mail.digits}),
        ("/en/sign-in", {"email": AMINA}),
        ("/en/sign-out", {}),
    ):
        assert client.post(path, data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post(mail.path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_the_database_holds_no_token(app: Flask, phone: FlaskClient) -> None:
    with reading(room_of(app).engine) as session:
        row = session.scalars(select(SignIn)).one()
    assert token_of(phone) not in str(row.__dict__)


@pytest.mark.parametrize("value", ["", "x", "x" * 43, "é" * 43, "\x01" * 43, "x" * 4000])
def test_a_cookie_that_we_never_gave_is_nobody(app: Flask, value: str) -> None:
    client = app.test_client()
    for header in (f"desk={value}", f"desk={value}; desk={value}"):
        found = client.get(ACCOUNT, headers={"Cookie": header.encode().decode("latin-1")})
        assert found.location == "/en/sign-in?then=/en/account"


def test_the_account_is_the_last_link_of_every_desk(phone: FlaskClient) -> None:
    links = re.findall(r"<a href=\"([^\"]+)\"", phone.get(ACCOUNT).text.split('class="desk-links"')[1].split("</ul>")[0])
    assert links[-1] == ACCOUNT
