"""What pages and the file call measures, answers, numbers and quarters: words of the reader's language out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_percent

from portal.i18n.text import gettext, marked
from portal.insight.outcomes.measures import COMMUNITY, FIRST, GOOD_WEEK, REQUESTS, SERVICES, STEPS, Column, Measure
from portal.insight.outcomes.report import Amount
from portal.insight.periods import Quarter
from portal.insight.protection import Share
from portal.sharing.asking.counting import Result
from portal.signposting.counting import DONE, FRONT_DOOR
from portal.ui.filters import number, short_date

TITLES: Final[Mapping[str, str]] = {
    SERVICES.id: marked("How help from services went"),
    STEPS.id: marked("How small steps went"),
    FIRST.id: marked("What came of a plan first"),
    GOOD_WEEK.id: marked("Whether people have their good week"),
    REQUESTS.id: marked("Requests to get in touch"),
}
ABOUT: Final[Mapping[str, str]] = {
    SERVICES.id: marked("Residents say on their plan how each service went. We count each answer about each service once."),
    STEPS.id: marked("Residents say on their plan how each small step went. We count each answer about each step once."),
    FIRST.id: marked(
        "A plan counts as met in the community when a service or a step is “Done” before any request comes to the council's front door. "
        "We count what comes first. A request that is passed on counts when its owner opens the plan again."
    ),
    GOOD_WEEK.id: marked(
        "People can write what a good week would look like. When they come back to their plan, we ask if it is like that now. "
        "Nobody has to answer."
    ),
    REQUESTS.id: marked("Each request counts once, by what came of it first. The share leaves out requests that were taken back."),
}
COUNTED: Final[Mapping[str, str]] = {  # how many there were
    SERVICES.id: marked("Answers about services: %(number)s."),
    STEPS.id: marked("Answers about small steps: %(number)s."),
    FIRST.id: marked("Plans of which something came: %(number)s."),
    GOOD_WEEK.id: marked("Answers about a good week: %(number)s."),
    REQUESTS.id: marked("Requests with a result: %(number)s."),
}
SHARES: Final[Mapping[str, str]] = {
    SERVICES.id: marked("Said “Done”"),
    STEPS.id: marked("Said “Done”"),
    FIRST.id: marked("Met in the community"),
    GOOD_WEEK.id: marked("Have their good week"),
    REQUESTS.id: marked("Answered within 5 working days"),
}
_WENT: Final = {DONE: marked("Done"), "no-help": marked("It didn't help"), "no-entry": marked("Couldn't get in")}
COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    SERVICES.id: _WENT,
    STEPS.id: _WENT,
    FIRST.id: {COMMUNITY: marked("Help in the community"), FRONT_DOOR: marked("The council's front door")},
    GOOD_WEEK.id: {"reached": marked("Yes"), "partly": marked("Partly"), "not-yet": marked("Not yet")},
    REQUESTS.id: {
        Result.IN_1: marked("Answered in 1 working day"),
        Result.IN_2: marked("Answered in 2 working days"),
        Result.IN_5: marked("Answered in 3 to 5 working days"),
        Result.LATER: marked("Answered later"),
        Result.PASSED_ON: marked("Not answered in time, passed on to the council"),
        Result.WITHDRAWN: marked("Taken back by the person"),
        Result.ENDED: marked("Never answered"),
    },
}


def columns_of(measure: Measure) -> list[tuple[Column, str]]:
    """The columns of a measure with what they are called, in English."""
    return [(column, COLUMNS[measure.id][column.id]) for column in measure.columns]


def amount_in_words(locale: Locale, amount: Amount) -> str:
    """A number that is known, or what it is at least, or less than: 45, at least 45, fewer than 10."""
    if not amount.hidden:
        return number(locale, amount.shown)
    if not amount.shown:
        return str(gettext("fewer than %(number)s", number=number(locale, amount.below)))
    return str(gettext("at least %(number)s", number=number(locale, amount.shown)))


def share_in_words(locale: Locale, share: Share) -> str:
    """A share that is known, or that lies between two: 62%, between 55% and 70%."""
    low, high = (_percent(locale, each) for each in (share.low, share.high))
    return low if share.is_exact else str(gettext("between %(low)s and %(high)s", low=low, high=high))


def name_of(locale: Locale, quarter: Quarter) -> str:
    """The days of a quarter: 1 July 2026 to 30 September 2026."""
    first, last = (short_date(locale, day) for day in (quarter.first, quarter.last))
    return str(gettext("%(first)s to %(last)s", first=first, last=last))


def name_of_month(locale: Locale, day: date) -> str:
    """The month in which a day is: July."""
    return format_date(day, "MMMM", locale=_spoken(locale))


def mark_of(quarter: Quarter) -> str:
    """What stands under a chart: the month and year in which a quarter ends, 09/26."""
    return f"{quarter.last:%m/%y}"


def _percent(locale: Locale, whole: int) -> str:
    return format_percent(whole / 100, locale=_spoken(locale))


def _spoken(locale: Locale) -> Locale:
    return Locale("en", "GB") if locale.language == "en" else locale
