"""How fresh a listing is: the day it was last checked in, its rung of the ladder out. Pure; words are for templates.

Where nobody has ever checked a listing, it ages from the day we first had it (`Service.known_on`): a council that loads listings
without a date must not lose them from search that same day. From the twelfth month they are said not to be checked, and rank
lower; from the fifteenth no search shows them, until somebody confirms them. That is worked out from the date whenever somebody
asks: time passes without any write.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

DAYS_A_MONTH: Final = 30.44
RECENT_MONTHS: Final = 6
AGING_MONTHS: Final = 9
STALE_MONTHS: Final = 12
HIDDEN_MONTHS: Final = 15


class Freshness(StrEnum):
    """Recent: 6 months or less. Fair: up to 9. Aging: over 9. Stale: over a year. Never: nobody has checked, or nobody said when."""

    RECENT = "recent"
    FAIR = "fair"
    AGING = "aging"
    STALE = "stale"
    NEVER = "never"


class Stage(StrEnum):
    """A rung of the ladder, from which somebody is asked whether a listing is still right, and what has happened to it by then."""

    ASK = "ask"
    ASK_AGAIN = "ask again"
    MARKED = "marked"
    HIDDEN = "hidden"


STAGES: Final = (  # oldest first, by the months after which each begins
    (HIDDEN_MONTHS, Stage.HIDDEN),
    (STALE_MONTHS, Stage.MARKED),
    (AGING_MONTHS, Stage.ASK_AGAIN),
    (RECENT_MONTHS, Stage.ASK),
)


def freshness(assured_on: date | None, today: date) -> Freshness:
    """The state on `today` of what was last checked on `assured_on`."""
    if assured_on is None:
        return Freshness.NEVER
    months = (today - assured_on).days / DAYS_A_MONTH
    for limit, state in ((RECENT_MONTHS, Freshness.RECENT), (AGING_MONTHS, Freshness.FAIR), (STALE_MONTHS, Freshness.AGING)):
        if months <= limit:
            return state
    return Freshness.STALE


def oldest_within(months: int, today: date) -> date:
    """The earliest day that is not more than so many months before `today`, as `freshness` counts months."""
    return today - timedelta(days=int(months * DAYS_A_MONTH))


def is_hidden(since: date | None, today: date) -> bool:
    """Whether searches leave out what was last checked, or never checked and first known, on `since`; what has no day they show."""
    return since is not None and since < oldest_within(HIDDEN_MONTHS, today)


def stage_of(since: date | None, today: date) -> Stage | None:
    """The rung on which a listing stands; None while nobody needs to be asked."""
    if since is None:
        return None
    return next((stage for months, stage in STAGES if since < oldest_within(months, today)), None)


def bounds(stage: Stage, today: date) -> tuple[date | None, date]:
    """The days from which listings have aged to `stage`: the first (None: any) and the one after the last."""
    at = [name for _, name in STAGES].index(stage)
    first = oldest_within(STAGES[at - 1][0], today) if at else None
    return first, oldest_within(STAGES[at][0], today)
