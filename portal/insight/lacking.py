"""Where most is missing: cells in, those with fewer services than expected or with none out, the most missing first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from portal.insight.gap import Verdict
from portal.insight.matrix import Cell

LACKING: Final = (Verdict.NONE_HERE, Verdict.FEWER)


def lacking(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells that clearly have less than the borough has for as many people: first those that lack the most services."""
    return by_missing(cell for cell in cells if cell.gap.verdict in LACKING)


def by_missing(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells by how many services are there less those expected, the fewest first; as they stand where nobody knows what to expect."""
    return tuple(sorted(cells, key=lambda cell: cell.provision.local - (cell.gap.expected or 0.0)))
