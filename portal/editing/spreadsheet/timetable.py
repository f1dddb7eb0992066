"""When something happens, one line for each session: entries of a record in, lines that people can edit out, and back. Pure.

"Tuesday 10:00–12:00 every 2 weeks from 2026-11-24 (in the hall)". What is written may be simpler: "2nd Tuesday, 10am to noon".
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Final

from portal.directory.opening import WEEKDAYS
from portal.directory.record import SessionEntry
from portal.editing.spreadsheet.clock_spans import SPAN, START, read_clocks, read_start
from portal.editing.spreadsheet.dates import DAY, read_day
from portal.editing.spreadsheet.table import Unclear
from portal.i18n.text import gettext

NAMES: Final = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
_ORDINALS: Final = {"1": "1st", "2": "2nd", "3": "3rd", "4": "4th", "5": "5th", "-1": "last"}
_COUNTED: Final = {"other": 2, "second": 2, "2nd": 2, "two": 2, "third": 3, "3rd": 3, "three": 3, "fourth": 4, "4th": 4, "four": 4}
_DAY_WORD: Final = r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?\b"
_ORDINAL_WORDS: Final = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "last": "-1"}
_ORDINAL: Final = r"(?:1st|2nd|3rd|4th|5th|first|second|third|fourth|fifth|last)"
_OF_MONTH: Final = r"(?:of|in) (?:the|each|every) month|(?:each|every) month|monthly"
_BEFORE_DATES: Final = {
    **dict.fromkeys(("from", "since", "on"), "from"),
    **dict.fromkeys(("starting", "beginning"), "starting"),
    **dict.fromkeys(("until", "till", "to", "ending"), "until"),
}
_LONGEST_NOTE: Final = 300


def write_session(session: SessionEntry) -> str:
    """One session as a line."""
    said = [_days(session), _hours(session.opens, session.closes)]
    unit = "months" if session.freq == "MONTHLY" else "weeks"
    counted_from = session.start if session.interval > 1 else None
    said.append(f"every {session.interval} {unit}" if session.interval > 1 else "")
    said.append(f"from {counted_from}" if counted_from else "")
    first = session.first or (session.start if session.interval <= 1 else None)
    said.append(f"{'starting' if counted_from else 'from'} {first}" if first and first != counted_from else "")
    said.append(f"until {session.last}" if session.last else "")
    said.append(f"({session.note})" if session.note else "")
    return " ".join(" ".join(said).split())


def read_session(line: str) -> SessionEntry:
    """The session that a line tells of. Raises `Unclear` with what to write."""
    rest, note = without_note(line)
    if not rest:
        return SessionEntry(note=note)
    rest, interval, unit = _interval(f" {rest} ")
    rest, days = _dates(rest)
    rest, opens, closes = _times(rest)
    entry = _on_days(rest, line)
    monthly = entry.freq == "MONTHLY"
    if unit and monthly != (unit == "month"):
        raise _unclear(line)
    if interval > 1:
        _refuse_uncounted(entry, days.get("from"), line)
    start, first = (days.get("from"), days.get("starting")) if interval > 1 else (None, days.get("from") or days.get("starting"))
    return SessionEntry(
        entry.freq, interval, entry.byday, entry.bymonthday, opens, closes, start=start, first=first, last=days.get("until"), note=note
    )


def without_note(line: str) -> tuple[str, str]:
    """A line and the words in brackets at its end."""
    match = re.fullmatch(r"([^(]*)\((.*)\)\s*", line, re.DOTALL)
    return (match[1].strip(), match[2].strip()[:_LONGEST_NOTE]) if match else (line.strip(), "")


def split_sessions(line: str) -> list[str]:
    """The sessions of a line: "Mon 10am-12, Wed 2pm-4" are two."""
    if len(SPAN.findall(without_note(line)[0])) < 2:
        return [line]
    return [part for part in re.split(rf"\s*(?:,|;|&|\band\b)\s*(?={_DAY_WORD}|{_ORDINAL}\s)", line, flags=re.IGNORECASE) if part.strip()]


def write_span(opens: time | None, closes: time | None) -> str:
    """Times as 10:00–12:00."""
    return _hours(opens, closes)


def _hours(opens: time | None, closes: time | None) -> str:
    if opens is None:
        return ""
    return f"{opens:%H:%M}–{closes:%H:%M}" if closes else f"from {opens:%H:%M}"


def _days(session: SessionEntry) -> str:
    parts = [part.strip() for part in session.byday.upper().split(",") if part.strip()]
    if session.freq == "MONTHLY":
        ordinals = [f"{_ORDINALS.get(part[:-2], part[:-2])} {NAMES.get(part[-2:], part[-2:])}" for part in parts]
        dates = ["last day" if day == "-1" else _nth(day) for day in session.bymonthday.replace(" ", "").split(",") if day]
        return f"{', '.join([*ordinals, *dates])} of the month" if ordinals or dates else ""
    if tuple(parts) == WEEKDAYS:
        return "Every day"
    if tuple(parts) == WEEKDAYS[:5]:
        return "Monday to Friday"
    return ", ".join(NAMES.get(part, part) for part in parts)


def _nth(day: str) -> str:
    if not day.isdigit():
        return day
    ending = "th" if day[-2:] in ("11", "12", "13") else {"1": "st", "2": "nd", "3": "rd"}.get(day[-1], "th")
    return f"{day}{ending}"


def _interval(text: str) -> tuple[str, int, str]:
    """What is left, how many weeks or months lie between, and which of the two was said."""
    text = re.sub(r"\b(?:fortnightly|every fortnight|once a fortnight)\b", "every 2 weeks", text, flags=re.IGNORECASE)
    text = re.sub(rf"\balternate (?={_DAY_WORD})", "every second ", text, flags=re.IGNORECASE)
    match = re.search(r"\bevery (\d{1,2}|other|second|2nd|two|third|3rd|three|fourth|4th|four) (week|month)s?\b", text, re.IGNORECASE)
    if match is None and not re.search(_OF_MONTH, text, re.IGNORECASE):
        match = re.search(rf"\bevery (other|second|2nd|third|3rd|fourth|4th)() (?={_DAY_WORD})", text, re.IGNORECASE)
    if match is None:
        return text, 1, ""
    counted = match[1].casefold()
    number = _COUNTED.get(counted) or int(counted)
    return f"{text[: match.start()]} {text[match.end() :]}", max(number, 1), match[2].casefold()


def _dates(text: str) -> tuple[str, dict[str, date]]:
    """What is left, and the dates by the word before them."""
    found: dict[str, date] = {}
    pattern = re.compile(rf"(?:\b(?P<word>{'|'.join(_BEFORE_DATES)})\s+|(?P<dash>[-–—])\s*)?(?P<day>{DAY})", re.IGNORECASE)

    def take(match: re.Match[str]) -> str:
        word = "until" if match["dash"] else _BEFORE_DATES[(match["word"] or "from").casefold()]
        found.setdefault(word, read_day(match["day"]))
        return " "

    left = pattern.sub(take, text)
    if "until" in found and found["until"] < max(found.values()):
        raise Unclear(gettext("It ends before it starts. Check the two dates."))
    return left, found


def _times(text: str) -> tuple[str, time | None, time | None]:
    if re.search(r"\b24 ?(?:hours|/ ?7)\b", text, re.IGNORECASE):
        return re.sub(r"\b24 ?(?:hours(?: a day)?|/ ?7)\b", " ", text, flags=re.IGNORECASE), time(0), time(23, 59)
    if match := SPAN.search(text):
        opens, closes = read_clocks(match["opens"], match["closes"])
        return f"{text[: match.start()]} {text[match.end() :]}", opens, closes
    if match := START.search(text):
        return f"{text[: match.start()]} {text[match.end() :]}", read_start(match["opens"]), None
    return text, None, None


def _on_days(text: str, line: str) -> SessionEntry:
    """The days that are named. Raises `Unclear` where anything else is."""
    plain = re.sub(r"\s+", " ", text).strip(" ,.;:-–&").casefold()
    is_monthly = re.search(_OF_MONTH, plain) is not None
    plain = re.sub(_OF_MONTH, " ", plain)
    plain = re.sub(r"\b(?:every day|daily|7 days a week|all week)\b", "mon to sun", plain)
    plain = re.sub(r"\bweek ?days\b", "mon to fri", re.sub(r"\bweek ?ends?\b", "sat, sun", plain))
    days: list[str] = []
    ordinals: list[str] = []
    for word in re.findall(rf"{_DAY_WORD}|{_ORDINAL}\b|\d{{1,2}}(?:st|nd|rd|th)|\bto\b|[-–]|\bday\b|[a-z0-9']+", plain):
        _take_word(word, days, ordinals, line)
    if ordinals and not days and is_monthly:
        return SessionEntry("MONTHLY", bymonthday=",".join(ordinals))
    if not days or ordinals or (is_monthly and not all(len(day) > 2 for day in days)):
        raise _unclear(line)
    if any(len(day) > 2 for day in days):
        return SessionEntry("MONTHLY", byday=",".join(dict.fromkeys(days)))
    return SessionEntry("WEEKLY", byday=",".join(day for day in WEEKDAYS if day in days))


def _take_word(word: str, days: list[str], ordinals: list[str], line: str) -> None:
    """Put one word of a line where it belongs: "1st and 3rd Wednesday" makes two days, "Mon to Fri" five."""
    if re.fullmatch(_DAY_WORD, word):
        day = word[:2].upper()
        if days and days[-1] == "to":
            days.pop()
            days.extend(_between(days[-1], day, line))
        days.extend([f"{ordinal}{day}" for ordinal in ordinals] or [day])
        ordinals.clear()
    elif word in _ORDINAL_WORDS or re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)", word):
        ordinals.append(_ORDINAL_WORDS.get(word) or str(int(word[:-2])))
    elif word in ("to", "-", "–") and days:
        days.append("to")
    elif word not in ("and", "every", "each", "on", "the", "of", "weekly", "week", "at", "day"):
        raise _unclear(line)


def _between(first: str, last: str, line: str) -> list[str]:
    if first not in WEEKDAYS:
        raise _unclear(line)
    start = WEEKDAYS.index(first)
    return [WEEKDAYS[(start + step) % 7] for step in range(1, (WEEKDAYS.index(last) - start) % 7)]


def _refuse_uncounted(entry: SessionEntry, start: date | None, line: str) -> None:
    if start is None:
        raise Unclear(gettext("Add a date on which it happens to “%(line)s”, like: every 2 weeks from 24 November 2026.", line=line))
    if entry.freq == "WEEKLY" and WEEKDAYS[start.weekday()] not in entry.byday.split(","):
        raise Unclear(gettext("It does not happen on the date in “%(line)s”. Check the day of the week.", line=line))


def _unclear(line: str) -> Unclear:
    return Unclear(gettext("We cannot read “%(line)s”. Write one time in each line, like: Tuesday 10:00–12:00.", line=line[:80]))
