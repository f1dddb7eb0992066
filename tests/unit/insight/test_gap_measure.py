"""The measure of gap: what is expected, Byar's limits, and when a locality is said to have fewer or more."""

from __future__ import annotations

import pytest

from portal.insight.gap import Gap, Shares, Verdict, gap_of, limits


def verdict(observed: int, people: int, all_observed: int, all_people: int) -> Verdict:
    return gap_of(Shares(observed, people, all_observed, all_people), covers=observed or 1).verdict


@pytest.mark.parametrize(
    ("observed", "low", "high"),
    [(1, 0.013, 5.565), (5, 1.611, 11.669), (10, 4.790, 18.391), (100, 81.362, 121.628)],  # the exact ones: 0.025, 1.62, 4.80, 81.36
)
def test_limits_are_those_of_byar(observed: int, low: float, high: float) -> None:
    assert limits(observed) == pytest.approx((low, high), abs=0.005)


def test_expected_is_what_its_people_would_have_at_the_rate_of_the_borough() -> None:
    found = gap_of(Shares(2, 1_000, 40, 4_000), covers=2)
    assert (found.expected, found.ratio, found.verdict) == (10, 0.2, Verdict.FEWER)


def test_fewer_and_more_are_said_only_where_the_limits_leave_one_out() -> None:
    assert verdict(10, 1_000, 40, 4_000) is Verdict.ABOUT
    assert verdict(4, 1_000, 40, 4_000) is Verdict.ABOUT, "4 of 10: as many as 10.2 are possible"
    assert verdict(3, 1_000, 40, 4_000) is Verdict.FEWER
    assert verdict(25, 1_000, 40, 4_000) is Verdict.MORE


def test_less_than_one_whole_service_is_no_more() -> None:
    assert verdict(1, 1, 100, 10_000) is Verdict.TOO_FEW, "its lower limit is above 1, but it is 0.99 of a service"


def test_where_having_none_would_not_tell_nothing_is_told() -> None:
    assert verdict(0, 1_000, 12, 4_000) is Verdict.TOO_FEW
    assert verdict(0, 1_000, 16, 4_000) is Verdict.FEWER


def test_without_people_or_services_there_is_nothing_to_compare() -> None:
    nothing = Gap(None, None, None, None, Verdict.UNKNOWN)
    assert gap_of(Shares(3, None, 9, None), covers=3) == gap_of(Shares(3, 0, 9, 100), covers=3) == nothing
    assert gap_of(Shares(0, 10, 0, 100), covers=2) == nothing
    assert gap_of(Shares(0, None, 0, None), covers=0).verdict is Verdict.NONE_HERE
    assert gap_of(Shares(0, 1_000, 4, 4_000), covers=0).verdict is Verdict.NONE_HERE
