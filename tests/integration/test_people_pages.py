"""The pages of people: who sees whom, what is typed and kept, and that an invitation tells nobody who has an account."""

from __future__ import annotations

import re
import uuid
from html import unescape

import pytest
from accounts import make_person, signed_in
from contract_rules import Page, text_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.audiences import Level, Role
from portal.accounts.models import Membership, Person
from portal.db import reading
from portal.directory.models import Organization
from portal.mail import Outgoing

HOSTILE = (
    "\x00",
    "a" * 100_000,
    "\u202eexample@example.org",
    "<script>alert(1)</script>",
    "9" * 20,
    "a@b@c",
    "name@example.org\nBcc: x@y.z",
)


@pytest.fixture
def club(app: Flask) -> uuid.UUID:
    """An organization of the demo."""
    return organizations(app)[0]


@pytest.fixture
def amina(app: Flask, club: uuid.UUID) -> FlaskClient:
    """The browser of somebody who keeps its listings."""
    return signed_in(app, make_person(app, "amina@example.org", organizations=[club]))


@pytest.fixture
def boss(app: Flask) -> FlaskClient:
    """The browser of an administrator."""
    return signed_in(app, make_person(app, "boss@example.org", roles=[Role.ADMINISTRATOR], name="Jo Boss"))


def organizations(app: Flask) -> list[uuid.UUID]:
    with reading(app.extensions["people"].engine) as session:
        return list(session.scalars(select(Organization.id).order_by(Organization.name)))


def posted(app: Flask) -> int:
    """How many letters wait."""
    with reading(app.extensions["people"].engine) as session:
        return len(session.scalars(select(Outgoing.id)).all())


def person_of(app: Flask, email: str) -> Person:
    with reading(app.extensions["people"].engine) as session:
        return session.scalars(select(Person).where(Person.email == email)).one()


def elsewhere(number: int) -> dict[str, str]:
    """Another network's address, so that only the limits of a person count."""
    return {"REMOTE_ADDR": f"203.0.113.{number}"}


def page_of(response: TestResponse) -> Page:
    page: Page = response.page  # type: ignore[attr-defined]  # put there by CheckedClient
    return page


def invite(browser: FlaskClient, organization_id: uuid.UUID, email: str, **fields: str) -> TestResponse:
    return browser.post(f"/en/organizations/{organization_id}/people/invite", data={"email": email, "language": "en", **fields})


def test_an_editor_sees_colleagues_and_asks_another(app: Flask, amina: FlaskClient, club: uuid.UUID) -> None:
    page = amina.get(f"/en/organizations/{club}/people")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Amina Rahman" in page.text
    done = invite(amina, club, "sam@example.org", name="Sam Lee")
    assert done.location == f"/en/organizations/{club}/people?done=asked"
    page = amina.get(done.location)
    assert "We have written to them." in page.text
    assert "sam@example.org" in page.text
    assert "Sam Lee" not in page.text
    assert posted(app) == 1


def test_an_invitation_tells_nobody_who_has_an_account(app: Flask, amina: FlaskClient, club: uuid.UUID) -> None:
    make_person(app, "known@example.org", roles=[Role.REVIEWER], name="Somebody Known")
    pages = []
    for email in ("known@example.org", "unkno@example.org"):
        done = invite(amina, club, email, name="Typed")
        page = amina.get(done.location).text
        them = person_of(app, email).id
        amina.post(f"/en/organizations/{club}/people/take-back", data={"person": str(them)})
        pages.append((done.status_code, done.location, page.replace(email, "…").replace(str(them), "…")))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("field", ["email", "name", "language", "role"])
def test_whatever_is_typed_is_answered_in_words(app: Flask, boss: FlaskClient, amina: FlaskClient, field: str) -> None:
    mine = f"/en/organizations/{organizations(app)[0]}/people"
    for number, typed in enumerate(HOSTILE):
        whole = {"email": "sam@example.org", "name": "Sam", "language": "en", "role": "adviser", field: typed}
        for browser, address in ((boss, "/en/people/invite"), (amina, f"{mine}/invite"), (amina, f"{mine}/hand-over")):
            assert browser.post(address, data=whole, environ_overrides=elsewhere(number)).status_code in (303, 413, 422)
    with reading(app.extensions["people"].engine) as session:
        emails = set(session.scalars(select(Person.email)))
    assert emails <= {"amina@example.org", "boss@example.org", "sam@example.org", "example@example.org"}


