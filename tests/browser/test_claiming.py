"""A volunteer with a phone and no mouse asks for a club's listings, and a reviewer decides; every page measured, in English and Urdu."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from driving import Opener, enter, follow
from playwright.sync_api import Page
from serving import Served
from sqlalchemy import select

from portal.accounts.audiences import Role
from portal.db import open_engine, reading
from portal.directory.models import Organization
from portal.editing.claiming.models import Claim, State

pytestmark = pytest.mark.browser
ABOUT_THEM = {
    "Name of the organisation": "The Chatter Table",
    "What it does, in a sentence": "We talk over tea.",
    "Where it is, or which area it covers": "Eastmoor",
    "Its website (optional)": "chattertable.example",
    "Its phone number (optional)": "0906 123 4567",
    "Your name": "Kim Oak",
    "What you do there": "Chair",
    "Your e-mail address": "kim@gmail.com",
}


@pytest.fixture
def places(served: Served) -> dict[str, uuid.UUID]:
    """Two organizations: one that nobody keeps, and one that the reviewer keeps."""
    engine = open_engine(f"sqlite:///{served.state / 'instance' / 'portal.sqlite3'}")
    with reading(engine) as session:
        found = {row.name: row.id for row in session.execute(select(Organization.name, Organization.id))}
    engine.dispose()
    return {"free": found["Chatter Tables"], "kept": found["Quay Joggers"]}


@pytest.fixture
def phone(open_signed_in: Opener, places: dict[str, uuid.UUID]) -> Iterator[Page]:
    """A phone on which a reviewer has signed in; pages for everybody do not look at that."""
    with open_signed_in(roles=[Role.REVIEWER], organizations=[places["kept"]], name="Rita") as page:
        yield page


def heading(phone: Page) -> str:
    return phone.get_by_role("heading", level=1).inner_text()


def test_a_club_is_asked_for_with_the_keyboard_alone(phone: Page, places: dict[str, uuid.UUID], measured: Callable[[str], None]) -> None:
    phone.goto(f"/en/organizations/{places['kept']}")
    enter(phone.get_by_role("link", name="Is this your organisation?"))
    measured("the question")
    phone.get_by_label("Your e-mail address").focus()
    phone.keyboard.type("lee@gmail.com")
    enter(phone.get_by_label("Your e-mail address"))
    measured("who they are")
    assert phone.get_by_label("Your e-mail address").input_value() == "lee@gmail.com"
    enter(phone.get_by_role("button", name="Send"))
    measured("with mistakes")
    for label, typed in (("Your name", "Lee Bo"), ("What you do there", "Coach"), ("How can we check it?", "Ask Rita")):
        phone.get_by_label(label).focus()
        phone.keyboard.type(typed)
    enter(phone.get_by_role("button", name="Send"))
    assert heading(phone) == "Thank you, we have it"
    measured("what happens next")
    for language in ("ur", "en"):
        phone.goto(f"/{language}/organizations/{places['kept']}/claims")
        assert phone.get_by_text("Lee Bo").first.is_visible()
        measured("who asks to help")
    enter(phone.get_by_role("button", name="Yes, I know them"))
    assert phone.get_by_role("status").first.is_visible()


def test_a_missing_club_is_told_of_and_decided_on(phone: Page, served: Served, measured: Callable[[str], None]) -> None:
    for language in ("ur", "en"):
        phone.goto(f"/{language}/add-organisation")
        measured("an empty form")
    follow(phone.get_by_role("button", name="Send"))
    measured("with mistakes")
    for label, typed in ABOUT_THEM.items():
        phone.get_by_label(label, exact=True).fill(typed)
    follow(phone.get_by_role("button", name="Send"))
    assert heading(phone) == "Is it one of these?"
    measured("those that are here")
    follow(phone.get_by_role("button", name="No, it is none of these"))
    assert heading(phone) == "Thank you, we have it"
    phone.goto("/en/claims")
    measured("what waits")
    follow(phone.get_by_role("link", name="The Chatter Table"))
    measured("one claim")
    phone.goto(phone.url.replace("/en/", "/ur/"))
    measured("one claim, from right to left")
    phone.goto(phone.url.replace("/ur/", "/en/"))
    follow(phone.get_by_role("button", name="Say no"))
    measured("a reason is missing")
    phone.get_by_label("Why not?").fill("You are here already.")
    follow(phone.get_by_role("button", name="Say no"))
    assert phone.get_by_role("status").first.is_visible()
    engine = open_engine(f"sqlite:///{served.state / 'instance' / 'portal.sqlite3'}")
    with reading(engine) as session:
        assert set(session.scalars(select(Claim.state).where(Claim.organization_id.is_(None)))) == {State.DECLINED}
    engine.dispose()
