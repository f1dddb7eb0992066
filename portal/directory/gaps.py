"""When it does not happen, as people think of it: closures of a record in; whole months, bank holidays and single gaps out, and back.

A record keeps plain days. "Not in August" is the next two Augusts, so that it holds until somebody is asked again; "not on bank holidays"
is each coming one of a year. Pure.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from portal.directory.bank_holidays import is_bank_holiday
from portal.directory.record import ClosureEntry

BANK_HOLIDAY: Final = "Bank holiday"  # the note by which such a closure is known; English, as listings are
YEARS_AHEAD: Final = 2
AHEAD: Final = timedelta(days=366)
MONTHS: Final = range(1, 13)


@dataclass(frozen=True)
class Gaps:
    """Months (1 to 12) in which it is closed, whether it is on bank holidays, and the other closures that are not over."""

    months: tuple[int, ...]
    is_shut_on_bank_holidays: bool
    others: tuple[ClosureEntry, ...]


def gaps_of(closures: Iterable[ClosureEntry], today: date) -> Gaps:
    """What closures mean that are not over on `today`."""
    coming = [closure for closure in closures if closure.last >= today]
    months = tuple(number for number in MONTHS if any(_is_month(closure, number) for closure in coming))
    others = tuple(it for it in coming if not is_of_bank_holiday(it) and not any(_is_month(it, number) for number in months))
    return Gaps(months, any(map(is_of_bank_holiday, coming)), others)


def is_of_bank_holiday(closure: ClosureEntry) -> bool:
    """Whether a closure is for a bank holiday."""
    return closure.note == BANK_HOLIDAY and closure.first == closure.last and closure.opens is None


def with_months(closures: Sequence[ClosureEntry], months: Iterable[int], today: date) -> tuple[ClosureEntry, ...]:
    """`closures` closed in just these months: what stands for one that is still meant stays as it is, a new one is its next two."""
    wanted = set(months)
    before = set(gaps_of(closures, today).months)
    kept = [it for it in closures if not any(_is_month(it, number) for number in before - wanted)]
    new = [closed for number in sorted(wanted - before) for closed in _next_of(number, today)]
    return (*kept, *new)


def with_bank_holidays(closures: Sequence[ClosureEntry], days: Iterable[date], today: date, *, is_shut: bool) -> tuple[ClosureEntry, ...]:
    """`closures` closed on those coming bank holidays that are among `days`, or on none of them."""
    kept = [it for it in closures if not is_of_bank_holiday(it) or (is_shut and it.first >= today)]
    if not is_shut:
        return tuple(kept)
    there = {it.first for it in kept if is_of_bank_holiday(it)}
    new = sorted({day for day in days if today <= day <= today + AHEAD and is_bank_holiday(day)} - there)
    return (*kept, *(ClosureEntry(day, day, note=BANK_HOLIDAY) for day in new))


def _next_of(number: int, today: date) -> list[ClosureEntry]:
    found: list[ClosureEntry] = []
    year = today.year
    while len(found) < YEARS_AHEAD:
        last = date(year, number, monthrange(year, number)[1])
        if last >= today:
            found.append(ClosureEntry(date(year, number, 1), last))
        year += 1
    return found


def _is_month(closure: ClosureEntry, number: int) -> bool:
    """Whether a closure is one whole month of this number."""
    first, last = closure.first, closure.last
    is_whole = first.day == 1 and last == date(first.year, first.month, monthrange(first.year, first.month)[1])
    return is_whole and first.month == number and closure.opens is None
