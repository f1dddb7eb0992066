"""A map of one number: the cells of a need and the outlines in, how dark each locality is and what is written on it out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

from portal.insight.desk.numbers import Number, rate_of, value_of
from portal.insight.gap import Verdict
from portal.insight.matrix import Cell
from portal.localities.outlines import Drawing, Outline

DARKEST: Final = 4
MOST_NAMES: Final = 10  # localities whose names have room on the map; above it they are numbered, as in the table
_OF_VERDICTS: Final[Mapping[Verdict, int]] = {
    Verdict.NONE_HERE: 4,
    Verdict.FEWER: 3,
    Verdict.ABOUT: 2,
    Verdict.MORE: 1,
    Verdict.TOO_FEW: 0,
    Verdict.UNKNOWN: 0,
}


@dataclass(frozen=True)
class Shade:
    """A locality on the map: `number` in the pack's order from 1, and `step` from 0 (pale) to 4, each with a pattern of its own."""

    number: int
    outline: Outline
    cell: Cell
    step: int


@dataclass(frozen=True)
class Shaded:
    """The whole map; `has_names`: there is room to write them on it."""

    drawing: Drawing
    shades: tuple[Shade, ...]

    @property
    def has_names(self) -> bool:
        """Whether localities are few enough to be named where they lie."""
        return len(self.shades) <= MOST_NAMES


def shade(drawing: Drawing, cells: Mapping[str, Cell], number: Number, *, is_rate: bool) -> Shaded:
    """The gap is darker the less there is; every other number is darker the more there is, from nothing to the most of all."""
    found = {slug: (rate_of(cell, number) if is_rate else value_of(cell, number)) or 0 for slug, cell in cells.items()}
    most = max(found.values(), default=0)
    outlines = enumerate(drawing.outlines, start=1)
    return Shaded(drawing, tuple(Shade(at, it, cells[it.slug], _step(cells[it.slug], number, found[it.slug], most)) for at, it in outlines))


def _step(cell: Cell, number: Number, value: float, most: float) -> int:
    if number is Number.GAP:
        return _OF_VERDICTS[cell.gap.verdict]
    return ceil(DARKEST * value / most) if most else 0
