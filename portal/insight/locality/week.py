"""The coming seven days in a locality, as its page tells them: sessions out of the index in, days with names and places out.

What is open on most days is told once, beside the days, which it would fill. Only services that are public in the database are
named, whatever the index says.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from portal.directory.listing import Listing, Site
from portal.directory.opening import Opening
from portal.search.columns import Array, Columns
from portal.search.generation import Generation
from portal.search.week import Session, sessions_in

DAYS: Final = 7
STEADY_DAYS: Final = 4  # of the seven on which something is open that is told once
MOST_A_DAY: Final = 5
MOST_STEADY: Final = 8

FindPublic = Callable[[Sequence[uuid.UUID]], Collection[uuid.UUID]]


@dataclass(frozen=True)
class Happening:
    """One session: of which listing, at which of its places, when."""

    listing: Listing
    site: Site
    opening: Opening


@dataclass(frozen=True)
class Day:
    """A day with its first sessions, and how many others there are."""

    day: date
    happenings: tuple[Happening, ...]
    others: int


@dataclass(frozen=True)
class Week:
    """What is open on most days, each with its next opening, and how many others are; and the days on which something else happens."""

    steady: tuple[Happening, ...] = ()
    other_steady: int = 0
    days: tuple[Day, ...] = ()


def week_in(generation: Generation, locality: int, moment: datetime, find_public: FindPublic) -> Week:
    """The seven days from local `moment` in the locality of this number; what has ended by then is over."""
    columns = generation.columns
    days = [moment.date() + timedelta(days=number) for number in range(DAYS)]
    found = _public(generation, sessions_in(columns, _open_to_all(columns, days[0]), locality, days), find_public)
    open_on: dict[tuple[int, int], set[date]] = defaultdict(set)
    for session in found:
        open_on[session.row, session.site].add(session.opening.day)
    coming = [session for session in found if session.opening.ends_at > moment]
    steady: dict[tuple[int, int], Session] = {}
    of_day: dict[date, list[Session]] = defaultdict(list)
    for session in coming:
        if len(open_on[session.row, session.site]) >= STEADY_DAYS:
            steady.setdefault((session.row, session.site), session)
        else:
            of_day[session.opening.day].append(session)
    by_name = sorted(steady.values(), key=lambda session: int(columns.name_order[session.row]))
    return Week(
        steady=tuple(_happening(generation, session) for session in by_name[:MOST_STEADY]),
        other_steady=max(0, len(by_name) - MOST_STEADY),
        days=tuple(_day(generation, day, of_day[day]) for day in days if of_day[day]),
    )


def _open_to_all(columns: Columns, today: date) -> Array:
    return columns.shown(today) & columns.feature("how", "in-person") & ~columns.closed_for_now


def _public(generation: Generation, sessions: Sequence[Session], find_public: FindPublic) -> list[Session]:
    rows = sorted({session.row for session in sessions})
    ids = dict(zip(rows, generation.row_ids(rows), strict=True))
    public = find_public(list(ids.values())) if ids else ()
    return [session for session in sessions if ids[session.row] in public]


def _day(generation: Generation, day: date, sessions: Sequence[Session]) -> Day:
    shown = tuple(_happening(generation, session) for session in sessions[:MOST_A_DAY])
    return Day(day, shown, max(0, len(sessions) - MOST_A_DAY))


def _happening(generation: Generation, session: Session) -> Happening:
    listing = generation.inverted.listing(session.row)
    return Happening(listing, listing.sites[session.site], session.opening)
