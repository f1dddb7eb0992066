"""Schedules put right: an afternoon written as a morning, a night left as a night."""

from __future__ import annotations

import uuid
from datetime import date, time

import pytest

from portal.directory.openreferral.mending import mend
from portal.directory.openreferral.rows import Action, Finding, Row, Value


def mended(table: str = "schedule", listing: str = "Lunch club", **values: Value) -> tuple[dict[str, Value], list[Finding]]:
    rows, findings = mend(Row(table, uuid.uuid4(), values, "test", "row 1", listing, 1))
    return rows[0].values, findings


def hours(opens: str, closes: str, listing: str = "Lunch club") -> tuple[str | None, list[str]]:
    values, findings = mended(
        listing=listing, freq="WEEKLY", byday="MO", opens_at=time.fromisoformat(opens), closes_at=time.fromisoformat(closes)
    )
    found = values.get("closes_at")
    return (f"{found:%H:%M}" if isinstance(found, time) else None), [finding.action.value for finding in findings]


@pytest.mark.parametrize(
    ("opens", "closes", "meant"),
    [("11:00", "01:00", "13:00"), ("09:00", "05:00", "17:00"), ("10:30", "02:15", "14:15"), ("14:00", "04:00", "16:00")],
)
def test_a_day_that_closes_before_it_opens_closes_in_the_afternoon(opens: str, closes: str, meant: str) -> None:
    assert hours(opens, closes) == (meant, ["mended"])


@pytest.mark.parametrize(("opens", "closes"), [("19:30", "08:00"), ("22:00", "07:00"), ("18:00", "02:00"), ("20:00", "00:00")])
def test_nights_are_not_mended(opens: str, closes: str) -> None:
    assert hours(opens, closes) == (closes, [])


@pytest.mark.parametrize("listing", ["Overnight shelter", "Night line", "24/7 support"])
def test_a_service_that_speaks_of_night_keeps_its_hours_and_is_noted(listing: str) -> None:
    assert hours("11:00", "01:00", listing) == ("01:00", ["noted"])


def test_hours_that_may_be_either_are_kept_and_noted() -> None:
    assert hours("16:30", "06:00") == ("06:00", ["noted"])
    assert hours("05:00", "04:00") == ("04:00", ["noted"])


def test_round_the_clock_and_ordinary_days_stay() -> None:
    assert hours("00:00", "23:59") == ("23:59", [])
    assert hours("09:00", "17:00") == ("17:00", [])


def test_midnight_to_midnight_is_round_the_clock_and_other_equal_times_have_no_end() -> None:
    assert hours("00:00", "00:00") == ("23:59", ["mended"])
    assert hours("10:00", "10:00") == (None, ["mended"])


def test_daily_is_weekly_on_seven_days() -> None:
    values, findings = mended(freq="DAILY", opens_at=time(9))
    assert (values["freq"], values["byday"]) == ("WEEKLY", "MO,TU,WE,TH,FR,SA,SU")
    assert [finding.action for finding in findings] == [Action.MENDED]


def test_daily_with_days_named_keeps_the_days() -> None:
    assert mended(freq="DAILY", byday="MO,TU")[0]["byday"] == "MO,TU"


def test_a_second_tuesday_comes_once_a_month() -> None:
    assert mended(freq="WEEKLY", byday="2TU")[0]["freq"] == "MONTHLY"
    assert mended(byday="2TU")[0]["freq"] == "MONTHLY"
    assert mended(byday="TU")[0]["freq"] == "WEEKLY"


def test_the_day_is_that_of_the_first_date_where_none_is_named() -> None:
    assert mended(freq="WEEKLY", dtstart=date(2026, 11, 24))[0]["byday"] == "TU"


def test_what_cannot_be_shown_as_hours_keeps_its_words() -> None:
    values, findings = mended(freq="YEARLY", description="At Christmas")
    assert values == {"description": "At Christmas"}
    assert findings


def test_every_second_week_without_a_first_date_is_noted() -> None:
    assert [finding.action for finding in mended(freq="WEEKLY", byday="TU", interval=2)[1]] == [Action.NOTED]
    assert mended(freq="WEEKLY", byday="TU", interval=2, dtstart=date(2026, 11, 24))[1] == []


def test_an_exception_with_other_hours_is_not_a_closure() -> None:
    values, _ = mended("holiday_schedule", start_date=date(2026, 12, 24), opens_at=time(10), closes_at=time(12))
    assert (values["closed"], values["end_date"]) == (False, date(2026, 12, 24))
    assert mended("holiday_schedule", start_date=date(2026, 12, 24))[0]["closed"] is True


def test_a_monthly_day_without_its_number_takes_it_from_the_date_on_which_it_starts() -> None:
    values, findings = mended(freq="MONTHLY", byday="TU", dtstart=date(2026, 10, 13))
    assert (values["byday"], [finding.action for finding in findings]) == ("2TU", [Action.MENDED])


@pytest.mark.parametrize(
    "given", [{"byday": "TU"}, {"byday": "TU", "dtstart": date(2026, 10, 14)}, {"byday": "TU,TH", "dtstart": date(2026, 10, 13)}]
)
def test_a_monthly_day_that_nothing_numbers_is_noted_and_stays(given: dict[str, Value]) -> None:
    values, findings = mended(freq="MONTHLY", **given)
    assert (values["byday"], [finding.action for finding in findings]) == (given["byday"], [Action.NOTED])
