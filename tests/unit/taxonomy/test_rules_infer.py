"""What a listing's own words say that it helps with."""

from __future__ import annotations

from pathlib import Path

import pytest
from effort import effort

from portal.config import CHECKOUT
from portal.errors import ContentError
from portal.taxonomy.rules import NeedRules, infer, infer_audiences, infer_deliveries, load_rules
from portal.taxonomy.terms import DELIVERIES, load_taxonomy

SMALL = """
rules:
  debt:
    terms: ["Debt Advice"]
    name: ["debt*"]
    text: ["debt*", "owe money"]
  falls:
    name: ["falls"]
    text: ["fall*", "balance"]
    unless: ["waterfall*"]
  friends: {text: ["lonely", "tea"]}
  food: {text: ["meal*", "tea"]}
  walks: {text: ["walk*"]}
  faith: {text: ["hymn*"]}
fallback: {"Health": falls, "Money ": debt}
deliveries:
  home: {text: ["at your home"]}
  phone: {name: ["helpline"], unless: ["not a helpline"]}
audiences:
  carer: {text: ["carers"], unless: ["parents and carers"]}
"""


@pytest.fixture
def rules(tmp_path: Path) -> NeedRules:
    path = tmp_path / "rules.yaml"
    path.write_text(SMALL, "utf-8")
    return load_rules(path)


def test_the_name_counts_more_than_the_text_and_a_term_as_much_as_it(rules: NeedRules) -> None:
    assert infer("Falls class", "For people in debt", (), rules) == ("falls", "debt")
    assert infer("Class", "Better balance", ("debt  advice",), rules) == ("debt", "falls")


def test_of_equals_the_first_of_the_file_stands_first(rules: NeedRules) -> None:
    assert infer("Club", "Tea", (), rules) == ("friends", "food")


def test_words_of_each_kind_count_once(rules: NeedRules) -> None:
    assert infer("Club", "Tea, tea, tea and a walk. Walk on. Debt!", (), rules) == ("debt", "friends", "food", "walks")


def test_four_at_most_strongest_first(rules: NeedRules) -> None:
    assert infer("Debt", "Tea, walks, hymns, meals and balance", (), rules) == ("debt", "falls", "friends", "food")


def test_unless_voids_a_need_wherever_it_stands(rules: NeedRules) -> None:
    assert infer("Waterfall club", "You may fall and walk", (), rules) == ("walks",)
    assert infer("Falls club", "See the waterfalls, do not fall", (), rules) == ()
    assert infer("Falls club", "Do not fall", (), rules) == ("falls",)


def test_broad_terms_count_only_where_nothing_else_does(rules: NeedRules) -> None:
    assert infer("Centre", "Open daily", ("HEALTH",), rules) == ("falls",)
    assert infer("Centre", "Walks", ("health",), rules) == ("walks",)
    assert infer("Centre", "Open daily", ("unknown",), rules) == ()


def test_phrases_do_not_run_from_one_name_into_the_next(rules: NeedRules) -> None:
    assert infer("People owe\nMoney club", "", (), rules) == ()


def test_deliveries_and_audiences_are_told_by_the_same_grammar(rules: NeedRules) -> None:
    assert infer_deliveries("Night helpline", "We visit you at your home", rules) == ("home", "phone")
    assert infer_deliveries("Helpline", "This is not a helpline", rules) == ()
    assert infer_audiences("Group", "For carers", rules) == ("carer",)
    assert infer_audiences("Group", "For parents and carers", rules) == ()


@pytest.mark.parametrize(
    "text", ["", "[]", "rules: []", "rules: {debt: [a]}", "rules: {debt: {words: [a]}}", "rules: {debt: {name: debt}}", "rules: ["]
)
def test_a_file_in_another_form_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ContentError, match=r"rules\.yaml"):
        load_rules(path)


@pytest.fixture(scope="module")
def ours() -> NeedRules:
    return load_rules(CHECKOUT / "content" / "taxonomy_rules.yaml")


def test_our_rules_speak_of_our_own_needs_deliveries_and_audiences(ours: NeedRules) -> None:
    taxonomy = load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml")
    assert set(ours.needs.order) | set(ours.fallback.values()) <= set(taxonomy.needs)
    assert set(ours.deliveries.order) <= set(DELIVERIES)
    assert set(ours.audiences.order) <= set(taxonomy.audiences)


@pytest.mark.parametrize(
    ("name", "description", "need"),
    [
        ("Strength and balance", "A gentle class that helps you not to fall", "falls"),
        ("Lee Street food bank", "Three days of food", "food"),
        ("Singing for the brain", "For people with dementia and those who look after them", "dementia"),
    ],
)
def test_our_rules_know_plain_listings(ours: NeedRules, name: str, description: str, need: str) -> None:
    assert need in infer(name, description, (), ours)


@pytest.mark.parametrize(
    ("name", "description", "how", "who"),
    [
        ("Home library", "We bring books and visit you in your own home", ("home",), ()),
        ("Carers' helpline", "Ring when caring for someone gets too much", ("phone",), ("carer",)),
        ("Stay and play", "For parents and carers with babies", (), ("family",)),
        ("Elm House", "Care home. Nursing homes.", (), ()),
    ],
)
def test_our_rules_tell_how_and_for_whom_only_where_it_is_plain(
    ours: NeedRules, name: str, description: str, how: tuple[str, ...], who: tuple[str, ...]
) -> None:
    assert infer_deliveries(name, description, ours) == how
    assert infer_audiences(name, description, ours) == who


def test_two_hundred_listings_are_read_in_no_time(ours: NeedRules) -> None:
    description = "A lunch club for older people who live alone, with music, gentle exercise, and help with forms and bills. " * 3
    assert effort(lambda: [infer(f"Lunch club {number}", description, ("older people",), ours) for number in range(200)]) < 100
