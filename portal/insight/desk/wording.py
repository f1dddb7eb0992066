"""What pages, files and papers of this desk call numbers, verdicts and the people who have a need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from babel import Locale
from babel.numbers import format_decimal
from markupsafe import Markup

from portal.i18n.text import gettext, marked, ngettext
from portal.insight.desk.numbers import Number
from portal.insight.gap import Verdict
from portal.localities.need import Measure

TITLES: Final = {
    Number.GAP: marked("Gap: services found beside services expected"),
    Number.COVERS: marked("Services that people here can use"),
    Number.BASED: marked("Services with a place here"),
    Number.PLACES: marked("Places offered here"),
    Number.HOURS: marked("Hours open a week"),
    Number.FREE: marked("Free services"),
    Number.STEP_FREE: marked("Step-free services"),
    Number.LANGUAGES: marked("Services in other languages"),
    Number.MISSED: marked("Searches that found nothing"),
    Number.PLANNED: marked("Plans with this need"),
}
SHORT: Final = {  # for chips and columns of a file
    Number.GAP: marked("Gap"),
    Number.COVERS: marked("Can use"),
    Number.BASED: marked("Based here"),
    Number.PLACES: marked("Places offered"),
    Number.HOURS: marked("Hours a week"),
    Number.FREE: marked("Free"),
    Number.STEP_FREE: marked("Step-free"),
    Number.LANGUAGES: marked("Other languages"),
    Number.MISSED: marked("Searches missed"),
    Number.PLANNED: marked("Needs of plans"),
}
VERDICTS: Final = {
    Verdict.FEWER: marked("Fewer"),
    Verdict.ABOUT: marked("About even"),
    Verdict.MORE: marked("More"),
    Verdict.NONE_HERE: marked("None at all"),
    Verdict.TOO_FEW: marked("Too few to tell"),
    Verdict.UNKNOWN: marked("Need not known"),
}
SAID: Final = {  # the same as a sentence
    Verdict.FEWER: marked("There are fewer services here than people need, by what the whole borough has."),
    Verdict.ABOUT: marked("There are about as many services here as the whole borough has for as many people."),
    Verdict.MORE: marked("There are more services here than the whole borough has for as many people."),
    Verdict.NONE_HERE: marked("There is no service that people here can use."),
    Verdict.TOO_FEW: marked("So few services are expected here that nobody can tell from their number."),
    Verdict.UNKNOWN: marked("We do not know how many people here have this need, or there is nothing to compare it with."),
}
SHAPES: Final = {Verdict.FEWER: "▼", Verdict.ABOUT: "●", Verdict.MORE: "▲", Verdict.NONE_HERE: "○", Verdict.TOO_FEW: "?", Verdict.UNKNOWN: "–"}
CLASSES: Final = {Verdict.FEWER: "verdict-fewer", Verdict.NONE_HERE: "verdict-none", Verdict.MORE: "verdict-more"}
PEOPLE: Final[Mapping[Measure, str]] = {  # whom a need is counted by, after a number
    Measure.RESIDENTS: marked("residents"),
    Measure.RESIDENTS_3: marked("residents aged 3 or over"),
    Measure.RESIDENTS_5: marked("residents aged 5 or over"),
    Measure.HOUSEHOLDS: marked("households"),
    Measure.AGED_65: marked("people aged 65 or over"),
    Measure.AGED_75: marked("people aged 75 or over"),
    Measure.AGED_85: marked("people aged 85 or over"),
    Measure.LIVING_ALONE: marked("people who live alone"),
    Measure.CARERS: marked("unpaid carers"),
    Measure.DISABLED: marked("disabled people"),
    Measure.DISABLED_LOT: marked("people whose disability limits them a lot"),
    Measure.BAD_HEALTH: marked("people in bad health"),
    Measure.DEPRIVED: marked("people in the most deprived areas"),
    Measure.LITTLE_ENGLISH: marked("people who speak little English"),
    Measure.DISABLED_HOUSEHOLDS: marked("households with a disabled person"),
}


def amount(locale: Locale, value: float | None, number: Number) -> str:
    """A number as it is read: whole for counts, to one decimal for hours, two for the gap. "Fewer than 10" for hidden people."""
    if value is None:
        return str(gettext("fewer than 10")) if number in (Number.MISSED, Number.PLANNED) else "–"
    shape = {Number.GAP: "#,##0.00", Number.HOURS: "#,##0.#"}.get(number, "#,##0")
    return format_decimal(value, format=shape, locale=_spoken(locale))


def rate(locale: Locale, value: float) -> str:
    """How many for each 1,000, to two figures that tell: 0.35, 3.5, 35."""
    shape = "#,##0.00" if value < 1 else "#,##0.0" if value < 10 else "#,##0"
    return format_decimal(value, format=shape, locale=_spoken(locale))


def range_of(locale: Locale, low: float, high: float) -> Markup:
    """From one ratio to another: 0.4 to 1.2."""
    shown = (format_decimal(each, format="0.0#", locale=_spoken(locale)) for each in (low, high))
    return gettext("%(low)s to %(high)s", **dict(zip(("low", "high"), shown, strict=True)))


LINKED: Final[Mapping[Number, Callable[[int], Markup]]] = {  # what a number says where it is a link of its own
    Number.COVERS: lambda n: ngettext("%(num)s service", "%(num)s services", n),
}


def _spoken(locale: Locale) -> Locale:
    return Locale("en", "GB") if locale.language == "en" else locale
