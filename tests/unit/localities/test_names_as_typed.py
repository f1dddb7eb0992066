"""Names of places are found as people write them; what is not sure is asked, and what is not known is kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.localities.answer import MOST_CHOICES, Ambiguous, Place, Unknown
from portal.localities.gazetteer import Gazetteer
from portal.localities.place import LONGEST, place

HOSTILE = st.sampled_from(["\0", "\u202e", "\u2066", "\ud800", "\n", "E8", "zz1", "'", "%", "*", "ﷺ", "١", "&", "st", ",", "(", "\u0301"])


def labels(found: object) -> list[str]:
    assert isinstance(found, Ambiguous)
    return [choice.label for choice in found.choices]


def label(found: object) -> str:
    assert isinstance(found, Place), found
    return found.label


@pytest.mark.parametrize("typed", ["", "  ", "\0", "\u202e\u200f", "\t\n"])
def test_nothing_typed_is_nothing(calder: Gazetteer, typed: str) -> None:
    assert place(typed, calder) is None


@pytest.mark.parametrize(
    "typed",
    [
        "Castle & St Oswin's", "castle and st oswins", "CASTLE AND SAINT OSWIN’S", "Castle-and-St.Oswin's", "the Castle & St Oswins",
        "Cästlé & St Oswin`s", "castle st oswins", "  castle   and saint  oswins ",
    ],
)  # fmt: skip
def test_case_accents_apostrophes_saints_and_ands_do_not_matter(calder: Gazetteer, typed: str) -> None:
    found = place(typed, calder)
    assert isinstance(found, Place)
    assert (found.kind, found.label, found.locality) == ("locality", "Castle & St Oswin's", "castle-and-st-oswins")


@pytest.mark.parametrize(
    "typed", ["Hill Rd", "hill road", "12 Hill Road", "12a hill rd.", "Flat 2, 14 Hill Road", "Hill Road Millbrook", "Hill Rd, Calder"]
)
def test_a_street_is_found_with_its_number_and_what_it_lies_in(calder: Gazetteer, typed: str) -> None:
    assert place(typed, calder) == Place("street", "Hill Road", 54.0, 1.0, "millbrook")


@pytest.mark.parametrize("typed", ["near Eastmoor", "in eastmoor", "Eastmoor, London", "eastmor", "Eastmoro", "Esatmoor", "eastmooor"])
def test_words_around_a_name_and_one_typing_error_are_forgiven(calder: Gazetteer, typed: str) -> None:
    assert label(place(typed, calder)) == "Eastmoor"


def test_a_street_in_two_localities_is_asked_about(calder: Gazetteer) -> None:
    assert labels(place("12 Mill Lane", calder)) == ["Mill Lane, Eastmoor", "Mill Lane, Millbrook"]


@pytest.mark.parametrize("typed", ["Mill Lane, Eastmoor", "12 mill ln eastmoor", "Mill Lane ZY1 2", "mil lane, eastmoor"])
def test_what_stands_behind_a_street_says_which_one(calder: Gazetteer, typed: str) -> None:
    assert label(place(typed, calder)) == "Mill Lane, Eastmoor"


def test_a_street_said_to_be_where_it_is_not_is_asked_about_with_both(calder: Gazetteer) -> None:
    assert labels(place("Hill Road, Eastmoor", calder)) == ["Hill Road", "Eastmoor"]


def test_an_unknown_street_in_a_known_locality_gives_the_locality(calder: Gazetteer) -> None:
    assert label(place("7 Nowhere Street, Eastmoor", calder)) == "Eastmoor"
    assert label(place("Nowhere Close ZY10", calder)) == "ZY10"


def test_a_name_inside_another_is_asked_about_never_assumed(calder: Gazetteer) -> None:
    assert labels(place("Upper Eastmoor", calder)) == ["Eastmoor"]
    assert labels(place("Eastmoor Library", calder)) == ["Eastmoor"]


def test_wards_of_one_name_are_told_apart_by_their_authority(calder: Gazetteer) -> None:
    assert labels(place("Overton", calder)) == ["Overton (Eastshire)", "Overton (Westshire)"]
    assert label(place("overton westshire", calder)) == "Overton (Westshire)"


def test_a_locality_and_a_street_of_its_name_elsewhere_are_told_apart(calder: Gazetteer) -> None:
    assert labels(place("Holm", calder)) == ["Holm, Calder", "Holm, Millbrook"]
    assert place("holm calder", calder) == calder.locality_places["holm"]


def test_villages_of_one_name_are_told_apart_and_one_beyond_the_borough_by_what_is_near(calder: Gazetteer) -> None:
    assert labels(place("Farley", calder)) == ["Farley, Eastmoor", "Farley, near Castle & St Oswin's"]
    assert place("Farley, near Castle & St Oswin's", calder) == Place("place", "Farley, near Castle & St Oswin's", 54.2, 1.2, None)


def test_a_village_where_a_locality_of_its_name_is_counts_as_the_locality(calder: Gazetteer) -> None:
    found = place("Millbrook", calder)
    assert isinstance(found, Place)
    assert (found.kind, found.locality) == ("locality", "millbrook")


def test_the_borough_and_its_authorities_lie_in_no_one_locality(calder: Gazetteer) -> None:
    borough, authority = place("calder", calder), place("Eastshire", calder)
    assert isinstance(borough, Place)
    assert isinstance(authority, Place)
    assert (borough.kind, borough.locality) == ("place", None)
    assert (authority.kind, authority.locality) == ("place", None)
    assert (authority.latitude, authority.longitude) == (54.045, 1.045)  # the town of that name, not the middle of its fields
    assert borough.reach > authority.reach > 1


def test_the_beginning_of_one_name_is_enough_and_of_several_is_asked(calder: Gazetteer) -> None:
    assert label(place("castle", calder)) == "Castle & St Oswin's"
    assert label(place("hill r", calder)) == "Hill Road"
    assert labels(place("east", calder)) == ["Eastmoor", "Eastshire"]
    assert place("eas", calder) == Unknown("eas")


def test_one_typing_error_in_two_names_or_in_a_short_one_is_asked_about(calder: Gazetteer) -> None:
    assert labels(place("Xorley", calder)) == ["Morley", "Norley"]
    assert labels(place("Acra", calder)) == ["Acre"]


def test_names_with_fewer_errors_come_first(calder: Gazetteer) -> None:
    errors = calder.names.resembling(["stanninglem"])
    assert [(found.label, number) for found, number in errors.items()] == [("Stanningley", 1), ("Stanningham", 2)]


@pytest.mark.parametrize(
    ("typed", "choices"),
    [
        ("Stannnghem", ["Stanningham"]),  # two errors in ten letters
        ("Stanningleyam", ["Stanningley"]),
        ("Milllbroook", ["Millbrook"]),
    ],
)
def test_two_typing_errors_in_a_long_name_are_asked_about(calder: Gazetteer, typed: str, choices: list[str]) -> None:
    assert labels(place(typed, calder)) == choices


@pytest.mark.parametrize("typed", ["Fraleyy", "Clader Vale", "Eesstmr", "Far"])
def test_more_errors_than_a_slip_of_the_finger_are_unknown(calder: Gazetteer, typed: str) -> None:
    assert place(typed, calder) == Unknown(typed)


@pytest.mark.parametrize("typed", ["میلبروک", "қала", "東京", "London", "England", "xyzzy", "🏠", "Tower of nowhere"])
def test_what_matches_nothing_is_unknown_and_kept_as_typed(calder: Gazetteer, typed: str) -> None:
    assert place(typed, calder) == Unknown(typed)


def test_urdu_joiners_are_kept_and_direction_overrides_are_not(calder: Gazetteer) -> None:
    assert place("می\u200cخواهم\u202e", calder) == Unknown("می\u200cخواهم")


@settings(deadline=None)
@given(
    st.one_of(
        st.text(),
        st.lists(st.one_of(HOSTILE, st.text(max_size=4))).map("".join),
        st.text(min_size=1, max_size=5).map(lambda text: text * 5_000),
    )
)
def test_any_text_gets_a_bounded_answer_without_control_letters(demo: Gazetteer, text: str) -> None:
    found = place(text, demo)
    if isinstance(found, Ambiguous):
        assert 1 <= len(found.choices) <= MOST_CHOICES
    if isinstance(found, Ambiguous | Unknown):
        assert 0 < len(found.text) <= LONGEST
        assert not any(unicodedata.category(letter) in {"Cc", "Cs"} or letter in "\u202d\u202e" for letter in found.text)


@pytest.mark.parametrize("pack", ["demo", "calder"])
def test_every_label_that_may_be_offered_reads_back_as_that_place(pack: str, request: pytest.FixtureRequest) -> None:
    gazetteer: Gazetteer = request.getfixturevalue(pack)
    offered = {choice for places in gazetteer.names.places.values() for choice in places}
    offered |= set(gazetteer.postcodes.sectors.values()) | set(gazetteer.postcodes.districts.values())
    assert len(offered) > 10
    for choice in offered:
        assert place(choice.label, gazetteer) == choice
