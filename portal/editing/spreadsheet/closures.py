"""Days when it is closed or open at other times, one line each: entries of a record in, lines out, and back. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from portal.directory.record import ClosureEntry
from portal.editing.spreadsheet.clock_spans import SPAN, read_clocks
from portal.editing.spreadsheet.dates import DAY, MONTH, read_day, read_month
from portal.editing.spreadsheet.table import Unclear
from portal.editing.spreadsheet.timetable import without_note, write_span
from portal.i18n.text import gettext

_DAYS: Final = re.compile(
    r"\s*(?:closed\b|shut\b|not\b|not open\b)?\s*(?:from|on|in|between)?\s*"
    rf"(?:(?P<first>{DAY})(?:\s*(?:to|until|till|and|-|–)\s*(?P<last>{DAY}))?|(?P<month>{MONTH}))",
    re.IGNORECASE,
)
_FILLED: Final = re.compile(r"[\s,:;.–-]*(?:open|closed|shut)?[\s,:;.–-]*", re.IGNORECASE)


def write_closure(closure: ClosureEntry) -> str:
    """Days, both included, and closed or the times that hold instead."""
    days = str(closure.first) if closure.first == closure.last else f"{closure.first} to {closure.last}"
    hours = write_span(closure.opens, closure.closes) or "closed"
    note = " ".join(closure.note.split())
    return f"{days} {hours} ({note})" if note else f"{days} {hours}"


def read_closure(line: str) -> ClosureEntry:
    """The days of a line. Raises `Unclear` with what to write."""
    rest, note = without_note(line)
    match = _DAYS.match(rest)
    if match is None:
        raise _unclear(line)
    first, last = _span(match)
    rest = rest[match.end() :]
    hours = SPAN.search(rest)
    opens, closes = read_clocks(hours["opens"], hours["closes"]) if hours else (None, None)
    left = rest if hours is None else f"{rest[: hours.start()]} {rest[hours.end() :]}"
    if not _FILLED.fullmatch(left):
        raise _unclear(line)
    if last < first:
        raise Unclear(gettext("It ends before it starts. Check the two dates."))
    return ClosureEntry(first, last, opens, closes, note)


def _span(match: re.Match[str]) -> tuple[date, date]:
    if match["month"]:
        return read_month(match["month"])
    last = read_day(match["last"] or match["first"])
    first = match["first"]
    return (_in_year_of(first, last), last) if match["last"] else (last, last)


def _in_year_of(text: str, last: date) -> date:
    """The first of two days, which may leave the year to the second: "24 December to 2 January 2027"."""
    try:
        return read_day(text)
    except Unclear:
        found = read_day(f"{text} {last.year}")
        return found if found <= last else read_day(f"{text} {last.year - 1}")


def _unclear(line: str) -> Unclear:
    return Unclear(
        gettext("We cannot read “%(line)s”. Write one line for each, like: 25 December 2026 to 1 January 2027 closed.", line=line[:80])
    )
