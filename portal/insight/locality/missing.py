"""What a locality has clearly less of than the borough: the index's columns and who has which need in, needs out. Pure.

It is the measure of gap that commissioners read (see `insight.gap`), of the same services and people, so that both say the same. Hours,
languages and what people asked for are not needed to tell, and are left to the commissioners' pages, for they take time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from portal.insight.gap import Shares, Verdict, gap_of
from portal.insight.reaching import reaching
from portal.localities.need import Measure, NeedTable
from portal.localities.needing import people_with
from portal.search.areas import Extents
from portal.search.columns import Columns


@dataclass(frozen=True)
class Needing:
    """Who has which need: the pack's `table`, and the measure of each need of the taxonomy, in the order of the columns."""

    table: NeedTable
    measures: Mapping[str, Measure]


@dataclass(frozen=True)
class Missing:
    """Ids of needs for which a locality has `none` though others have some, and of which it has `fewer` than its people would have."""

    none: tuple[str, ...]
    fewer: tuple[str, ...]


def missing_in(columns: Columns, extents: Extents, needing: Needing, slug: str, day: date) -> Missing | None:
    """What is missing in the locality `slug` on `day`; None where nobody can tell, because of no need it is known who has it."""
    verdicts = dict(_verdicts(columns, extents, needing, slug, day))
    if all(verdict is Verdict.UNKNOWN for verdict in verdicts.values()):
        return None
    return Missing(*(tuple(need for need, found in verdicts.items() if found is verdict) for verdict in (Verdict.NONE_HERE, Verdict.FEWER)))


def _verdicts(columns: Columns, extents: Extents, needing: Needing, slug: str, day: date) -> Iterator[tuple[str, Verdict]]:
    """Of each need that somebody in the borough helps with, and that people in the locality have as far as we know."""
    counted = columns.shown(day) & ~columns.closed_for_now
    reached, at, table = reaching(columns, extents), extents.localities.index(slug), needing.table
    meets = columns.meets[counted].T.astype(np.int64)
    covers, local = (meets @ found[counted].astype(np.int64) for found in (reached.covers, reached.local))
    for number, need in enumerate(needing.measures):
        measure = people_with(need, needing.measures, table)
        people = table.number(slug, measure)
        if covers[number].any() and people != 0:
            shares = Shares(int(local[number, at]), people, int(local[number].sum()), table.whole(measure))
            yield need, gap_of(shares, int(covers[number, at])).verdict
