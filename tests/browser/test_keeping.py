"""Keepers of listings on a phone: two at one listing at once, a spreadsheet out and in, and the letter that asks "Is this still right?"."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from desks import Site, heading, link_in, open_site
from driving import follow, overflow, small_targets
from playwright.sync_api import Browser, Page, expect
from serving import Served
from sqlalchemy import update

from portal import clock
from portal.accounts.audiences import Role
from portal.db import reading, writing
from portal.directory.models import Service
from portal.editing.freshness.reminding import remind
from portal.mail import carriers_from, deliver
from portal.pack import load_pack
from portal.sharing.asking.room import Sender

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(served: Served) -> Iterator[Site]:
    found = open_site(served)
    yield found
    found.engine.dispose()


def write_the_cost(page: Page, service: Service, words: str) -> None:
    """From the desk to the look at the whole."""
    page.goto("/en/my-listings")
    follow(page.locator(f"#s-{service.id}").get_by_role("link", name="Change something else"))
    follow(page.get_by_role("link", name="Change What it costs"))
    page.get_by_label("What does it cost?").fill(words)
    follow(page.get_by_role("button", name="Save and check"))
    assert heading(page) == "Check before you send"


def send(page: Page) -> None:
    follow(page.get_by_role("button", name="Send for review"))
    assert heading(page) == "Sent for review"


def test_of_two_people_at_one_listing_the_second_is_told_and_nothing_is_lost(site: Site, chromium: Browser) -> None:
    service = site.service("Advice in your neighbourhood")
    kim, lee = (site.person(keeps=[service.organization_id], name=name) for name in ("Kim", "Lee"))
    rita = site.person(Role.REVIEWER, name="Rita")
    with site.phone(chromium, kim) as first, site.phone(chromium, lee) as second:
        write_the_cost(first, service, "Two pounds from now on")
        write_the_cost(second, service, "Three pounds from now on")
        expect(second.get_by_text("waiting for review")).to_have_count(0)
        send(first)
        second.reload()
        expect(second.get_by_text("A change of this is waiting for review")).to_be_visible()
        expect(second.locator("ins")).to_have_text(re.compile("Three pounds from now on"))
        assert overflow(second) == []
        send(second)
    with site.phone(chromium, rita) as desk:
        for is_first in (True, False):
            desk.goto("/en/review")
            rows = desk.get_by_role("row").filter(has_text=service.name)
            expect(rows).to_have_count(2 if is_first else 1)
            follow(rows.first.get_by_role("link"))
            if is_first:
                expect(desk.get_by_text("Another proposal for this listing waits, by Lee.")).to_be_visible()
            else:
                expect(desk.get_by_text("Two people changed this")).to_be_visible()
                expect(desk.locator("del")).to_have_text(re.compile("Two pounds from now on"))
                desk.get_by_label("Publish this").check()
            follow(desk.get_by_role("button", name="Publish what is ticked"))
            expect(desk.get_by_text("Published,")).to_be_visible()
        desk.goto(f"/en/services/{service.id}/history")
        expect(desk.get_by_role("row")).to_have_count(4)
        desk.goto(f"/en/services/{service.id}?now=1")
        expect(desk.get_by_role("main")).to_contain_text("Three pounds from now on")


def test_a_spreadsheet_goes_out_is_changed_and_comes_back_as_one_proposal(site: Site, chromium: Browser, tmp_path: Path) -> None:
    service = site.service("Borrow toys")
    with site.phone(chromium, site.person(keeps=[service.organization_id], name="Kim")) as page:
        page.goto("/en/my-listings")
        follow(page.get_by_role("link", name="Use a spreadsheet"))
        with page.expect_download() as taken:
            page.get_by_role("link", name="Get them as CSV").click()
        sheet = tmp_path / "listings.csv"
        taken.value.save_as(sheet)
        with sheet.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        own = next(row for row in rows if row[2] == service.name)
        own[rows[0].index("Cost in words")] = "Nothing, since November"
        with sheet.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        page.get_by_label("Your file").set_input_files(sheet)
        follow(page.get_by_role("button", name="Look at the changes"))
        assert heading(page) == "Check what would change"
        expect(page.get_by_text("1 service changes")).to_be_visible()
        expect(page.locator("ins")).to_have_text(re.compile("Nothing, since November"))
        assert [*overflow(page), *small_targets(page)] == []
        follow(page.get_by_role("button", name="Send 1 service for review"))
        assert heading(page) == "Thank you. It is sent"
        page.goto("/en/my-listings")
        expect(page.locator(f"#s-{service.id}").get_by_text("Waiting for review")).to_be_visible()
        page.goto(f"/en/services/{service.id}?now=1")
        expect(page.get_by_role("main")).not_to_contain_text("Nothing, since November")


def test_whoever_is_asked_taps_the_link_of_the_letter_and_confirms_without_signing_in(site: Site, chromium: Browser) -> None:
    service, today = site.service("Around the table"), clock.today()
    kim = site.person(keeps=[service.organization_id], name="Kim")
    settings = site.settings
    with writing(site.engine) as session:
        session.execute(
            update(Service).where(Service.organization_id == service.organization_id).values(assured_date=today - timedelta(days=200))
        )
    morning = clock.local_now().replace(hour=10, minute=30) - timedelta(days=1)
    with clock.stopped_at(morning), writing(site.engine) as session:
        remind(session, Sender(load_pack(settings), site.own_name, settings.secret_key))
    deliver(site.engine, settings.secret_key, carriers_from(settings))  # the server's own thread would, within a minute
    link = link_in(site.mail_to(kim.email or "", service.name), "still-right/")
    with site.phone(chromium) as page:
        page.goto(link)
        assert heading(page) == "Is this still right?"
        expect(page.get_by_role("heading", name=service.name)).to_be_visible()
        assert [*overflow(page), *small_targets(page)] == []
        with reading(site.engine) as session:
            assert session.get_one(Service, service.id).assured_date != today, "looking confirms nothing: scanners of mail look too"
        page.get_by_role("group", name=service.name).get_by_label("Yes, all of this is right").check()
        follow(page.get_by_role("button", name="Send my answers"))
        assert heading(page) == "Thank you, we have your answers"
        page.goto(f"/en/services/{service.id}?now=1")
        expect(page.get_by_role("main")).to_contain_text("Checked today")
