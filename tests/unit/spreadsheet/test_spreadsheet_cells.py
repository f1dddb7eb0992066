"""Cells as people write them in England: times, dates, prices, phones, places, ages; what is unclear is asked, never guessed."""

from __future__ import annotations

from datetime import date, time

import pytest

from portal.directory.record import ClosureEntry, CostEntry, PhoneEntry, SessionEntry, TranslationEntry, VenueEntry
from portal.editing.spreadsheet.cells import read_ages, read_email, read_name, read_url, write_ages
from portal.editing.spreadsheet.closures import read_closure, write_closure
from portal.editing.spreadsheet.dates import read_day
from portal.editing.spreadsheet.parts import read_cost, read_phones, read_translation, read_venue, write_cost, write_phone, write_venue
from portal.editing.spreadsheet.table import Unclear
from portal.editing.spreadsheet.timetable import read_session, split_sessions, write_session


def weekly(byday: str, opens: time | None = None, closes: time | None = None, **more: object) -> SessionEntry:
    return SessionEntry("WEEKLY", byday=byday, opens=opens, closes=closes, **more)  # type: ignore[arg-type]


def monthly(byday: str, opens: time | None = None, closes: time | None = None, **more: object) -> SessionEntry:
    return SessionEntry("MONTHLY", byday=byday, opens=opens, closes=closes, **more)  # type: ignore[arg-type]


SESSIONS = {
    "Tuesday 10:00–12:00": weekly("TU", time(10), time(12)),
    "Tuesdays, 10am to 12 noon": weekly("TU", time(10), time(12)),
    "Mon-Fri 9-5": weekly("MO,TU,WE,TH,FR", time(9), time(17)),
    "Weekdays 10am-12.30pm until 1/2/2027": weekly("MO,TU,WE,TH,FR", time(10), time(12, 30), last=date(2027, 2, 1)),
    "Mon, Wed and Fri 10 till 12": weekly("MO,WE,FR", time(10), time(12)),
    "Saturday to Monday 2-4pm": weekly("MO,SA,SU", time(14), time(16)),
    "every day 24 hours": weekly("MO,TU,WE,TH,FR,SA,SU", time(0), time(23, 59)),
    "Thursdays from 6pm": weekly("TH", time(18)),
    "Sunday": weekly("SU"),
    "Fri half past ten to noon (not in August)": weekly("FR", time(10, 30), time(12), note="not in August"),
    "Monday 22:00–02:00": weekly("MO", time(22), time(2)),
    "Wed 10-12 from 5 January 2027": weekly("WE", time(10), time(12), first=date(2027, 1, 5)),
    "2nd Tuesday 10.30-12": monthly("2TU", time(10, 30), time(12)),
    "First and third Friday of the month, 2pm to 4pm": monthly("1FR,3FR", time(14), time(16)),
    "last Friday of the month 2-4pm": monthly("-1FR", time(14), time(16)),
    "Monthly, 1st Sat 10-1": monthly("1SA", time(10), time(13)),
    "15th of the month": SessionEntry("MONTHLY", bymonthday="15"),
    "last day of the month 10-2": SessionEntry("MONTHLY", bymonthday="-1", opens=time(10), closes=time(14)),
    "Tuesday 10:00–12:00 every 2 weeks from 2026-11-24": weekly("TU", time(10), time(12), interval=2, start=date(2026, 11, 24)),
    "Every second Tuesday, 10am to 12 noon from 24/11/2026": weekly("TU", time(10), time(12), interval=2, start=date(2026, 11, 24)),
    "Fortnightly on Tuesday 10am-12 from 24 Nov 2026": weekly("TU", time(10), time(12), interval=2, start=date(2026, 11, 24)),
    "1st Monday of the month 10am-11am every 2 months from 2026-12-07": monthly(
        "1MO", time(10), time(11), interval=2, start=date(2026, 12, 7)
    ),
    "(by arrangement)": SessionEntry(note="by arrangement"),
}
UNCLEAR_SESSIONS = {
    "Tues 10 til late": "cannot read",
    "Tuesday every 2 weeks": "Add a date",
    "every 2nd Tuesday 10-12": "Add a date",
    "Tuesday 10-12 every 2 weeks from 25/11/2026": "does not happen on the date",
    "Sat 7.30-9.30": "morning or the evening",
    "Mon 10-12 from 1 Feb": "Write the year",
    "Mon 10-12 from 1/13/2027": "no such month",
    "Mon 10-12 from 31/2/2027": "not a date",
    "Mon 10:00–11:00 from 2027-01-05 until 2026-01-01": "ends before it starts",
    "Mon 10am-10am": "ends when it starts",
    "bank holidays": "cannot read",
    "10-12": "cannot read",
    "Monday 99-100": "cannot read",
    "of the month": "cannot read",
    "Monday of the month": "cannot read",
    "٣": "cannot read",
    "x" * 10_000: "cannot read",
}


