"""Times as people say them: sessions and gaps of a record in, sentences in the page's language and the next dates out.

"Every second Tuesday, 10am to 12 noon, not in August." Dates come from `opening`, which every other page asks too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Final

from babel import Locale
from babel.dates import get_month_names
from markupsafe import Markup

from portal.directory.gaps import Gaps, gaps_of
from portal.directory.listings import hours_of, patterns_of
from portal.directory.opening import LAST_MINUTE, WEEKDAYS, Hours, Opening, Pattern, openings_from
from portal.directory.record import ClosureEntry, SessionEntry
from portal.directory.times import HolidaySchedule, Schedule
from portal.i18n.text import gettext, ngettext
from portal.ui.filters import clock_time, list_and, long_date, short_date, time_range, weekday

MOST_DATES: Final = 5
MOST_GAPS: Final = 3  # that a sentence names one by one
_WORKING_WEEK: Final = (0, 1, 2, 3, 4)


def hours_of_record(sessions: Iterable[SessionEntry], closures: Iterable[ClosureEntry]) -> Hours:
    """What a record says of when, as every page reckons with it."""
    return hours_of([_schedule(session) for session in sessions], [_holiday(closure) for closure in closures])


def next_dates(
    sessions: Iterable[SessionEntry], closures: Iterable[ClosureEntry], moment: datetime, number: int = MOST_DATES
) -> tuple[Opening, ...]:
    """The next `number` times that it happens, from local `moment` on."""
    return tuple(islice(openings_from(hours_of_record(sessions, closures), moment), number))


def say(session: SessionEntry, closures: Sequence[ClosureEntry], locale: Locale, today: date) -> Markup:
    """One session as a sentence without its full stop, with the gaps that are still to come."""
    said = [
        _days(session, locale),
        _hours(session, locale),
        gettext("from %(date)s", date=short_date(locale, session.first)) if session.first and session.first > today else Markup(),
        gettext("until %(date)s", date=short_date(locale, session.last)) if session.last else Markup(),
        *_gaps(gaps_of(closures, today), locale),
    ]
    return _one_after_another([clause for clause in said if clause])


def say_closure(closure: ClosureEntry, locale: Locale) -> Markup:
    """Days on which it is closed or open at other times, as a sentence without its full stop."""
    days = {"first": long_date(locale, closure.first), "last": long_date(locale, closure.last)}
    if closure.opens and closure.closes:
        hours = time_range(locale, closure.opens, closure.closes)
        if closure.first == closure.last:
            return gettext("Other hours on %(first)s: %(hours)s", first=days["first"], hours=hours)
        return gettext("Other hours from %(first)s to %(last)s: %(hours)s", hours=hours, **days)
    if closure.first == closure.last:
        return gettext("Closed on %(first)s", first=days["first"])
    return gettext("Closed from %(first)s to %(last)s", **days)


def say_date(opening: Opening, locale: Locale) -> Markup:
    """One date: "Tuesday 1 December, 10am to 12 noon"."""
    hours = _span(opening.opens, opening.closes, locale)
    said = [Markup(long_date(locale, opening.day)), hours]  # noqa: S704 - a date of Babel's, no text of anybody's
    return _one_after_another([clause for clause in said if clause])


def _schedule(session: SessionEntry) -> Schedule:
    return Schedule(
        freq=session.freq,
        interval=session.interval,
        byday=session.byday,
        bymonthday=session.bymonthday,
        opens_at=session.opens,
        closes_at=session.closes,
        dtstart=session.start,
        valid_from=session.first,
        valid_to=session.last,
        description=session.note,
    )


def _holiday(closure: ClosureEntry) -> HolidaySchedule:
    return HolidaySchedule(
        closed=closure.opens is None,
        start_date=closure.first,
        end_date=closure.last,
        opens_at=closure.opens,
        closes_at=closure.closes,
        description=closure.note,
    )


def _days(session: SessionEntry, locale: Locale) -> Markup:
    patterns = list(patterns_of(_schedule(session)))
    if not any(pattern.monthday or pattern.ordinal for pattern in patterns):
        weekdays = tuple(sorted({pattern.weekday for pattern in patterns if pattern.weekday is not None}))
        return _weekly(weekdays, max(session.interval, 1), locale) if weekdays else Markup()
    first, *others = _monthly(patterns, locale)
    together = list_and(locale, [first, *(phrase[:1].lower() + phrase[1:] for phrase in others)])
    if session.interval <= 1:
        return together
    return _one_after_another([together, ngettext("every %(num)s month", "every %(num)s months", session.interval)])


def _monthly(patterns: Sequence[Pattern], locale: Locale) -> list[Markup]:
    by_weekday: dict[int, list[int]] = {}
    for pattern in patterns:
        if pattern.weekday is not None:
            by_weekday.setdefault(pattern.weekday, []).append(pattern.ordinal)
    said = [_monthday(pattern.monthday) for pattern in patterns if pattern.monthday]
    return said + [phrase for day, ordinals in by_weekday.items() for phrase in _ordinals(weekday(locale, day), ordinals)]


def _weekly(weekdays: tuple[int, ...], interval: int, locale: Locale) -> Markup:
    days = list_and(locale, [weekday(locale, day) for day in weekdays])
    if interval == 1:
        if weekdays == _WORKING_WEEK:
            return gettext("Monday to Friday")
        return gettext("Every day") if len(weekdays) == len(WEEKDAYS) else gettext("Every %(days)s", days=days)
    said = {
        (2, True): gettext("Every second %(day)s", day=days),
        (3, True): gettext("Every third %(day)s", day=days),
        (4, True): gettext("Every fourth %(day)s", day=days),
        (2, False): gettext("Every second week on %(days)s", days=days),
    }
    several = ngettext("Every %(num)s week on %(days)s", "Every %(num)s weeks on %(days)s", interval, days=days)
    return said.get((interval, len(weekdays) == 1), several)


def _monthday(number: int) -> Markup:
    return gettext("The last day of the month") if number == -1 else gettext("Day %(day)s of the month", day=number)


def _ordinals(day: str, ordinals: list[int]) -> list[Markup]:
    if sorted(ordinals) == [1, 3]:
        return [gettext("The first and third %(day)s of the month", day=day)]
    if sorted(ordinals) == [2, 4]:
        return [gettext("The second and fourth %(day)s of the month", day=day)]
    return [_ordinal(day, ordinal) for ordinal in ordinals]


def _ordinal(day: str, ordinal: int) -> Markup:
    said = {
        1: gettext("The first %(day)s of the month", day=day),
        2: gettext("The second %(day)s of the month", day=day),
        3: gettext("The third %(day)s of the month", day=day),
        4: gettext("The fourth %(day)s of the month", day=day),
        5: gettext("The fifth %(day)s of the month", day=day),
        -1: gettext("The last %(day)s of the month", day=day),
    }
    return said.get(ordinal) or gettext("%(day)s number %(which)s of the month", day=day, which=ordinal)


def _hours(session: SessionEntry, locale: Locale) -> Markup:
    return _span(session.opens, session.closes, locale)


def _span(opens: time | None, closes: time | None, locale: Locale) -> Markup:
    if opens is None:
        return Markup()
    if closes is None:
        return gettext("from %(time)s", time=clock_time(locale, opens))
    if opens == time.min and closes in (time.min, LAST_MINUTE):
        return gettext("all day and night")
    return time_range(locale, opens, closes)


def _gaps(gaps: Gaps, locale: Locale) -> list[Markup]:
    said = []
    if gaps.months:
        said.append(gettext("not in %(months)s", months=list_and(locale, [month_name(locale, number) for number in gaps.months])))
    if gaps.is_shut_on_bank_holidays:
        said.append(gettext("not on bank holidays"))
    if len(gaps.others) > MOST_GAPS:
        return [*said, ngettext("closed for %(num)s other time", "closed for %(num)s other times", len(gaps.others))]
    return [*said, *(_gap(closure, locale) for closure in gaps.others)]


def _gap(closure: ClosureEntry, locale: Locale) -> Markup:
    first, last = short_date(locale, closure.first), short_date(locale, closure.last)
    if closure.opens and closure.first == closure.last:
        return gettext("other hours on %(first)s", first=first)
    if closure.opens:
        return gettext("other hours from %(first)s to %(last)s", first=first, last=last)
    if closure.first == closure.last:
        return gettext("not on %(first)s", first=first)
    return gettext("not from %(first)s to %(last)s", first=first, last=last)


def month_name(locale: Locale, number: int) -> str:
    """The name of a month, 1 for January: August."""
    return str(get_month_names("wide", "format", locale=locale)[number])


def _one_after_another(clauses: Sequence[Markup]) -> Markup:
    """Clauses of one sentence, joined the way its language does."""
    said = clauses[0] if clauses else Markup()
    for clause in clauses[1:]:
        said = gettext("%(said)s, %(more)s", said=said, more=clause)
    return said
