"""What a report tells of: measures, their columns, and the counts behind each. No I/O.

The counts are made by `signposting.counting` and `sharing.asking.counting`. Every answer, plan and request is in one count only; where
two columns tell of the same count, both are worked out from what is shown of it, so that neither gives away what the other hides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from portal.sharing.asking.counting import KIND as KIND_REQUEST
from portal.sharing.asking.counting import Result
from portal.signposting.counting import DONE, FRONT_DOOR, KIND_FIRST, KIND_WEEK, KIND_WENT, SERVICE, STEP, WEEK, WENT, went_key

Cell = tuple[str, str]  # (kind, key) of a tally
COMMUNITY: Final = "community"


@dataclass(frozen=True)
class Column:
    """What is told in one column: the sum of some counts. `is_good`: the share is of it; `is_apart`: the share leaves it out."""

    id: str
    cells: tuple[Cell, ...]
    is_good: bool = False
    is_apart: bool = False


@dataclass(frozen=True)
class Measure:
    """Columns that stand side by side."""

    id: str
    columns: tuple[Column, ...]

    @property
    def good(self) -> tuple[Cell, ...]:
        """The counts that the share is of."""
        return tuple(cell for column in self.columns if column.is_good for cell in column.cells)

    @property
    def others(self) -> tuple[Cell, ...]:
        """The counts that it is a share among, beside them."""
        return tuple(cell for column in self.columns if not (column.is_good or column.is_apart) for cell in column.cells)


def _first(sort: str) -> Cell:
    return KIND_WENT, went_key(sort, DONE, is_first=True)


def _went(sort: str) -> tuple[Column, ...]:
    done = Column(DONE, (_first(sort), (KIND_WENT, went_key(sort, DONE))), is_good=True)
    return (done, *(Column(how, ((KIND_WENT, went_key(sort, how)),)) for how in WENT if how != DONE))


def _requests(result: Result) -> Column:
    return Column(result, ((KIND_REQUEST, result),), result in WITHIN[5], result is Result.WITHDRAWN)


WITHIN: Final = {1: (Result.IN_1,), 2: (Result.IN_1, Result.IN_2), 5: (Result.IN_1, Result.IN_2, Result.IN_5)}  # working days
ANSWERED: Final = (*WITHIN[5], Result.LATER)

SERVICES: Final = Measure("services", _went(SERVICE))
STEPS: Final = Measure("steps", _went(STEP))
FIRST: Final = Measure(
    "first", (Column(COMMUNITY, (_first(SERVICE), _first(STEP)), is_good=True), Column(FRONT_DOOR, ((KIND_FIRST, FRONT_DOOR),)))
)
GOOD_WEEK: Final = Measure("week", tuple(Column(how, ((KIND_WEEK, how),), how == WEEK[0]) for how in WEEK))
REQUESTS: Final = Measure("requests", tuple(map(_requests, Result)))
MEASURES: Final = (SERVICES, STEPS, FIRST, GOOD_WEEK, REQUESTS)
CELLS: Final = tuple(dict.fromkeys(cell for measure in MEASURES for column in measure.columns for cell in column.cells))
