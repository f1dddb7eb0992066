"""A plan: what would become of each row of a file, with what is wrong or different; and what was chosen for the file. No I/O."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from markupsafe import Markup

from portal.directory.record import ServiceRecord
from portal.editing.spreadsheet.kinds import Column


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True)
class Mistake:
    """What cannot be taken as it is: the heading of the column as the file has it, and what to do."""

    heading: str
    sentence: Markup


@dataclass(frozen=True)
class Difference:
    """One column of a row: what the service says, and what it would say.

    `is_meanwhile`: somebody changed it after the file was taken, and the file would write over that.
    """

    column: Column
    was: str
    now: str
    is_meanwhile: bool = False


@dataclass(frozen=True)
class PlannedRow:
    """What becomes of one row. `record` is the whole service as it would be; `service_id` None for a new one.

    `compare` finds the differences, when somebody looks at them: of the thousands of rows of a file a page shows ten.
    """

    number: int
    name: str
    fate: Fate
    service_id: uuid.UUID | None = None
    record: ServiceRecord | None = None
    compare: Callable[[], Iterable[Difference]] = field(default=tuple, compare=False, repr=False)
    mistakes: tuple[Mistake, ...] = ()

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """What would change, column by column."""
        return tuple(self.compare())


@dataclass(frozen=True)
class Plan:
    """What becomes of all rows."""

    rows: tuple[PlannedRow, ...]

    def count(self, fate: str) -> int:
        """How many rows have this fate."""
        return sum(row.fate == fate for row in self.rows)

    @property
    def to_send(self) -> tuple[PlannedRow, ...]:
        """Rows that change something."""
        return tuple(row for row in self.rows if row.fate in (Fate.NEW, Fate.CHANGED))

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each fate."""
        return {fate.value: self.count(fate) for fate in Fate}


def count_to_send(counts: Mapping[str, int]) -> int:
    """Rows that change something, of how many rows have each fate."""
    return counts[Fate.NEW] + counts[Fate.CHANGED]


def can_be_sent(counts: Mapping[str, int]) -> bool:
    """Whether there is something to send and nothing wrong, where so many rows have each fate."""
    return bool(count_to_send(counts)) and not counts[Fate.WRONG]


@dataclass(frozen=True)
class Choices:
    """What somebody chose for a file: the key of each column, and whether an empty cell takes away what is there."""

    keys: tuple[str, ...]
    empties: bool = False
