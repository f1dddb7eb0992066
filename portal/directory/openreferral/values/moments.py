"""Dates, moments and times of day, as standards and as people write them. A moment without an offset is London's."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Final

from portal.clock import LONDON
from portal.directory.openreferral.rows import Cleaned, mended, refused
from portal.directory.openreferral.values.plain_text import EMPTY, as_text

YEARS: Final = range(1800, 2201)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_BRITISH: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)")
_WORDS: Final = re.compile(r"(?:[A-Za-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([A-Za-z]{3,9})\.?,?\s+(\d{4})", re.IGNORECASE)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?:[:.](\d{2})(?:\.\d+)?)?\s*([ap])?\.?m?\.?(?:Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
_FOUR_DIGITS: Final = re.compile(r"([01]\d|2[0-4])([0-5]\d)(?:\s*(?:hrs|hours|h))?", re.IGNORECASE)
_SPOKEN: Final = {"noon": time(12), "midday": time(12), "12 noon": time(12), "midnight": time(0), "12 midnight": time(0)}


def clean_day(raw: object) -> Cleaned:
    """A date."""
    if isinstance(raw, datetime):
        return Cleaned(raw.astimezone(LONDON).date() if raw.tzinfo else raw.date())
    if isinstance(raw, date):
        return Cleaned(raw)
    text = (as_text(raw) or "").strip()
    if text.casefold() in {"", *EMPTY} and as_text(raw) is not None:
        return Cleaned(None)
    day = _day(text)
    if day is None:
        return refused("This is not a date, so it was left out.")
    if text == day.isoformat() or "T" in text:
        return Cleaned(day)
    return mended(day, "The date was written in another way.")


def clean_moment(raw: object) -> Cleaned:
    """A date and time with its offset, as UTC."""
    if isinstance(raw, datetime):
        return _zoned(raw)
    text = (as_text(raw) or "").strip()
    if text.casefold() in {"", *EMPTY} and as_text(raw) is not None:
        return Cleaned(None)
    try:
        return _zoned(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        day = _day(text)
    return refused("This is not a date and time, so it was left out.") if day is None else _zoned(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - _zoned adds London


def _zoned(moment: datetime) -> Cleaned:
    if moment.year not in YEARS:
        return refused("This is not a date and time, so it was left out.")
    if moment.tzinfo is None:
        return mended(moment.replace(tzinfo=LONDON).astimezone(UTC), "The time had no time zone; London's was taken.")
    return Cleaned(moment.astimezone(UTC))


def clean_clock(raw: object) -> Cleaned:
    """A time of day on the wall; 24:00 is midnight."""
    if isinstance(raw, time):
        return Cleaned(raw.replace(tzinfo=None, microsecond=0))
    text = " ".join((as_text(raw) or "").split())
    if text.casefold() in {"", *EMPTY} and as_text(raw) is not None:
        return Cleaned(None)
    found = _SPOKEN.get(text.casefold()) or _four_digits(text) or _time(text)
    if found is None:
        return refused("This is not a time of day, so it was left out.")
    return Cleaned(found) if re.match(r"\d\d:\d\d", text) else mended(found, "The time was written in another way.")


def _day(text: str) -> date | None:
    if iso := _ISO.match(text) or _COMPACT.match(text):
        return _date(iso[1], iso[2], iso[3])
    if british := _BRITISH.match(text):
        year = british[3] if len(british[3]) == 4 else f"20{british[3]}"
        return _date(year, british[2], british[1])
    words = _WORDS.match(text)
    if words and words[2][:3].casefold() in _MONTHS:
        return _date(words[3], str(_MONTHS.index(words[2][:3].casefold()) + 1), words[1])
    return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _four_digits(text: str) -> time | None:
    match = _FOUR_DIGITS.fullmatch(text)
    return time(int(match[1]) % 24, int(match[2])) if match else None


def _time(text: str) -> time | None:
    match = _TIME.fullmatch(text)
    if not match or not (match[2] or match[4]):
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[4] or "").casefold()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == 24 and minute == 0:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None
