"""What happens in a locality on the days to come is what `directory.opening.openings_on` says of each site there: hours of every shape."""

from __future__ import annotations

from datetime import date, time, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from little_borough import FAR_AWAY, MIDDLE, NORTH, columns, listing, site
from test_open_now import DAYS, HOURS

from portal.directory.listing import Listing, Site
from portal.directory.opening import LAST_MINUTE, Closure, Hours, Opening, Pattern, openings_on
from portal.search.areas import Extents
from portal.search.week import sessions_in

TUESDAY = date(2026, 11, 24)
MORNING = Pattern(weekday=1, opens=time(10), closes=time(12))
WEEK = [TUESDAY + timedelta(days=days) for days in range(7)]
HERE = 0  # North


def told(known: Extents, *listings: Listing, locality: int = HERE) -> list[tuple[str, int, date, time | None]]:
    made = columns(listings, known)
    found = sessions_in(made, made.live, locality, WEEK)
    return [(listings[it.row].name, it.site, it.opening.day, it.opening.opens) for it in found]


def written(opening: Opening) -> str:
    """As columns write it: midnight as 23:59; an end without a beginning is none."""
    closes = LAST_MINUTE if opening.closes == time.min else opening.closes
    return f"{opening.day} {opening.opens}–{closes if opening.opens is not None else None}"


POSITIONS = st.sampled_from([NORTH, NORTH, MIDDLE])
SITES = st.lists(st.builds(lambda at, hours: site(at, hours=hours), POSITIONS, HOURS | st.just(Hours())), max_size=3)


def expected(own: Hours, sites: list[Site], day: date) -> list[str]:
    """Each place in North by its own hours; by the listing's, once, where it has none."""
    sets = [each.hours for each in sites if each.latitude == NORTH[0] and each.hours.patterns]
    if any(each.latitude == NORTH[0] and not each.hours.patterns for each in sites):
        sets.append(own)
    return [written(opening) for hours in sets for opening in openings_on(hours, day)]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(HOURS, SITES), min_size=1, max_size=4), DAYS)
def test_every_session_of_every_place_here_is_told_once(known: Extents, each: list[tuple[Hours, list[Site]]], first: date) -> None:
    made = columns([listing(str(row), hours=own, sites=tuple(sites)) for row, (own, sites) in enumerate(each)], known)
    days = [first + timedelta(days=days) for days in range(7)]
    found = sessions_in(made, made.live, HERE, days)
    told = sorted((it.row, written(it.opening)) for it in found)
    assert told == sorted((row, it) for row, (own, sites) in enumerate(each) for day in days for it in expected(own, sites, day))


def test_sessions_stand_by_day_and_hour_and_those_without_a_time_last(known: Extents) -> None:
    def club(name: str, *patterns: Pattern) -> Listing:
        return listing(name, sites=(site(NORTH, hours=Hours(patterns)),))

    early, untimed = Pattern(weekday=1, opens=time(9)), Pattern(weekday=1)
    found = told(known, club("B", MORNING), club("A", MORNING, Pattern(weekday=0, opens=time(8))), club("C", untimed), club("D", early))
    assert [(name, day.weekday()) for name, _, day, _ in found] == [("D", 1), ("A", 1), ("B", 1), ("C", 1), ("A", 0)]


def test_only_what_stands_here_is_told(known: Extents) -> None:
    hours = Hours((MORNING,))
    away = [site(at, hours=hours) for at in (MIDDLE, FAR_AWAY)]
    hidden = site(NORTH, hours=hours, is_confidential=True)
    comes_home = listing("Home", hours=hours, how=("home",))
    assert told(known, listing("Club", sites=(hidden, *away, site(NORTH, hours=hours))), comes_home) == [("Club", 3, TUESDAY, time(10))]


def test_a_refuge_gives_no_hour_away_though_it_has_an_office_here_without_hours(known: Extents) -> None:
    refuge = listing("Refuge", sites=(site(NORTH, hours=Hours((MORNING,)), is_confidential=True), site(NORTH)))
    assert told(known, refuge) == []


def test_rows_that_are_not_shown_are_left_out(known: Extents) -> None:
    made = columns([listing("Club", sites=(site(NORTH),), hours=Hours((MORNING,)))], known)
    assert len(sessions_in(made, made.live, HERE, WEEK)) == 1
    assert sessions_in(made, np.zeros(1, dtype=bool), HERE, WEEK) == []


def test_a_session_that_is_called_off_is_not_told_and_one_at_another_hour_is(known: Extents) -> None:
    for closure, hours in ((Closure(TUESDAY, TUESDAY), []), (Closure(TUESDAY, TUESDAY, time(14), time(15)), [time(14)])):
        club = listing("Club", hours=Hours((MORNING,), (closure,)), sites=(site(NORTH),))
        assert [opens for *_, opens in told(known, club)] == hours
