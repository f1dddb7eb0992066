"""The text in a shared link, and its code for paper."""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.sharing.link import read_ids, write_ids
from portal.sharing.my_list import MOST_SERVICES
from portal.ui.qr import qr_code

ONE = uuid.UUID("6a1c0a4e-6f7b-4b55-9d7f-2f7f6a1c0a4e")


@given(st.lists(st.uuids(), min_size=1, max_size=MOST_SERVICES, unique=True))
def test_ids_come_back_in_their_order(ids: list[uuid.UUID]) -> None:
    assert read_ids(write_ids(ids)) == tuple(ids)


def test_one_service_takes_22_letters_and_a_full_list_534() -> None:
    assert len(write_ids([ONE])) == 22
    assert len(write_ids([ONE] * MOST_SERVICES)) == 534


def test_a_service_named_twice_is_read_once() -> None:
    assert read_ids(write_ids([ONE, ONE])) == (ONE,)


@given(st.text())
def test_junk_reads_as_nothing_or_as_ids_that_could_be_a_link(text: str) -> None:
    assert len(read_ids(text)) <= MOST_SERVICES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        str(ONE),
        write_ids([ONE])[:-1],
        write_ids([ONE]) + "A",
        write_ids([ONE, ONE])[:30],
        write_ids([ONE]) + "==",
        write_ids([ONE]) + "\n",
        write_ids([ONE] * (MOST_SERVICES + 1)),
        urlsafe_b64encode(b"x" * 15).decode(),
        "é" * 22,
        "+/" * 11,
        "A" * 100_000,
    ],
)
def test_what_is_not_whole_or_not_ours_reads_as_nothing(text: str) -> None:
    assert read_ids(text) == ()


@pytest.mark.parametrize("number", [1, MOST_SERVICES])
def test_the_code_obeys_the_policy_and_its_squares_are_half_a_millimetre(number: int) -> None:
    drawing = qr_code("https://doorstep.example/en/list/shared?s=" + write_ids([ONE] * number))
    modules = int(float(drawing.split('width="')[1].split("mm")[0]) / 0.5)
    assert "style" not in drawing
    assert "class" not in drawing
    assert (modules - 8 - 17) % 4 == 0  # a symbol of 17 + 4 × version, with a quiet zone of 4 on each side
