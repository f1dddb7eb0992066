"""A reviewer's morning on a phone: a passkey, what waits, field by field; a changed number needs two; a version is put back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from desks import Site, heading, open_site
from driving import follow, overflow
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect
from serving import Served

from portal.accounts.audiences import Role
from portal.accounts.models import Person
from portal.db import reading
from portal.directory.models import Service
from portal.directory.record import PhoneEntry
from portal.directory.records import get_record
from portal.editing.proposals.queries import get_proposal

pytestmark = pytest.mark.browser
WORDS = "Chairs, music and a little movement. Come as you are."


@pytest.fixture(scope="module")
def site(served: Served) -> Iterator[Site]:
    found = open_site(served)
    yield found
    found.engine.dispose()


def sent(site: Site, name: str, **fields: object) -> tuple[Service, uuid.UUID, Person]:
    """A service, a change of it that waits, and who sent it."""
    service = site.service(name)
    kim = site.person(keeps=[service.organization_id], name="Kim Adeyemi")
    return service, site.propose(kim, service, "We have a new room", **fields), kim


def state(site: Site, proposal_id: uuid.UUID) -> str:
    with reading(site.engine) as session:
        return get_proposal(session, proposal_id).state


def field(page: Page, label: str) -> Any:
    """One changed field of a proposal."""
    return page.locator(".proposed").filter(has=page.get_by_role("heading", name=label, exact=True))


def public_words(page: Page, service: Service) -> str:
    """What residents read, on a page that nobody has kept."""
    page.goto(f"/en/services/{service.id}?now={uuid.uuid4().hex}")
    return page.get_by_role("main").inner_text()


def open_from_the_queue(page: Page, service: Service, proposal_id: uuid.UUID) -> None:
    page.goto("/en/review")
    assert overflow(page) == []
    follow(page.get_by_role("row").get_by_role("link", name=service.name).and_(page.locator(f"[href$='{proposal_id}']")))
    assert heading(page) == "A proposal"
    assert overflow(page) == []


def test_a_reviewer_signs_in_with_a_passkey_and_decides_on_three_changes(site: Site, chromium: Browser) -> None:
    rita = site.person(Role.REVIEWER, name="Rita")
    part, part_id, kim = sent(site, "Boccia and seated games", fees="Three pounds", wait_time="Two weeks")
    unclear, unclear_id, lee = sent(site, "Chair Movers", fees="It depends")
    rough, rough_id, _ = sent(site, "Big Moves", description="chairs + music!!! come")
    with site.phone(chromium) as page:
        site.sign_in_for_the_first_time(page, rita.email or "")
        follow(page.get_by_role("link", name="Your account"))
        follow(page.get_by_role("button", name="Sign out", exact=True))
        page.get_by_role("link", name="Sign in again").click()
        page.wait_for_url("**/en/review")  # the phone offers the passkey by itself, and its owner says yes at once

        open_from_the_queue(page, part, part_id)
        expect(page.get_by_text("We have a new room")).to_be_visible()
        expect(field(page, "Cost").locator("ins")).to_have_text(re.compile("Three pounds"))
        field(page, "Waiting time").get_by_label("Publish this").uncheck()
        follow(page.get_by_role("button", name="Publish what is ticked"))
        page.get_by_role("alert").get_by_role("link", name=re.compile("Say why")).click()
        page.keyboard.type("Is it two weeks now?")
        assert not field(page, "Waiting time").get_by_label("Publish this").is_checked()
        follow(page.get_by_role("button", name="Publish what is ticked"))
        expect(page.get_by_text("Published in part")).to_be_visible()

        open_from_the_queue(page, unclear, unclear_id)
        page.get_by_label("A word to whoever sent it").fill("Please write how much it is.")
        follow(page.get_by_role("button", name="Give it back"))
        expect(page.get_by_text("Given back")).to_be_visible()

        open_from_the_queue(page, rough, rough_id)
        field(page, "What it does").get_by_text("Change the words").click()
        field(page, "What it does").get_by_label("What it does").last.fill(WORDS)
        follow(page.get_by_role("button", name="Publish what is ticked"))
        expect(page.get_by_text("Published", exact=False).first).to_be_visible()

        assert "Three pounds" in public_words(page, part)
        assert "It depends" not in public_words(page, unclear)
        assert WORDS in public_words(page, rough)
    assert [state(site, each) for each in (part_id, unclear_id, rough_id)] == ["partly-approved", "returned", "approved"]
    assert site.mail_to(kim.email or "", "Is it two weeks now?")
    assert site.mail_to(lee.email or "", "Please write how much it is.")


def test_a_changed_phone_number_waits_for_a_second_reviewer(site: Site, chromium: Browser) -> None:
    service, proposal_id, _ = sent(site, "Bingo and chat", phones=(PhoneEntry("01632 960777"),), fees="One pound")
    rita, sam = (site.person(Role.REVIEWER, name=name) for name in ("Rita", "Sam"))
    with site.phone(chromium, rita) as page:
        open_from_the_queue(page, service, proposal_id)
        follow(page.get_by_role("button", name="Publish what is ticked"))
        expect(page.get_by_text("A second reviewer has to look at how people are reached")).to_be_visible()
        assert page.get_by_role("button", name="publish", exact=False).count() == 0
        now = public_words(page, service)
        assert "One pound" in now
        assert "01632 960777" not in now

        site.sit_down(page, sam)
        open_from_the_queue(page, service, proposal_id)
        expect(page.get_by_text("You are the second person")).to_be_visible()
        follow(page.get_by_role("button", name="I checked these contact details: publish them"))
        expect(page.get_by_role("button", name="publish", exact=False)).to_have_count(0)
        assert "01632 960777" in public_words(page, service)


def test_a_version_is_put_back_with_a_reason(site: Site, chromium: Browser) -> None:
    service, proposal_id, _ = sent(site, "Bat and Chat", description="Nothing here is true.")
    with reading(site.engine) as session:
        before = replace(get_record(session, service.id).record).description
    with site.phone(chromium, site.person(Role.REVIEWER, name="Rita")) as page:
        open_from_the_queue(page, service, proposal_id)
        follow(page.get_by_role("button", name="Publish what is ticked"))
        assert "Nothing here is true." in public_words(page, service)
        page.goto(f"/en/review/{proposal_id}")
        follow(page.get_by_role("link", name="What it said before"))
        follow(page.get_by_role("row").get_by_role("link").last)
        follow(page.get_by_role("button", name="Put this back"))
        page.get_by_role("alert").get_by_role("link", name="Say why. It is kept in the history.").click()
        page.keyboard.type("Somebody was joking")
        follow(page.get_by_role("button", name="Put this back"))
        now = public_words(page, service)
        assert before in now
        assert "Nothing here is true." not in now
        page.goto(f"/en/services/{service.id}/history")
        expect(page.get_by_text("Somebody was joking")).to_be_visible()
