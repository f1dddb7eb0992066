"""A place is taken out of a sentence only when the words around it say that it is one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.localities.gazetteer import Gazetteer
from portal.localities.sentence import find_in_sentence
from portal.taxonomy.words import LONGEST_TEXT


@pytest.mark.parametrize(
    ("sentence", "label", "rest"),
    [
        ("someone to talk to near Eastmoor", "Eastmoor", "someone to talk to"),
        ("Lunch club in the Old Town for my dad", "Old Town", "Lunch club for my dad"),
        ("food bank eastmoor", "Eastmoor", "food bank"),
        ("what's on in Millbrook?", "Millbrook", "what's on?"),
        ("groups around fernhill, in the evening", "Fernhill", "groups, in the evening"),
        ("lonely in Calderwick", "Calderwick", "lonely"),
        ("Eastmoor", "Eastmoor", ""),
        ("help near zz1 1az please", "ZZ1 1AZ", "help please"),
        ("mum keeps falling, ZZ11AZ.", "ZZ1 1AZ", "mum keeps falling."),
        ("ZZ1 IAZ", "ZZ1 1AZ", ""),
        ("carers in Eastmoor, ZZ1 1AZ", "ZZ1 1AZ", "carers in Eastmoor"),
        ("Millbrook'ta yemek", "Millbrook", "yemek"),
        ("eastmoorda yalnızım", "Eastmoor", "yalnızım"),
        ("Old Town yakınında kurslar", "Old Town", "kurslar"),
        ("Eastmoor میں کھانا چاہیے", "Eastmoor", "کھانا چاہیے"),
        ("Old Town کے قریب مدد", "Old Town", "مدد"),
    ],
)
def test_a_place_is_found_and_the_rest_is_left(demo: Gazetteer, sentence: str, label: str, rest: str) -> None:
    found = find_in_sentence(sentence, demo)
    assert found is not None
    assert (found[0].label, found[1]) == (label, rest)


@pytest.mark.parametrize(
    "sentence",
    [
        "", "nothing here", "Eastmoor Library opening times", "in Eastmoor Library", "books at the eastmoor library", "Friends of Eastmoor",
        "Eastmoor befrienders", "Eastmoor Road residents", "near Eastmoor Road", "mill", "in Millbroo", "1 in 4 old people",
        "AB12 3CD help", "is old town planning", "A&E", "in",
    ],
)  # fmt: skip
def test_names_of_other_things_are_left_alone(demo: Gazetteer, sentence: str) -> None:
    assert find_in_sentence(sentence, demo) is None


def test_a_name_that_two_localities_share_is_left_for_the_person_to_say(calder: Gazetteer) -> None:
    assert find_in_sentence("help in Overton", calder) is None
    found = find_in_sentence("help in Overton (Westshire)", calder)
    assert found is None or found[0].locality != "overton-eastshire"


@settings(deadline=None)
@given(
    st.text(),
    st.sampled_from(["Eastmoor", "old town", "ZZ1 1AZ", "ZZ1 1QQ"]),
    st.sampled_from([" near ", " in ", "", "'", "\n", "میں"]),
    st.text(),
)
def test_any_sentence_gives_a_place_or_none_and_no_more_text_than_it_had(
    demo: Gazetteer, before: str, name: str, word: str, after: str
) -> None:
    found = find_in_sentence(before + word + name + word + after, demo)
    if found is not None:
        assert len(found[1]) <= LONGEST_TEXT


def test_only_the_beginning_of_an_endless_text_is_read(demo: Gazetteer) -> None:
    assert find_in_sentence("word " * 20_000 + "in Eastmoor", demo) is None
