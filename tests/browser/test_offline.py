"""A locality kept on a phone, in a real browser with the network cut: opens by itself, whole or not at all, and goes when it should."""

from __future__ import annotations

import re
from typing import Any

import pytest
from driving import Opener, follow, measure, overflow, path_of
from playwright.sync_api import Page, expect
from serving import Served

from portal.sharing.offline.packing import LARGEST

pytestmark = pytest.mark.browser
OFFER = "section[data-area]"
KEPT = """async () => {
  const names = await caches.keys();
  const texts = await Promise.all(names.map(async (name) => (await caches.match("/on-this-phone", {cacheName: name})).text()));
  return texts.map((text) => new TextEncoder().encode(text).length);
}"""
WITHOUT_WORKER = "navigator.serviceWorker.getRegistrations().then((all) => all.length === 0)"  # it goes in its own time


def keep(page: Page, language: str = "en", area: str = "eastmoor") -> None:
    """One press on the page of a locality."""
    page.goto(f"/{language}/localities/{area}")
    page.locator(f"{OFFER} [data-act=keep]").click()
    expect(page.locator(f"{OFFER} [data-act=keep] [data-state=same]")).to_be_visible(timeout=60_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def cut(page: Page) -> None:
    """No network, and nothing in the browser's own cache, which holds pages and files of the last minutes."""
    page.context.set_offline(True)
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")


def forgiving(page: Page) -> None:
    """A cut network is told on the console, and is no fault here; whatever else is told stays."""
    watch: Any = page.watch  # type: ignore[attr-defined]  # put there by watched
    watch.problems[:] = [it for it in watch.problems if "ERR_INTERNET_DISCONNECTED" not in it and "Failed to load resource" not in it]


def kept_bytes(page: Page) -> list[int]:
    return list(page.evaluate(KEPT))


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ur", "rtl")])
def test_with_the_network_cut_kept_pages_open_at_their_own_addresses(open_page: Opener, language: str, direction: str) -> None:
    with open_page(bypass_csp=True) as page:
        page.goto(f"/{language}/search?q=food")
        follow(page.locator("li[data-service] form button").first)
        keep(page, language)
        assert len(kept_bytes(page)) == 1
        assert kept_bytes(page)[0] <= LARGEST
        cut(page)
        for path in (f"/{language}/localities/eastmoor", f"/{language}/urgent", f"/{language}/list", f"/{language}/on-this-phone"):
            page.goto(path)
            assert path_of(page) == path
            expect(page.locator("html")).to_have_attribute("dir", direction)
            expect(page.locator("main .notice").first).to_be_visible()
            if language == "en":
                expect(page.locator("main .notice").first).to_contain_text("You are not connected.")
            assert overflow(page) == []
            assert page.evaluate("[...document.styleSheets].reduce((sum, it) => sum + it.cssRules.length, 0)") > 100, "it has its style"
            measure(page, path)
        page.goto(f"/{language}/list")
        expect(page.locator("main ul.cards > li")).to_have_count(1)
        page.goto(f"/{language}/search?q=falls")
        expect(page.locator("main a[href='tel:999']")).to_be_visible()
        expect(page.locator(f"main a[href='/{language}/localities/eastmoor']")).to_be_visible()
        page.context.set_offline(False)
        page.goto(f"/{language}/localities/eastmoor")
        expect(page.locator("#languages")).to_be_visible()
        forgiving(page)


def test_the_address_of_a_service_leads_to_where_it_is_kept(open_page: Opener) -> None:
    with open_page() as page:
        keep(page)
        cut(page)
        page.goto("/en/localities/eastmoor")
        service = str(page.locator("main li[id^='s-']").nth(7).get_attribute("id")).removeprefix("s-")
        page.goto(f"/en/services/{service}")
        assert page.url.endswith(f"/en/localities/eastmoor#s-{service}")
        expect(page.locator(f"#s-{service}")).to_be_in_viewport()
        page.goto("/en/services/00000000-0000-4000-8000-000000000000")
        expect(page.locator("h1")).to_have_text("You have no connection")
        forgiving(page)


def test_another_language_takes_the_place_of_the_first(open_page: Opener) -> None:
    with open_page() as page:
        keep(page, "en")
        page.goto("/ur/localities/eastmoor")
        expect(page.locator(f"{OFFER} [data-told=title]")).to_have_attribute("lang", "en")
        keep(page, "ur")
        assert len(kept_bytes(page)) == 1
        cut(page)
        page.goto("/ur/localities/eastmoor")
        expect(page.locator("html")).to_have_attribute("lang", "ur")
        page.goto("/en/localities/eastmoor")  # not kept: said in the language that is
        expect(page.locator("html")).to_have_attribute("lang", "ur")
        expect(page.locator("main a[href='/ur/localities/eastmoor']")).to_be_visible()
        forgiving(page)


def test_it_tells_what_is_kept_and_a_press_deletes_it_also_without_a_connection(open_page: Opener) -> None:
    with open_page() as page:
        keep(page)
        cut(page)
        page.goto("/en/on-this-phone")
        expect(page.get_by_text(re.compile(r"It takes up about \d+ KB\."))).to_be_visible()
        expect(page.get_by_text(re.compile(r"^Saved on \w+ \d+ \w+\."))).to_be_visible()
        page.get_by_role("button", name="Delete it from this phone").click()
        expect(page.get_by_text("Deleted. Nothing is kept on this phone now.")).to_be_visible()
        page.wait_for_function("caches.keys().then((names) => names.length === 0)")
        page.context.set_offline(False)
        page.goto("/en/on-this-phone")
        page.wait_for_function(WITHOUT_WORKER)
        forgiving(page)


def test_an_update_that_fails_half_way_leaves_what_was_kept(open_page: Opener) -> None:
    with open_page() as page:
        keep(page)
        before = page.evaluate("caches.keys()")
        cut(page)
        page.locator(f"{OFFER} [data-act=keep]").click()
        expect(page.locator(f"{OFFER} [data-said]")).to_contain_text("Nothing was changed")
        assert page.evaluate("caches.keys()") == before
        page.goto("/en/localities/eastmoor")
        expect(page.locator("main .notice").first).to_contain_text("You are not connected.")
        forgiving(page)


def test_a_phone_without_room_says_so_and_keeps_nothing_half(open_page: Opener, served: Served) -> None:
    with open_page() as page:
        page.goto("/en/localities/eastmoor")
        session = page.context.new_cdp_session(page)
        session.send("Storage.overrideQuotaForOrigin", {"origin": served.url, "quotaSize": 50_000})
        page.locator(f"{OFFER} [data-act=keep]").click()
        expect(page.locator(f"{OFFER} [data-said]")).to_contain_text("There is no room on this phone")
        page.wait_for_function("caches.keys().then((names) => names.length === 0)")
        page.wait_for_function(WITHOUT_WORKER)


def test_exit_this_page_deletes_it_at_once(open_page: Opener) -> None:
    with open_page() as page:
        keep(page)
        page.goto("/en/urgent")
        watch: Any = page.watch  # type: ignore[attr-defined]  # put there by watched
        watch.own += (page.locator("[data-exit]").get_attribute("data-away"),)
        page.route(lambda address: not address.startswith(watch.own[0]), lambda route: route.fulfill(body="elsewhere"))
        page.locator("[data-exit]").click()
        page.wait_for_url(lambda address: not address.startswith(watch.own[0]))
        page.goto("/en/about")
        page.wait_for_function("caches.keys().then((names) => names.length === 0)")


def test_the_list_that_is_kept_follows_the_list(open_page: Opener) -> None:
    with open_page() as page:
        keep(page)
        page.goto("/en/search?q=food")
        follow(page.locator("li[data-service] form button").first)
        # The pack is swapped whole: for a moment the one whose name was read is gone, and nothing can be told.
        kept = """caches.keys().then((names) => caches.match("/on-this-phone", {cacheName: names.sort().at(-1)}))
          .then((it) => it?.json())"""
        page.wait_for_function(f"""() => {kept}.then((pack) => pack?.list.includes('id="s-') === true)""")
        page.get_by_role("button", name="Clear my list").click()
        page.wait_for_function(f"""() => {kept}.then((pack) => pack?.list.includes('id="s-') === false)""")


def test_whoever_never_pressed_keeps_nothing(open_page: Opener) -> None:
    with open_page() as page:
        for path in ("/en/localities/eastmoor", "/en/list", "/en/on-this-phone", "/en/urgent"):
            page.goto(path)
        assert page.evaluate("caches.keys()") == []
        assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def test_without_script_nothing_is_offered_or_shown(open_page: Opener, addresses: dict[str, str]) -> None:
    with open_page(java_script_enabled=False) as page:
        page.goto(f"/en{addresses['locality']}")
        expect(page.locator("[data-keeping]")).to_be_hidden()
        page.goto("/en/on-this-phone")
        expect(page.get_by_text("You can print a page instead")).to_be_visible()
