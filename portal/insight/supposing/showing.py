"""What would change, in the order of reading: two matrices in, the cells in which services or the verdict differ out. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from portal.insight.desk.numbers import OF_PEOPLE, Number, value_of
from portal.insight.what_if import Change, WhatIf

MOST: Final = 60  # rows of a page: a helpline for everything changes hundreds


@dataclass(frozen=True)
class Row:
    """A cell that differs, each of its numbers that does, as it is and as it would be; `turns` if the verdict does."""

    change: Change
    numbers: tuple[tuple[Number, float, float], ...]
    turns: bool


@dataclass(frozen=True)
class Shown:
    """Rows, those with another verdict first; so many `others` are left out, and in so many `slight` ones only the gap moves."""

    rows: tuple[Row, ...]
    others: int
    slight: int

    @property
    def turned(self) -> int:
        """How many verdicts differ."""
        return sum(row.turns for row in self.rows)


def shown(found: WhatIf) -> Shown:
    """What of it is told."""
    rows = [Row(each, tuple(_numbers(each)), each.before.gap.verdict != each.after.gap.verdict) for each in found.changes]
    telling = sorted((row for row in rows if row.turns or row.numbers), key=lambda row: not row.turns)
    return Shown(tuple(telling[:MOST]), max(0, len(telling) - MOST), len(rows) - len(telling))


def _numbers(change: Change) -> Iterator[tuple[Number, float, float]]:
    for number in Number:
        before, after = value_of(change.before, number), value_of(change.after, number)
        if number not in OF_PEOPLE and number is not Number.GAP and before is not None and after is not None and before != after:
            yield number, before, after
