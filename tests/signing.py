"""Signing in as people do it, for tests: ask, read the e-mail, open or type what is in it; codes of an app; passkeys."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pyotp
from authenticator import Authenticator
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import clock
from portal.accounts.models import Person
from portal.accounts.signing import asking
from portal.accounts.signing.models import CodeApp, Passkey
from portal.accounts.signing.room import SigningRoom
from portal.db import reading, writing
from portal.mail import Message, Outgoing
from portal.sealing import key_of_site

COOKIE = "desk"


@dataclass(frozen=True)
class Mailed:
    """What an e-mail lets somebody do."""

    path: str
    digits: str


def room_of(where: Flask | FlaskClient) -> SigningRoom:
    """The room of an application, or of a client's."""
    app = where if isinstance(where, Flask) else where.application
    room: SigningRoom = app.extensions["signing"]
    return room


def letters(where: Flask | FlaskClient) -> list[Message]:
    """Every e-mail that waits, the oldest first."""
    room = room_of(where)
    key = key_of_site(room.secret, "mail")
    with reading(room.engine) as session:
        rows = session.scalars(select(Outgoing).order_by(Outgoing.posted_at)).all()
        return [Message.unpacked(key.open(row.sealed, str(row.id))) for row in rows if row.sealed]


def look_up(where: Flask | FlaskClient) -> int:
    """What the thread that tends does next; how many asks there were."""
    room = room_of(where)
    with writing(room.engine) as session:
        return asking.look_up(session, room)


def ask(client: FlaskClient, email: str, address: str = "/en/sign-in", **options: Any) -> TestResponse:
    """Type an address, and let the site look it up."""
    response = client.post(address, data={"email": email}, **options)
    look_up(client)
    return response


def mailed(where: Flask | FlaskClient, email: str) -> list[Mailed]:
    """The links and digits sent to an address, in the order in which they were sent."""
    bodies = [letter.body for letter in letters(where) if letter.to == email]
    links = [(re.search(r"http://localhost:8000(/\w\w/sign-in/link/\S+)", body), re.search(r"\b\d{3} \d{3}\b", body)) for body in bodies]
    return [Mailed(link[1], digits[0]) for link, digits in links if link and digits]


def sign_in_by_link(client: FlaskClient, email: str, address: str = "/en/sign-in") -> TestResponse:
    """Ask, open the newest e-mail's link in the same browser and press its button."""
    ask(client, email, address)
    return client.post(mailed(client, email)[-1].path)


def set_up_app(client: FlaskClient) -> tuple[str, TestResponse]:
    """Set up an app; its secret, and where that led."""
    page = client.get("/en/account/app").text
    secret = re.search(r'class="app-secret" dir="ltr">([A-Z2-7 ]+)<', page)
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert secret
    assert sealed
    plain = secret[1].replace(" ", "")
    return plain, client.post("/en/account/app", data={"sealed": sealed[1], "digits": code_of(plain)})


def code_of(secret: str, steps: int = 0) -> str:
    """What an app shows now, or some steps of 30 seconds later."""
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()) + 30 * steps)


def add_passkey(client: FlaskClient, device: Authenticator | None = None) -> tuple[Authenticator, TestResponse]:
    """Add a passkey of this device (a new one by itself); where that led."""
    device = device or Authenticator()
    return device, client.post("/en/account/passkeys", data={"credential": device.make(new_options(client))})


def use_passkey(client: FlaskClient, device: Authenticator, address: str = "/en/sign-in/passkey") -> TestResponse:
    """Sign in by a passkey."""
    return client.post(address, data={"credential": device.use(options(client))})


def options(client: FlaskClient) -> dict[str, Any]:
    """A challenge to use a passkey."""
    found: dict[str, Any] = json.loads(client.post("/en/sign-in/passkey/options").text)
    return found


def new_options(client: FlaskClient) -> dict[str, Any]:
    """A challenge to make a passkey."""
    found: dict[str, Any] = json.loads(client.post("/en/account/passkeys/options").text)
    return found


def token_of(client: FlaskClient, name: str = COOKIE) -> str:
    """What a cookie of this browser holds; empty for none."""
    cookie = client.get_cookie(name)
    return cookie.value if cookie else ""


def is_in(client: FlaskClient) -> bool:
    """Whether this browser is signed in, with both steps."""
    return client.get("/en/account").status_code == 200


def is_half_way(client: FlaskClient) -> bool:
    """Whether this browser has the second step before it."""
    found = client.get("/en/account")
    return found.status_code == 303 and found.location.startswith("/en/sign-in/second")


def ways_of(where: Flask | FlaskClient, person: Person) -> tuple[int, bool]:
    """How many passkeys somebody has, and whether they have an app."""
    with reading(room_of(where).engine) as session:
        passkeys = session.scalars(select(Passkey.id).where(Passkey.person_id == person.id)).all()
        return len(passkeys), session.get(CodeApp, person.id) is not None
