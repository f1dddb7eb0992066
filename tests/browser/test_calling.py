"""Pressing Call in a real browser: it is counted once, beside a call that goes through all the same."""

from __future__ import annotations

import pytest
from driving import Opener, follow
from playwright.sync_api import Page, Request

pytestmark = pytest.mark.browser
PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
FOLLOWED = """() => addEventListener("click", (event) => {
  window.followed = [...(window.followed || []), [event.target.closest("a").href, event.defaultPrevented]];
  event.preventDefault();  // this machine has no telephone
})"""


def told(page: Page) -> list[Request]:
    """What is sent to be counted from now on."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.url.endswith("/called") else None)
    return sent


def test_call_on_a_result_is_counted_once_and_dials(open_page: Opener) -> None:
    with open_page(user_agent=PHONE) as page:
        page.goto("/en/search?need=falls")
        page.evaluate(FOLLOWED)
        sent = told(page)
        card = page.locator("li[data-service]", has=page.locator("a[href^='tel:']")).first
        with page.expect_response("**/called") as answered:
            card.locator("a[href^='tel:']").click()
        assert answered.value.status == 204
        assert "set-cookie" not in answered.value.headers
        assert [(it.method, it.post_data) for it in sent] == [("POST", f"service={card.get_attribute('data-service')}")]
        ((address, is_stopped),) = page.evaluate("followed")
        assert (address.startswith("tel:"), is_stopped) == (True, False)


def test_every_number_on_the_page_of_a_service_is_counted_by_touch_and_key(open_page: Opener) -> None:
    with open_page(user_agent=PHONE) as page:
        page.goto("/en/search?need=falls")
        service = page.locator("li[data-service]", has=page.locator("a[href^='tel:']")).first
        service_id = service.get_attribute("data-service")
        follow(service.locator("h2 a"))
        page.evaluate(FOLLOWED)
        sent = told(page)
        numbers = page.locator("main a[href^='tel:']")
        with page.expect_response("**/called"):
            numbers.first.click()
        with page.expect_response("**/called"):
            numbers.last.press("Enter")
        assert [it.post_data for it in sent] == [f"service={service_id}"] * 2


def test_our_own_number_is_not_counted_as_a_listing_s(open_page: Opener) -> None:
    with open_page(user_agent=PHONE) as page:
        page.goto("/en/search?need=falls")
        page.evaluate(FOLLOWED)
        sent = told(page)
        page.locator("footer a[href^='tel:']").click()
        page.wait_for_function("window.followed?.length === 1")
        assert sent == []


def test_a_call_dials_when_nothing_can_be_counted(open_page: Opener) -> None:
    with open_page(user_agent=PHONE) as page:
        page.watch.is_expecting_errors = True  # type: ignore[attr-defined]  # of driving
        page.goto("/en/search?need=falls")
        page.evaluate(FOLLOWED)
        page.evaluate("navigator.sendBeacon = undefined")
        page.locator("li[data-service] a[href^='tel:']").first.click()
        page.wait_for_function("window.followed?.length === 1")
        ((address, is_stopped),) = page.evaluate("followed")
        assert (address.startswith("tel:"), is_stopped) == (True, False)
