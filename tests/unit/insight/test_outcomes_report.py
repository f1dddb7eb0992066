"""The report of a quarter: what it says of counts, and that it says nothing of hidden ones, whatever is put beside it."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.insight.outcomes.measures import ANSWERED, CELLS, FIRST, GOOD_WEEK, MEASURES, REQUESTS, SERVICES, STEPS, Column, Measure
from portal.insight.outcomes.report import NOWHERE, Amount, Counts, Report, is_above, report_of
from portal.insight.outcomes.sheet import as_csv
from portal.insight.outcomes.wording import ABOUT, COLUMNS, COUNTED, SHARES, TITLES, amount_in_words, share_in_words
from portal.insight.periods import Quarter
from portal.insight.protection import Share, shown
from portal.sharing.asking.counting import KIND as KIND_REQUEST
from portal.sharing.asking.counting import Result
from portal.signposting.counting import KIND_FIRST, KIND_WEEK, KIND_WENT

SUMMER, SPRING = Quarter(2026, 3), Quarter(2026, 2)
PLACES = {"eastmoor": "Eastmoor", "northgate": "Northgate"}
ENGLISH = Locale("en", "GB")
DONE_FIRST, DONE, NO_ENTRY = "service done first", "service done", "service no-entry"


def report(counts: Counts, quarter: Quarter = SUMMER) -> Report:
    return report_of(quarter, "", PLACES, counts)


def column(measure: Measure, name: str) -> Column:
    [found] = [each for each in measure.columns if each.id == name]
    return found


def test_an_area_has_its_own_counts_and_all_areas_the_sum_of_what_is_shown() -> None:
    told = report(
        {
            (KIND_WENT, DONE_FIRST, "eastmoor"): (30, 20, 10),
            (KIND_WENT, DONE, "eastmoor"): (10, 0, 3),
            (KIND_WENT, NO_ENTRY, "eastmoor"): (0, 9, 6),
            (KIND_WENT, NO_ENTRY, "northgate"): (2, 2, 2),
            (KIND_WENT, "step done first", "eastmoor"): (500, 500, 500),
        }
    )
    east, north, nowhere = told.rows
    done, no_entry = column(SERVICES, "done"), column(SERVICES, "no-entry")
    assert [told.amount(done, [row]) for row in told.rows] == [Amount(75, 0), Amount(0, 2), Amount(0, 2)]  # 60 and 15
    assert [told.amount(no_entry, [row]) for row in told.rows] == [Amount(15, 0), Amount(0, 1), Amount(0, 1)]
    assert told.amount(done) == Amount(75, 4)
    assert told.whole(SERVICES, [east]) == Amount(90, 1)  # nobody there said that it did not help, or a few did
    assert told.share(SERVICES, [east]) == Share(76, 83)  # 75 of 99, to 75 of 90
    assert told.share(SERVICES, [north]) is told.share(SERVICES, [nowhere]) is None
    assert (east.name, nowhere.name, nowhere.slug) == ("Eastmoor", "", NOWHERE)


def test_of_a_silent_area_every_count_is_hidden() -> None:
    told = report({(KIND_WENT, DONE, "eastmoor"): (4, 4, 2), (KIND_WENT, NO_ENTRY, "northgate"): (3, 3, 3)})
    assert [row.slug for row in told.silent(SERVICES)] == ["northgate", NOWHERE]
    assert told.silent(STEPS) == told.rows


def test_what_was_first_done_is_met_in_the_community_and_is_among_what_was_done() -> None:
    told = report({(KIND_WENT, DONE_FIRST, "eastmoor"): (40, 30, 30), (KIND_FIRST, "front-door", "eastmoor"): (10, 10, 11)})
    assert told.amount(column(FIRST, "community"), told.rows[:1]) == Amount(100, 1)
    assert told.amount(column(FIRST, "front-door"), told.rows[:1]) == Amount(30, 0)
    assert told.amount(column(SERVICES, "done"), told.rows[:1]) == Amount(100, 1)
    assert told.share(FIRST, told.rows[:1]) == Share(77, 78)  # 100 of 130, to 109 of 139


def test_months_are_told_where_all_of_them_may_be() -> None:
    told = report({(KIND_WEEK, "reached", "eastmoor"): (12, 18, 10), (KIND_WEEK, "partly", "eastmoor"): (100, 9, 100)})
    east = told.rows[0]
    assert east.months(column(GOOD_WEEK, "reached")) == (10, 20, 10)
    assert east.months(column(GOOD_WEEK, "partly")) == ()
    assert (east.has_months(GOOD_WEEK), told.rows[1].has_months(GOOD_WEEK)) == (True, False)
    assert told.amount(column(GOOD_WEEK, "reached"), [east]) == Amount(40, 0)
    half = report({(KIND_WENT, DONE_FIRST, "eastmoor"): (50, 50, 50)}).rows[0]
    assert half.months(column(SERVICES, "done")) == (), "one of the two counts behind it has none"


def test_requests_that_were_taken_back_are_told_and_left_out_of_the_share() -> None:
    told = report({(KIND_REQUEST, Result.IN_1, "eastmoor"): (60, 0, 0), (KIND_REQUEST, Result.WITHDRAWN, "eastmoor"): (500, 0, 0)})
    east = told.rows[:1]
    assert told.whole(REQUESTS, east) == Amount(560, 5)
    assert told.share(REQUESTS, east) == Share(69, 100)  # 60 of 87, since three hidden ones came too late


@pytest.mark.parametrize(
    ("counts", "days"),
    [
        ({Result.IN_1: 300, Result.LATER: 20}, 1),
        ({Result.IN_1: 100, Result.IN_2: 300, Result.LATER: 90}, 2),
        ({Result.IN_5: 600, Result.LATER: 30}, 5),
        ({Result.LATER: 900}, None),
        ({Result.IN_1: 20, Result.ENDED: 900}, None),  # too few answers to say
        ({}, None),
    ],
)
def test_half_of_the_answers_came_within_days_that_are_certain(counts: dict[Result, int], days: int | None) -> None:
    assert report({(KIND_REQUEST, result, "eastmoor"): (number, 0, 0) for result, number in counts.items()}).half_within == days


def test_a_share_is_above_another_where_both_cannot_be_alike() -> None:
    assert is_above(Share(60, 65), Share(50, 59)) is True
    assert is_above(Share(40, 45), Share(50, 59)) is False
    assert is_above(Share(50, 60), Share(60, 70)) is None
    assert is_above(None, Share(1, 2)) is is_above(Share(1, 2), None) is None


def test_numbers_and_shares_in_words() -> None:
    said = [amount_in_words(ENGLISH, Amount(*each)) for each in ((1045, 0), (45, 3), (0, 1), (0, 2), (0, 0))]
    assert said == ["1,045", "at least 45", "fewer than 10", "fewer than 20", "0"]
    assert [share_in_words(ENGLISH, Share(*each)) for each in ((62, 62), (55, 70))] == ["62%", "between 55% and 70%"]


def test_everything_that_is_told_has_words() -> None:
    for measure in MEASURES:
        assert all(measure.id in words for words in (TITLES, ABOUT, COUNTED, SHARES))
        assert list(COLUMNS[measure.id]) == [each.id for each in measure.columns]
    assert {Result(key) for kind, key in CELLS if kind == KIND_REQUEST} == set(Result)
    assert set(ANSWERED) < set(Result)
    assert {STEPS.id, SERVICES.id} < set(TITLES)


Months = tuple[int, int, int]
Quarterly = dict[tuple[str, str, str], Months]


def everything(counts: Quarterly, before: Quarterly) -> list[Any]:
    """All that pages and files are made from, of two quarters: nothing of them has another source."""
    told: list[Any] = []
    for of, quarter in ((counts, SUMMER), (before, SPRING)):
        found = report(of, quarter)
        told += [as_csv(ENGLISH, found), found.half_within]
        for measure in MEASURES:
            for rows in (found.rows, *([row] for row in found.rows)):
                told += [found.share(measure, rows), found.whole(measure, rows), *(found.amount(each, rows) for each in measure.columns)]
            told += [row.months(each) for row in found.rows for each in measure.columns]
    return told


KEYS = [(kind, key, slug) for kind, key in CELLS for slug in (*PLACES, NOWHERE)]
MONTHS = st.tuples(*[st.one_of(st.integers(0, 9), st.integers(0, 60))] * 3)
EMPTY: Months = (0, 0, 0)


def other_like(months: Months, random: Random) -> Months:
    """Other counts of which a reader may learn no difference: any from 0 to 9 in the quarter; or, where one month is small and the whole
    is not, as many in other months, one of them still small.
    """
    whole = sum(months)
    if whole < 10:
        whole, parts = random.randint(0, 9), [0, 0, 0]
        for _ in range(whole):
            parts[random.randrange(3)] += 1
    elif min(months) < 10:
        small = random.randint(0, 9)
        middle = random.randint(0, whole - small)
        parts = [small, middle, whole - small - middle]
        random.shuffle(parts)
    else:
        return months
    return parts[0], parts[1], parts[2]


@settings(max_examples=60, deadline=None)
@given(two=st.tuples(*[st.dictionaries(st.sampled_from(KEYS), MONTHS, max_size=12)] * 2), random=st.randoms(use_true_random=False))
def test_whatever_is_hidden_could_be_anything_from_none_to_nine_and_no_two_reports_tell(
    two: tuple[Quarterly, Quarterly], random: Random
) -> None:
    swapped = [{key: other_like(counts.get(key, EMPTY), random) for key in KEYS} for counts in two]
    for counts, other in zip(two, swapped, strict=True):
        assert all(shown(sum(counts.get(key, EMPTY))) == shown(sum(other[key])) for key in KEYS)
    assert everything(*two) == everything(swapped[0], swapped[1])


def test_the_property_can_fail() -> None:
    """Of what is shown a change is seen."""
    key = (KIND_WEEK, "reached", "eastmoor")
    assert everything({key: (12, 12, 12)}, {}) != everything({key: (12, 12, 13)}, {})
    assert everything({key: (9, 0, 0)}, {}) == everything({}, {key: (0, 0, 9)})
    assert everything({key: (9, 0, 1)}, {}) != everything({}, {})
