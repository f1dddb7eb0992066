"""Times as people say them, and the dates that come of them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from babel import Locale

from portal.directory.gaps import BANK_HOLIDAY, gaps_of, with_bank_holidays, with_months
from portal.directory.record import ClosureEntry, SessionEntry
from portal.directory.spoken import next_dates, say, say_closure

ENGLISH = Locale.parse("en")
TODAY = date(2026, 11, 24)  # a Tuesday
MORNING = datetime(2026, 11, 24, 8)
TEN, NOON = time(10), time(12)


def weekly(byday: str, **more: object) -> SessionEntry:
    return SessionEntry(byday=byday, opens=TEN, closes=NOON, **more)  # type: ignore[arg-type]


def monthly(byday: str = "", **more: object) -> SessionEntry:
    return SessionEntry(freq="MONTHLY", byday=byday, opens=TEN, closes=NOON, **more)  # type: ignore[arg-type]


def said(session: SessionEntry, *closures: ClosureEntry) -> str:
    return str(say(session, closures, ENGLISH, TODAY).striptags())


def dates(session: SessionEntry, *closures: ClosureEntry, start: datetime = MORNING) -> list[str]:
    return [opening.day.isoformat() for opening in next_dates([session], closures, start)]


@pytest.mark.parametrize(
    ("session", "sentence"),
    [
        (weekly("TU"), "Every Tuesday, 10am to 12 noon"),
        (weekly("TU,TH"), "Every Tuesday and Thursday, 10am to 12 noon"),
        (weekly("MO,TU,WE,TH,FR"), "Monday to Friday, 10am to 12 noon"),
        (weekly("MO,TU,WE,TH,FR,SA,SU"), "Every day, 10am to 12 noon"),
        (weekly("TU", interval=2, start=date(2026, 11, 24)), "Every second Tuesday, 10am to 12 noon"),
        (weekly("TU", interval=3), "Every third Tuesday, 10am to 12 noon"),
        (weekly("TU", interval=4), "Every fourth Tuesday, 10am to 12 noon"),
        (weekly("TU,TH", interval=2), "Every second week on Tuesday and Thursday, 10am to 12 noon"),
        (weekly("TU,TH", interval=3), "Every 3 weeks on Tuesday and Thursday, 10am to 12 noon"),
        (weekly("TU", interval=6), "Every 6 weeks on Tuesday, 10am to 12 noon"),
        (weekly("TU", first=date(2027, 1, 5)), "Every Tuesday, 10am to 12 noon, from 5 January 2027"),
        (weekly("TU", first=date(2025, 1, 5)), "Every Tuesday, 10am to 12 noon"),
        (weekly("TU", last=date(2027, 3, 30)), "Every Tuesday, 10am to 12 noon, until 30 March 2027"),
        (monthly("1FR"), "The first Friday of the month, 10am to 12 noon"),
        (monthly("1FR,3FR"), "The first and third Friday of the month, 10am to 12 noon"),
        (monthly("4MO,2MO"), "The second and fourth Monday of the month, 10am to 12 noon"),
        (monthly("5TU"), "The fifth Tuesday of the month, 10am to 12 noon"),
        (monthly("-1FR"), "The last Friday of the month, 10am to 12 noon"),
        (monthly("1TU,2WE"), "The first Tuesday of the month and the second Wednesday of the month, 10am to 12 noon"),
        (monthly("1FR", interval=2), "The first Friday of the month, every 2 months, 10am to 12 noon"),
        (monthly(bymonthday="15"), "Day 15 of the month, 10am to 12 noon"),
        (monthly(bymonthday="-1"), "The last day of the month, 10am to 12 noon"),
        (SessionEntry(byday="SA", opens=time(14, 30)), "Every Saturday, from 2.30pm"),
        (SessionEntry(byday="SA"), "Every Saturday"),
        (SessionEntry(byday="MO,TU,WE,TH,FR,SA,SU", opens=time(0), closes=time(23, 59)), "Every day, all day and night"),
        (SessionEntry(note="By appointment"), ""),
    ],
)
def test_a_session_is_said_as_people_say_it(session: SessionEntry, sentence: str) -> None:
    assert said(session) == sentence


def test_a_month_when_it_is_closed_is_said_by_its_name() -> None:
    august = with_months((), [8], TODAY)
    every_second = weekly("TU", interval=2, start=date(2026, 11, 24))
    assert said(every_second, *august) == "Every second Tuesday, 10am to 12 noon, not in August"
    assert [(closed.first.year, closed.last.day) for closed in august] == [(2027, 31), (2028, 31)]


def test_gaps_are_said_with_their_days_and_many_of_them_are_counted() -> None:
    christmas = ClosureEntry(date(2026, 12, 21), date(2027, 1, 3))
    assert said(weekly("TU"), christmas) == "Every Tuesday, 10am to 12 noon, not from 21 December 2026 to 3 January 2027"
    days = [ClosureEntry(date(2027, month, 5), date(2027, month, 5)) for month in range(1, 5)]
    assert said(weekly("TU"), days[0]) == "Every Tuesday, 10am to 12 noon, not on 5 January 2027"
    assert said(weekly("TU"), *days) == "Every Tuesday, 10am to 12 noon, closed for 4 other times"


def test_a_gap_that_is_over_is_not_said() -> None:
    assert said(weekly("TU"), ClosureEntry(date(2026, 8, 1), date(2026, 8, 31))) == "Every Tuesday, 10am to 12 noon"


def test_days_with_other_hours_are_said_as_such() -> None:
    eve = ClosureEntry(date(2026, 12, 24), date(2026, 12, 24), time(9), NOON)
    assert str(say_closure(eve, ENGLISH).striptags()) == "Other hours on Thursday 24 December: 9am to 12 noon"
    assert said(weekly("TH"), eve) == "Every Thursday, 10am to 12 noon, other hours on 24 December 2026"


@pytest.mark.parametrize("language", ["ur", "ar", "bn", "pl", "so", "fr"])
def test_days_are_named_in_the_language_of_the_page(language: str) -> None:
    sentence = str(say(weekly("TU"), (), Locale.parse(language), TODAY).striptags())
    assert "Tuesday" not in sentence


@pytest.mark.parametrize(
    ("session", "start", "expected"),
    [
        (weekly("TU"), MORNING, ["2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22"]),
        (  # every second week goes on across the new year
            weekly("TU", interval=2, start=date(2026, 11, 24)),
            MORNING,
            ["2026-11-24", "2026-12-08", "2026-12-22", "2027-01-05", "2027-01-19"],
        ),
        (  # and across both changes of the clock
            weekly("SU", interval=2, start=date(2027, 3, 14)),
            datetime(2027, 3, 14, 8),
            ["2027-03-14", "2027-03-28", "2027-04-11", "2027-04-25", "2027-05-09"],
        ),
        (weekly("SU", interval=2, start=date(2026, 10, 11)), datetime(2026, 10, 20), ["2026-10-25", "2026-11-08"]),
        (monthly("5TU"), MORNING, ["2026-12-29", "2027-03-30", "2027-06-29", "2027-08-31", "2027-11-30"]),
        (monthly("-1FR"), MORNING, ["2026-11-27", "2026-12-25", "2027-01-29", "2027-02-26", "2027-03-26"]),
        (monthly(bymonthday="29"), datetime(2027, 1, 30), ["2027-03-29", "2027-04-29"]),
        (monthly(bymonthday="29"), datetime(2028, 1, 30), ["2028-02-29", "2028-03-29"]),
        (monthly(bymonthday="-1"), datetime(2028, 2, 1), ["2028-02-29", "2028-03-31"]),
        (weekly("TU", last=date(2026, 12, 1)), MORNING, ["2026-11-24", "2026-12-01"]),
        (SessionEntry(note="By appointment"), MORNING, []),
    ],
)
def test_the_next_dates_are_the_right_ones(session: SessionEntry, start: datetime, expected: list[str]) -> None:
    assert dates(session, start=start)[: max(len(expected), 1)] == expected


def test_a_date_in_a_gap_is_left_out() -> None:
    december = with_months((), [12], TODAY)
    assert dates(weekly("TU"), *december)[:2] == ["2026-11-24", "2027-01-05"]


def test_today_counts_until_it_is_over() -> None:
    assert dates(weekly("TU"), start=datetime(2026, 11, 24, 11, 59))[0] == "2026-11-24"
    assert dates(weekly("TU"), start=datetime(2026, 11, 24, 12, 0))[0] == "2026-12-01"


def test_a_month_that_stays_ticked_changes_nothing() -> None:
    one_august = (ClosureEntry(date(2027, 8, 1), date(2027, 8, 31), note="School holidays"),)
    assert with_months(one_august, [8], TODAY) == one_august
    assert with_months(one_august, [], TODAY) == ()


def test_a_gap_within_a_month_is_not_the_month() -> None:
    part = ClosureEntry(date(2027, 8, 1), date(2027, 8, 30))
    assert gaps_of([part], TODAY).months == ()
    assert with_months([part], [], TODAY) == (part,)


def test_bank_holidays_are_those_on_which_it_would_happen() -> None:
    fridays = [date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 8), date(2027, 3, 26), date(2028, 4, 14)]
    shut = with_bank_holidays((), fridays, TODAY, is_shut=True)
    assert [closed.first for closed in shut] == [date(2026, 12, 25), date(2027, 1, 1), date(2027, 3, 26)]
    assert {closed.note for closed in shut} == {BANK_HOLIDAY}
    assert gaps_of(shut, TODAY).is_shut_on_bank_holidays
    assert with_bank_holidays(shut, fridays, TODAY, is_shut=True) == shut
    assert with_bank_holidays(shut, fridays, TODAY, is_shut=False) == ()