def test_ids_that_are_none_do_no_harm(boss: FlaskClient, amina: FlaskClient, club: uuid.UUID) -> None:
    sam, mine = uuid.uuid4(), f"/en/organizations/{club}/people"
    for number, typed in enumerate([*HOSTILE, "", "{}", "urn:uuid:1"]):
        for browser, address, fields in (
            (amina, f"{mine}/remove", {"person": typed}),
            (amina, f"{mine}/take-back", {"person": typed}),
            (amina, "/en/account/offers", {"offer": typed, "answer": "yes"}),
            (amina, "/en/account/offers", {"offer": "reviewer", "answer": typed}),
            (boss, f"/en/people/{sam}/take", {"role": typed}),
            (boss, f"/en/people/{sam}/give", {"role": typed}),
            (boss, f"/en/people/{sam}/take-back", {"offer": typed}),
            (boss, "/en/people/find", {"words": typed}),
            (boss, "/en/people/recoveries", {"email": typed}),
            (boss, f"/en/people/{sam}/recover", {"what": typed, "known_by": typed}),
        ):
            assert browser.post(address, data=fields, environ_overrides=elsewhere(number)).status_code in (200, 303, 404, 413, 422), address


def test_any_page_number_is_a_page(boss: FlaskClient) -> None:
    for typed in (*(one[:500] for one in HOSTILE), "-1", "1e9", "0", "99999"):
        for address in ("/en/people/keepers", "/en/people/organizations"):
            asked = {"page": typed, "show": typed, "name": typed, "done": typed}
            assert boss.get(address, query_string=asked).status_code == 200


def test_what_does_not_fit_is_said_and_kept(amina: FlaskClient, club: uuid.UUID) -> None:
    page = invite(amina, club, "sam at example", name="see www.example.org", language="ur")
    assert page.status_code == 422
    assert page.text.count("Write an e-mail address like name@example.com") == 2
    assert page.text.count("Write a name only, without an address") == 2
    assert 'value="sam at example"' in page.text
    assert re.search(r'value="ur"\s+selected', page.text)


def test_asking_a_colleague_again_says_so(app: Flask, amina: FlaskClient, club: uuid.UUID) -> None:
    make_person(app, "ben@example.org", organizations=[club])
    assert "They keep these listings already" in invite(amina, club, "Ben@example.org").text


def test_one_person_asks_so_many_and_no_more(app: Flask, amina: FlaskClient, club: uuid.UUID) -> None:
    done = [invite(amina, club, f"s{number}@example.org").status_code for number in range(22)]
    assert done == [303] * 20 + [429] * 2
    moved = signed_in(app, person_of(app, "amina@example.org"))
    again = moved.post(f"/en/organizations/{club}/people/hand-over", data={"email": "z@example.org"}, environ_overrides=elsewhere(9))
    assert again.status_code == 429, "nor from another place, nor on another page"
    assert posted(app) == 20


def test_mistakes_do_not_count_as_asking(amina: FlaskClient, club: uuid.UUID) -> None:
    assert {invite(amina, club, "nobody").status_code for _ in range(25)} == {422}
    assert invite(amina, club, "sam@example.org").status_code == 303


def test_the_last_one_is_warned_and_may_go(app: Flask, amina: FlaskClient, boss: FlaskClient, club: uuid.UUID) -> None:
    warned = amina.get(f"/en/organizations/{club}/people/leave").text
    assert "You are the only one who keeps them" in warned
    assert amina.post(f"/en/organizations/{club}/people/leave").location == "/en/account/offers?done=left"
    assert "Thank you for your help" in amina.get("/en/account/offers?done=left").text
    assert amina.get(f"/en/organizations/{club}/people").status_code == 403, "they are no editor any more"
    assert str(club) in boss.get("/en/people/organizations?show=nobody").text


