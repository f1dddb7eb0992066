"""The need table of a pack made: `portal areas build`'s table by LSOA in; the two files of the pack, and what to say of them, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.localities.adding import OUTSIDE, AddedNeed, add_up
from portal.localities.area_sources import AreaSources, Remarks
from portal.localities.membership import Ground, Membership, name_some
from portal.localities.need import NUMBERS, SOURCES, Measure
from portal.localities.need_areas import read_area_need, sources_of
from portal.localities.pack_files import csv_text


@dataclass(frozen=True)
class NeedReport:
    """What was made of the need table: how many measures, people placed, and those who live in its LSOAs but in no locality."""

    measures: int
    residents: int
    outside: int

    def line(self) -> str:
        """For a terminal."""
        return f"{self.measures:,} measures of need: {self.residents:,} residents, and {self.outside:,} outside every locality."


def add_need(sources: AreaSources, membership: Membership, ground: Ground, remarks: Remarks) -> AddedNeed | None:
    """The need table by locality, where one is given, and remarks on what of it has no place. Raises `SourceError`."""
    if not sources.need:
        return None
    added = add_up(read_area_need(sources.need, remarks), membership, ground)
    if added.unplaced:
        remarks.warnings.append(
            f"{sources.need.name}: {len(added.unplaced):,} LSOAs have no postcode and are in no locality, so their people are not counted: "
            f"{name_some(added.unplaced)}."
        )
    if added.uncounted:
        remarks.warnings.append(
            f"{sources.need.name}: it has no row for {len(added.uncounted):,} LSOAs of the postcodes, so their people are not counted: "
            f"{name_some(added.uncounted)}."
        )
    return added


def report_need(need: AddedNeed) -> NeedReport:
    """What to say of it."""
    residents = need.numbers[Measure.RESIDENTS]
    return NeedReport(len(need.numbers), sum(residents.values()) - residents[OUTSIDE], residents[OUTSIDE])


def need_files(need: AddedNeed, said: Path | None) -> dict[str, str]:
    """`need.csv` and `need_sources.csv`, with the sources that the file `said` says. Raises `SourceError` where it leaves one out."""
    slugs = [slug for slug in need.numbers[Measure.RESIDENTS] if slug != OUTSIDE]
    rows: list[Sequence[str | float]] = [(slug, *(numbers[slug] for numbers in need.numbers.values())) for slug in slugs]
    sources = sources_of(tuple(need.numbers), said)
    named = [(measure, source.title, source.dated, source.url, source.licence) for measure, source in sources.items()]
    return {
        NUMBERS: csv_text(("locality", *need.numbers), rows),
        SOURCES: csv_text(("measure", "title", "dated", "url", "licence"), named),
    }
