"""How long decisions take, in working days: pairs of moments in, the median out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from statistics import median_high
from typing import Final

from portal.clock import day_of
from portal.directory.days import working_days
from portal.editing.proposals.seen import Turnaround

FEWEST: Final = 10  # decisions from which "usually" can be said


def turnaround_of(decisions: Iterable[tuple[datetime, datetime]]) -> Turnaround:
    """The median of (proposed, decided); `days` is None below `FEWEST`."""
    taken = [working_days(day_of(proposed), day_of(decided)) for proposed, decided in decisions]
    return Turnaround(median_high(taken) if len(taken) >= FEWEST else None, len(taken))
