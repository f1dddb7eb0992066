"""Pages of claims: what everybody sees, what is kept when something is wrong, who decides, and that nothing tells who has an account."""

from __future__ import annotations

import re
import uuid

import pytest
from accounts import make_person, signed_in
from editing import words_on
from filling import filled
from flask import Flask
from flask.testing import FlaskClient
from signing import letters
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.audiences import Role
from portal.db import reading
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.editing.claiming.models import Claim

HOSTILE = ("\x00", "a" * 60_000, "\u202eexample@example.org", "<script>alert(1)</script>", "9" * 20, "a@b@c", "n@example.org\nBcc: x@y.z")
DETAILS = {"step": "details", "name": "Jo Day", "role": "Secretary", "phone": "01632 960777", "proof": "Ring Mrs Vale"}
NEW = {
    "organization": "Zephyr Kite Makers",
    "about": "We make kites on Saturdays.",
    "where": "Eastmoor",
    "website": "kites.example",
    "organization_phone": "01632 960888",
    "name": "Kim Oak",
    "role": "Chair",
    "email": "kim@gmail.com",
    "phone": "",
}


@pytest.fixture
def club(app: Flask) -> Organization:
    """A public organization with a website of its own."""
    with reading(app.extensions["claiming"].engine) as session:
        own = (Organization.website.is_not(None), Service.status.in_(PUBLIC_STATUSES), Organization.name == "Chatter Tables")
        found = select(Organization).join(Service, Service.organization_id == Organization.id).where(*own)
        return session.scalars(found).unique().one()


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    """The browser of a reviewer."""
    return signed_in(app, make_person(app, "rita@example.net", roles=[Role.REVIEWER], name="Rita"))


def own_address(club: Organization) -> str:
    return f"jo@{(club.website or '').split('//')[1].strip('/')}"


def claims(app: Flask) -> list[Claim]:
    with reading(app.extensions["claiming"].engine) as session:
        return list(session.scalars(select(Claim).order_by(Claim.claimed_at)))


def claim(client: FlaskClient, club: Organization, email: str = "jo@gmail.com", **more: str) -> TestResponse:
    return client.post(f"/en/claim/{club.id}", data={"email": email, **more})


def test_every_service_and_organization_asks_whether_it_is_yours(client: FlaskClient, club: Organization) -> None:
    page = client.get(f"/en/organizations/{club.id}")
    service = re.findall(r'href="(/en/services/[0-9a-f-]{36})"', page.text)[0]
    for shown in (page, client.get(service)):
        assert f'href="/en/claim/{club.id}"' in shown.text
        assert "Is this your organisation? Keep it up to date" in words_on(shown)


def test_adding_is_offered_where_people_look_for_it(client: FlaskClient) -> None:
    for path in ("/en/sign-in", "/en/search?q=falls"):
        assert 'href="/en/add-organisation"' in client.get(path).text


def test_by_their_own_domain_an_invitation_is_on_its_way(app: Flask, client: FlaskClient, club: Organization) -> None:
    answer = claim(client, club, own_address(club))
    assert answer.location == f"/en/claim/{club.id}/sent?how=invited"
    assert "We have sent an e-mail to the address that you gave" in words_on(client.get(answer.location))
    (letter,) = letters(app)
    assert letter.to == own_address(club)


def test_by_any_other_address_a_person_is_told_more_and_nothing_typed_is_lost(app: Flask, client: FlaskClient, club: Organization) -> None:
    more = claim(client, club)
    assert more.status_code == 200
    assert filled(more)["email"] == "jo@gmail.com"
    wrong = claim(client, club, **{**DETAILS, "name": ""})
    assert wrong.status_code == 422
    assert {"role": "Secretary", "phone": "01632 960777", "proof": "Ring Mrs Vale"}.items() <= filled(wrong).items()
    assert "Write your name" in words_on(wrong)
    answer = claim(client, club, **DETAILS)
    assert answer.location == f"/en/claim/{club.id}/sent?how=sent"
    assert "A person at the council looks at it." in words_on(client.get(answer.location))
    assert len(claims(app)) == 1


def test_the_page_answers_the_same_whether_an_address_has_an_account_or_not(app: Flask, club: Organization) -> None:
    make_person(app, "known@example.net", organizations=[club.id])
    make_person(app, "somebody@example.net")
    seen = set()
    for email in ("known@example.net", "somebody@example.net", "new@example.net"):
        browser = app.test_client()
        first, second = claim(browser, club, email), claim(browser, club, email, **DETAILS)
        page = browser.get(second.location)
        seen.add((first.text.replace(email, "…"), second.status_code, second.location, page.text))
    assert len(seen) == 1


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_is_answered_in_words(client: FlaskClient, club: Organization, typed: str) -> None:
    assert claim(client, club, typed).status_code in (422, 303, 200)
    for name in ("name", "role", "phone", "proof"):
        assert claim(client, club, **{**DETAILS, name: typed}).status_code in (303, 422)
    for name in NEW:
        answer = client.post("/en/add-organisation", data={**NEW, name: typed}, environ_overrides={"REMOTE_ADDR": f"10.0.0.{len(name)}"})
        assert answer.status_code in (200, 303, 422)
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", [f"/en/claim/{uuid.UUID(int=7)}", f"/en/claim/{uuid.UUID(int=7)}/sent"])
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_from_one_place_only_so_many_are_taken(client: FlaskClient, club: Organization) -> None:
    statuses = [claim(client, club, f"n{number}@gmail.com").status_code for number in range(12)]
    assert statuses[:10] == [200] * 10
    assert statuses[10:] == [429, 429]


