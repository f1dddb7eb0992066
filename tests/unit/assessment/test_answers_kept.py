"""Answers: each change gives new ones; what leads nowhere any more is forgotten; sealed and opened they are the same."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from questioning import assessment, people

from portal.assessment.answers import Answers, from_bytes, kept, to_bytes
from portal.assessment.definition import HELP
from portal.assessment.journey import PLACE, SAFETY


def test_a_change_gives_new_answers_and_leaves_the_old_as_they_were() -> None:
    before = Answers().choosing("who", ["me"])
    after = before.choosing("who", ["helping"]).doing(PLACE, place="Eastmoor")
    assert (before.chosen, before.place, before.done) == ({"who": ("me",)}, "", ())
    assert (after.chosen, after.place, after.done) == ({"who": ("helping",)}, "Eastmoor", (PLACE,))


def test_a_page_done_twice_is_done_once() -> None:
    assert Answers().doing(SAFETY).doing(PLACE).doing(SAFETY).done == (PLACE, SAFETY)


def test_answers_are_for_oneself_until_somebody_says_otherwise() -> None:
    assert Answers().is_for_self
    assert Answers({"who": ("me",)}).is_for_self
    assert not Answers({"who": ("helping",)}).is_for_self


def test_an_answer_to_a_question_that_another_answer_hides_is_forgotten_and_so_is_what_hangs_on_it() -> None:
    told = Answers({"who": ("me",), HELP: ("caring",), "counted-on": ("daily",), "carer-hard": ("time",), "carer-on": ("not-long",)})
    assert kept(told, assessment()).chosen == told.chosen
    assert set(kept(told.choosing("counted-on", ["nobody"]), assessment()).chosen) == {"who", HELP, "counted-on"}


def test_answers_of_a_topic_that_is_no_longer_chosen_are_forgotten() -> None:
    told = Answers({"who": ("me",), HELP: ("home", "mood"), "washing": ("help",), "feeling": ("most",), "behind": ("afraid",)})
    assert set(kept(told.choosing(HELP, ["home"]), assessment()).chosen) == {"who", HELP, "washing"}


def test_questions_and_options_that_are_no_longer_there_are_forgotten() -> None:
    told = Answers({"who": ("me",), HELP: ("home",), "washing": ("gone",), "harder": ("pet", "gone"), "older": ("yes",)})
    assert kept(told, assessment()).chosen == {"who": ("me",), HELP: ("home",), "harder": ("pet",)}


def test_what_was_said_in_words_stays_whatever_is_chosen() -> None:
    told = Answers({"who": ("me",), HELP: ("home",)}, "Eastmoor", {"better": "A dog"}, ("bsl",), "ur", ("strengths",))
    after = kept(told.choosing("who", ["helping"]), assessment())
    assert (after.place, after.texts, after.ways) == ("Eastmoor", {"better": "A dog"}, ("bsl",))
    assert (after.language, after.done) == ("ur", ("strengths",))


@settings(deadline=None)
@given(people())
def test_keeping_twice_is_keeping_once(answers: Answers) -> None:
    once = kept(answers, assessment())
    assert kept(once, assessment()) == once


@settings(deadline=None)
@given(people())
def test_answers_come_back_from_bytes_as_they_were(answers: Answers) -> None:
    back = from_bytes(to_bytes(answers))
    assert back == answers
    assert all(isinstance(options, tuple) for options in back.chosen.values())


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"chosen": 3}', b'{"place": null}', b"\xff"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)) as told:
        from_bytes(data)
    assert isinstance(told.value, msgspec.DecodeError)
