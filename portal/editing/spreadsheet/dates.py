"""Days as people in England write them: text in, dates out. Day before month, always; what could be either way is asked. Pure."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Final

from portal.directory.openreferral.values.moments import clean_day
from portal.editing.spreadsheet.table import Unclear
from portal.i18n.text import gettext

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
DAY: Final = (  # what may be a date, within a sentence
    rf"(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}(?:/\d{{1,2}}/|-\d{{1,2}}-|\.\d{{1,2}}\.)\d{{2,4}}(?!\d)"
    rf"|{_WEEKDAY}\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b\.?(?:,?\s+\d{{4}}\b)?)"
)
MONTH: Final = rf"(?:{_MONTH}\s+\d{{4}}\b)"  # a whole month
_BRITISH: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEARS: Final = range(1900, 2101)
_MOST_MONTHS: Final = 12


def read_day(text: str) -> date:
    """The date that was written. Raises `Unclear`."""
    text = " ".join(text.split())
    if _has_no_year(text):
        raise Unclear(gettext("Write the year of “%(day)s” too, like 24 November 2026.", day=text))
    numbers = _BRITISH.fullmatch(text)
    if numbers and int(numbers[2]) > _MOST_MONTHS >= int(numbers[1]):
        raise Unclear(gettext("“%(day)s” has no such month. Write the day first, then the month, like 24/11/2026.", day=text))
    found = clean_day(text).value
    if not isinstance(found, date) or found.year not in _YEARS:
        raise Unclear(gettext("“%(day)s” is not a date that we know. Write it like 24 November 2026.", day=text))
    return found


def read_month(text: str) -> tuple[date, date]:
    """The first and last day of a month such as "August 2027"."""
    name, year = text.split()
    month = _MONTHS.index(name[:3].casefold()) + 1
    return date(int(year), month, 1), date(int(year), month, calendar.monthrange(int(year), month)[1])


def _has_no_year(text: str) -> bool:
    return re.fullmatch(rf"{_WEEKDAY}\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\.?", text, re.IGNORECASE) is not None
