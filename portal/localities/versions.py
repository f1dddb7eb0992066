"""Which localities there were on which day: the pack's folder in, its dated versions out.

The first version lies in the folder itself; each later one lies whole in `versions/<the day it begins>`. Nothing is ever worked out
across a change: what was counted on a day stays with the localities of that day, and nobody who was counted is divided between others.
A version begins on the first day of a quarter of the year, so that no month and no quarter that is reported has two kinds of localities.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from portal.errors import ContentError
from portal.localities.boundaries import Boundaries, load_boundaries
from portal.localities.collection import Collection, Locality, read_collection
from portal.localities.gazetteer import Gazetteer, load_gazetteer
from portal.localities.need import NeedTable, load_need

VERSIONS: Final = "versions"
QUARTERS: Final = (1, 4, 7, 10)  # months
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class AreaVersion:
    """The localities in force from `starts_on` to `ends_on`, both included; None is since ever, or until further notice.

    What it consists of is read when it is first asked for, each part once. `folder` is where it lies.
    """

    folder: Path
    starts_on: date | None
    ends_on: date | None

    @property
    def key(self) -> str:
        """What to keep beside a figure to say which localities it is of: the day this version begins, empty for the first."""
        return self.starts_on.isoformat() if self.starts_on else ""

    @property
    def localities(self) -> Mapping[str, Locality]:
        """By slug, in the pack's order."""
        return self.collection.localities

    def holds(self, day: date) -> bool:
        """Whether these are the localities of that day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)

    def check(self) -> None:
        """Read all of it. Raises `ContentError`, naming the file and the place in it, for what is missing or wrong."""
        _ = self.gazetteer, self.boundaries, self.need

    @cached_property
    def collection(self) -> Collection:
        """Names, and where boundaries come from, without shapes."""
        return read_collection(self.folder / "localities.geojson")

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Postcodes and place names; a county's are large, so ask only where places are to be found."""
        return load_gazetteer(self.folder)

    @cached_property
    def boundaries(self) -> Boundaries:
        """The outlines."""
        return load_boundaries(self.folder)

    @cached_property
    def need(self) -> NeedTable:
        """How many people live there; empty where the pack does not say."""
        return load_need(self.folder, self.localities)


@dataclass(frozen=True)
class Span:
    """The days from `first` to `last`, both included, on which the localities were those of `version`."""

    version: AreaVersion
    first: date
    last: date


@dataclass(frozen=True, eq=False)
class Versions:
    """All versions of a pack, oldest first: at least one, and for each day exactly one."""

    every: tuple[AreaVersion, ...]

    def on(self, day: date) -> AreaVersion:
        """The localities of that day."""
        return next(version for version in self.every if version.holds(day))

    def find_locality(self, slug: str, version: AreaVersion) -> Locality | None:
        """What was meant by `slug` while `version` was in force. A server counts under the localities that it was started with until it is
        started again, so a slug that is none of these is looked for in the versions before, then in those after; None where none has it.
        """
        at = self.every.index(version)
        likely = (*self.every[at::-1], *self.every[at + 1 :])
        return next((version.localities[slug] for version in likely if slug in version.localities), None)

    def spans(self, first: date, last: date) -> Iterator[Span]:
        """The days from `first` to `last` cut where the localities changed: several where they did, none where `last` is before `first`."""
        for version in self.every:
            begin = max(first, version.starts_on or first)
            end = min(last, version.ends_on or last)
            if begin <= end:
                yield Span(version, begin, end)


def load_versions(folder: Path) -> Versions:
    """The versions in the pack's folder of localities. Raises `ContentError` for a folder whose name is no first day of a quarter."""
    days = sorted(_starts(folder))
    starts: list[date | None] = [None, *days]
    ends: list[date | None] = [*(day - ONE_DAY for day in days), None]
    return Versions(tuple(AreaVersion(folder_of(folder, start), start, end) for start, end in zip(starts, ends, strict=True)))


def folder_of(folder: Path, starts_on: date | None) -> Path:
    """Where the version that begins on this day lies; the first for None."""
    return folder / VERSIONS / starts_on.isoformat() if starts_on else folder


def _starts(folder: Path) -> Iterator[date]:
    if not (folder / VERSIONS).is_dir():
        return
    for entry in (folder / VERSIONS).iterdir():
        if entry.name.startswith("."):
            continue
        try:
            day = date.fromisoformat(entry.name)
        except ValueError as error:
            raise ContentError(f"{entry}: its name must be the day on which these localities begin, such as 2027-04-01.") from error
        if not begins_quarter(day) or entry.name != day.isoformat():
            raise ContentError(
                f"{entry}: localities begin on 1 January, April, July or October, so that no report is of two kinds of them."
            )
        yield day


def begins_quarter(day: date) -> bool:
    """Whether a day is the first of a quarter of the year."""
    return day.day == 1 and day.month in QUARTERS
