"""What need figures count, where people live; what each is a share of, and a part of. Pure."""

from __future__ import annotations

from collections.abc import Container, Mapping
from enum import StrEnum
from typing import Final


class Measure(StrEnum):
    """What is counted, where people live. Each is also the column of `need.csv` that holds it."""

    RESIDENTS = "residents"
    RESIDENTS_3 = "residents-3"  # aged 3 and over, who were asked for their language
    RESIDENTS_5 = "residents-5"  # aged 5 and over, who were asked whether they care for somebody
    HOUSEHOLDS = "households"
    AGED_65 = "aged-65"
    AGED_75 = "aged-75"
    AGED_85 = "aged-85"
    LIVING_ALONE = "living-alone"  # households of one person
    CARERS = "carers"  # unpaid
    DISABLED = "disabled"  # whose day-to-day life is limited a little or a lot
    DISABLED_LOT = "disabled-lot"
    BAD_HEALTH = "bad-health"  # bad or very bad
    DEPRIVED = "deprived"  # who live in the fifth of England's neighbourhoods that are most deprived: deciles 1 and 2 of the index
    LITTLE_ENGLISH = "little-english"  # who cannot speak it well, or at all
    DISABLED_HOUSEHOLDS = "disabled-households"  # with a disabled person


_BASES: Final = {
    Measure.LIVING_ALONE: Measure.HOUSEHOLDS,
    Measure.CARERS: Measure.RESIDENTS_5,
    Measure.LITTLE_ENGLISH: Measure.RESIDENTS_3,
    Measure.HOUSEHOLDS: Measure.HOUSEHOLDS,
    Measure.DISABLED_HOUSEHOLDS: Measure.HOUSEHOLDS,
}
_WHOLES: Final = _BASES | {  # what each is a part of, where that is not all residents
    Measure.RESIDENTS_5: Measure.RESIDENTS_3,
    Measure.AGED_75: Measure.AGED_65,
    Measure.AGED_85: Measure.AGED_75,
    Measure.DISABLED_LOT: Measure.DISABLED,
}


def base_of(measure: Measure) -> Measure:
    """What a measure is a share of: residents, residents of some age, or households. These are their own base."""
    return _BASES.get(measure, Measure.RESIDENTS)


def whole_of(measure: Measure, known: Container[Measure]) -> Measure | None:
    """The smallest of the `known` measures that `measure` is a part of; None where there is none."""
    whole = _WHOLES.get(measure, Measure.RESIDENTS)
    if whole is measure:
        return None
    return whole if whole in known else whole_of(whole, known)


def find_contradiction(numbers: Mapping[Measure, int]) -> str | None:
    """A part that is larger than its whole among the numbers of one place, in words."""
    for part, less in numbers.items():
        whole = whole_of(part, numbers)
        if whole and less > numbers[whole]:
            return f"{less:,} {part} cannot be: there are {numbers[whole]:,} {whole}"
    return None
