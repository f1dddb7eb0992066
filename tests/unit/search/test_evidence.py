"""How much a listing is about each of its needs: the first most, and more when its words speak of it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from little_borough import NEEDS, laywords, listing

from portal.search.evidence import BY_POSITION, weighed

LAYWORDS = laywords()


def weights(*needs: str, words: str = "", name: str = "Club", inferred: bool = False) -> tuple[int, ...]:
    return weighed(listing(name, needs=needs, words=words, inferred=inferred), LAYWORDS).weights


def test_the_need_that_is_named_first_weighs_most() -> None:
    first, second, third, fourth = weights("falls", "loneliness", "food", "work")
    assert first > second > third > fourth > 0


def test_a_need_that_the_words_speak_of_weighs_more_up_to_all_it_can() -> None:
    silent, once, often = (weights("falls", words="fell " * times)[0] for times in (0, 1, 3))
    assert silent < once < often == BY_POSITION[0]
    assert weights("falls", words="fell " * 30) == (often,)


def test_words_of_the_name_and_hints_speak_too() -> None:
    assert weights("falls", name="Falls club") == weights("falls", words="feeling wobbly") > weights("falls")


def test_a_need_that_was_inferred_weighs_less() -> None:
    assert weights("falls", inferred=True) < weights("falls")


def test_a_second_need_never_outweighs_a_first_that_is_spoken_of_as_much() -> None:
    assert weights("falls", "food", words="food bank " * 9 + "fell " * 9) == BY_POSITION[:2]


def test_what_else_a_listing_says_stays_as_it_was() -> None:
    made = listing("Club", needs=("falls",), words="fell", summary="A club")
    assert weighed(made, LAYWORDS) == weighed(weighed(made, LAYWORDS), LAYWORDS)
    assert weighed(made, LAYWORDS).words == "fell"


@settings(deadline=None)
@given(st.lists(st.sampled_from(NEEDS), unique=True), st.text(max_size=50), st.booleans())
def test_every_weight_is_a_share_of_a_hundred(needs: list[str], words: str, inferred: bool) -> None:
    found = weights(*needs, words=words, inferred=inferred)
    assert len(found) == min(len(needs), len(BY_POSITION))
    assert all(0 < weight <= 100 for weight in found)
