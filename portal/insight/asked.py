"""What people asked for in a quarter, by locality and need, as it may be shown: daily counts in, protected ones out.

Two things are counted (see `search.misses` and `signposting.counting`): questions that found nothing, and needs that plans were made
for. They are shown for the last quarter that is over and for no other span, through `protection`, so that a page of today and one of
tomorrow say the same. A quarter has one set of localities (see `localities.versions`); where those are not today's, nothing is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from portal.directory.days import months_after
from portal.insight.periods import Quarter, list_quarters
from portal.insight.protection import Shown, spread
from portal.localities.counted import list_place_counts
from portal.localities.versions import AreaVersion, Versions
from portal.search.misses import KIND as MISSED
from portal.signposting.counting import KIND_NEED as PLANNED

ELSEWHERE: Final = ""  # instead of a locality: beyond the borough, or they did not say

Counted = Mapping[tuple[str, str], Shown]


def _nothing() -> Counted:
    return MappingProxyType({})


@dataclass(frozen=True)
class Asked:
    """By locality (slug, or `ELSEWHERE`) and need, of `quarter`; what is not there is fewer than 10. Nothing at all without a quarter."""

    quarter: Quarter | None = None
    missed: Counted = field(default_factory=_nothing)
    planned: Counted = field(default_factory=_nothing)


def find_asked(session: Session, versions: Versions, areas: AreaVersion, today: date) -> Asked:
    """What was asked in the last quarter that is over; nothing where its localities were not those of `areas`."""
    quarter = list_quarters(today)[0]
    if versions.on(quarter.first) is not areas:
        return Asked()
    return Asked(quarter, *(_shown(session, kind, versions, quarter) for kind in (MISSED, PLANNED)))


def _shown(session: Session, kind: str, versions: Versions, quarter: Quarter) -> Counted:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(quarter.months))
    for number, first in enumerate(quarter.months):
        last = date.fromordinal(months_after(first, 1).toordinal() - 1)
        for found in list_place_counts(session, kind, versions, first, last):
            counts[found.locality.slug if found.locality else ELSEWHERE, found.key][number] += found.count
    shown = {key: spread(months).quarter for key, months in counts.items()}
    return MappingProxyType({key: count for key, count in shown.items() if count is not None})
