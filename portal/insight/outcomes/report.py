"""The report of a quarter: counts by month in, what may be said of them out. Pure; past `report_of`, nothing knows a hidden count.

Every locality of the quarter has a row in every report, whatever was counted there, so that a row does not say that somebody was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portal.insight.outcomes.measures import ANSWERED, CELLS, WITHIN, Cell, Column, Measure
from portal.insight.periods import MONTHS, Quarter
from portal.insight.protection import Share, Shown, Spread, share, spread, total
from portal.sharing.asking.counting import KIND as KIND_REQUEST
from portal.tally import SMALLEST

NOWHERE: Final = ""  # the slug of those who did not say where they live, or live in no locality
_NONE: Final = (0,) * MONTHS

Counts = Mapping[tuple[str, str, str], Sequence[int]]  # (kind, key, slug) → how often in each month of the quarter


@dataclass(frozen=True)
class Amount:
    """A sum of counts: what is shown of it, and how many are `hidden`, each from 0 to 9."""

    shown: int
    hidden: int

    @property
    def below(self) -> int:
        """What it is certainly less than, where nothing of it is shown."""
        return SMALLEST * self.hidden


@dataclass(frozen=True)
class Row:
    """What is shown of one locality; `slug` is `NOWHERE` and `name` empty for those who did not say."""

    slug: str
    name: str
    cells: Mapping[Cell, Spread]

    def shown(self, cells: Iterable[Cell]) -> Iterator[Shown]:
        """The quarter's counts of these cells."""
        return (self.cells[cell].quarter for cell in cells)

    def months(self, column: Column) -> tuple[int, ...]:
        """A column by month; empty where the months of any of its counts may not be shown."""
        months = [self.cells[cell].months for cell in column.cells]
        return tuple(map(sum, zip(*months, strict=True))) if all(months) else ()

    def has_months(self, measure: Measure) -> bool:
        """Whether any column may be shown by month."""
        return any(self.months(column) for column in measure.columns)


@dataclass(frozen=True)
class Report:
    """What may be said of a quarter in each locality, and of some together; `key` says of which localities (see `AreaVersion`)."""

    quarter: Quarter
    key: str
    rows: tuple[Row, ...]

    def amount(self, column: Column, rows: Sequence[Row] | None = None) -> Amount:
        """A column in some rows, or in all."""
        return _amount(self._shown(column.cells, rows))

    def whole(self, measure: Measure, rows: Sequence[Row] | None = None) -> Amount:
        """All columns of a measure together."""
        return _amount(self._shown((cell for column in measure.columns for cell in column.cells), rows))

    def share(self, measure: Measure, rows: Sequence[Row] | None = None) -> Share | None:
        """Which part of a measure is good."""
        return share(self._shown(measure.good, rows), self._shown(measure.others, rows))

    def silent(self, measure: Measure) -> tuple[Row, ...]:
        """Rows of which nothing can be said: each count of the measure is hidden, and may be none."""
        return tuple(row for row in self.rows if not self.whole(measure, [row]).shown)

    @property
    def half_within(self) -> int | None:
        """The fewest working days within which, for certain, half of the answers to requests came. None where that is not known."""
        for days, results in WITHIN.items():
            soon = [(KIND_REQUEST, result) for result in results]
            later = [(KIND_REQUEST, result) for result in ANSWERED if result not in results]
            found = share(self._shown(soon), self._shown(later))
            if found and found.low >= 50:
                return days
        return None

    def _shown(self, cells: Iterable[Cell], rows: Sequence[Row] | None = None) -> list[Shown]:
        cells = tuple(cells)
        return [count for row in (self.rows if rows is None else rows) for count in row.shown(cells)]


def report_of(quarter: Quarter, key: str, localities: Mapping[str, str], counts: Counts) -> Report:
    """The report of these counts. `localities`: slug → name, of all that there were; counts of people elsewhere have the slug `NOWHERE`."""
    rows = (_row(slug, name, counts) for slug, name in {**localities, NOWHERE: ""}.items())
    return Report(quarter, key, tuple(rows))


def _row(slug: str, name: str, counts: Counts) -> Row:
    return Row(slug, name, {(kind, key): spread(counts.get((kind, key, slug), _NONE)) for kind, key in CELLS})


def _amount(counts: Sequence[Shown]) -> Amount:
    return Amount(total(counts) or 0, sum(count is None for count in counts))


def is_above(now: Share | None, before: Share | None) -> bool | None:
    """Whether a share is for certain larger than the one before, or smaller; None where that cannot be said."""
    if now is None or before is None or (now.low <= before.high and before.low <= now.high):
        return None
    return now.low > before.high
