"""Counts of people as they may be shown, held against every way of putting reports together."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.insight.protection import SMALLEST_BASE, Share, Spread, share, shown, spread, total

COUNTS = st.integers(0, 200)
HIDDEN = st.integers(0, 9)
BIG = st.integers(10, 200)


@pytest.mark.parametrize(
    ("count", "said"), [(0, None), (1, None), (9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (22, 20), (23, 25), (1002, 1000)]
)
def test_a_count_is_hidden_below_ten_and_rounded_to_the_nearest_five(count: int, said: int | None) -> None:
    assert shown(count) == said


def test_zero_and_nine_are_alike_everywhere() -> None:
    assert shown(0) is shown(9) is None
    assert spread((0, 0, 0)) == spread((3, 3, 3)) == Spread(None)


def test_a_total_is_the_sum_of_what_is_shown() -> None:
    assert total([20, None, 35]) == 55
    assert total([None, None]) is None
    assert total([]) is None


def test_a_share_is_a_range_where_something_is_hidden() -> None:
    assert share([75], [25]) == Share(75, 75)
    assert share([95], [None]) == Share(91, 100)  # 95 of 95 to 104
    assert share([None], [95]) == Share(0, 9)  # 0 to 9 of 104
    assert share([60, None], [20, None]) == Share(67, 78)  # 60 of 89, to 69 of 89


def test_there_is_no_share_of_few() -> None:
    assert share([25], [20]) is None
    assert share([25], [25]) == Share(50, 50)
    assert share([None], [None]) is None
    assert SMALLEST_BASE == 50


def test_all_and_none_are_said_of_all_and_none_only() -> None:
    assert share([1000], [5]) == Share(99, 99)
    assert share([5], [1000]) == Share(1, 1)


def test_months_are_shown_where_each_has_ten_and_the_quarter_is_their_sum() -> None:
    assert spread((12, 13, 18)) == Spread(45, (10, 15, 20))  # not shown(43), which happens to be 45: see the next
    assert spread((12, 12, 12)) == Spread(30, (10, 10, 10))  # 36 by itself would be 35


def test_one_small_month_hides_all_three() -> None:
    assert spread((100, 100, 3)) == Spread(205)
    assert spread((4, 4, 4)) == Spread(10)


@given(st.lists(COUNTS, min_size=3, max_size=3), st.lists(COUNTS, min_size=3, max_size=3))
def test_months_that_are_not_shown_can_be_swapped_unseen(before: list[int], after: list[int]) -> None:
    """Two quarters of the same sum, each with a small month: whatever the months are, the same is read."""
    assume(min(before) < 10)
    after = [after[0], min(after[1], 9), 0]
    after[2] = max(sum(before) - sum(after), 0)
    assume(sum(after) == sum(before))
    assert spread(before) == spread(after)


@given(st.lists(COUNTS, min_size=3, max_size=3))
def test_months_and_quarter_never_tell_more_than_either(months: list[int]) -> None:
    """What is read holds for every other quarter that rounds alike: nothing is left over when the months are taken from the quarter."""
    said = spread(months)
    if said.months:
        assert said.quarter == sum(said.months)
        assert said == spread(said.months)
    else:
        assert said.quarter == shown(sum(months))


@given(st.lists(st.one_of(HIDDEN, BIG), min_size=1, max_size=12), st.data())
def test_hidden_cells_can_be_anything_and_totals_and_shares_stay(counts: list[int], data: st.DataObject) -> None:
    other = [data.draw(HIDDEN) if count < 10 else count for count in counts]
    first, second = [shown(count) for count in counts], [shown(count) for count in other]
    assert first == second
    assert total(first) == total(second)
    assert share(first[:1], first[1:]) == share(second[:1], second[1:])


@given(
    st.lists(BIG, min_size=1, max_size=4), st.lists(BIG, min_size=1, max_size=4), st.lists(HIDDEN, max_size=3), st.lists(HIDDEN, max_size=3)
)
def test_the_truth_lies_in_the_range(parts: list[int], others: list[int], few: list[int], others_few: list[int]) -> None:
    """But for rounding, which the counts here have none of."""
    parts, others = [count // 5 * 5 for count in parts], [count // 5 * 5 for count in others]
    said = share([shown(one) for one in [*parts, *few]], [shown(one) for one in [*others, *others_few]])
    part, other = sum(parts) + sum(few), sum(others) + sum(others_few)
    if said is not None:
        assert said.low - 1 <= 100 * part / (part + other) <= said.high + 1
