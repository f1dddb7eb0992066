"""Opening hours as people keep them: recurring patterns and the days that break them in, openings on a wall clock out.

Pure. All times are local (London) and without a zone, as schedules are written. A pattern that closes at or before it opens
runs past midnight. Patterns without times say only on which days something happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

HORIZON: Final = timedelta(days=400)  # a yearly event is found; a rule that never falls is given up
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EVENING: Final = time(17, 30)
LAST_MINUTE: Final = time(23, 59)


@dataclass(frozen=True)
class Pattern:
    """One recurring session.

    Weekly: `weekday` (0 is Monday) every `interval` weeks counted from `anchor`. Monthly: the `ordinal`-th `weekday`
    (-1 is the last), or `monthday` (-1 is the last). Between `first` and `last`, where given.
    """

    weekday: int | None = None
    ordinal: int = 0
    monthday: int = 0
    interval: int = 1
    anchor: date | None = None
    first: date | None = None
    last: date | None = None
    opens: time | None = None
    closes: time | None = None
    note: str = ""


@dataclass(frozen=True)
class Closure:
    """Days, both included, when patterns do not hold: closed, or open at other times."""

    first: date
    last: date
    opens: time | None = None
    closes: time | None = None
    note: str = ""


@dataclass(frozen=True)
class Hours:
    """All that is known of when something happens."""

    patterns: tuple[Pattern, ...] = ()
    closures: tuple[Closure, ...] = ()


@dataclass(frozen=True)
class Opening:
    """One session on one day."""

    day: date
    opens: time | None
    closes: time | None
    note: str = ""

    @property
    def starts_at(self) -> datetime:
        """When it begins; midnight where no time is known."""
        return datetime.combine(self.day, self.opens or time.min)

    @property
    def ends_at(self) -> datetime:
        """When it ends: the next day for one that runs past midnight; midnight where no time is known, or where 23:59 stands for it."""
        if self.closes is None or self.closes == LAST_MINUTE:
            return datetime.combine(self.day + timedelta(days=1), time.min)
        past_midnight = self.opens is not None and self.closes <= self.opens
        return datetime.combine(self.day + timedelta(days=past_midnight), self.closes)


def happens_on(pattern: Pattern, day: date) -> bool:
    """Whether the pattern falls on `day`, closures aside."""
    if (pattern.first and day < pattern.first) or (pattern.last and day > pattern.last):
        return False
    if pattern.monthday:
        return pattern.monthday in (day.day, -1 if (day + timedelta(days=1)).day == 1 else 0) and _in_step(pattern, day, _month_number)
    if pattern.weekday != day.weekday():
        return False
    if pattern.ordinal:
        return _is_ordinal(pattern.ordinal, day) and _in_step(pattern, day, _month_number)
    return _in_step(pattern, day, _week_number)


def openings_on(hours: Hours, day: date) -> tuple[Opening, ...]:
    """The sessions of `day` in order, closures applied."""
    closure = next((closure for closure in hours.closures if closure.first <= day <= closure.last), None)
    falling = [pattern for pattern in hours.patterns if happens_on(pattern, day)]
    if closure is None:
        return tuple(sorted((Opening(day, p.opens, p.closes, p.note) for p in falling), key=lambda opening: opening.starts_at))
    if closure.opens is None or not falling:
        return ()
    return (Opening(day, closure.opens, closure.closes, closure.note),)


def is_open(hours: Hours, moment: datetime) -> bool:
    """Whether a session with known times is on at local `moment`."""
    yesterday = moment.date() - timedelta(days=1)
    sessions = (*openings_on(hours, yesterday), *openings_on(hours, moment.date()))
    timed = (session for session in sessions if session.opens is not None and session.closes is not None)
    return any(session.starts_at <= moment < session.ends_at for session in timed)


def next_opening(hours: Hours, moment: datetime) -> Opening | None:
    """The session that is on at local `moment`, or the next to begin; None if none falls within `HORIZON`."""
    return next(openings_from(hours, moment), None)


def openings_from(hours: Hours, moment: datetime) -> Iterator[Opening]:
    """Sessions that have not ended by local `moment`, in order, as far as `HORIZON`."""
    day = moment.date() - timedelta(days=1)  # whose session may run past midnight
    if not hours.patterns:
        return
    while day <= moment.date() + HORIZON:
        yield from (opening for opening in openings_on(hours, day) if opening.ends_at > moment)
        following = [found for pattern in hours.patterns if (found := _next_day(pattern, day + timedelta(days=1)))]
        if not following:
            return
        day = min(following)


def is_round_the_clock(hours: Hours) -> bool:
    """Whether it is open all day and night, every day of every week, as listings write that: 00:00 to 23:59 or 00:00."""
    whole = {
        pattern.weekday
        for pattern in hours.patterns
        if pattern.opens == time.min and pattern.closes in (time.min, LAST_MINUTE) and _is_every_week(pattern)
    }
    return whole >= set(range(7)) and not hours.closures


def has_evening(hours: Hours) -> bool:
    """Whether any session is still on after the working day (`EVENING`)."""
    return any(
        pattern.opens and pattern.closes and (pattern.closes > EVENING or pattern.closes <= pattern.opens) for pattern in hours.patterns
    )


def has_daytime(hours: Hours) -> bool:
    """Whether any weekday session begins before `EVENING`."""
    return any(pattern.opens and pattern.opens < EVENING and pattern.weekday not in (5, 6) for pattern in hours.patterns)


def has_weekend(hours: Hours) -> bool:
    """Whether any session is on a Saturday or a Sunday."""
    return any(pattern.weekday in (5, 6) for pattern in hours.patterns)


def _is_every_week(pattern: Pattern) -> bool:
    return not pattern.ordinal and pattern.interval <= 1 and pattern.last is None


def _next_day(pattern: Pattern, day: date) -> date | None:
    start = max(day, pattern.first) if pattern.first else day
    if pattern.weekday is not None:
        start += timedelta(days=(pattern.weekday - start.weekday()) % 7)
    step = timedelta(days=1 if pattern.weekday is None else 7)
    last = min(pattern.last or date.max, day + HORIZON)
    while start <= last:
        if happens_on(pattern, start):
            return start
        start += step
    return None


def _is_ordinal(ordinal: int, day: date) -> bool:
    if ordinal < 0:
        return (day + timedelta(days=7 * -ordinal)).month != day.month and (day + timedelta(days=7 * (-ordinal - 1))).month == day.month
    return (day.day - 1) // 7 + 1 == ordinal


def _in_step(pattern: Pattern, day: date, number: Callable[[date], int]) -> bool:
    if pattern.interval <= 1 or pattern.anchor is None:
        return True
    return (number(day) - number(pattern.anchor)) % pattern.interval == 0


def _week_number(day: date) -> int:
    return (day.toordinal() - 1) // 7  # ordinal 1 is a Monday


def _month_number(day: date) -> int:
    return day.year * 12 + day.month
