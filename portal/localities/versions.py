"""Which localities there were on which day: the pack's folder in, its dated versions out.

The first version lies in the folder itself; each later one lies whole in `versions/<the day it begins>`. Nothing is ever worked out
across a change: what was counted on a day stays with the localities of that day, and nobody who was counted is divided between others.
A version begins on the first of a month, so that months, which reports are made of, are never divided either.
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

    def spans(self, first: date, last: date) -> Iterator[Span]:
        """The days from `first` to `last` cut where the localities changed: several where they did, none where `last` is before `first`."""
        for version in self.every:
            begin = max(first, version.starts_on or first)
            end = min(last, version.ends_on or last)
            if begin <= end:
                yield Span(version, begin, end)


def load_versions(folder: Path) -> Versions:
    """The versions in the pack's folder of localities. Raises `ContentError` for a folder whose name is no first day of a month."""
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
        if day.day != 1 or entry.name != day.isoformat():
            raise ContentError(f"{entry}: localities begin on the first of a month, so that no month's figures are divided.")
        yield day
