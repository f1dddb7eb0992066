"""How fresh a listing is: the date of its last check in, one of five states out. Pure; words are for templates."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

DAYS_A_MONTH: Final = 30.44
RECENT_MONTHS: Final = 6
AGING_MONTHS: Final = 9
STALE_MONTHS: Final = 12


class Freshness(StrEnum):
    """Recent: 6 months or less. Fair: up to 9. Aging: over 9. Stale: over a year. Never: nobody has checked, or nobody said when."""

    RECENT = "recent"
    FAIR = "fair"
    AGING = "aging"
    STALE = "stale"
    NEVER = "never"


def freshness(assured_on: date | None, today: date) -> Freshness:
    """The state on `today` of what was last checked on `assured_on`."""
    if assured_on is None:
        return Freshness.NEVER
    months = (today - assured_on).days / DAYS_A_MONTH
    for limit, state in ((RECENT_MONTHS, Freshness.RECENT), (AGING_MONTHS, Freshness.FAIR), (STALE_MONTHS, Freshness.AGING)):
        if months <= limit:
            return state
    return Freshness.STALE
