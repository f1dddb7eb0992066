"""What is typed into the forms of requests, what makes a draft another, and what letters never say."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal import clock
from portal.pack import Line, Pack
from portal.sealing import is_token, new_token
from portal.sharing.answering.forms import reply_form
from portal.sharing.asking import letters
from portal.sharing.asking.draft import Draft, once
from portal.sharing.asking.forms import phone_number
from portal.sharing.asking.models import ContactRequest
from portal.sharing.asking.recipients import Recipient
from portal.sharing.asking.reply import CONTACT, FULL, KINDS, NOT_US, Reply
from portal.sharing.asking.room import Sender
from portal.sharing.asking.shared import Answer, OwnWords, Reach, Shared

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
LINE = Line("front_door", "Care Line", "01632 960001", "Weekdays", "care@example.org")
PACK = Pack("Doorstep", "Council", "Calderwick", (), "#0b5c55", ("en", "ur"), {"front_door": LINE}, "", "", is_demo=True)
SENDER = Sender(PACK, "https://doorstep.example", "a site's own secret, long enough")
SHARED = Shared(
    Reach("Amina", "07700 900123", "amina@example.com", "ur", ("Not by phone call",)),
    "Bitte 1 < 2",
    (Answer("Falls", ("Yes",)),),
    "Eastmoor",
    (OwnWords("works", "نا\u200cم"),),
    "walk",
    ("one", "two"),
    ("Steady Steps",),
)
FRONT = Recipient(None, "Care Line", "care@example.org")
DRAFT = Draft((FRONT,), SHARED, date(2026, 12, 24))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("07700900123", "07700 900123"),
        ("+44 7700 900 123", "07700 900123"),
        ("0044 7700 900123", "07700 900123"),
        ("(01632) 960-001", "01632 960001"),
        ("+48 22 123 45 67", "+48 22 123 45 67"),
        ("", ""),
        ("12", ""),
        ("my number", ""),
        ("07700 9001234567890", ""),
    ],
)
def test_numbers_are_written_as_people_read_them(typed: str, written: str) -> None:
    assert phone_number(typed) == written


@given(st.text(max_size=200))
def test_any_text_is_a_number_or_none(typed: str) -> None:
    number = phone_number(typed)
    assert number == "" or phone_number(number) == number


def test_what_is_shared_comes_back_whole() -> None:
    assert Shared.unpacked(SHARED.packed()) == SHARED
    assert Shared.unpacked(Shared().packed()) == Shared()


@pytest.mark.parametrize(
    "other",
    [
        replace(DRAFT, until=date(2026, 12, 25)),
        replace(DRAFT, recipients=()),
        replace(DRAFT, recipients=(replace(FRONT, email="other@example.org"),)),
        replace(DRAFT, shared=replace(SHARED, place="Westcroft")),
        replace(DRAFT, shared=replace(SHARED, steps=("one",))),
    ],
)
def test_a_draft_that_differs_in_anything_has_another_mark(other: Draft) -> None:
    assert DRAFT.mark == replace(DRAFT).mark
    assert other.mark != DRAFT.mark


def test_a_second_tap_is_known_by_token_and_recipient_and_tells_neither_token() -> None:
    token = new_token()
    assert is_token(token)
    assert once(token, FRONT.key) == once(token, FRONT.key)
    assert len({once(token, FRONT.key), once(token, "x"), once(new_token(), FRONT.key)}) == 3
    assert token not in once(token, FRONT.key)


@pytest.mark.parametrize("text", ["", "x", "x" * 44, "x" * 42 + "/", "ü" * 43])
def test_what_we_never_gave_is_no_token(text: str) -> None:
    assert not is_token(text)


def posted(**fields: str) -> Any:
    with clock.stopped_at(NOW):
        form = reply_form(posted=MultiDict(fields))
        form.validate()
        return form


@pytest.mark.parametrize(
    ("fields", "reply"),
    [
        ({"kind": CONTACT, "on": "2026-11-30"}, Reply(CONTACT, date(2026, 11, 30))),
        ({"kind": FULL, "on": "01/03/2027", "message": " We  are sorry.\n"}, Reply(FULL, date(2027, 3, 1), "", "We are sorry.")),
        ({"kind": NOT_US, "instead": "Later Life", "on": "2026-11-30"}, Reply(NOT_US, None, "Later Life")),
        ({"kind": CONTACT, "on": "2026-11-24", "instead": "kept for another answer"}, Reply(CONTACT, date(2026, 11, 24))),
    ],
)
def test_an_answer_keeps_what_belongs_to_its_kind(fields: dict[str, str], reply: Reply) -> None:
    form = posted(**fields)
    assert not form.errors
    assert form.reply() == reply


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "kind"),
        ({"kind": "other"}, "kind"),
        ({"kind": CONTACT}, "on"),
        ({"kind": FULL, "on": "soon"}, "on"),
        ({"kind": CONTACT, "on": "2026-11-23"}, "on"),
        ({"kind": CONTACT, "on": "2036-11-23"}, "on"),
        ({"kind": NOT_US, "instead": "x" * 201}, "instead"),
        ({"kind": NOT_US, "message": "x" * 401}, "message"),
    ],
)
def test_an_answer_that_does_not_fit_says_why(fields: dict[str, str], wrong: str) -> None:
    assert list(posted(**fields).errors) == [wrong]


def test_a_reply_says_the_same_whenever_it_was_given() -> None:
    first = Reply(CONTACT, date(2026, 11, 30), role="organization", replied_at=NOW)
    assert replace(first, replied_at=None).says_the_same(first)
    assert not replace(first, role="front door").says_the_same(first)
    assert not first.says_the_same(None)
    assert Reply.unpacked(first.packed()) == first


def a_request(**changes: Any) -> ContactRequest:
    until = datetime(2026, 12, 25, tzinfo=UTC)
    return ContactRequest(**{"id": uuid.uuid4(), "answer_by": datetime(2026, 12, 2, tzinfo=UTC), "shared_until": until, **changes})


@pytest.mark.parametrize("opening", [letters.ASKS, letters.PASSED_ON, letters.STILL_ASKS])
def test_a_letter_has_the_link_the_day_and_whom_to_ring(opening: str) -> None:
    request = a_request()
    letter = letters.asking(SENDER, "hello@example.org", request, "TOKEN", opening)
    assert (letter.channel, letter.to, letter.subject) == ("email", "hello@example.org", "Somebody asks you to get in touch")
    for words in (
        opening,
        "https://doorstep.example/en/answer/TOKEN\n",
        "by Tuesday 1 December.",
        "until 24 December 2026",
        "01632 960001",
        letters.reference(request.id),
    ):
        assert words in letter.body


def test_a_reminder_after_which_nothing_comes_asks_for_an_answer_soon() -> None:
    request = a_request(answer_by=datetime(2026, 12, 25, tzinfo=UTC))
    assert "Please answer as soon as you can." in letters.asking(SENDER, "x@example.org", request, "T", letters.STILL_ASKS).body


def test_letters_are_plain_text_whatever_stands_in_the_pack() -> None:
    line = replace(LINE, name="Care & <Support> 'Line'")
    sender = Sender(replace(PACK, lines={"front_door": line}), SENDER.base_url, SENDER.secret)
    body = letters.withdrawn(sender, "x@example.org", uuid.uuid4()).body
    assert "Care & <Support> 'Line'" in body
    assert "&amp;" not in body


@pytest.mark.parametrize(
    ("language", "subject", "text"),
    [
        ("en", "There is an answer", "There is an answer. Open your plan with your code:"),
        ("ur", "جواب آ گیا ہے", "جواب آ گیا ہے۔ اپنے کوڈ سے اپنا پلان کھولیں:"),
    ],
)
def test_the_resident_is_told_that_there_is_an_answer_and_nothing_else(language: str, subject: str, text: str) -> None:
    letter = letters.answered(SENDER, "amina@example.com", language)
    assert (letter.channel, letter.to, letter.subject, letter.language) == ("email", "amina@example.com", subject, language)
    first, button, link = letter.body.replace("\n\n", "\n").split("\n")
    assert (first, link) == (text, f"https://doorstep.example/{language}/plan/open")
    assert button
    assert f'href="{link}"' in letter.html
    for name in (PACK.site, PACK.council, LINE.name):
        assert name not in letter.body
        assert name not in letter.html


def test_a_language_that_is_offered_no_more_is_english() -> None:
    letter = letters.answered(SENDER, "amina@example.com", "xx")
    assert letter.body.endswith("/en/plan/open")
    assert letter.language == "en"


def test_a_sender_does_not_show_its_secret() -> None:
    assert "secret" not in repr(SENDER)
    assert SENDER.key == Sender(PACK, "", SENDER.secret).key


def test_every_kind_of_answer_has_words_of_its_own() -> None:
    form = reply_form()
    assert [value for value, _label, *_ in form.kind.iter_choices()] == list(KINDS)
