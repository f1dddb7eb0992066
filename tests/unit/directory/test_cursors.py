"""How far an index has read: what commits late is still to be read, what never commits is let go of, what is kept comes back as it was."""

from __future__ import annotations

import json
import random
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.directory.cursors import BEGINNING, Cursor, Row, from_told


def row(number: int) -> Row:
    return Row(number, uuid.UUID(int=number), datetime(2026, 11, 24, tzinfo=UTC))


def rows(*numbers: int) -> list[Row]:
    return [row(number) for number in numbers]


def is_unread(cursor: Cursor, number: int) -> bool:
    return number > cursor.through or any(first <= number <= last for first, last in cursor.gaps)


def test_what_was_not_there_yet_is_a_gap_until_it_comes() -> None:
    cursor = BEGINNING.after(rows(1, 2, 5, 8))
    assert (cursor.through, cursor.mark, cursor.gaps, cursor.low) == (8, row(8).mark, ((3, 4), (6, 7)), 2)
    cursor = cursor.after(rows(4, 7, 9))
    assert (cursor.through, cursor.gaps, cursor.low) == (9, ((3, 3), (6, 6)), 2)
    cursor = cursor.after(rows(3, 6))
    assert (cursor.through, cursor.mark, cursor.gaps, cursor.low) == (9, row(9).mark, (), 9)


@pytest.mark.parametrize(
    ("settled", "left"), [(0, ((3, 6), (8, 8))), (2, ((3, 6), (8, 8))), (4, ((5, 6), (8, 8))), (7, ((8, 8),)), (9, ())]
)
def test_gaps_close_up_to_where_all_is_settled(settled: int, left: tuple[tuple[int, int], ...]) -> None:
    assert BEGINNING.after(rows(1, 2, 7, 9), settled).gaps == left


def test_nothing_read_changes_nothing() -> None:
    cursor = BEGINNING.after(rows(1, 3))
    assert cursor.after([]) == cursor
    assert BEGINNING.after([]) == BEGINNING


@given(orders=st.lists(st.integers(1, 40), unique=True, min_size=1), at_once=st.integers(1, 7), seed=st.randoms(use_true_random=False))
def test_in_whatever_order_rows_commit_each_is_read_once_and_what_never_commits_stays_a_gap(
    orders: list[int], at_once: int, seed: random.Random
) -> None:
    cursor, committed, read = BEGINNING, set[int](), list[int]()
    for number in [*orders, *[None] * len(orders)]:
        if number is not None:
            committed.add(number)
        if number is None or seed.random() < 0.4:
            found = sorted(each for each in committed if is_unread(cursor, each))[:at_once]
            cursor = cursor.after(rows(*found))
            read += found
    assert sorted(read) == sorted(committed)
    assert cursor.through == max(committed)
    assert {each for each in range(1, cursor.through) if is_unread(cursor, each)} == {*range(1, cursor.through)} - committed


def test_what_is_told_comes_back_and_anything_else_is_refused() -> None:
    cursor = BEGINNING.after(rows(1, 2, 5))
    assert from_told(json.loads(json.dumps(cursor.told()))) == cursor
    for wrong in (7, {}, {"through": "7", "mark": "", "gaps": []}, {"through": 7, "mark": "", "gaps": [[1]]}):
        with pytest.raises((KeyError, TypeError, ValueError)):
            from_told(wrong)  # type: ignore[arg-type]
