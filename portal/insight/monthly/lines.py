"""What a chart and its table show: what was remembered in, one line a locality under the boundaries of their day out. Pure.

Localities of different boundaries are never joined to one line, unless they are the same ground: a locality that was only renamed goes
on. Months that nobody remembered are gaps in a line, and have no row in the table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from portal.directory.days import months_after
from portal.insight.facts import EVERY
from portal.localities.changes import same_ground
from portal.localities.versions import AreaVersion, Versions

MOST: Final = 4  # lines that can be told apart
LONGEST: Final = 36  # months on one chart


class Number(StrEnum):
    """What is shown over time: a column of what was remembered. `RATIO` is services found ÷ services expected (see `insight.gap`)."""

    COVERS = "covers"
    LOCAL = "local"
    BASED = "based"
    PLACES = "places"
    HOURS = "hours"
    FREE = "free"
    STEP_FREE = "step_free"
    EVENING = "evening"
    WEEKEND = "weekend"
    REMOTE = "remote"
    IN_LANGUAGES = "in_languages"
    RATIO = "ratio"


@dataclass(frozen=True)
class Remembered:
    """A month that is remembered, and the day on which it was; `version` is the key of its localities."""

    month: date
    taken_on: date
    version: str
    counted: int
    too_old: int


@dataclass(frozen=True)
class Part:
    """The months of one set of localities: `months` are those remembered, in order; `lines` have a value for each of `axis`.

    `axis` is every month from the first to the last. A line is (slug, values); a value is None where there is none.
    """

    version: AreaVersion
    months: tuple[Remembered, ...]
    axis: tuple[date, ...]
    lines: tuple[tuple[str, tuple[float | None, ...]], ...]


def part_months(months: Sequence[Remembered], versions: Versions) -> list[tuple[AreaVersion, tuple[Remembered, ...]]]:
    """The months of each set of localities, the newest set first; of boundaries that the pack does not have any more, none."""
    found = []
    for version in reversed(versions.every):
        of_it = tuple(it for it in months if it.version == version.key)[-LONGEST:]
        if of_it:
            found.append((version, of_it))
    return found


def follow(chosen: Collection[str], version: AreaVersion, versions: Versions) -> tuple[str, ...]:
    """What the chosen localities of any day are called in `version`, as long as they are the same ground; in its order."""
    at = versions.every.index(version)
    names = set(chosen) & version.localities.keys()
    for path in (versions.every[at:], versions.every[at::-1]):  # forwards and backwards in time
        back = {slug: slug for slug in version.localities}
        for here, there in pairwise(path):
            same = same_ground(here, there)
            back = {same[slug]: first for slug, first in back.items() if slug in same}
            names |= {first for slug, first in back.items() if slug in chosen}
    return tuple(slug for slug in version.localities if slug in names)


def draw_part(version: AreaVersion, months: tuple[Remembered, ...], slugs: Sequence[str], values: Mapping[tuple[date, str], float]) -> Part:
    """Lines of these localities, at most `MOST`; of all together where there is none."""
    axis = tuple(_every_month(months[0].month, months[-1].month))
    drawn = list(slugs)[:MOST] or [EVERY]
    return Part(version, months, axis, tuple((slug, tuple(values.get((month, slug)) for month in axis)) for slug in drawn))


def _every_month(first: date, last: date) -> Sequence[date]:
    found = [first]
    while found[-1] < last:
        found.append(months_after(found[-1], 1))
    return found[-LONGEST:]
