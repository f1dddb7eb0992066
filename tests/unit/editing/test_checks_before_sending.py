"""What is looked at before a listing is sent: sentences that are long, words that are hard, gaps, numbers, doubles, and being found."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import msgspec
import pytest

from portal.config import CHECKOUT
from portal.directory.record import CostEntry, PhoneEntry, ServiceRecord, SessionEntry, VenueEntry
from portal.editing.checks.findable import findable, load_questions
from portal.editing.checks.missing import missing
from portal.editing.checks.reading import reading
from portal.editing.checks.shapes import is_number, shapes
from portal.editing.checks.twins import Neighbour, twins

WHOLE = ServiceRecord(
    name="Lunch club",
    description="Hot food and company every Tuesday. Come on your own or bring a friend.",
    needs=("loneliness",),
    how=("in-person",),
    venues=(VenueEntry(name="Hall", access=("Step-free",), sessions=(SessionEntry(byday="TU"),)),),
    phones=(PhoneEntry("01632 960001"),),
    application_process="Just come along.",
    fees="£4",
)


def without(**changes: object) -> ServiceRecord:
    return msgspec.structs.replace(WHOLE, **changes)


def test_a_whole_listing_lacks_nothing_and_reads_well() -> None:
    assert list(missing(WHOLE)) == []
    assert list(reading(WHOLE)) == []


@pytest.mark.parametrize(
    ("record", "step", "word"),
    [
        (without(fees=""), "cost", "cost"),
        (without(venues=(VenueEntry(name="Hall", access=("Lift",)),)), "times", "when"),
        (without(phones=()), "start", "get in touch"),
        (without(venues=(), sessions=WHOLE.venues[0].sessions), "where", "where"),
        (without(description="Food."), "about", "more"),
        (without(needs=()), "needs", "helps with"),
        (without(application_process=""), "start", "how to start"),
        (without(venues=(VenueEntry(name="Hall", sessions=(SessionEntry(byday="TU"),)),)), "access", "get in"),
        (without(how=("home",), areas=()), "areas", "areas"),
    ],
)
def test_each_gap_is_one_sentence_with_the_page_to_fill_it(record: ServiceRecord, step: str, word: str) -> None:
    [hint] = missing(record)
    assert hint.step == step
    assert word in hint.words


def test_a_price_says_what_it_costs_and_a_secret_address_needs_no_ramp() -> None:
    assert list(missing(without(fees="", costs=(CostEntry(0.0),)))) == []
    secret = VenueEntry(is_confidential=True, sessions=(SessionEntry(byday="TU"),))
    assert list(missing(without(venues=(secret,)))) == []


def test_a_long_sentence_is_named() -> None:
    long = "We " + "cook and " * 15 + "eat."
    hints = list(reading(without(description=f"Short one. {long} Another short one.")))
    assert [hint.example for hint in hints] == [long]
    assert "32 words" in hints[0].words


@pytest.mark.parametrize(("written", "plain"), [("We facilitate groups.", "help"), ("No referral needed.", "someone asks for you")])
def test_a_hard_word_comes_with_a_plain_one(written: str, plain: str) -> None:
    [hint] = reading(without(description=written))
    assert plain in hint.words


def test_long_words_and_capitals_are_pointed_out_and_names_are_not() -> None:
    assert "psychotherapeutic" in next(reading(without(description="A psychotherapeutic group."))).words
    assert list(reading(without(description="At Wolverhamptonshire Hall."))) == []
    assert "capitals" in next(reading(without(name="LUNCH CLUB FOR ALL"))).words


def test_nobody_is_told_off_at_length() -> None:
    assert len(list(reading(without(description="Facilitate. Referral. Holistic. Pathway. Provision. Eligible.")))) == 4


@pytest.mark.parametrize(
    "number", ["01632 960001", "999", "116 123", "0800 123 4567 (option 2)", "0800 1111", "+44 7700 900123", "07700 900123"]
)
def test_numbers_that_ring(number: str) -> None:
    assert is_number(number)


@pytest.mark.parametrize("number", ["01632 96", "0163 29600011111", "", "call us", "12345678"])
def test_numbers_that_cannot_ring(number: str) -> None:
    assert not is_number(number)


def test_links_and_postcodes_that_may_not_work_are_pointed_out() -> None:
    odd = without(url="http://example.org", phones=(PhoneEntry("01632 96"),), venues=(VenueEntry(name="Hall", postcode="AB1 2CD"),))
    assert [hint.step for hint in shapes(odd, lambda _postcode: False)] == ["start", "start", "where"]
    assert list(shapes(WHOLE, lambda _postcode: True)) == []


def near(name: str, *, is_ours: bool) -> Neighbour:
    return Neighbour(uuid.uuid4(), name, "Somebody", is_ours)


def test_a_listing_that_is_here_already_is_found_by_its_name() -> None:
    others = [near("The lunch club", is_ours=True), near("Lunch clubs", is_ours=False), near("Chess", is_ours=True)]
    assert [each.name for each in twins(WHOLE, others)] == ["Lunch clubs"]
    assert twins(WHOLE, [near("CLUB: Lunch", is_ours=True)])[0].name == "CLUB: Lunch"
    assert twins(WHOLE, [near("Chess", is_ours=True), near("", is_ours=True)]) == ()
    assert twins(without(name=""), others) == ()


def test_questions_are_what_search_hears_and_say_whether_the_listing_answers() -> None:
    questions = {"falls": ("keep falling over",), "loneliness": ("all on my own", "no friends"), "food": ("food bank",)}
    heard = {"keep falling over": ("falls",), "all on my own": ("loneliness", "social-groups"), "no friends": (), "food bank": ("food",)}

    def hears(words: str) -> Sequence[str]:
        return heard[words]

    asked = findable(("loneliness",), ("falls",), questions, hears)
    assert [(each.words, each.met) for each in asked] == [("all on my own", ("loneliness",)), ("keep falling over", ())]


def test_every_need_has_a_question_in_every_language_that_has_a_book() -> None:
    every = load_questions(CHECKOUT / "search_index")
    assert "en" in every
    lacking = {language: [need for need, questions in book.items() if not questions] for language, book in every.items()}
    assert lacking["en"] == []
    assert not any("*" in question or "|" in question for book in every.values() for questions in book.values() for question in questions)
