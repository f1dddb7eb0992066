"""An adviser on the phone with a caller: a menu, a few questions aloud, a text; and nothing of the caller is left when the call ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desks import Site, heading, open_site
from driving import follow, overflow, path_of
from playwright.sync_api import Browser, Page, expect
from serving import Served
from sqlalchemy import func, select

from portal.accounts.audiences import Role
from portal.assessment.keeping import SealedSitting
from portal.db import reading

pytestmark = pytest.mark.browser
CALLER = "07700 900987"
SIGNED_IN = {"desk"}  # the cookie of a sign-in, and no other


@pytest.fixture(scope="module")
def site(served: Served) -> Iterator[Site]:
    found = open_site(served)
    yield found
    found.engine.dispose()


@pytest.fixture
def desk(site: Site, chromium: Browser) -> Iterator[Page]:
    """A phone on which an adviser has signed in with a passkey."""
    with site.phone(chromium) as page:
        site.sign_in_for_the_first_time(page, site.person(Role.ADVISER).email or "")
        yield page


def cookies(page: Page) -> set[str]:
    return {str(cookie.get("name")) for cookie in page.context.cookies()}


def kept(page: Page) -> list[str]:
    """What the browser keeps besides cookies."""
    return list(page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]"))


def sittings(site: Site) -> int:
    with reading(site.engine) as session:
        return session.scalar(select(func.count()).select_from(SealedSitting)) or 0


def ask_the_caller(page: Page) -> None:
    """From "Who is it for?" to the plan, with the first answer to everything that is asked."""
    follow(page.get_by_role("button", name="Start questions with a caller"))
    for _ in range(12):
        assert overflow(page) == []
        if path_of(page).endswith("/check"):
            break
        answer(page)
        follow(page.locator("main form button[type=submit]").first)
    follow(page.locator("main a.button"))


def answer(page: Page) -> None:
    """The first of every choice, but for danger, of which there is none."""
    if page.locator("#danger-none").count():
        page.locator("#danger-none").check()
        return
    for name in dict.fromkeys(page.locator("main form input[type=radio]").evaluate_all("all => all.map((it) => it.name)")):
        page.locator(f"main form input[type=radio][name='{name}']").first.check()
    for name in dict.fromkeys(page.locator("main form input[type=checkbox]").evaluate_all("all => all.map((it) => it.name)")):
        page.locator(f"main form input[type=checkbox][name='{name}']").first.check()


def test_a_call_ends_and_nothing_of_it_is_left(site: Site, desk: Page) -> None:
    before = sittings(site)
    assert cookies(desk) == SIGNED_IN
    follow(desk.get_by_role("link", name="Adviser's desk"))
    ask_the_caller(desk)
    expect(desk.locator("li[data-service]").first).to_be_visible()
    assert sittings(site) == before + 1
    plan, name = desk.url, desk.locator("li[data-service] h3").first.inner_text()
    follow(desk.get_by_role("link", name="Text it to the caller"))
    assert overflow(desk) == []
    desk.get_by_label("Mobile number").fill(CALLER)
    follow(desk.get_by_role("button", name="Send the text"))
    assert path_of(desk) == "/en/adviser/texted"

    follow(desk.get_by_role("button", name="End the call and forget the answers"))
    assert heading(desk) == "Adviser's desk"
    assert sittings(site) == before
    assert cookies(desk) == SIGNED_IN
    assert kept(desk) == []
    for _ in range(3):
        desk.go_back()
        desk.wait_for_load_state()
        assert name not in desk.locator("body").inner_text(), desk.url
        assert CALLER.replace(" ", "") not in desk.content().replace(" ", ""), desk.url
    desk.goto(plan)
    assert path_of(desk) != "/en/plan" or name not in desk.locator("body").inner_text()


def test_a_menu_is_read_out_and_texted_without_a_question(site: Site, desk: Page) -> None:
    desk.goto("/en/adviser")
    desk.get_by_label("Where is the caller?").fill("Eastmoor")
    desk.get_by_text("Only some kinds of help").click()
    desk.get_by_label("Food").or_(desk.get_by_role("checkbox").first).first.check()
    follow(desk.get_by_role("button", name="Show the menu"))
    assert heading(desk) == "Menu to read out"
    assert overflow(desk) == []
    expect(desk.locator("a.tel").first).to_be_visible()
    follow(desk.get_by_role("link", name="Text it to the caller"))
    desk.get_by_label("Mobile number").fill("0770")
    follow(desk.get_by_role("button", name="Send the text"))
    expect(desk.get_by_role("alert").get_by_role("link")).to_be_visible()
    assert desk.get_by_label("Mobile number").input_value() == "0770"
    desk.get_by_label("Mobile number").fill(CALLER)
    follow(desk.get_by_role("button", name="Send the text"))
    assert path_of(desk) == "/en/adviser/texted"
    assert CALLER.replace(" ", "") not in desk.url
    assert cookies(desk) == SIGNED_IN
