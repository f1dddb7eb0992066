"""Urgent help is right: every number has hours, cost, source and the day it was read; the gravest comes first; lines are short."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from portal.config import CHECKOUT, from_environment
from portal.pack import load_pack, read_yaml
from portal.ui.assets import STATIC, load_assets
from portal.ui.filters import dialable
from portal.urgent.cards import Card, Contact, load_cards

PATH = CHECKOUT / "content" / "urgent.yaml"
RAW: dict[str, Any] = read_yaml(PATH)
CARDS: list[Card] = list(load_cards(PATH, load_pack(from_environment({}))).values())
NATIONAL: list[Contact] = [contact for card in CARDS for contact in card.contacts if not contact.is_local]
LONGEST_LINE = 20  # words
A_YEAR = timedelta(days=366)
KNOWN = {  # each seen in the provider's own or an official source
    "Samaritans": "116123",
    "Childline": "08001111",
    "National Domestic Abuse Helpline": "08082000247",
    "Hourglass": "08088088141",
    "StepChange": "08001381111",
    "Men's Advice Line": "08088010327",
    "Galop": "08009995428",
    "Karma Nirvana": "08005999247",
}


def named(contact: Contact) -> str:
    return f"{contact.id}: {contact.name} {contact.number}"


def test_the_gravest_danger_comes_first_and_begins_with_999() -> None:
    assert CARDS[0].contacts[0].tel == "999"
    assert [card.id for card in CARDS] == [kind["id"] for kind in RAW["kinds"]]


@pytest.mark.parametrize("contact", NATIONAL, ids=named)
def test_a_number_has_hours_cost_a_source_and_the_day_it_was_read(contact: Contact) -> None:
    assert contact.hours
    assert contact.cost
    assert contact.source.startswith("https://")
    assert contact.checked_on is not None
    assert date(2026, 1, 1) <= contact.checked_on <= date.today()  # noqa: DTZ011 - whether the page is true today, whatever a test's clock says
    assert date.today() - contact.checked_on < A_YEAR, "look at the source again"  # noqa: DTZ011 - as above


@pytest.mark.parametrize("contact", NATIONAL, ids=named)
def test_a_number_dials_what_it_shows(contact: Contact) -> None:
    if contact.number:
        assert dialable(contact.number) == dialable(contact.tel) != ""
        assert re.fullmatch(r"999|111|105|116\d{3}|18000|0\d{6,10}", dialable(contact.number))
    else:
        assert re.fullmatch(r"\d{5,6}", dialable(contact.sms))


def test_the_same_line_has_the_same_number_wherever_it_stands() -> None:
    seen: dict[str, str] = {}
    for contact in NATIONAL:
        assert seen.setdefault(contact.id, contact.tel) == contact.tel
    for contact in NATIONAL:
        for name, number in KNOWN.items():
            if contact.name.startswith(name) and contact.number:
                assert dialable(contact.number) == number


def test_all_the_routes_that_people_need_are_there() -> None:
    numbers = {dialable(contact.number) for contact in NATIONAL} | {dialable(contact.sms) for contact in NATIONAL}
    assert {"999", "111", "116123", "85258", "08001111", "08082000247", "08088088141", "105", "0800111999"} <= numbers
    words = " ".join(way for contact in NATIONAL for way in contact.other_ways)
    assert "55" in words, "999 without speaking"
    assert "999bsl.co.uk" in words
    assert "18001" in words, "Relay UK"


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_card_says_when_to_ring_in_short_plain_lines(card: Card) -> None:
    assert 2 <= len(card.call_if) <= 6
    for line in (*card.call_if, card.title):
        assert len(line.split()) <= LONGEST_LINE, line
        assert not line.endswith(".")
    for step in card.steps:
        for sentence in re.split(r"(?<=[.?!])\s+", step):
            assert len(sentence.split()) <= LONGEST_LINE + 5, sentence


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_card_has_an_icon_that_was_drawn_and_a_plain_id(card: Card) -> None:
    sprite = (STATIC / load_assets().names["icons.svg"]).read_text("utf-8")
    assert f'id="{card.icon}"' in sprite
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", card.id)


def test_a_pack_without_lines_of_its_own_still_has_a_number_on_every_card() -> None:
    bare = load_cards(PATH, load_pack(from_environment({"PORTAL_CONTENT": str(CHECKOUT / "content")})))
    assert set(bare) == {card.id for card in CARDS}
    assert all(card.contacts for card in bare.values())
