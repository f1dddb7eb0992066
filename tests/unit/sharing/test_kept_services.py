"""What a list may hold and what a note may say."""

from __future__ import annotations

import unicodedata
import uuid

from hypothesis import given
from hypothesis import strategies as st

from portal.sharing.my_list import MOST_SERVICES, Kept, MyList, clean_note

FIRST, SECOND, THIRD = (uuid.UUID(int=number) for number in (1, 2, 3))
URDU = "کل صبح فون کریں، امی کے لیے"
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_services_stand_in_the_order_in_which_they_were_kept() -> None:
    assert MyList().keeping([SECOND]).keeping([FIRST, THIRD]).service_ids == (SECOND, FIRST, THIRD)


def test_keeping_a_service_twice_keeps_it_once_with_its_note() -> None:
    noted = MyList().keeping([FIRST, FIRST]).noting(FIRST, "ask for Pat")
    assert noted.keeping([FIRST, SECOND]).kept == (Kept(FIRST, "ask for Pat"), Kept(SECOND))


def test_dropping_takes_one_service_and_its_note_and_no_other() -> None:
    both = MyList((Kept(FIRST, "one"), Kept(SECOND, "two")))
    assert both.without(FIRST).kept == (Kept(SECOND, "two"),)
    assert both.without(THIRD) == both


def test_a_note_replaces_the_one_before_and_leaves_the_order() -> None:
    both = MyList((Kept(FIRST, "one"), Kept(SECOND, "two")))
    assert both.noting(FIRST, "new").kept == (Kept(FIRST, "new"), Kept(SECOND, "two"))


def test_a_note_on_a_service_that_is_not_there_keeps_the_service() -> None:
    assert MyList().noting(FIRST, "ring at ten").kept == (Kept(FIRST, "ring at ten"),)


def test_a_list_is_over_full_from_the_twenty_sixth_service() -> None:
    ids = [uuid.UUID(int=number) for number in range(MOST_SERVICES + 1)]
    assert MOST_SERVICES == 25
    assert not MyList().keeping(ids[:-1]).is_over_full
    assert MyList().keeping(ids).is_over_full


def test_a_note_keeps_urdu_joiners_and_emoji_whole() -> None:
    family = "👩\u200d👩\u200d👧"
    assert clean_note(f"{URDU} می\u200cخواهم {family} 🏳️") == f"{URDU} می\u200cخواهم {family} 🏳️"


def test_a_note_loses_marks_that_turn_its_direction_around() -> None:
    assert clean_note(f"pay{TURNING} £5 \u202e05£") == "pay £5 05£"


def test_a_note_is_one_line_without_control_characters() -> None:
    assert clean_note("  ring\r\nPat\x00\x07\tat\u2028ten \ud800\ufffe ") == "ring Pat at ten"
    assert clean_note(None) == ""


@given(st.text())
def test_a_clean_note_is_composed_unturned_and_stays_as_it_is(typed: str) -> None:
    note = clean_note(typed)
    assert clean_note(note) == note
    assert unicodedata.is_normalized("NFC", note)
    assert not set(note) & set(TURNING + "\n\r\x00")
