"""Who lives in a locality, in figures that a resident can read: the need table in, shares of every 100 beside the borough's out. Pure.

The figures are published ones and public as they are (see `localities.need`). What the pack does not have is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal.localities.need import Measure, NeedTable, Source

TOLD: Final = (
    Measure.AGED_65,
    Measure.AGED_85,
    Measure.LIVING_ALONE,
    Measure.CARERS,
    Measure.DISABLED,
    Measure.BAD_HEALTH,
    Measure.DEPRIVED,
    Measure.LITTLE_ENGLISH,
)
SAME_WITHIN: Final = 0.05  # shares that differ by less than a twentieth of the borough's are about the same to a reader


class Beside(StrEnum):
    """How a share here stands to the borough's."""

    FEWER = "fewer"
    SAME = "same"
    MORE = "more"


@dataclass(frozen=True)
class Figure:
    """How many people, or homes, have something: the `number`, and of every 100 of `base`, `here` and in the `borough`; whole numbers.

    0 of every 100 is fewer than 1: not nobody. What nobody has is no figure.
    """

    measure: Measure
    base: Measure
    number: int
    here: int
    borough: int
    beside: Beside
    source: Source


@dataclass(frozen=True)
class People:
    """`residents` and `households` of a locality (None where not known), figures about them, and each source of any of these once."""

    residents: int | None
    households: int | None
    figures: tuple[Figure, ...]
    sources: tuple[Source, ...]


def people_of(table: NeedTable, slug: str) -> People:
    """What the table says of the locality `slug`: empty where it says nothing."""
    figures = tuple(_figures(table, slug))
    residents, households = (table.number(slug, measure) for measure in (Measure.RESIDENTS, Measure.HOUSEHOLDS))
    counted = [measure for measure, number in ((Measure.RESIDENTS, residents), (Measure.HOUSEHOLDS, households)) if number is not None]
    sources = [*(table.sources[measure] for measure in counted), *(figure.source for figure in figures)]
    return People(residents, households, figures, tuple(dict.fromkeys(sources)))


def _figures(table: NeedTable, slug: str) -> Iterator[Figure]:
    for measure in TOLD:
        number, here, borough = table.number(slug, measure), table.per_1000(slug, measure), table.whole_per_1000(measure)
        if not number or here is None or borough is None:  # of nobody there is nothing to compare
            continue
        shares = round(here / 10), round(borough / 10)
        yield Figure(measure, table.base(measure), number, *shares, _beside(here, borough, shares), table.sources[measure])


def _beside(here: float, borough: float, shares: tuple[int, int]) -> Beside:
    """In words that fit what is shown: two shares that read the same are the same."""
    if abs(here - borough) < SAME_WITHIN * borough or shares[0] == shares[1]:
        return Beside.SAME
    return Beside.MORE if here > borough else Beside.FEWER
