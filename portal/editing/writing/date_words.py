"""Days as people type them: "5 January", "5/1/2027", "2027-01-05" in; a date out. A day without a year is the next one.

The day comes before the month, as in Britain.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from portal import clock

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_FIGURES: Final = re.compile(r"(\d{1,2})[/. -](\d{1,2})(?:[/. -](\d{4}|\d{2}))?", re.ASCII)
_WORDS: Final = re.compile(r"(?:[a-z]+day,? )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})\.?,?(?: (\d{4}|\d{2}))?", re.ASCII)


def read_date(typed: str) -> date | None:
    """The day that was typed; the next one of that name where no year was typed; None for what is none."""
    folded = unicodedata.normalize("NFKC", typed).casefold()[:60]
    plain = " ".join("".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in folded).split())
    if found := _ISO.fullmatch(plain):
        return _date(found[1], int(found[2]), found[3])
    if found := _FIGURES.fullmatch(plain):
        return _date(found[3], int(found[2]), found[1])
    if (found := _WORDS.fullmatch(plain)) and found[2][:3] in _MONTHS:
        return _date(found[3], _MONTHS.index(found[2][:3]) + 1, found[1])
    return None


def _date(year: str | None, month: int, day: str) -> date | None:
    try:
        if year is None:
            today = clock.today()
            this_year = date(today.year, month, int(day))
            return this_year if this_year >= today else date(today.year + 1, month, int(day))
        number = int(year) if len(year) == len("2027") else FIRST_YEAR + int(year)
        return date(number, month, int(day)) if FIRST_YEAR <= number <= LAST_YEAR else None
    except ValueError:
        return None
