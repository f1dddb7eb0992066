"""Labels and sentences of content files, found for translators; ids, sources and rules left alone."""

from __future__ import annotations

import io

from portal.i18n.extract import content

YAML = """
kinds:
  - id: danger
    icon: alert
    title: Someone is in danger
    call_if:
      - Somebody is being hurt
      - "999"
    contacts:
      - id: police
        name: Police
        number: "101"
        hours: &always Day and night
        cost: Free
        for: Crime that is over
        other_ways: ["Text 61016", Online]
        source: https://police.example.org
        checked_on: 2026-11-22
      - name: Police
        hours: *always
outcomes:
  - id: home
    label: Keeping a home
    for: [adult, carer]
words: [not, a, label]
"""


def found(text: str) -> dict[str, int]:
    return {message: line for line, _function, message, _comments in content(io.BytesIO(text.encode()), None, None, None)}


def test_labels_and_sentences_are_found_each_once_with_their_line() -> None:
    assert found(YAML) == {
        "Someone is in danger": 5,
        "Somebody is being hurt": 7,
        "Police": 11,
        "Day and night": 13,
        "Free": 14,
        "Crime that is over": 15,
        "Text 61016": 16,
        "Online": 16,
        "Keeping a home": 23,
    }


def test_a_list_of_ids_is_not_a_sentence_though_its_key_may_hold_one() -> None:
    assert found("for: [adult, carer]") == {}
    assert found("for: Anybody") == {"Anybody": 1}


def test_files_without_words_have_none() -> None:
    assert found("") == {}
    assert found("rules: [{need: falls, text: [trip, slip]}]") == {}


def test_letters_of_every_script_are_words() -> None:
    assert found("label: مدد") == {"مدد": 1}
    assert found('label: "24/7"') == {}
