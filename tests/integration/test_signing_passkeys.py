"""Passkeys: what an authenticator answers is taken once, for this site, this browser and this challenge, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from accounts import make_person, signed_in
from authenticator import Authenticator, raw, text
from flask import Flask
from flask.testing import FlaskClient
from signing import add_passkey, is_in, letters, new_options, options, room_of, token_of, use_passkey, ways_of
from sqlalchemy import func, select

from portal import clock
from portal.accounts.models import Person
from portal.accounts.signing.models import Ceremony, Passkey
from portal.accounts.signing.passkeys import MOST, purge_ceremonies
from portal.db import reading, writing

AMINA = "amina@example.org"
USE, ADD = "/en/sign-in/passkey", "/en/account/passkeys"


@pytest.fixture
def amina(app: Flask) -> Person:
    return make_person(app, AMINA)


@pytest.fixture
def device(app: Flask, amina: Person) -> Authenticator:
    """A device with a passkey of hers."""
    made, _ = add_passkey(signed_in(app, amina))
    return made


def test_a_passkey_signs_in_without_a_name_being_typed(client: FlaskClient, device: Authenticator) -> None:
    given = options(client)
    assert given["rpId"] == "localhost"
    assert given["userVerification"] == "required"
    assert not given.get("allowCredentials")
    assert use_passkey(client, device).location == "/en/account"
    assert is_in(client)
    assert token_of(client, "ceremony") == ""


def test_what_a_new_passkey_must_be(app: Flask, amina: Person, device: Authenticator) -> None:
    given = new_options(signed_in(app, amina))
    chosen = given["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"], given["attestation"]) == ("required", "required", "none")
    assert [each["id"] for each in given["excludeCredentials"]] == [text(device.id)]
    assert raw(given["user"]["id"]) == amina.id.bytes


def test_an_answer_that_was_recorded_is_worth_nothing(app: Flask, client: FlaskClient, device: Authenticator) -> None:
    ceremony = options(client)
    cookie, answer = token_of(client, "ceremony"), device.use(ceremony)
    assert client.post(USE, data={"credential": answer}).status_code == 303
    thief = app.test_client()
    for _ in range(2):
        thief.set_cookie("ceremony", cookie)
        assert thief.post(USE, data={"credential": answer}).status_code == 422
        options(thief)
        assert thief.post(USE, data={"credential": answer}).status_code == 422
    assert not is_in(thief)


def test_a_challenge_belongs_to_one_browser_and_is_spent_by_the_first_answer(
    app: Flask, client: FlaskClient, device: Authenticator
) -> None:
    ceremony, other = options(client), app.test_client()
    answer = device.use(ceremony)
    assert other.post(USE, data={"credential": answer}).status_code == 422
    options(other)
    assert other.post(USE, data={"credential": answer}).status_code == 422
    assert client.post(USE, data={"credential": "{}"}).status_code == 422
    assert client.post(USE, data={"credential": answer}).status_code == 422, "rubbish has spent it"


def test_a_challenge_lasts_five_minutes(app: Flask, client: FlaskClient, device: Authenticator) -> None:
    answer = device.use(options(client))
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        assert client.post(USE, data={"credential": answer}).status_code == 422
        with writing(room_of(app).engine) as session:
            purge_ceremonies(session)
            assert session.scalar(select(func.count()).select_from(Ceremony)) == 0


LIES: dict[str, Callable[[Authenticator], Authenticator]] = {
    "another origin": lambda it: replace(it, origin="http://evil.example"),
    "another port": lambda it: replace(it, origin="http://localhost:9999"),
    "another site": lambda it: replace(it, host="evil.example"),
    "nobody looked": lambda it: replace(it, flags=0x01),
    "nobody there": lambda it: replace(it, flags=0x04),
    "another key": lambda it: replace(it, key=Authenticator().key),
    "another credential": lambda it: replace(it, id=b"x" * 32),
    "somebody else's handle": lambda it: replace(it, handle=b"x" * 16),
    "a counter gone back": lambda it: replace(it, count=0),
    "a counter that stands": lambda it: replace(it, count=it.count - 1),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_not_exactly_right_signs_nobody_in(client: FlaskClient, device: Authenticator, lie: str) -> None:
    for _ in range(3):
        assert use_passkey(client, device).status_code == 303
    client.post("/en/sign-out")
    found = use_passkey(client, LIES[lie](device))
    assert found.status_code == 422
    assert "could not sign you in with that passkey" in found.text
    assert not is_in(client)
    assert use_passkey(client, device).status_code == 303, "the real one still works"


@pytest.mark.parametrize("lie", ["another origin", "another port", "another site", "nobody looked", "nobody there"])
def test_what_is_not_exactly_right_is_not_added(app: Flask, amina: Person, lie: str) -> None:
    client = signed_in(app, amina)
    _, found = add_passkey(client, LIES[lie](Authenticator(handle=b"x", count=1)))
    assert found.status_code == 422
    assert ways_of(app, amina) == (0, False)


def test_a_passkey_that_never_counts_is_taken_each_time(app: Flask, amina: Person, client: FlaskClient) -> None:
    """Passkeys that are kept in step over several devices say 0 for ever."""
    device, _ = add_passkey(signed_in(app, amina))
    for _ in range(2):
        device.count = -1
        assert use_passkey(client, device).status_code == 303


RUBBISH = ["", "{", "null", "[]", '"x"', "{}", "\x00", "é" * 2000, "[" * 20_000, '{"id": 1}', "9" * 5000, json.dumps({"id": "x" * 20_000})]


@pytest.mark.parametrize("credential", RUBBISH)
def test_rubbish_is_refused_in_words(app: Flask, amina: Person, credential: str) -> None:
    client = signed_in(app, amina)
    options(client)
    assert client.post(USE, data={"credential": credential}).status_code == 422
    new_options(client)
    assert client.post(ADD, data={"credential": credential}).status_code == 422
    assert ways_of(app, amina) == (0, False)


def altered(answer: str, **changes: Any) -> str:
    """An answer with parts of its response replaced."""
    found = json.loads(answer)
    found["response"].update(changes)
    return json.dumps(found)


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("value", ["", "AAAA", "!", None, 7, [], "A" * 3000])
def test_broken_parts_are_refused_in_words(client: FlaskClient, device: Authenticator, part: str, value: object) -> None:
    answer = altered(device.use(options(client)), **{part: value})
    found = client.post(USE, data={"credential": answer}).status_code
    assert found == (303 if (part, value) in (("userHandle", None),) else 422)


@pytest.mark.parametrize("value", ["", "AAAA", "!", None, 7, "o" * 3000, text(b"\x9f" * 500), text(b"\x81" * 3000)])
def test_broken_attestations_are_refused_in_words(app: Flask, amina: Person, value: object) -> None:
    client = signed_in(app, amina)
    answer = altered(Authenticator().make(new_options(client)), attestationObject=value)
    assert client.post(ADD, data={"credential": answer}).status_code == 422


def test_a_challenge_to_use_adds_nothing_and_one_to_add_signs_nobody_in(app: Flask, amina: Person, device: Authenticator) -> None:
    client = signed_in(app, amina)
    given = new_options(client)
    assert client.post(USE, data={"credential": device.use(given)}).status_code == 422
    asked = {**new_options(client), **options(client)}
    assert client.post(ADD, data={"credential": Authenticator().make(asked)}).status_code == 422
    assert ways_of(app, amina) == (1, False)


def test_a_challenge_to_one_person_adds_nothing_to_another(app: Flask, amina: Person) -> None:
    client, kim = signed_in(app, amina), make_person(app, "kim@example.org")
    answer = Authenticator().make(new_options(client))
    signed_in(client, kim)
    assert client.post(ADD, data={"credential": answer}).status_code == 422
    assert ways_of(app, kim) == (0, False)


def test_a_passkey_belongs_to_one_person(app: Flask, device: Authenticator) -> None:
    kim = make_person(app, "kim@example.org")
    _, found = add_passkey(signed_in(app, kim), replace(device, count=0))
    assert found.status_code == 422
    assert ways_of(app, kim) == (0, False)


def test_nobody_has_more_than_a_score(app: Flask, amina: Person) -> None:
    with writing(room_of(app).engine) as session:
        for number in range(MOST):
            kept = {"credential_id": b"%d" % number, "public_key": b"x", "sign_count": 0, "name": "", "added_at": clock.now()}
            session.add(Passkey(person_id=amina.id, **kept))
    _, found = add_passkey(signed_in(app, amina))
    assert found.status_code == 422


def test_the_passkey_of_somebody_who_has_left_signs_nobody_in(
    app: Flask, client: FlaskClient, amina: Person, device: Authenticator
) -> None:
    with writing(room_of(app).engine) as session:
        session.get_one(Person, amina.id).left_at = clock.now()
    assert use_passkey(client, device).status_code == 422


def test_it_is_called_after_its_device_and_its_owner_is_told(app: Flask, amina: Person) -> None:
    client = signed_in(app, amina)
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"
    client.environ_base["HTTP_USER_AGENT"] = agent
    add_passkey(client)
    with reading(room_of(app).engine) as session:
        assert session.scalars(select(Passkey.name)).all() == ["Chrome, Android"]
    assert (letters(app)[-1].to, "A passkey was added" in letters(app)[-1].body) == (AMINA, True)


def test_passkeys_are_not_offered_where_browsers_make_none(make_app: Callable[..., Flask]) -> None:
    app = make_app(base_url="http://192.0.2.7:8000")
    assert "data-passkey" not in app.test_client().get("/en/sign-in", headers={"Host": "192.0.2.7:8000"}).text
