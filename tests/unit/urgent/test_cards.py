"""Cards of urgent help: no number without its hours, cost, source and date; the council's lines filled in; gravest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import yaml

from portal.config import CHECKOUT, from_environment
from portal.errors import ContentError
from portal.pack import Line, Pack, load_pack
from portal.urgent.cards import Card, load_cards

NINES = {
    "id": "nine-nine-nine",
    "name": "Emergency services",
    "number": 999,
    "hours": "Day and night",
    "cost": "Free",
    "source": "https://police.example.org",
    "checked_on": date(2026, 11, 22),
}
TEXT = {**{key: value for key, value in NINES.items() if key != "number"}, "id": "text", "sms": 61016}
HOMELESS = Line("homeless", "Housing Help", "01632 960 004", "Day and night", cost="Local rate", url="https://x.example.org")
FRONT = Line("front_door", "Front door", "01632 960 001", "Monday to Friday")
PACK = Pack("S", "C", "B", ("b",), "#000000", ("en",), {"front_door": FRONT, "homeless": HOMELESS}, "", "", is_demo=True)


def kind(*contacts: object, name: str = "danger", **more: object) -> dict[str, object]:
    return {"id": name, "icon": "alert", "title": "Danger", "call_if": ["Somebody is hurt"], "contacts": list(contacts), **more}


def load(folder: Path, *kinds: dict[str, object]) -> Mapping[str, Card]:
    path = folder / "urgent.yaml"
    path.write_text(yaml.safe_dump({"kinds": list(kinds)}), "utf-8")
    return load_cards(path, PACK)


def test_a_whole_contact_is_told_as_it_is_written(tmp_path: Path) -> None:
    entry = {**NINES, "tel": "0999", "for": "Police", "other_ways": ["Press 55"], "url": "https://999.example.org"}
    [card] = load(tmp_path, kind(entry, steps=["Go outside"])).values()
    [contact] = card.contacts
    assert (contact.number, contact.tel, contact.purpose, contact.other_ways) == ("999", "0999", "Police", ("Press 55",))
    assert (contact.source, contact.checked_on, contact.is_local) == ("https://police.example.org", date(2026, 11, 22), False)
    assert (card.call_if, card.steps) == (("Somebody is hurt",), ("Go outside",))


@pytest.mark.parametrize("key", ["name", "hours", "cost", "source", "checked_on"])
@pytest.mark.parametrize("empty", [False, True], ids=["missing", "empty"])
def test_a_number_is_not_published_without_all_that_vouches_for_it(tmp_path: Path, key: str, empty: bool) -> None:
    entry = {**NINES, key: ""} if empty else {name: value for name, value in NINES.items() if name != key}
    with pytest.raises(ContentError, match=f"nine-nine-nine lacks {key}"):
        load(tmp_path, kind(entry))


def test_a_contact_needs_a_number_to_ring_or_to_text(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="lacks number or sms"):
        load(tmp_path, kind({**TEXT, "sms": ""}))
    [card] = load(tmp_path, kind(TEXT)).values()
    assert (card.contacts[0].sms, card.contacts[0].number, card.contacts[0].tel) == ("61016", "", "")


def test_a_local_line_is_the_council_s_own_in_its_words(tmp_path: Path) -> None:
    [card] = load(tmp_path, kind({"pack": "homeless"}, NINES)).values()
    local = card.contacts[0]
    assert (local.id, local.name, local.number, local.hours, local.cost, local.url, local.is_local) == (
        "homeless",
        "Housing Help",
        "01632 960 004",
        "Day and night",
        "Local rate",
        "https://x.example.org",
        True,
    )


def test_a_line_that_the_council_does_not_have_is_left_out(tmp_path: Path) -> None:
    [card] = load(tmp_path, kind({"pack": "no_such_line"}, NINES)).values()
    assert [contact.id for contact in card.contacts] == ["nine-nine-nine"]


def test_a_card_with_nobody_to_ring_is_refused(tmp_path: Path) -> None:
    for contacts in ([], [{"pack": "no_such_line"}]):
        with pytest.raises(ContentError, match="danger has nobody to ring"):
            load(tmp_path, kind(*contacts))


def test_cards_and_contacts_stay_in_the_order_of_the_file(tmp_path: Path) -> None:
    cards = load(tmp_path, kind(NINES, TEXT, name="zebra"), kind(TEXT, NINES, name="apple"))
    assert list(cards) == ["zebra", "apple"]
    assert [contact.id for contact in cards["apple"].contacts] == ["text", "nine-nine-nine"]


@pytest.mark.parametrize("text", ["", "kinds: 5", "kinds: [5]", "kinds:\n- {id: a}", "other: []", "kinds: [", "kinds:\n- contacts: {a: b}"])
def test_a_broken_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "urgent.yaml").write_text(text, "utf-8")
    with pytest.raises(ContentError, match=r"urgent\.yaml"):
        load_cards(tmp_path / "urgent.yaml", PACK)


def test_a_date_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="checked_on"):
        load(tmp_path, kind({**NINES, "checked_on": "lately"}))


def test_a_kind_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="twice"):
        load(tmp_path, kind(NINES), kind(TEXT))


def test_the_project_s_cards_put_life_first_and_hold_the_demo_s_own_lines() -> None:
    cards = load_cards(CHECKOUT / "content" / "urgent.yaml", load_pack(from_environment({})))
    assert list(cards)[:3] == ["danger", "medical", "suicide"]
    assert [cards[name].contacts[0].tel for name in ("danger", "medical")] == ["999", "999"]
    assert {contact.id for card in cards.values() for contact in card.contacts if contact.is_local} >= {"emergency_duty_team", "homeless"}