def test_a_missing_organization_is_held_against_those_that_are_here(app: Flask, client: FlaskClient, club: Organization) -> None:
    page = client.post("/en/add-organisation", data={**NEW, "organization": club.name.upper()})
    assert page.status_code == 200
    assert "Is it one of these?" in words_on(page)
    assert f'href="/en/claim/{club.id}"' in page.text
    assert claims(app) == []
    answer = client.post("/en/add-organisation", data=filled(page))
    assert answer.location == "/en/add-organisation/sent"
    assert "Thank you, we have it" in words_on(client.get(answer.location))
    assert len(claims(app)) == 1


def test_what_is_wrong_with_a_missing_organization_is_said_and_the_rest_stays(client: FlaskClient) -> None:
    page = client.post("/en/add-organisation", data={**NEW, "website": "no website", "organization_phone": "ring us", "about": ""})
    assert page.status_code == 422
    for words in ("Write a web address like www.example.org", "Write a phone number like", "Write what it does, in a sentence"):
        assert words in words_on(page)
    assert filled(page)["website"] == "no website"
    assert filled(page)["organization"] == "Zephyr Kite Makers"


def test_the_reviewer_looks_and_says_yes(app: Flask, client: FlaskClient, club: Organization, rita: FlaskClient) -> None:
    claim(client, club, **DETAILS)
    desk = rita.get("/en/claims")
    assert club.name in words_on(desk)
    address = f"/en/claims/{claims(app)[0].id}"
    page = rita.get(address)
    for words in ("Jo Day", "Secretary", "jo@gmail.com", "01632 960777", "Ring Mrs Vale", "Nothing in the address shows"):
        assert words in words_on(page)
    assert rita.post(address, data={"act": "accept"}).location == "/en/claims?done=yes"
    assert "We have written to them" in words_on(rita.get("/en/claims?done=yes"))
    late = rita.post(address, data={"act": "decline", "reason": "no"})
    assert late.status_code == 409
    assert "This is decided already" in words_on(late)
    assert "Rita" in words_on(late)


def test_no_needs_a_reason_and_what_was_typed_stays(app: Flask, client: FlaskClient, club: Organization, rita: FlaskClient) -> None:
    claim(client, club, **DETAILS)
    address = f"/en/claims/{claims(app)[0].id}"
    assert rita.post(address, data={"act": "decline", "reason": " "}).status_code == 422
    long = rita.post(address, data={"act": "decline", "reason": "x" * 700})
    assert long.status_code == 422
    assert "x" * 700 in long.text
    assert rita.post(address, data={"act": "decline", "reason": "We could not reach Mrs Vale."}).location == "/en/claims?done=no"
    assert letters(app)[-1].to == "jo@gmail.com"


def test_an_act_that_is_none_changes_nothing(app: Flask, client: FlaskClient, club: Organization, rita: FlaskClient) -> None:
    claim(client, club, **DETAILS)
    (before,) = claims(app)
    address = f"/en/claims/{before.id}"
    assert rita.post(address, data={"act": "\x00"}).status_code == 200
    assert rita.post(address, data={"act": "accept", "organization": "no id"}).status_code == 404
    assert rita.post(address, data={"act": "accept", "organization": str(uuid.UUID(int=7))}).status_code in (303, 404)
    assert rita.get(f"/en/claims/{uuid.UUID(int=7)}").status_code == 404
    assert rita.get("/en/claims?page=99999999999999999999").status_code == 200


def test_who_keeps_the_listings_decides_first(app: Flask, client: FlaskClient, club: Organization, rita: FlaskClient) -> None:
    vera = signed_in(app, make_person(app, "vera@example.net", organizations=[club.id], name="Vera"))
    claim(client, club, **DETAILS)
    claim(client, club, "lee@gmail.com", **DETAILS)
    address = f"/en/organizations/{club.id}/claims"
    assert "Nothing waits" in words_on(rita.get("/en/claims"))
    page = vera.get(address)
    assert "jo@gmail.com" in words_on(page)
    first, second = (str(it.id) for it in claims(app))
    assert vera.post(address, data={"claim": first, "answer": "yes"}).location == f"{address}?done=yes"
    assert vera.post(address, data={"claim": first, "answer": "no"}).location == f"{address}?done=over"
    assert vera.post(address, data={"claim": second, "answer": "no"}).location == f"{address}?done=no"
    assert vera.post(address, data={"claim": "none"}).status_code == 404
    for done in ("yes", "no", "over"):
        assert "Nothing waits for you." in words_on(vera.get(f"{address}?done={done}"))
    assert "Vera" in words_on(rita.get(f"/en/claims/{second}"))


def test_a_reviewer_sees_but_does_not_decide_on_their_own_claim(
    app: Flask, client: FlaskClient, club: Organization, rita: FlaskClient
) -> None:
    claim(client, club, "rita@example.net", **DETAILS)
    address = f"/en/claims/{claims(app)[0].id}"
    assert "You asked for this yourself" in words_on(rita.get(address))
    assert rita.post(address, data={"act": "accept"}).status_code == 409


def test_every_page_of_it_is_there_in_urdu(app: Flask, client: FlaskClient, club: Organization, rita: FlaskClient) -> None:
    client.post(f"/ur/claim/{club.id}", data={"email": "jo@gmail.com", **DETAILS})
    for path in (f"/ur/claim/{club.id}", f"/ur/claim/{club.id}/sent?how=invited", "/ur/add-organisation", "/ur/add-organisation/sent"):
        assert client.get(path).status_code == 200
    assert client.post("/ur/add-organisation", data={**NEW, "organization": club.name}).status_code == 200
    for path in ("/ur/claims", f"/ur/claims/{claims(app)[0].id}"):
        assert rita.get(path).status_code == 200
