"""A commissioner on a phone: from the first page to the area with the least for a need, whom its services miss, and side by side."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from desks import Site, faults, heading, open_site
from driving import DESK, PHONE, follow, overflow, watched
from playwright.sync_api import Browser, Page, expect
from serving import Served

from portal.accounts.audiences import Role

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(served: Served) -> Iterator[Site]:
    found = open_site(served)
    yield found
    found.engine.dispose()


def looked_at(page: Page) -> None:
    """Nothing is wrong with the page for anybody, at the width of a phone."""
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{heading(page).replace(' ', '-').replace(':', '')[:30]}.png", full_page=True)
    assert faults(page) == [], page.url


def test_the_table_with_the_most_columns_fits_a_desk_and_a_phone_leads_down_it(site: Site, chromium: Browser) -> None:
    with watched(chromium, site.served.url, viewport=DESK) as page:
        site.sit_down(page, site.person(Role.COMMISSIONER))
        for language in ("en", "ur"):
            page.goto(f"/{language}/insight/matrix")
            assert page.locator("thead th").count() > 10
            assert overflow(page) == [], language
            expect(page.locator(".of-phones")).to_be_hidden()
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
        page.locator(".of-phones a").last.click()
        expect(page.locator("tbody tr").last).to_be_in_viewport()


def test_a_commissioner_finds_where_there_is_least_and_who_is_not_reached(site: Site, chromium: Browser) -> None:
    with watched(chromium, site.served.url, bypass_csp=True) as page:
        site.sit_down(page, site.person(Role.COMMISSIONER))
        page.goto("/en/insight")
        looked_at(page)
        follow(page.get_by_role("main").get_by_role("link", name="Areas and needs"))
        page.get_by_label("Kind of help").select_option("Getting about and falls")
        follow(page.get_by_role("button", name="Show"))
        looked_at(page)
        follow(page.get_by_role("rowheader").get_by_role("link", name="Eastmoor"))
        looked_at(page)
        follow(page.get_by_role("rowheader").get_by_role("link", name="Falls and balance").first)
        expect(page.locator("svg.interval").first).to_be_visible()
        looked_at(page)
        follow(page.get_by_role("link", name="See it on the map"))
        expect(page.locator("path.map-choice").first).to_be_visible()
        looked_at(page)
        follow(page.get_by_role("row").filter(has_text="Eastmoor").get_by_role("cell").get_by_role("link"))
        assert heading(page) == "Falls and balance: Eastmoor"
        expect(page.get_by_role("heading", name="Who is not reached")).to_be_visible()
        looked_at(page)
        follow(page.get_by_role("link", name="Compare areas"))
        page.get_by_label("Eastmoor").check()
        follow(page.get_by_role("button", name="Compare"))
        expect(page.get_by_role("alert")).to_contain_text("Choose two areas or more.")
        expect(page.get_by_label("Eastmoor")).to_be_checked()
        page.get_by_label("Old Town").check()
        follow(page.get_by_role("button", name="Compare"))
        expect(page.get_by_role("table")).to_have_count(2)
        looked_at(page)
        follow(page.get_by_role("link", name="How we work this out").last)
        looked_at(page)
