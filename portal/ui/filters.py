"""Numbers, money, dates and times as people read them: a value and a locale in, words of that language out.

Pure. English is British. What must stay left to right in any sentence (money, times) comes isolated in `<bdi>`, as Markup;
the rest is plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta, get_day_names
from babel.lists import format_list
from babel.numbers import format_currency
from babel.units import format_unit
from markupsafe import Markup, escape

from portal.i18n.numbers import written

FEW_MILES: Final = 10
LEAST_MILES: Final = 0.1
MOST_DISTANCES: Final = 4_000  # kept as they are written: some hundreds in each language
_MILE: Final = "length-mile"  # CLDR's name, which Babel prints where a language has no long form of its own
_BRITISH: Final = Locale("en", "GB")
_DIALLED: Final = re.compile(r"\+?[\d\s().–-]+")


def number(locale: Locale, value: float) -> str:
    """A count or measure with its language's separators: 1,284."""
    return written(_spoken(locale), value)


def distance(locale: Locale, miles: float) -> str:
    """Miles: to one decimal under ten, whole above, never "0 miles"."""
    shown = max(round(miles, 1), LEAST_MILES) if miles < FEW_MILES else round(miles)
    return _distance(str(_spoken(locale)), shown)


@lru_cache(maxsize=MOST_DISTANCES)
def _distance(spoken: str, miles: float) -> str:
    locale = Locale.parse(spoken)
    words = format_unit(miles, _MILE, "long", format="#,##0.#", locale=locale)
    return words if _MILE not in words else format_unit(miles, _MILE, "short", format="#,##0.#", locale=locale)


def money(locale: Locale, pounds: Decimal | float) -> Markup:
    """Pounds, written as in Britain in every language: £2.50, £23,250. `locale` is taken so that all filters are called alike."""
    del locale
    pence = "¤#,##0" if pounds == int(pounds) else "¤#,##0.00"
    return Markup('<bdi dir="ltr">{}</bdi>').format(format_currency(pounds, "GBP", pence, locale=_BRITISH, currency_digits=False))


def long_date(locale: Locale, day: date) -> str:
    """A day soon or lately, without its year: Tuesday 3 March."""
    if locale.language == "en":
        return format_date(day, "EEEE d MMMM", locale=_BRITISH)
    patterns = locale.datetime_skeletons
    pattern = str(patterns["MMMMEd"] if "MMMMEd" in patterns else patterns["MMMEd"])
    return format_date(day, re.sub(r"E+", "EEEE", re.sub(r"M{3,4}", "MMMM", pattern)), locale=locale)


def short_date(locale: Locale, day: date) -> str:
    """A day with its year and no weekday: 3 March 2026."""
    return format_date(day, "long", locale=_spoken(locale))


def weekday(locale: Locale, day: int) -> str:
    """The name of a day of the week, 0 for Monday: Tuesday."""
    # Not "stand-alone": Babel keeps a borrowed answer for all languages, so that the first one asked speaks for the others.
    return str(get_day_names("wide", "format", locale=_spoken(locale))[day])


def clock_time(locale: Locale, moment: time) -> Markup:
    """A time of day: 10am, 2.30pm, 12 noon, midnight; in other languages as their own readers write it."""
    return Markup("<bdi>{}</bdi>").format(_clock_words(locale, moment))


def time_range(locale: Locale, opens: time, closes: time) -> Markup:
    """From one time to another: 10am to 12 noon."""
    joint = " to " if locale.language == "en" else "–"
    return Markup("<bdi>{}{}{}</bdi>").format(_clock_words(locale, opens), joint, _clock_words(locale, closes))


def ago(locale: Locale, day: date, today: date) -> str:
    """How long before `today` a day was, in words: 3 weeks ago. One day at least: what happened today says so itself."""
    passed = max(today - day, timedelta(days=1))
    return format_timedelta(-passed, granularity="day", threshold=1, add_direction=True, locale=_spoken(locale))


def list_and(locale: Locale, items: Iterable[object]) -> Markup:
    """Things joined as in a sentence: falls, shopping and transport. Items are escaped unless they are Markup."""
    return Markup(format_list([str(escape(item)) for item in items], "standard", locale=_spoken(locale)))  # noqa: S704 - each item is escaped


def dialable(number_as_written: str) -> str:
    """What a telephone dials of a number as people write it: "0800 123 (ext 4)" → "0800123"; "111, option 2" → "111"."""
    found = _DIALLED.match(number_as_written.strip())
    return re.sub(r"[^\d+]", "", found.group()) if found else ""


def _spoken(locale: Locale) -> Locale:
    return _BRITISH if locale.language == "en" else locale


def _clock_words(locale: Locale, moment: time) -> str:
    if locale.language != "en":
        return format_time(moment, "short", locale=locale)
    if (moment.hour, moment.minute) in {(0, 0), (12, 0)}:
        return "12 noon" if moment.hour else "midnight"
    minutes = f".{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"
