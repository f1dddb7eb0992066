"""Changing times on a phone in a real browser: with script and without, from right to left; nothing too wide, too small or barred."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from accounts import make_person
from axe import violations
from driving import Opener, enter, follow, overflow, small_targets
from playwright.sync_api import Page, expect
from serving import Served
from sqlalchemy import Engine, select

from portal.accounts.audiences import Level
from portal.accounts.signing import sessions
from portal.accounts.signing.cookies import Cookie
from portal.db import open_engine, writing
from portal.directory.models import Service

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def database(served: Served) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{served.state / 'instance' / 'portal.sqlite3'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def kept(database: Engine) -> tuple[str, str]:
    """The id of a service, and the token of somebody who keeps it."""
    with writing(database) as session:
        service = session.scalars(select(Service).where(Service.name == "Knit and natter")).one()
        kim = make_person(session, "kim-in-a-browser@example.org", organizations=[service.organization_id], name="Kim")
        return str(service.id), sessions.start(session, kim.id, Level.PASSKEY, "Chrome, Android")


def sign_in(page: Page, served: Served, token: str) -> None:
    page.context.add_cookies([{"name": Cookie.SIGN_IN.value, "value": token, "url": served.url}])


@pytest.mark.parametrize("has_script", [True, False])
def test_times_are_changed_in_two_pages_from_the_desk(
    open_page: Opener, served: Served, kept: tuple[str, str], *, has_script: bool
) -> None:
    service, token = kept
    with open_page(java_script_enabled=has_script) as page:
        sign_in(page, served, token)
        page.goto("/en/my-listings")
        follow(page.locator(f"#s-{service}").get_by_role("link", name="Change times"))
        page.get_by_label("Thursday").check()
        page.get_by_label("Starts").fill("half past ten")
        page.get_by_label("Ends").fill("noon")
        follow(page.get_by_role("button", name="Save and check"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Check before you send")
        expect(page.locator("ins").first).to_contain_text("10.30am to 12 noon")
        follow(page.get_by_role("button", name="Send for review"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Sent for review")
        page.goto(f"/en/my-listings/{service}")
        follow(page.get_by_role("button", name="Take it back"))
        follow(page.get_by_role("button", name="Throw my draft away"))
        expect(page.get_by_role("heading", level=1)).to_have_text("My listings")


def test_enter_saves(open_page: Opener, served: Served, kept: tuple[str, str]) -> None:
    service, token = kept
    with open_page() as page:
        sign_in(page, served, token)
        page.goto(f"/en/my-listings/{service}/times")
        enter(page.get_by_label("Starts"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Check before you send")


@pytest.mark.parametrize("language", ["en", "ur"])
def test_no_page_is_too_wide_too_small_or_barred(open_page: Opener, served: Served, kept: tuple[str, str], language: str) -> None:
    service, token = kept
    with open_page(bypass_csp=True) as page:
        sign_in(page, served, token)
        for path in ("", *(f"/{service}{step}" for step in ("", "/times", "/where", "/needs", "/access", "/start", "/check"))):
            page.goto(f"/{language}/my-listings{path}")
            for summary in page.locator("main summary").all():
                summary.click()
            assert overflow(page) == [], path
            assert small_targets(page) == [], path
            assert violations(page) == [], path
