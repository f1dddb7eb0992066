"""Words that speak of danger bring the help card first, in the page's language, and hide nothing."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from visiting import Screen, visit


def order_on(screen: Screen) -> list[str]:
    """What comes first on a page of results: the urgent card or the services."""
    return [
        "urgent" if it.get("id") == "urgent" else "service"
        for it in screen.page.tree.iter()
        if it.get("id") == "urgent" or it.get("data-service")
    ]


@pytest.mark.parametrize(
    ("language", "words", "number"),
    [
        ("en", "I want to die", "116 123"),
        ("en", "he hit me and I'm scared to go home", "0808 2000 247"),
        ("en", "she has collapsed and is not breathing", "999"),
        ("en", "we have nowhere to sleep tonight", "01632 960004"),
        ("tr", "ölmek istiyorum", "116 123"),
        ("ur", "میں مرنا چاہتا ہوں", "116 123"),
        ("tr", "I want to die", "116 123"),
        ("en", "ölmek istiyorum", "116 123"),
    ],
)
def test_urgent_words_bring_the_card_with_its_number_before_the_results(
    client: FlaskClient, language: str, words: str, number: str
) -> None:
    screen = visit(client, f"/{language}/search?q={words}")
    assert screen.status == 200
    assert order_on(screen)[0] == "urgent"
    assert number.replace(" ", "") in screen.part("urgent").replace(" ", "")
    assert screen.services, "the results are hidden"


@pytest.mark.parametrize("words", ["die casting", "suicide prevention training", "my mum keeps falling", "heart attack recovery club"])
def test_words_that_only_sound_like_danger_bring_no_card(client: FlaskClient, words: str) -> None:
    assert visit(client, f"/en/search?q={words}").part("urgent") == ""


def test_urgent_help_is_one_tap_from_every_page_and_every_number_can_be_tapped(client: FlaskClient) -> None:
    for address in ("/en/", "/en/search?q=food", "/en/list", "/en/nonsense", "/en/about"):
        urgent = visit(client, address).follow("Urgent help")
        assert urgent.heading == "Urgent help"
    numbers = [link.get("href", "") for link in urgent.page.all("a") if link.get("href", "").startswith("tel:")]
    assert numbers[0] == "tel:999"
    assert {"tel:999", "tel:111", "tel:116123"} <= set(numbers)
