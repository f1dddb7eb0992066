"""The taxonomy is whole: every need has a heading, a rule, somewhere to go; outcomes are those of the law."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import Any

import pytest

from portal.config import CHECKOUT, Settings
from portal.db import open_engine, reading
from portal.directory.terms import ServiceNeed
from portal.pack import read_yaml
from portal.taxonomy.phrases import PhraseBook
from portal.taxonomy.rules import load_rules
from portal.taxonomy.terms import Taxonomy, load_taxonomy
from portal.taxonomy.words import words
from portal.ui.assets import STATIC, load_assets
from portal.web.home import SHOWN_NEEDS

RAW: dict[str, Any] = read_yaml(CHECKOUT / "content" / "taxonomy.yaml")
TAXONOMY: Taxonomy = load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml")
# Care and Support (Eligibility Criteria) Regulations 2015 (SI 2015/313): regulation 2(2) for adults, 3(2) for carers.
BOTH = {"nutrition", "habitable-home", "relationships", "work-learning", "community", "caring-child"}
ADULT = BOTH | {"hygiene", "toilet", "clothing", "safe-home"}
CARER = BOTH | {"caring-adult", "recreation"}


def test_ids_are_plain_and_given_once() -> None:
    for part, entries in RAW.items():
        ids = Counter(entry["id"] for entry in entries)
        assert [name for name, count in ids.items() if count > 1] == [], part
        assert [name for name in ids if not re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name)] == [], part


def test_there_are_at_least_sixty_needs_and_each_has_its_heading_and_label() -> None:
    assert len(TAXONOMY.needs) >= 60
    for need in TAXONOMY.needs.values():
        assert need.group in TAXONOMY.groups, need.id
        assert need.label == need.label.strip() != ""
        assert not need.label.endswith("."), "a label ends a sentence that has its own full stop"
    labels = Counter(need.label for need in TAXONOMY.needs.values())
    assert [label for label, count in labels.items() if count > 1] == []


def test_needs_that_it_is_dangerous_to_be_seen_reading_of_are_marked_and_no_others() -> None:
    marked = {need.id for need in TAXONOMY.needs.values() if need.is_sensitive}
    assert marked == {"abuse-neglect", "domestic-abuse", "child-safety"}
    assert TAXONOMY.is_sensitive(["falls", "domestic-abuse"])
    assert not TAXONOMY.is_sensitive(["falls", "gone-long-ago"])


def test_no_heading_is_empty_and_each_has_an_icon_that_was_drawn() -> None:
    sprite = (STATIC / load_assets().names["icons.svg"]).read_text("utf-8")
    for group in TAXONOMY.groups.values():
        assert TAXONOMY.needs_by_group[group.id], group.id
        assert f'id="{group.icon}"' in sprite, group.icon


@pytest.mark.parametrize(("whom", "law"), [("adult", ADULT), ("carer", CARER)])
def test_the_outcomes_are_those_of_the_law(whom: str, law: set[str]) -> None:
    assert {outcome.id for outcome in TAXONOMY.outcomes.values() if whom in outcome.counts_for} == law


def test_every_outcome_is_met_by_some_need_and_no_need_names_another() -> None:
    met = {outcome for need in TAXONOMY.needs.values() for outcome in need.outcomes}
    assert met == set(TAXONOMY.outcomes)


def test_every_need_has_somewhere_to_go_in_the_demo(demo: Settings) -> None:
    engine = open_engine(demo.database_url)
    with reading(engine) as session:
        met = {row.need for row in session.query(ServiceNeed).distinct()}
    engine.dispose()
    assert set(TAXONOMY.needs) - met == set()


def test_every_need_has_a_rule_that_finds_it_in_imported_listings() -> None:
    rules = load_rules(CHECKOUT / "content" / "taxonomy_rules.yaml")
    ruled = set(rules.needs.order) | set(rules.fallback.values())
    assert set(TAXONOMY.needs) - ruled == set()
    assert ruled - set(TAXONOMY.needs) == set()
    assert set(rules.audiences.order) <= set(TAXONOMY.audiences)


def test_the_home_page_shows_eight_needs_that_exist() -> None:
    assert len(set(SHOWN_NEEDS)) == 8
    assert set(SHOWN_NEEDS) <= set(TAXONOMY.needs)


def test_every_way_of_getting_in_is_found_by_its_own_words() -> None:
    for access in RAW["access"]:
        book = PhraseBook({access["id"]: access["words"]})
        for phrase in access["words"]:
            typed = words(" ".join(part.split("|")[0].rstrip("*") for part in phrase.split()))
            assert book.find(typed), f"{access['id']}: {phrase!r} does not find itself"


def test_the_numbers_of_the_demo_are_those_kept_for_drama() -> None:
    pack = tomllib.loads((CHECKOUT / "content" / "demo" / "pack.toml").read_text("utf-8"))
    for line in pack["lines"].values():
        assert re.fullmatch(r"01632 960\d{3}", line["number"]), line
