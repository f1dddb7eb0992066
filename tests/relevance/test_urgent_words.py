"""Urgent words against their judgements: whoever speaks of danger gets the card, whoever looks for a class does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.config import from_environment
from portal.pack import find_file, load_pack
from portal.taxonomy.words import words
from portal.urgent.cards import load_cards
from portal.urgent.listening import UrgentWords, load_urgent_words

JUDGED: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "urgent.yaml").read_text("utf-8"))
FIRES = [(language, it["q"], it["kind"]) for language, parts in JUDGED.items() for it in parts["fires"]]
QUIET = [(language, q) for language, parts in JUDGED.items() for q in parts["quiet"]]


@pytest.fixture(scope="module")
def listening() -> UrgentWords:
    settings = from_environment({})
    cards = load_cards(find_file(settings, "urgent.yaml"), load_pack(settings))
    return load_urgent_words(settings.lexicon / "urgent", list(cards))


@pytest.mark.parametrize(("language", "q", "kind"), FIRES)
def test_words_of_danger_bring_the_right_card(listening: UrgentWords, language: str, q: str, kind: str) -> None:
    assert kind in listening.hear(words(q)), f"{language}: {q!r} should bring the card for {kind}"


@pytest.mark.parametrize(("language", "q"), QUIET)
def test_harmless_words_bring_no_card(listening: UrgentWords, language: str, q: str) -> None:
    assert listening.hear(words(q)) == (), f"{language}: {q!r} is no emergency"
