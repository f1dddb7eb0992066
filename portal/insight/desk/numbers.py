"""The numbers that a table can show of each cell: a cell in, one number out, or nothing where there is none. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from portal.insight.matrix import Cell


class Number(StrEnum):
    """What is shown. `GAP` is services found ÷ services expected; the last two are counts of people, protected."""

    GAP = "gap"
    COVERS = "covers"
    BASED = "based"
    PLACES = "places"
    HOURS = "hours"
    FREE = "free"
    STEP_FREE = "step-free"
    LANGUAGES = "languages"
    MISSED = "missed"
    PLANNED = "planned"


OF_PEOPLE: Final = frozenset({Number.MISSED, Number.PLANNED})
LISTED: Final = frozenset({Number.COVERS, Number.BASED, Number.PLACES, Number.HOURS, Number.FREE, Number.STEP_FREE, Number.LANGUAGES})
_OF: Final[Mapping[Number, Callable[[Cell], float | None]]] = {
    Number.GAP: lambda cell: cell.gap.ratio,
    Number.COVERS: lambda cell: cell.provision.covers,
    Number.BASED: lambda cell: cell.provision.based,
    Number.PLACES: lambda cell: cell.provision.places,
    Number.HOURS: lambda cell: cell.provision.hours,
    Number.FREE: lambda cell: cell.provision.free,
    Number.STEP_FREE: lambda cell: cell.provision.step_free,
    Number.LANGUAGES: lambda cell: cell.provision.in_languages,
    Number.MISSED: lambda cell: cell.missed,
    Number.PLANNED: lambda cell: cell.planned,
}


def value_of(cell: Cell, number: Number) -> float | None:
    """The number of a cell; None where there is none, or where it is of fewer people than may be shown."""
    return _OF[number](cell)


def per_1000(cell: Cell, number: Number) -> float | None:
    """The number for each 1,000 people who have the need there; None where either is not known, and for what is itself a share."""
    value = value_of(cell, number)
    if number is Number.GAP or value is None or not cell.people:
        return None
    return 1000 * value / cell.people
