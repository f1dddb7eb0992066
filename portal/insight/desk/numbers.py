"""The numbers that a table can show of each cell: a cell in, one number out, or nothing where there is none. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from portal.insight.matrix import Cell
from portal.insight.provision import Provision
from portal.insight.unreached import Way


class Number(StrEnum):
    """What is shown. `GAP` is services found ÷ services expected; the last two are counts of people, protected."""

    GAP = "gap"
    COVERS = "covers"
    LOCAL = "local"
    BASED = "based"
    PLACES = "places"
    HOURS = "hours"
    FREE = "free"
    STEP_FREE = "step-free"
    EVENING = "evening"
    WEEKEND = "weekend"
    REMOTE = "remote"
    LANGUAGES = "languages"
    MISSED = "missed"
    PLANNED = "planned"


OF_PEOPLE: Final = frozenset({Number.MISSED, Number.PLANNED})
FIELDS: Final[Mapping[Number, str]] = {  # what `Provision` calls those that count services
    **{number: number.replace("-", "_") for number in Number if number not in OF_PEOPLE and number is not Number.GAP},
    Number.LANGUAGES: "in_languages",
}
OF_WAYS: Final[Mapping[Way, Number]] = {  # how many services reach people in each way
    Way.FREE: Number.FREE,
    Way.STEP_FREE: Number.STEP_FREE,
    Way.EVENING: Number.EVENING,
    Way.WEEKEND: Number.WEEKEND,
    Way.REMOTE: Number.REMOTE,
    Way.IN_LANGUAGES: Number.LANGUAGES,
}
_OF: Final[Mapping[Number, Callable[[Cell], float | None]]] = {
    Number.GAP: lambda cell: cell.gap.ratio,
    Number.MISSED: lambda cell: cell.missed,
    Number.PLANNED: lambda cell: cell.planned,
}


def value_of(cell: Cell, number: Number) -> float | None:
    """The number of a cell; None where there is none, or where it is of fewer people than may be shown."""
    return _OF[number](cell) if number in _OF else offered(cell.provision, number)


def offered(provision: Provision, number: Number) -> float:
    """One of the numbers that count what there is."""
    found: float = getattr(provision, FIELDS[number])
    return found


def rate_of(cell: Cell, number: Number) -> float | None:
    """The number for each 1,000 people who have the need there; None where either is not known, and for what is itself a share."""
    value = value_of(cell, number)
    if number is Number.GAP or value is None or not cell.people:
        return None
    return 1000 * value / cell.people
