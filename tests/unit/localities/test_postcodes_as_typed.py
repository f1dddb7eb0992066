"""Postcodes are found however they are spelt, and an unknown one gives the nearest honest answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.localities.answer import Ambiguous, Place, Unknown
from portal.localities.gazetteer import Gazetteer
from portal.localities.place import place
from portal.localities.spelling import readings

LOOKALIKES = {"0": "0Oo", "O": "Oo0", "1": "1IiLl", "I": "Ii1"}
SPACES = st.sampled_from(["", "", "", " ", "  ", "-", "\t", "\u00a0", " - ", ".", "\u200b"])


@settings(deadline=None)
@given(st.data())
def test_any_postcode_of_the_pack_is_found_in_any_spacing_case_and_lookalike(demo: Gazetteer, data: st.DataObject) -> None:
    compact = data.draw(st.sampled_from(demo.postcodes.codes.tolist())).decode()
    typed = "".join(
        data.draw(SPACES) + data.draw(st.sampled_from(LOOKALIKES.get(letter, letter + letter.lower()))) for letter in compact
    ) + data.draw(SPACES)  # fmt: skip
    found = place(typed, demo)
    assert isinstance(found, Place)
    assert (found.kind, found.label) == ("postcode", f"{compact[:-3]} {compact[-3:]}")


@pytest.mark.parametrize(
    "typed", ["ZY1 1AA", "zy11aa", "ZYI IAA", "zyl laa", "ＺＹ１ 1AA", "ZY1\u200e 1AA", "ZY۱ ۱AA", "(ZY1 1AA)", "ZY1 1AA."]
)
def test_a_postcode_is_read_in_other_digits_widths_and_punctuation(calder: Gazetteer, typed: str) -> None:
    assert place(typed, calder) == Place("postcode", "ZY1 1AA", 54.0, 1.0, "millbrook")


@pytest.mark.parametrize(
    ("typed", "label"), [("ZY2 OO1", "ZY2 0OI"), ("zy200i", "ZY2 0OI"), ("ZII IAA", "Z1I 1AA"), ("Z11 1AA", "Z1I 1AA")]
)
def test_letters_and_digits_are_exchanged_as_the_shape_asks_both_ways(calder: Gazetteer, typed: str, label: str) -> None:
    found = place(typed, calder)
    assert isinstance(found, Place)
    assert (found.kind, found.label) == ("postcode", label)


@pytest.mark.parametrize(
    ("typed", "kind", "label", "locality"),
    [
        ("ZY1 1ZZ", "sector", "ZY1 1", "millbrook"),  # a full postcode that the pack lacks: 4 in 5 of its sector are in Millbrook
        ("ZY1 1Z", "sector", "ZY1 1", "millbrook"),
        ("ZY1 1", "sector", "ZY1 1", "millbrook"),
        ("zy1-2", "sector", "ZY1 2", None),  # half in one locality, half in another
        ("ZY1 9AA", "district", "ZY1", None),
        ("ZY1 9", "district", "ZY1", None),
        ("ZY10", "district", "ZY10", "overton-eastshire"),
        ("ZY1 0", "sector", "ZY1 0", "millbrook"),
        ("z1i", "district", "Z1I", "castle-and-st-oswins"),
    ],
)
def test_part_of_a_postcode_gives_its_sector_or_district(
    calder: Gazetteer, typed: str, kind: str, label: str, locality: str | None
) -> None:
    found = place(typed, calder)
    assert isinstance(found, Place)
    assert (found.kind, found.label, found.locality) == (kind, label, locality)


def test_a_sector_lies_amid_its_postcodes_and_says_how_far_they_reach(calder: Gazetteer) -> None:
    found = place("ZY1 2", calder)
    assert isinstance(found, Place)
    assert (found.latitude, found.longitude) == (54.0105, 1.1005)
    assert 0.03 < found.reach < 0.06


@pytest.mark.parametrize(("typed", "meant"), [("ZY11", "ZY1 1"), ("ZY3 5", "ZY35")])
def test_what_only_a_space_tells_apart_is_asked_when_the_likelier_is_unknown(calder: Gazetteer, typed: str, meant: str) -> None:
    found = place(typed, calder)
    assert isinstance(found, Ambiguous)
    assert [choice.label for choice in found.choices] == [meant]


@pytest.mark.parametrize("typed", ["ZY9", "ZY9 1", "ZY9 1AA", "AB12 3CD", "W1A 1AA", "q8", "Mill Lane AB12 3CD"])
def test_a_postcode_of_nowhere_known_is_unknown_and_kept_as_typed(calder: Gazetteer, typed: str) -> None:
    assert place(typed, calder) == Unknown(typed)


@pytest.mark.parametrize("typed", ["12 Mill Lane, Millbrook ZY10 1AA", "Flat 3, Eastmoor. zy101aa", "ZY10 1AA, Millbrook"])
def test_a_postcode_in_an_address_wins_over_the_names_beside_it(calder: Gazetteer, typed: str) -> None:
    found = place(typed, calder)
    assert isinstance(found, Place)
    assert (found.kind, found.label, found.locality) == ("postcode", "ZY10 1AA", "overton-eastshire")


def test_a_postcode_outside_the_borough_has_no_locality(calder: Gazetteer) -> None:
    assert place("ZY3 1AA", calder) == Place("postcode", "ZY3 1AA", 54.3, 1.3, None)


def test_a_first_floor_is_not_taken_for_a_postcode(calder: Gazetteer) -> None:
    found = place("Flat B1 1st floor, Eastmoor", calder)
    assert isinstance(found, Place | Ambiguous)
    assert "Eastmoor" in str(found)


@settings(deadline=None)
@given(st.text(alphabet="ABIOL019 -", max_size=10))
def test_a_reading_says_nothing_that_the_text_does_not_hold(text: str) -> None:
    for reading in readings(text):
        letters = "".join(text.upper().replace("-", " ").split())
        assert len(reading.compact) == len(letters)
        assert sum(one != other for one, other in zip(reading.compact, letters, strict=True)) == reading.changes
