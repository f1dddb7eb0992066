"""Telephone numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.directory.openreferral.values.phone_numbers import Number, numbers_in


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("01632 960 101", [Number("01632 960101")]),
        ("07700 900 914", [Number("07700 900914")]),
        ("0808 157 0123", [Number("0808 157 0123")]),
        ("+44 (0)1632 960001", [Number("01632 960001")]),
        ("00 44 1632 960001", [Number("01632 960001")]),
        ("Tel: 0161-912-1234", [Number("0161 912 1234")]),
        ("01632 960 001 (ask for Jo) ext 4", [Number("01632 960001", "4", "ask for Jo")]),
        ("01632 960001 x22", [Number("01632 960001", "22")]),
        ("01632 960 001 or 07700 900123", [Number("01632 960001"), Number("07700 900123")]),
        ("01632 960001 / 07700 900123 (evenings)", [Number("01632 960001"), Number("07700 900123", "", "evenings")]),
        ("Jo 07700 900123", [Number("07700 900123", "", "Jo")]),
        ("111", [Number("111")]),
        ("116 123", [Number("116 123")]),
        ("111 (option 2)", [Number("111", "", "option 2")]),
        ("Text SHOUT to 85258", [Number("85258", "", "Text SHOUT to")]),
        ("0800 1111", [Number("0800 1111")]),
        ("+353 1 234 5678", [Number("+353 1 234 5678")]),
        ("ask at the desk", []),
        ("", []),
    ],
)
def test_numbers_words_and_extensions_come_apart(written: str, found: list[Number]) -> None:
    assert list(numbers_in(written)) == found


@given(st.text(max_size=200))
def test_any_text_gives_numbers_with_a_digit_or_none(written: str) -> None:
    assert all(any(map(str.isdigit, number.number)) for number in numbers_in(written))


@given(st.integers(min_value=0, max_value=999))
def test_no_number_kept_for_drama_is_lost(last: int) -> None:
    for start in ("01632 960 ", "07700 900 ", "0808 157 0", "020 7946 0", "0161 496 0"):
        written = f"{start}{last:03}"
        assert "".join(filter(str.isdigit, numbers_in(written)[0].number)) == written.replace(" ", "")
