"""What pages call the numbers of each month, and how they write months and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal

from portal.i18n.text import marked
from portal.insight.monthly.lines import Number

TITLES: Final = {
    Number.COVERS: marked("Services that people can use"),
    Number.LOCAL: marked("Services in the area or near, or just for it"),
    Number.BASED: marked("Services with a place in the area"),
    Number.PLACES: marked("Places to go to in the area"),
    Number.HOURS: marked("Hours a week in which those places are open"),
    Number.FREE: marked("Free services"),
    Number.STEP_FREE: marked("Step-free services"),
    Number.EVENING: marked("Services open in the evening"),
    Number.WEEKEND: marked("Services open at the weekend"),
    Number.REMOTE: marked("Services that come to you, or are online or by phone"),
    Number.IN_LANGUAGES: marked("Services in other languages than English"),
    Number.RATIO: marked("Services beside what its people would have at the borough's rate (1 is even)"),
}
_LONGEST: Final = 8  # letters of a name beside its line


def month_of(locale: Locale, month: date) -> str:
    """A month under a chart: "Nov 2026"."""
    return format_skeleton("yMMM", month, locale=locale)


def amount(locale: Locale, value: float, number: Number) -> str:
    """A number as it is read: whole for counts, to one decimal for hours, two for the ratio."""
    shape = {Number.HOURS: "#,##0.#", Number.RATIO: "#,##0.00"}.get(number, "#,##0")
    return format_decimal(value, format=shape, locale=Locale("en", "GB") if locale.language == "en" else locale)


def short_names(names: Sequence[str]) -> list[str]:
    """Names that have room beside their lines, each another: numbered where cutting made two alike."""
    cut = [name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…" for name in names]
    if len(set(cut)) == len(cut):
        return cut
    return [f"{number} {name[: _LONGEST - 3].rstrip()}…" for number, name in enumerate(names, 1)]
