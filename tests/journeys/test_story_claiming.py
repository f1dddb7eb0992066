"""Stories over HTTP: a club finds its own page and takes it over by its domain; a club that is missing is added, and found."""

from __future__ import annotations

import re
import uuid

import pytest
from accounts import make_person, signed_in
from editing import words_on
from filling import filled
from flask import Flask
from flask.testing import FlaskClient
from signing import letters, mailed, set_up_app, sign_in_by_link
from sqlalchemy import select
from test_story_people import mail_to, says_yes

from portal.accounts.audiences import Role
from portal.db import reading
from portal.directory.models import Organization


def reviewer(app: Flask, email: str = "rita@example.net") -> FlaskClient:
    return signed_in(app, make_person(app, email, roles=[Role.REVIEWER], name="Rita"))


def test_a_volunteer_finds_their_club_proves_the_address_and_keeps_it(app: Flask) -> None:
    phone = app.test_client()
    results = phone.get("/en/search?q=chatter tables")
    listing = phone.get(re.findall(r'href="(/en/services/[0-9a-f-]{36})[^"]*">Chatter', results.text)[0])
    claim = re.findall(r'href="(/en/claim/[0-9a-f-]{36})"', listing.text)[0]
    club = uuid.UUID(claim.rsplit("/", 1)[1])
    with reading(app.extensions["people"].engine) as session:
        host = (session.get_one(Organization, club).website or "").partition("//")[2].strip("/")
    email = f"jo@{host}"

    assert phone.post(claim, data={"email": email}).location == f"{claim}/sent?how=invited"
    (letter,) = mail_to(app, email)
    assert "/en/sign-in" in letter

    sign_in_by_link(phone, email)
    assert mailed(phone, email)
    set_up_app(phone)
    offers = phone.get("/en/account/offers")
    assert "Chatter Tables" in words_on(offers)
    phone.post("/en/account/offers", data={"offer": str(club), "answer": "yes"})

    desk = phone.get("/en/my-listings")
    assert "Chatter Tables" in words_on(desk)
    service = re.findall(r"/en/my-listings/([0-9a-f-]{36})", desk.text)[0]
    start = f"/en/my-listings/{service}/start"
    assert phone.post(start, data={**filled(phone.get(start)), "do": "save", "wait_time": "None at all"}).status_code == 303
    check = f"/en/my-listings/{service}/check"
    assert phone.post(check, data=filled(phone.get(check))).status_code == 303
    assert "Chatter Tables" in words_on(reviewer(app).get("/en/review"))


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_missing_club_is_added_written_and_found(app: Flask, language: str) -> None:
    phone = app.test_client()
    assert f'href="/{language}/add-organisation"' in phone.get(f"/{language}/sign-in").text
    told = {
        "organization": "Zephyr Kite Makers",
        "about": "We make kites together on Saturdays.",
        "where": "Eastmoor",
        "website": "kites.example",
        "organization_phone": "01632 960888",
        "name": "Kim Oak",
        "role": "Chair",
        "email": "kim@gmail.com",
    }
    assert phone.post(f"/{language}/add-organisation", data=told).location == f"/{language}/add-organisation/sent"
    assert letters(app) == []

    rita = reviewer(app)
    claim = re.findall(r'href="(/en/claims/[0-9a-f-]{36})"', rita.get("/en/claims").text)[0]
    assert "Zephyr Kite Makers" in words_on(rita.get(claim))
    assert rita.post(claim, data={"act": "accept"}).location == "/en/claims?done=yes"
    with reading(app.extensions["people"].engine) as session:
        club = session.scalars(select(Organization.id).where(Organization.name == "Zephyr Kite Makers")).one()
    assert phone.get(f"/en/organizations/{club}").status_code == 404, "nobody sees it before it says anything"
    (letter,) = mail_to(app, "kim@gmail.com")
    assert f"/{language}/sign-in" in letter

    kim = says_yes(app, "kim@gmail.com")
    new = f"/en/my-listings/new/{club}"
    assert new in kim.get("/en/my-listings").text
    about = kim.get(f"{new}/about")
    written = {
        **filled(about),
        "do": "save",
        "name": "Kite making mornings",
        "description": "Make a kite with others. Everybody is welcome.",
    }
    assert kim.post(f"{new}/about", data=written).status_code == 303
    check = kim.get(f"{new}/check")
    assert kim.post(f"{new}/check", data=filled(check)).status_code == 303

    proposal = re.findall(r'href="(/en/review/[0-9a-f-]{36})"', rita.get("/en/review").text)[0]
    page = rita.get(proposal)
    assert "Kite making mornings" in words_on(page)
    assert rita.post(proposal, data={**filled(page), "act": "publish"}).status_code == 303
    app.extensions["search"].index.follow()
    assert "Kite making mornings" in words_on(phone.get("/en/search?q=kite making"))
    assert "Zephyr Kite Makers" in words_on(phone.get(f"/en/organizations/{club}"))
