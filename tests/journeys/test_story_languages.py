"""Changing the language keeps the page, whatever it is, and never happens by itself."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from visiting import visit

from portal.i18n.languages import LANGUAGES

ADDRESSES = (
    "/",
    "/search?q=falls&place=Eastmoor&when=day&how=home&how=in-person",
    "/localities/eastmoor",
    "/urgent",
    "/advice/staying-steady",
    "/about",
    "/list",
    "/languages",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_switcher_leads_to_the_same_page_with_the_same_question_in_each_language(client: FlaskClient, address: str) -> None:
    english = visit(client, f"/en{address}")
    for code, name in (("tr", "Türkçe"), ("ur", "اردو"), ("pl", "Polski")):
        other = english.follow(name)
        assert (other.status, other.path) == (200, f"/{code}{address.partition('?')[0]}")
        assert other.query == english.query
        assert other.follow("English").path == english.path


def test_the_switcher_is_plain_links_in_each_languages_own_name(client: FlaskClient) -> None:
    page = visit(client, "/tr/").page
    links = page.tree.findall(".//nav[@id='languages']//a")
    assert ["".join(link.itertext()) for link in links[:-1]] == ["English", "Türkçe", "اردو", "Polski"]
    assert all(link.get("lang") == link.get("hreflang") for link in links)
    assert [link.get("aria-current") for link in links] == [None, "true", None, None, None]


def test_the_other_languages_are_a_tap_away_and_lead_back_to_the_same_page(client: FlaskClient) -> None:
    page = visit(client, "/bn/search?q=ma&place=Eastmoor").page
    links = page.tree.findall(".//nav[@id='languages']//a")
    assert [link.get("hreflang") for link in links[:-1]] == ["en", "tr", "ur", "bn"], "its own, and the likely ones"
    every = visit(client, str(links[-1].get("href"))).page.tree
    there = {link.get("hreflang"): link.get("href") for link in every.findall(".//main//ul/li/a")}
    assert there.keys() == LANGUAGES.keys()
    assert there["so"] == "/so/search?q=ma&place=Eastmoor"


def test_a_browsers_language_alone_changes_nothing(client: FlaskClient) -> None:
    assert client.get("/", headers={"Accept-Language": "ur"}).location == "/en/"
    assert client.get("/en/", headers={"Accept-Language": "ur"}).status_code == 200


def test_words_in_another_language_than_the_page_are_understood_and_the_page_stays(client: FlaskClient) -> None:
    screen = visit(client, "/en/search?q=kendimi yalnız hissediyorum")
    assert screen.page.language == "en"
    assert "feeling lonely" in screen.text


def test_an_error_speaks_the_language_of_its_address(client: FlaskClient) -> None:
    for code in ("en", "tr", "ur"):
        lost = visit(client, f"/{code}/nowhere/at/all")
        assert lost.status == 404
        assert lost.page.tree.get("lang") == code
    assert visit(client, "/xx/").page.tree.get("lang") == "en"
