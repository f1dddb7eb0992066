"""A council editor on a phone: a notice from its first word until it is gone, in English and Urdu, and every page of the desk measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from driving import Opener, follow
from playwright.sync_api import Page

from portal import clock
from portal.accounts.audiences import Role

pytestmark = pytest.mark.browser
LEAK = "Eastmoor Library is closed until Friday because of a leak."
LEAK_IN_URDU = "ایسٹ مور لائبریری جمعہ تک بند ہے۔"
FACTS = ("/council/money/2026", "/council/money/2026/attendance_allowance_lower", "/council/line", "/council/pages", "/council/places")


@pytest.fixture
def phone(open_signed_in: Opener) -> Iterator[Page]:
    """A phone on which a council editor has signed in."""
    with open_signed_in(roles=[Role.COUNCIL_EDITOR]) as page:
        yield page


def test_a_notice_is_written_looked_at_put_up_and_taken_down_on_a_phone(phone: Page, measured: Callable[[str], None]) -> None:
    today = clock.today()
    phone.goto("/en/council")
    measured("the desk")
    follow(phone.get_by_role("link", name="Write a notice"))
    follow(phone.get_by_role("button", name="Save and look at it"))
    measured("a form with errors")
    assert phone.get_by_role("link", name="Write the words in English.").is_visible()
    phone.get_by_label("Important").check()
    phone.get_by_label("Words in English").fill(LEAK)
    phone.get_by_label("First day").fill(today.isoformat())
    phone.get_by_label("Last day").fill((today + timedelta(days=3)).isoformat())
    phone.get_by_text("اردو", exact=True).last.click()
    phone.get_by_label("Words in اردو").fill(LEAK_IN_URDU)
    measured("a form filled in")
    follow(phone.get_by_role("button", name="Save and look at it"))
    assert phone.get_by_role("heading", level=1).inner_text() == "Look at the notice"
    measured("the look at it")
    address = phone.url
    phone.goto(address.replace("/en/", "/ur/"))
    assert phone.locator(".notice").first.inner_text().strip() == LEAK_IN_URDU
    measured("the look at it in Urdu")
    phone.goto(address)
    follow(phone.get_by_role("button", name="Put it up"))
    assert phone.get_by_role("heading", level=1).inner_text() == "This notice is up"
    for language, words in (("en", LEAK), ("ur", LEAK_IN_URDU), ("pl", LEAK)):
        phone.goto(f"/{language}/")
        assert phone.locator("aside.banners").inner_text().strip() == words
        measured(f"the home page in {language}")
    phone.goto("/en/urgent")
    assert phone.locator("aside.banners").count() == 0
    phone.goto(address)
    follow(phone.get_by_role("button", name="Take it down"))
    follow(phone.get_by_role("link", name="How it was before"))
    measured("its history")
    phone.goto("/en/advice")
    assert phone.locator("aside.banners").count() == 0


def test_facts_and_words_about_places_are_kept_on_a_phone(phone: Page, measured: Callable[[str], None]) -> None:
    for path in FACTS:
        for language in ("en", "ur"):
            phone.goto(f"/{language}{path}")
            measured(phone.url)
    phone.goto("/en/council/places/eastmoor/en")
    measured("the form of a place")
    phone.get_by_label("About this place").fill("Eastmoor lies between the river and the old docks.")
    phone.get_by_label("Who", exact=True).first.fill("Tea club")
    phone.get_by_label("Phone number").first.fill("01632 960100")
    follow(phone.get_by_role("button", name="Save"))
    phone.goto("/en/council/places/eastmoor/ur")
    measured("the same in Urdu")
    phone.get_by_label("About this place").fill("ایسٹ مور دریا کے کنارے ہے۔")
    follow(phone.get_by_role("button", name="Save"))
    for language in ("en", "ur", "pl"):
        phone.goto(f"/{language}/localities/eastmoor")
        assert phone.get_by_text("Tea club").is_visible()
        measured(f"the page of the place in {language}")