def test_with_a_colleague_there_is_no_warning(app: Flask, amina: FlaskClient, club: uuid.UUID) -> None:
    make_person(app, "ben@example.org", organizations=[club])
    page = amina.get(f"/en/organizations/{club}/people/leave").text
    assert "the only one" not in page
    assert "1 colleague goes on keeping them." in page


def test_the_council_sees_how_all_organizations_stand(app: Flask, boss: FlaskClient, amina: FlaskClient, club: uuid.UUID) -> None:
    every = len(organizations(app))
    page = boss.get("/en/people/organizations").text
    assert f"Nobody keeps these listings: {every - 1}" in page
    assert "Somebody keeps them: 1" in page
    kept = boss.get("/en/people/organizations?show=somebody")
    links = [it.get("href") for it in page_of(kept).all("a") if "/people/organizations/" in it.get("href", "")]
    assert links == [f"/en/people/organizations/{club}"]
    page = boss.get(links[0])
    assert "Amina Rahman" in page.text
    assert boss.post(f"{links[0]}/invite", data={"email": "sam@example.org"}).location == f"{links[0]}?done=asked"
    them = person_of(app, "amina@example.org").id
    assert boss.post(f"{links[0]}/remove", data={"person": str(them)}).location == f"{links[0]}?done=removed"
    assert amina.get(f"/en/organizations/{club}/people").status_code == 403


