"""What pages and files of this desk call numbers, verdicts and the people who have a need."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from babel import Locale
from babel.numbers import format_decimal

from portal.i18n.text import gettext, marked
from portal.insight.desk.numbers import OF_PEOPLE, OF_WAYS, Number, rate_of, value_of
from portal.insight.gap import Verdict
from portal.insight.unreached import Way
from portal.localities.need import Measure

TITLES: Final[Mapping[Number, str]] = {
    Number.GAP: marked("The gap in services"),
    Number.COVERS: marked("Services that people here can use"),
    Number.LOCAL: marked("Services for this area or near it"),
    Number.BASED: marked("Services with a place here"),
    Number.PLACES: marked("Places to go to here"),
    Number.HOURS: marked("Hours open a week"),
    Number.FREE: marked("Free services"),
    Number.STEP_FREE: marked("Step-free services"),
    Number.EVENING: marked("Services open in the evening"),
    Number.WEEKEND: marked("Services open at the weekend"),
    Number.REMOTE: marked("Services at home, by phone or online"),
    Number.LANGUAGES: marked("Services in other languages"),
    Number.MISSED: marked("Searches that found nothing"),
    Number.PLANNED: marked("Plans made for this need"),
}
VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.FEWER: marked("Fewer here"),
    Verdict.ABOUT: marked("About even"),
    Verdict.MORE: marked("More here"),
    Verdict.NONE_HERE: marked("No service"),
    Verdict.TOO_FEW: marked("Too few to tell"),
    Verdict.UNKNOWN: marked("Cannot be compared"),
}
SAID: Final[Mapping[Verdict, str]] = {
    Verdict.FEWER: marked("There are fewer services here than the whole borough has for as many people."),
    Verdict.ABOUT: marked("There are about as many services here as the whole borough has for as many people."),
    Verdict.MORE: marked("There are more services here than the whole borough has for as many people."),
    Verdict.NONE_HERE: marked("There is no service that people here can use."),
    Verdict.TOO_FEW: marked("We expect so few services here that their number cannot tell us anything."),
    Verdict.UNKNOWN: marked("We do not know how many people here have this need, or there is nothing to compare it with."),
}
SHAPES: Final[Mapping[Verdict, str]] = {
    Verdict.FEWER: "▼",
    Verdict.ABOUT: "●",
    Verdict.MORE: "▲",
    Verdict.NONE_HERE: "○",
    Verdict.TOO_FEW: "?",
    Verdict.UNKNOWN: "–",
}
CLASSES: Final[Mapping[Verdict, str]] = {
    Verdict.FEWER: "verdict-fewer",
    Verdict.NONE_HERE: "verdict-none",
    Verdict.MORE: "verdict-more",
}
PEOPLE: Final[Mapping[Measure, str]] = {  # who has a need, after a number
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
_SHAPES_OF: Final = {Number.GAP: "0.00", Number.HOURS: "#,##0.#"}


WAYS: Final[Mapping[Way, str]] = {
    Way.FREE: marked("Free"),
    Way.STEP_FREE: marked("Step-free"),
    Way.EVENING: marked("Evening"),
    Way.WEEKEND: marked("Weekend"),
    Way.REMOTE: marked("At home, by phone or online"),
    Way.IN_LANGUAGES: marked("In other languages"),
}


def words(locale: Locale) -> dict[str, object]:
    """All of these for a template, by name; numbers as they are written in the page's language."""
    named: dict[str, object] = {"TITLES": TITLES, "PEOPLE": PEOPLE, "WAYS": WAYS, "NUMBERS": OF_WAYS}
    named |= {"VERDICTS": VERDICTS, "SAID": SAID, "SHAPES": SHAPES, "CLASSES": CLASSES, "value_of": value_of, "rate_of": rate_of}
    return {**named, "amount": partial(amount, locale), "ratio": partial(ratio, locale), "rate": partial(rate, locale)}


def amount(locale: Locale, value: float | None, number: Number) -> str:
    """A number as it is read: whole for counts, to one decimal for hours, two for the gap. "Fewer than 10" for hidden people."""
    if value is None:
        return str(gettext("fewer than 10")) if number in OF_PEOPLE else "–"
    return format_decimal(value, format=_SHAPES_OF.get(number, "#,##0"), locale=_spoken(locale))


def ratio(locale: Locale, value: float) -> str:
    """One of the ratios of a gap, or services expected: 0.42, 12.5, 120."""
    return format_decimal(value, format="0.00" if value < 10 else "0.0" if value < 100 else "#,##0", locale=_spoken(locale))


def rate(locale: Locale, value: float) -> str:
    """How many for each 1,000, in figures that tell: 0.35, 3.5, 35."""
    return format_decimal(value, format="#,##0.00" if value < 1 else "#,##0.0" if value < 10 else "#,##0", locale=_spoken(locale))


def _spoken(locale: Locale) -> Locale:
    return Locale("en", "GB") if locale.language == "en" else locale