@pytest.mark.parametrize(("line", "session"), SESSIONS.items())
def test_times_are_read_and_what_we_write_is_read_again(line: str, session: SessionEntry) -> None:
    assert read_session(line) == session
    assert read_session(write_session(session)) == session


@pytest.mark.parametrize(("line", "why"), UNCLEAR_SESSIONS.items())
def test_times_that_nobody_can_be_sure_of_are_asked(line: str, why: str) -> None:
    with pytest.raises(Unclear, match=why):
        read_session(line)


def test_several_times_on_one_line_are_taken_apart() -> None:
    assert split_sessions("Mon 10-12, Wed 2-4pm and 1st Friday 9am-10am") == ["Mon 10-12", "Wed 2-4pm", "1st Friday 9am-10am"]
    assert split_sessions("Mon, Wed and Fri 10-12") == ["Mon, Wed and Fri 10-12"]


@pytest.mark.parametrize(
    ("line", "closure"),
    [
        ("2026-12-25 to 2026-12-28 closed (Christmas)", ClosureEntry(date(2026, 12, 25), date(2026, 12, 28), note="Christmas")),
        ("24 December to 2 January 2027", ClosureEntry(date(2026, 12, 24), date(2027, 1, 2))),
        ("Closed 25/12/2026", ClosureEntry(date(2026, 12, 25), date(2026, 12, 25))),
        ("closed in August 2027", ClosureEntry(date(2027, 8, 1), date(2027, 8, 31))),
        ("2026-12-24 10am-noon", ClosureEntry(date(2026, 12, 24), date(2026, 12, 24), time(10), time(12))),
    ],
)
def test_closed_days(line: str, closure: ClosureEntry) -> None:
    assert read_closure(line) == closure
    assert read_closure(write_closure(closure)) == closure


@pytest.mark.parametrize(
    "line", ["25 Dec", "bank holidays", "1/1/2027 to 1/1/2026", "August", "25/12/2026 maybe", "29 February to 1 March 2027"]
)
def test_closed_days_that_are_unclear(line: str) -> None:
    with pytest.raises(Unclear):
        read_closure(line)


def test_the_day_comes_before_the_month() -> None:
    assert read_day("1/2/2027") == date(2027, 2, 1)
    assert read_day("1.2.27") == date(2027, 2, 1)
    assert read_day("Tuesday 3rd of March 2027") == date(2027, 3, 3)
    assert read_day("29/2/2028") == date(2028, 2, 29)
    for wrong in ("2/30/2027", "29/2/2027", "3 March", "1/2/0001", "tomorrow", "1/2/99999"):
        with pytest.raises(Unclear):
            read_day(wrong)


@pytest.mark.parametrize(
    ("line", "phones"),
    [
        ("01632 960001", [PhoneEntry("01632 960001")]),
        ("01632 960001 | Office, weekdays | ext 12", [PhoneEntry("01632 960001", "Office, weekdays", "12")]),
        ("1632960001", [PhoneEntry("01632 960001")]),
        ("07700900123", [PhoneEntry("07700 900123")]),
        ("01632 960001 / 01632 960002", [PhoneEntry("01632 960001"), PhoneEntry("01632 960002")]),
        ("01632 960001 (office)", [PhoneEntry("01632 960001", "office")]),
        ("111", [PhoneEntry("111")]),
    ],
)
def test_phone_numbers(line: str, phones: list[PhoneEntry]) -> None:
    assert list(read_phones(line)) == phones
    assert [found for phone in phones for found in read_phones(write_phone(phone))] == phones