def test_the_list_of_organizations_is_paged_and_searched(app: Flask, boss: FlaskClient) -> None:
    every = len(organizations(app))
    seen = [link for page in range(1, -(-every // 50) + 1) for link in links_on(boss.get(f"/en/people/organizations?show=all&page={page}"))]
    assert len(set(seen)) == len(seen) == every
    assert links_on(boss.get("/en/people/organizations?show=all&name=zzzz")) == []
    assert len(links_on(boss.get("/en/people/organizations?show=all&name=%25"))) == 0


def links_on(response: TestResponse) -> list[str]:
    return [
        it.get("href", "") for it in page_of(response).all("a") if re.search(r"/people/organizations/[0-9a-f-]{36}$", it.get("href", ""))
    ]


def test_an_administrator_asks_gives_takes_and_lets_go(app: Flask, boss: FlaskClient) -> None:
    assert (
        boss.post("/en/people/invite", data={"email": "sam@example.org", "name": "Sam", "role": "adviser"}).location
        == "/en/people?done=asked"
    )
    assert "Adviser (asked)" in boss.get("/en/people").text
    sam = person_of(app, "sam@example.org")
    browser = signed_in(app, sam)
    assert "You help people who ring" in browser.get("/en/account/offers").text
    assert browser.post("/en/account/offers", data={"offer": "adviser", "answer": "yes"}).location == "/en/account/offers?done=yes"
    assert browser.get("/en/adviser").status_code == 200
    page = boss.get(f"/en/people/{sam.id}").text
    assert "Said yes" in page
    assert boss.post(f"/en/people/{sam.id}/give", data={"role": "reviewer"}).status_code == 303
    assert boss.post(f"/en/people/{sam.id}/take-back", data={"offer": "reviewer"}).location.endswith("done=back")
    assert boss.post(f"/en/people/{sam.id}/take", data={"role": "adviser"}).location.endswith("done=taken")
    assert browser.get("/en/adviser").status_code == 403, "at once"
    assert "This cannot be undone." in boss.get(f"/en/people/{sam.id}/let-go").text
    assert boss.post(f"/en/people/{sam.id}/let-go").location == "/en/people?done=gone"
    assert browser.get("/en/account/offers").status_code == 303, "signed out"
    assert boss.get(f"/en/people/{sam.id}").status_code == 404
    assert "sam@example.org" not in boss.get("/en/people").text


def test_the_last_administrator_is_told_why_they_stay(app: Flask, boss: FlaskClient) -> None:
    me = person_of(app, "boss@example.org").id
    for act, fields in (("take", {"role": "administrator"}), ("let-go", {})):
        page = boss.post(f"/en/people/{me}/{act}", data=fields)
        assert page.status_code == 409
        assert "This is the last administrator" in page.text
    assert boss.get("/en/people").status_code == 200


def test_somebody_is_looked_for_without_a_name_in_any_address(app: Flask, boss: FlaskClient) -> None:
    make_person(app, "sam@example.org", name="Sam Lee", organizations=[organizations(app)[0]])
    found = boss.post("/en/people/find", data={"words": "lee"})
    assert "Sam Lee" in found.text
    assert not [it.get("href") for it in page_of(found).all("a") if "lee" in it.get("href", "").lower()]
    assert boss.get("/en/people/find").location == "/en/people"
    assert "We know nobody like that" in boss.post("/en/people/find", data={"words": "nobody at all"}).text
    assert "Sam Lee" in boss.get("/en/people/keepers").text


def test_what_needs_a_passkey_says_so_to_who_has_none(app: Flask, boss: FlaskClient) -> None:
    boss.post("/en/people/invite", data={"email": "sam@example.org", "role": "reviewer"})
    browser = signed_in(app, person_of(app, "sam@example.org"), Level.CODE)
    page = browser.get("/en/account/offers")
    assert "This needs a passkey." in page.text
    assert "Yes, I will" not in page.text
    assert browser.post("/en/account/offers", data={"offer": "reviewer", "answer": "yes"}).location.endswith("done=over")


def test_titles_name_nobody(app: Flask, boss: FlaskClient, amina: FlaskClient, club: uuid.UUID) -> None:
    sam = person_of(app, "amina@example.org").id
    with reading(app.extensions["people"].engine) as session:
        name = session.get_one(Organization, club).name
    for browser, address in (
        (boss, f"/en/people/{sam}"),
        (boss, f"/en/people/{sam}/let-go"),
        (boss, f"/en/people/{sam}/recover"),
        (boss, f"/en/people/organizations/{club}"),
        (amina, f"/en/organizations/{club}/people"),
    ):
        page = page_of(browser.get(address))
        assert not [word for word in ("Amina", "amina", name) if word in page.title]


@pytest.mark.parametrize("language", ["ur", "pl"])
def test_the_pages_speak_other_languages_too(app: Flask, boss: FlaskClient, amina: FlaskClient, club: uuid.UUID, language: str) -> None:
    sam = person_of(app, "amina@example.org").id
    for address in (
        "people",
        "people/organizations",
        "people/keepers",
        "people/recoveries",
        f"people/{sam}",
        f"people/{sam}/recover",
        "people/invite",
    ):
        assert boss.get(f"/{language}/{address}").status_code == 200
    for address in (
        f"organizations/{club}/people",
        f"organizations/{club}/people/leave",
        f"organizations/{club}/people/hand-over",
        "account/offers",
    ):
        assert amina.get(f"/{language}/{address}").status_code == 200


def test_a_name_with_markup_is_only_a_name(app: Flask, boss: FlaskClient, club: uuid.UUID) -> None:
    name = "<b>Sam</b> & 'Lee' \"x\""
    sam = make_person(app, "sam@example.org", name=name, organizations=[club], roles=[Role.ADVISER])
    boss.post("/en/people/find", data={"words": name})  # so that the page contract knows it as typed
    for address in (
        "/en/people",
        f"/en/people/{sam.id}",
        f"/en/people/organizations/{club}",
        f"/en/people/{sam.id}/recover",
        f"/en/people/{sam.id}/let-go",
    ):
        page = boss.get(address).text
        assert "<b>Sam</b>" not in page
        assert name in unescape(page)


def test_a_membership_of_somebody_else_cannot_be_accepted(app: Flask, amina: FlaskClient, club: uuid.UUID) -> None:
    invite(amina, club, "sam@example.org")
    stranger = signed_in(app, make_person(app, "x@example.org"))
    assert stranger.post("/en/account/offers", data={"offer": str(club), "answer": "yes"}).location.endswith("done=over")
    with reading(app.extensions["people"].engine) as session:
        assert len(session.scalars(select(Membership).where(Membership.accepted_at.is_not(None))).all()) == 1


def test_the_page_heading_is_read_first(amina: FlaskClient, club: uuid.UUID) -> None:
    page = page_of(amina.get(f"/en/organizations/{club}/people"))
    assert [text_of(it) for it in page.all("h1")] == ["Who keeps these listings"]
