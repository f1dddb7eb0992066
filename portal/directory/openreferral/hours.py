"""Schedules put right: how often, on which days, from when to when.

A closing time before the opening time is left alone where it can be a night, and read as an afternoon where it cannot:
11:00–01:00 is 11:00–13:00, 19:30–08:00 is a night.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Final

from portal.directory.opening import WEEKDAYS
from portal.directory.openreferral.rows import Action, Row
from portal.directory.openreferral.voice import Voice
from portal.taxonomy.words import words

NIGHT_BEGINS: Final = time(16)  # what opens from here on may well close in the morning
PLAINLY_NIGHT: Final = time(18)  # what opens from here on needs no note
DAY_BEGINS: Final = time(6)
LONGEST_DAY: Final = timedelta(hours=12)
_EVERY_DAY: Final = ",".join(WEEKDAYS)
_NIGHT_WORDS: Final = frozenset(
    {"night", "nights", "overnight", "late", "evening", "evenings", "24", "24/7", "24hr", "midnight", "morning"}
)


def mend_recurrence(row: Row, voice: Voice) -> None:
    """`DAILY` is weekly on seven days; days and frequency are made to agree."""
    _mend_frequency(row, voice)
    _mend_days(row, voice)
    if row.values.get("interval", 1) != 1 and "dtstart" not in row.values and "valid_from" not in row.values:
        voice.say("interval", Action.NOTED, "It does not say from which date to count, so nobody can tell which weeks these are.")


def _mend_frequency(row: Row, voice: Voice) -> None:
    freq, days = row.values.get("freq"), row.values.get("byday")
    if freq == "DAILY":
        voice.put("freq", "WEEKLY", "“Daily” is written as weekly, on each day of the week.")
        row.values.setdefault("byday", _EVERY_DAY)
    elif freq == "YEARLY":
        voice.put("freq", None, "Once a year cannot be shown as opening hours; the dates and words were kept.")
    elif freq is None and days is not None:
        voice.put("freq", "MONTHLY" if _has_ordinal(days) else "WEEKLY", "It names days but not how often; it was taken from the days.")
    elif freq is None and ("opens_at" in row.values or "bymonthday" in row.values):
        voice.say("freq", Action.NOTED, "It gives times but not on which days.")


def _mend_days(row: Row, voice: Voice) -> None:
    freq, days, start = row.values.get("freq"), row.values.get("byday"), row.values.get("dtstart")
    if freq == "WEEKLY" and _has_ordinal(days):
        voice.put("freq", "MONTHLY", "Days such as “second Tuesday” come once a month, not each week.")
    elif freq == "WEEKLY" and days is None and isinstance(start, date):
        voice.put("byday", WEEKDAYS[start.weekday()], "It names no day; it was taken from the date on which it starts.")
    elif freq == "MONTHLY" and days is not None and not _has_ordinal(days):
        _mend_unnumbered(row, str(days), voice)
    elif freq == "WEEKLY" and days is None:
        voice.say("byday", Action.NOTED, "It happens each week, but it does not say on which day.")


def _mend_unnumbered(row: Row, days: str, voice: Voice) -> None:
    """ "Monthly, on Tuesdays" is meant as one of them; the date on which it starts may tell which."""
    start = row.values.get("dtstart")
    if isinstance(start, date) and days == WEEKDAYS[start.weekday()]:
        ordinal = (start.day - 1) // 7 + 1
        voice.put("byday", f"{ordinal}{days}", "It is monthly and does not say which week; it was taken from the date on which it starts.")
    else:
        voice.say("byday", Action.NOTED, "It is monthly and does not say which week, so it is shown for each week of the month.")


def _has_ordinal(days: object) -> bool:
    return any(len(day) > 2 for day in str(days or "").split(","))


def mend_hours(row: Row, voice: Voice) -> None:
    """A closing time at or before the opening time: an afternoon, a night, round the clock, or unknown."""
    opens, closes = row.values.get("opens_at"), row.values.get("closes_at")
    if not isinstance(opens, time) or not isinstance(closes, time) or closes > opens:
        return
    if opens == closes == time(0):
        voice.put("closes_at", time(23, 59), "Midnight to midnight was taken to mean round the clock.")
    elif opens == closes:
        voice.put("closes_at", None, "It closed at the time at which it opened; the closing time was taken out.")
    elif _is_afternoon(opens, closes) and not _speaks_of_night(row):
        voice.put(
            "closes_at", closes.replace(hour=closes.hour + 12), "It closed before it opened; the time was taken to be in the afternoon."
        )
    elif opens < PLAINLY_NIGHT and closes != time(0):
        voice.say(
            "closes_at",
            Action.NOTED,
            "It closes before it opens; it was kept as a session that runs past midnight.",
            f"{opens:%H:%M}–{closes:%H:%M}",
        )


def _is_afternoon(opens: time, closes: time) -> bool:
    if closes >= time(12) or closes < time(1) or not DAY_BEGINS <= opens < NIGHT_BEGINS:
        return False
    length = timedelta(hours=closes.hour + 12 - opens.hour, minutes=closes.minute - opens.minute)
    return timedelta(0) < length <= LONGEST_DAY


def _speaks_of_night(row: Row) -> bool:
    said = f"{row.listing} {row.values.get('description', '')} {row.values.get('notes', '')}"
    return not _NIGHT_WORDS.isdisjoint(words(said))
