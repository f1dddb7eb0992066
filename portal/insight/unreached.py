"""Who is not reached: what a cell's services offer in, ways of being reached that none of them has, and whom each matters to, out. Pure.

A way counts as there when one service of those that people in the locality can use says so. What a listing does not say is not there:
people who look for it cannot find it either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from portal.insight.matrix import Cell
from portal.insight.provision import Provision
from portal.localities.need import Measure, NeedTable


class Way(StrEnum):
    """A way in which a service reaches people whom others do not reach. `REMOTE`: it comes to your home, or is by phone or online."""

    FREE = "free"
    STEP_FREE = "step-free"
    EVENING = "evening"
    WEEKEND = "weekend"
    REMOTE = "remote"
    IN_LANGUAGES = "in-languages"


MATTERS_TO: Final[Mapping[Way, Measure]] = MappingProxyType(  # no public figure counts who can come in the evening or at weekends only
    {
        Way.FREE: Measure.DEPRIVED,
        Way.STEP_FREE: Measure.DISABLED,
        Way.REMOTE: Measure.DISABLED_LOT,
        Way.IN_LANGUAGES: Measure.LITTLE_ENGLISH,
    }
)


@dataclass(frozen=True)
class Reach:
    """How many `services` reach people in this `way`, and how many `people` of the locality it matters to most, as `measure` counts them.

    Both None where no figure counts them.
    """

    way: Way
    services: int
    measure: Measure | None
    people: int | None

    @property
    def is_missing(self) -> bool:
        """Whether no service does."""
        return not self.services


def reaches(cell: Cell, table: NeedTable) -> tuple[Reach, ...]:
    """Each way, in the order of `Way`."""
    return tuple(_reach(way, cell, table) for way in Way)


def missing_ways(cell: Cell) -> tuple[Way, ...]:
    """Ways that no service has; all of them where there is no service."""
    return tuple(way for way in Way if not services_of(cell.provision, way))


def missing_languages(cell: Cell) -> tuple[str, ...]:
    """Codes of the pack's languages, English aside, that no service here speaks."""
    return tuple(code for code, services in cell.provision.languages.items() if not services)


def services_of(provision: Provision, way: Way) -> int:
    """How many services reach people in this way."""
    number: int = getattr(provision, way.name.lower())
    return number


def _reach(way: Way, cell: Cell, table: NeedTable) -> Reach:
    measure = MATTERS_TO.get(way)
    people = table.number(cell.locality, measure) if measure else None
    return Reach(way, services_of(cell.provision, way), measure if people is not None else None, people)
