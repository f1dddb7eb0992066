"""An administrator's and keepers' work on a phone: a colleague asked, a passkey made, roles given and taken, somebody to keep listings."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from desks import Site, heading, open_site
from driving import follow, overflow
from playwright.sync_api import Browser, Page, expect
from serving import Served
from sqlalchemy import select

from portal.accounts.audiences import Role
from portal.accounts.queries import find_person
from portal.accounts.signing.models import Passkey
from portal.db import reading

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(served: Served) -> Iterator[Site]:
    found = open_site(served)
    yield found
    found.engine.dispose()


def an_address() -> str:
    return f"{uuid.uuid4().hex}@example.org"


def says_yes(page: Page) -> None:
    """Take on all that one is asked."""
    page.goto("/en/account/offers")
    follow(page.get_by_role("button", name="Yes, I will"))
    expect(page.get_by_text("Thank you. You can begin now.")).to_be_visible()


def ask(page: Page, email: str, name: str) -> None:
    """Fill in whom to ask."""
    page.get_by_label("E-mail address", exact=True).fill(email)
    page.get_by_label("Name (optional)").fill(name)


def of_this_person(site: Site, email: str) -> str:
    """The address of somebody's account, for an administrator."""
    with reading(site.engine) as session:
        person = find_person(session, email)
        assert person is not None
        return f"/en/people/{person.id}"


def passkeys(site: Site, person_id: uuid.UUID) -> int:
    with reading(site.engine) as session:
        return len(session.scalars(select(Passkey.id).where(Passkey.person_id == person_id)).all())


def test_a_colleague_is_asked_makes_a_passkey_and_has_the_reviewers_desk_until_it_is_taken_away(site: Site, chromium: Browser) -> None:
    email, jo = an_address(), site.person(Role.ADMINISTRATOR, name="Jo Boss")
    with site.phone(chromium, jo) as office, site.phone(chromium) as bus:
        office.goto("/en/people")
        follow(office.get_by_role("link", name="Ask somebody to help"))
        ask(office, email, "Rosa")
        follow(office.get_by_role("button", name="Send the invitation"))
        expect(office.get_by_role("alert").get_by_role("link")).to_have_count(1)
        assert office.get_by_label("E-mail address", exact=True).input_value() == email
        office.get_by_label("Reviewer").check()
        follow(office.get_by_role("button", name="Send the invitation"))
        expect(office.get_by_text("We have written to them.")).to_be_visible()

        assert "Jo Boss asks you to work on" in site.mail_to(email, "as: Reviewer")
        site.sign_in_for_the_first_time(bus, email)
        bus.goto("/en/review")
        assert heading(bus) == "This page is for others"
        says_yes(bus)
        follow(bus.get_by_role("link", name="Waiting for review"))
        assert heading(bus) == "Waiting for review"

        office.goto(of_this_person(site, email))
        office.get_by_label("Adviser").check()
        follow(office.get_by_role("button", name="Ask them", exact=True))
        says_yes(bus)
        office.reload()
        assert overflow(office) == []
        follow(office.get_by_role("button", name="Take it away Reviewer"))
        expect(office.get_by_text("The role is taken away.")).to_be_visible()
        bus.goto("/en/review")
        assert heading(bus) == "This page is for others"
        bus.goto("/en/adviser")
        assert heading(bus) == "Adviser's desk"


def test_an_organization_that_nobody_keeps_is_found_asked_kept_and_handed_over(site: Site, chromium: Browser) -> None:
    first, second, jo = an_address(), an_address(), site.person(Role.ADMINISTRATOR, name="Jo Boss")
    club = "Beacon House"
    with site.phone(chromium, jo) as office, site.phone(chromium) as bus:
        office.goto("/en/people/organizations")
        office.get_by_label("Name of an organisation").fill(club)
        follow(office.get_by_role("button", name="Show them"))
        expect(office.get_by_role("row").filter(has_text=club)).to_contain_text("Nobody")
        follow(office.get_by_role("link", name=club, exact=True))
        expect(office.get_by_text("Nobody keeps these listings now.")).to_be_visible()
        ask(office, first, "Amina")
        follow(office.get_by_role("button", name="Send the invitation"))

        assert club in site.mail_to(first)
        site.sign_in_for_the_first_time(bus, first)
        says_yes(bus)
        follow(bus.get_by_role("link", name="My listings"))
        follow(bus.get_by_role("link", name="Who keeps these listings"))
        follow(bus.get_by_role("link", name="Hand over to somebody else"))
        ask(bus, second, "Ben")
        follow(bus.get_by_role("button", name="Ask them to take over"))
        expect(bus.get_by_text("We have written to them.")).to_be_visible()
        bus.goto("/en/my-listings")
        expect(bus.get_by_role("link", name="Beacon House care home").first).to_be_visible()

        site.mail_to(second, club)
        with site.phone(chromium) as tram:
            site.sign_in_for_the_first_time(tram, second)
            says_yes(tram)
            tram.goto("/en/my-listings")
            expect(tram.get_by_role("link", name="Beacon House care home").first).to_be_visible()
        assert site.mail_to(first, "as you asked")
        bus.goto("/en/my-listings")
        assert heading(bus) == "This page is for others"


def test_who_lost_a_passkey_makes_a_new_one_when_two_colleagues_agree(site: Site, chromium: Browser) -> None:
    rosa = site.person(Role.REVIEWER, name="Rosa")
    jo, sam = site.person(Role.ADMINISTRATOR, name="Jo Boss"), site.person(Role.REVIEWER, name="Sam Okafor")
    with site.phone(chromium) as old, site.phone(chromium, jo) as office, site.phone(chromium, sam) as train:
        site.sign_in_for_the_first_time(old, rosa.email or "")
        office.goto("/en/people/recoveries")
        office.get_by_label("Their e-mail address").fill(rosa.email or "")
        follow(office.get_by_role("button", name="Continue"))
        office.get_by_label("Their phone or computer is lost").check()
        office.get_by_label("I spoke with them face to face").check()
        follow(office.get_by_role("button", name="Ask a second colleague"))
        expect(office.get_by_text("A second colleague must agree now.")).to_be_visible()
        expect(office.get_by_role("button", name="I am sure. Let them make a new passkey Rosa")).to_have_count(0)
        assert passkeys(site, rosa.id) == 1

        site.mail_to(sam.email or "", "/people/recoveries")
        train.goto("/en/people/recoveries")
        assert overflow(train) == []
        panel = train.locator(".panel").filter(has_text="Rosa").filter(has_text="Jo Boss")
        follow(panel.get_by_role("button", name=re.compile("I am sure")))
        expect(train.get_by_text("They can sign in with a link by e-mail now")).to_be_visible()
        assert passkeys(site, rosa.id) == 0
        old.goto("/en/review")
        assert heading(old) == "Sign in", "they are signed out everywhere"
        with site.phone(chromium) as new:
            site.sign_in_for_the_first_time(new, rosa.email or "")
            new.goto("/en/review")
            assert heading(new) == "Waiting for review"
    assert passkeys(site, rosa.id) == 1
