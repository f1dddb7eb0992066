"""A story over HTTP: a council asks somebody to keep a club's listings; she asks a colleague, hands over, and the last one leaves."""

from __future__ import annotations

import re
import uuid

from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.audiences import Role
from portal.accounts.models import Person
from portal.accounts.queries import find_person
from portal.db import reading
from portal.directory.models import Organization
from portal.mail import carriers_from, deliver


def person(app: Flask, email: str) -> Person:
    """Who has this address, as signing in would find them."""
    with reading(app.extensions["people"].engine) as session:
        found = find_person(session, email)
        assert found is not None
        return found


def mail_to(app: Flask, email: str) -> list[str]:
    """The e-mails that have reached somebody, sent as the site sends them."""
    settings = app.extensions["test settings"]
    deliver(app.extensions["people"].engine, settings.secret_key, carriers_from(settings))
    written = [file.read_text("utf-8") for file in sorted((settings.instance / "outbox").iterdir()) if file.suffix == ".eml"]
    return [letter for letter in written if re.search(rf"^To: .*{re.escape(email)}", letter, re.MULTILINE)]


def says_yes(app: Flask, email: str) -> FlaskClient:
    """Somebody signs in with the address that was written to, and says yes to all that they are asked."""
    browser = signed_in(app, person(app, email))
    page = browser.get("/en/account/offers").text
    offers = re.findall(r'name="offer" value="([^"]+)"', page)
    assert offers
    for offer in offers:
        assert browser.post("/en/account/offers", data={"offer": offer, "answer": "yes"}).location == "/en/account/offers?done=yes"
    return browser


def test_a_club_is_kept_by_one_after_another_and_then_by_nobody(app: Flask) -> None:
    with reading(app.extensions["people"].engine) as session:
        club, name = session.execute(select(Organization.id, Organization.name).order_by(Organization.name)).first() or (uuid.uuid4(), "")
    mine, councils = f"/en/organizations/{club}/people", f"/en/people/organizations/{club}"
    boss = signed_in(app, make_person(app, "boss@example.org", roles=[Role.ADMINISTRATOR], name="Jo Boss"))

    boss.post(f"{councils}/invite", data={"email": "amina@example.org", "name": "Amina Rahman", "language": "en"})
    (letter,) = mail_to(app, "amina@example.org")
    assert "Jo Boss" in letter
    assert "/en/sign-in" in letter
    amina = says_yes(app, "amina@example.org")
    assert "Amina Rahman" in amina.get(mine).text

    amina.post(f"{mine}/invite", data={"email": "ben@example.org", "name": "Ben Okafor", "language": "en"})
    assert len(mail_to(app, "ben@example.org")) == 1
    ben = says_yes(app, "ben@example.org")
    assert "Ben Okafor" in amina.get(mine).text

    amina.post(f"{mine}/hand-over", data={"email": "carla@example.org", "name": "Carla", "language": "en"})
    assert amina.get(mine).status_code == 200, "she keeps them until Carla says yes"
    says_yes(app, "carla@example.org")
    assert amina.get(mine).status_code == 403
    assert any("You have handed over your listings" in letter for letter in mail_to(app, "amina@example.org"))

    carla = person(app, "carla@example.org").id
    assert ben.post(f"{mine}/remove", data={"person": str(carla)}).location == f"{mine}?done=removed"
    assert f"{councils}" not in boss.get(f"/en/people/organizations?show=nobody&name={name}").text
    assert "You are the only one who keeps them" in ben.get(f"{mine}/leave").text
    ben.post(f"{mine}/leave")
    assert councils in boss.get(f"/en/people/organizations?show=nobody&name={name}").text
    assert "Nobody keeps these listings now." in boss.get(councils).text

    story = boss.get(f"/en/people/{carla}").text
    assert [act for act in ("Asked", "Said yes", "Removed by a colleague") if act in story] == [
        "Asked",
        "Said yes",
        "Removed by a colleague",
    ]
    assert "Ben Okafor" in story