@pytest.mark.parametrize("line", ["ring us", "n/a", "| office", "12"])
def test_what_cannot_be_rung(line: str) -> None:
    with pytest.raises(Unclear):
        read_phones(line)


@pytest.mark.parametrize(
    ("line", "cost"),
    [
        ("£2.50", CostEntry(2.5)),
        ("2.50", CostEntry(2.5)),
        ("£2 | Members | A week", CostEntry(2.0, "Members", "A week")),
        ("£3.50 for members", CostEntry(3.5, "for members")),
        ("50p", CostEntry(0.5)),
        ("Free", CostEntry(0.0)),
        ("Free | for carers", CostEntry(0.0, "for carers")),
        ("£1,000", CostEntry(1000.0)),
        ("Pay what you can", CostEntry(None, "Pay what you can")),
    ],
)
def test_prices(line: str, cost: CostEntry) -> None:
    assert read_cost(line) == cost
    assert read_cost(write_cost(cost)) == cost


@pytest.mark.parametrize("line", ["£2 to £5", "£1,50", "£9999999", "2 euros"])
def test_prices_that_are_unclear(line: str) -> None:
    with pytest.raises(Unclear):
        read_cost(line)


@pytest.mark.parametrize(
    ("line", "venue"),
    [
        ("Hall | 5 High Street | Calderwick | zz51ab", VenueEntry("Hall", "5 High Street", "Calderwick", "ZZ5 1AB")),
        ("Hall, 5 High Street, Calderwick ZZ5 1AB", VenueEntry("Hall", "5 High Street", "Calderwick", "ZZ5 1AB")),
        ("Hall", VenueEntry("Hall")),
        (
            "Refuge | 1 Quiet Road | Calderwick | ZZ5 1AB | address not shown",
            VenueEntry("Refuge", "1 Quiet Road", "Calderwick", "ZZ5 1AB", is_confidential=True),
        ),
    ],
)
def test_places(line: str, venue: VenueEntry) -> None:
    assert read_venue(line) == venue
    assert read_venue(write_venue(venue)) == venue


def test_a_place_has_four_parts() -> None:
    with pytest.raises(Unclear, match="four parts"):
        read_venue("a | b | c | d | e")


def test_translations() -> None:
    assert read_translation("Turkish | Çay | Çay ve sohbet") == TranslationEntry("tr", "Çay", "Çay ve sohbet")
    with pytest.raises(Unclear, match="no name"):
        read_translation("Turkish")
    with pytest.raises(Unclear):
        read_translation("Klingonese | x | y")


@pytest.mark.parametrize(
    ("text", "ages"),
    [("18 and over", (18, None)), ("18+", (18, None)), ("over 60", (60, None)), ("up to 25", (None, 25)), ("under 5", (None, 4)),
     ("18 to 65", (18, 65)), ("Ages 5-11", (5, 11)), ("5 to 11 years", (5, 11)), ("All ages", (None, None)), ("", (None, None))],
)  # fmt: skip
def test_ages(text: str, ages: tuple[float | None, float | None]) -> None:
    assert read_ages(text) == ages
    assert read_ages(write_ages(*ages)) == ages


@pytest.mark.parametrize("text", ["old", "65 to 18", "18 to 999", "-5", "99999999999999999999"])
def test_ages_that_are_unclear(text: str) -> None:
    with pytest.raises(Unclear):
        read_ages(text)


def test_addresses_on_the_web_and_of_mail() -> None:
    assert read_url("www.example.org/a b".replace(" ", "")) == "https://www.example.org/ab"
    assert read_url("http://example.org") == "http://example.org"
    assert read_email("mailto:hello@example.org") == "hello@example.org"
    for wrong in ("javascript:alert(1)", "data:text/html,x", "our page", "https://user@example.org", "ftp://example.org", "example"):
        with pytest.raises(Unclear):
            read_url(wrong)
    for wrong in ("hello at example.org", "a@b", "a@b.org, c@d.org", "x" * 400 + "@example.org"):
        with pytest.raises(Unclear):
            read_email(wrong)
    for wrong in ("", "x" * 121):
        with pytest.raises(Unclear):
            read_name(wrong)
