"""The list in its cookie: back as it was, or empty; never an error."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import Signer

from portal.sharing.cookie import KEPT_FOR, LONGEST, cookie_name, fits, seal, unseal
from portal.sharing.my_list import LONGEST_NOTE, MOST_SERVICES, Kept, MyList, clean_note

KEY = "a secret of the tests, long enough"
TODAY = date(2026, 3, 3)
NOTES = st.text(max_size=LONGEST_NOTE).map(clean_note)
LISTS = st.lists(st.tuples(st.uuids(), NOTES), max_size=MOST_SERVICES, unique_by=lambda pair: pair[0]).map(
    lambda pairs: MyList(tuple(Kept(*pair) for pair in pairs))
)
SMALL = MyList((Kept(uuid.UUID(int=1), "ask for Pat 🌻"), Kept(uuid.UUID(int=2), "امی کے لیے")))


@given(LISTS)
def test_what_is_sealed_comes_back_whole(my_list: MyList) -> None:
    sealed = seal(my_list, KEY, TODAY)
    assert unseal(sealed, KEY, TODAY) == (my_list if fits(sealed) else MyList())


@given(LISTS)
def test_a_sealed_list_is_made_of_letters_that_a_cookie_may_hold(my_list: MyList) -> None:
    assert set(seal(my_list, KEY, TODAY)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@given(st.data())
def test_a_cookie_altered_in_any_letter_reads_as_empty(data: st.DataObject) -> None:
    sealed = seal(SMALL, KEY, TODAY)
    at = data.draw(st.integers(0, len(sealed) - 1))
    letter = data.draw(st.sampled_from("Aa0_-.").filter(lambda other: other != sealed[at]))
    altered = sealed[:at] + letter + sealed[at + 1 :]
    assert unseal(altered, KEY, TODAY) in (MyList(), SMALL if at == len(sealed) - 1 else MyList())


@given(st.text() | st.binary().map(bytes.hex))
def test_a_foreign_cookie_reads_as_empty(value: str) -> None:
    assert unseal(value, KEY, TODAY) == MyList()


def test_no_cookie_reads_as_empty() -> None:
    assert unseal(None, KEY, TODAY) == MyList()


def test_a_cookie_of_another_site_or_purpose_reads_as_empty() -> None:
    sealed = seal(SMALL, KEY, TODAY)
    payload = sealed.rsplit(".", 1)[0]
    assert unseal(sealed, KEY + "!", TODAY) == MyList()
    assert unseal(Signer(KEY).sign(payload).decode(), KEY, TODAY) == MyList()


def test_a_cookie_lasts_thirty_days_and_no_longer() -> None:
    sealed = seal(SMALL, KEY, TODAY)
    assert KEPT_FOR.days == 30
    assert unseal(sealed, KEY, TODAY + KEPT_FOR) == SMALL
    assert unseal(sealed, KEY, TODAY + KEPT_FOR + timedelta(days=1)) == MyList()


@pytest.mark.parametrize(
    "note",
    [
        "Ring on Tuesday before noon and ask for Pat. Take the 25 bus, it stops right outside. Mum needs someone with her",
        "منگل کو دوپہر سے پہلے فون کریں اور ان سے پوچھیں کہ کیا وہ گھر آ سکتے ہیں، امی گر گئی تھیں اور انہیں چلنے میں مشکل ہوتی ہے",
    ],
)
def test_ten_services_with_long_notes_that_share_no_sentence_fit(note: str) -> None:
    words = note.split()
    kept = [Kept(uuid.uuid5(uuid.NAMESPACE_URL, str(turn)), " ".join(words[turn:] + words[:turn])) for turn in range(10)]
    assert fits(seal(MyList(tuple(kept)), KEY, TODAY))


def test_a_full_list_without_notes_takes_a_fifth_of_the_room() -> None:
    ids = [uuid.uuid5(uuid.NAMESPACE_URL, str(number)) for number in range(MOST_SERVICES)]
    assert len(seal(MyList().keeping(ids), KEY, TODAY)) < LONGEST / 5


def test_the_cookie_is_bound_to_its_host_on_https() -> None:
    assert cookie_name(secure=True) == "__Host-list"
    assert cookie_name(secure=False) == "list"
