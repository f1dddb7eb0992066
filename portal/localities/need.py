"""How many people of each kind live in each locality: the pack's `need.csv` and `need_sources.csv` in, a frozen `NeedTable` out.

The figures are published ones, such as those of the Census, each with its source and date. They are public and shown as they are:
whoever published them has protected the people in them. A pack may have none of them, or some: what it does not have is never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from portal.errors import ContentError
from portal.localities.measures import Measure, base_of, find_contradiction
from portal.localities.tables import Row, read_rows

NUMBERS: Final = "need.csv"
SOURCES: Final = "need_sources.csv"

__all__ = ["NUMBERS", "SOURCES", "Measure", "NeedTable", "Source", "load_need", "read_sources"]


@dataclass(frozen=True)
class Source:
    """Where figures come from: `title` such as "Census 2021", `dated` a day, a month or a year as it is to be read; both never empty."""

    title: str
    dated: str
    url: str = ""
    licence: str = ""


@dataclass(frozen=True, eq=False)
class NeedTable:
    """Whole numbers by measure and locality; `sources` names the measures that the pack has, in the order of `Measure`."""

    sources: Mapping[Measure, Source]
    numbers: Mapping[Measure, Mapping[str, int | None]]

    def number(self, slug: str, measure: Measure) -> int | None:
        """How many in the locality `slug`; None where the pack does not say."""
        return self.numbers.get(measure, {}).get(slug)

    def base(self, measure: Measure) -> Measure:
        """What `measure` is a share of: residents, residents of some age, or households. These are their own base."""
        return base_of(measure)

    def per_1000(self, slug: str, measure: Measure) -> float | None:
        """How many of 1,000 of its base; None where either is not known or there is nobody, and for a base itself."""
        return _per_1000(measure, self.base(measure), self.number(slug, measure), self.number(slug, self.base(measure)))

    def whole(self, measure: Measure) -> int | None:
        """How many in all localities together; None where one of them is not known."""
        known = [number for number in self.numbers.get(measure, {}).values() if number is not None]
        return sum(known) if known and len(known) == len(self.numbers[measure]) else None

    def whole_per_1000(self, measure: Measure) -> float | None:
        """As `per_1000`, of all localities together."""
        return _per_1000(measure, self.base(measure), self.whole(measure), self.whole(self.base(measure)))


def _per_1000(measure: Measure, base: Measure, number: int | None, of: int | None) -> float | None:
    if measure is base or number is None or not of:
        return None
    return 1000 * number / of


def load_need(folder: Path, localities: Iterable[str]) -> NeedTable:
    """Read the table for localities of these slugs; an empty one where the pack has no `need.csv`.

    Raises `ContentError`, naming file and line, for what is no number, a part larger than its whole, a locality that is unknown,
    there twice or left out, and figures without a source.
    """
    if not (folder / NUMBERS).exists():
        return NeedTable(MappingProxyType({}), MappingProxyType({}))
    known = list(localities)
    rows = _by_slug(folder / NUMBERS, known)
    measures = [measure for measure in Measure if measure in next(iter(rows.values())).cells]
    sources = read_sources(folder / SOURCES)
    if unsourced := [measure for measure in measures if measure not in sources]:
        raise ContentError(f"{folder / SOURCES}: {unsourced[0].value!r} has no source and date: a figure without them is not shown.")
    numbers = {slug: _numbers(rows[slug], measures) for slug in known}
    return NeedTable(
        MappingProxyType({measure: sources[measure] for measure in measures}),
        MappingProxyType({measure: MappingProxyType({slug: numbers[slug][measure] for slug in known}) for measure in measures}),
    )


def _by_slug(path: Path, known: list[str]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in read_rows(path, ("locality",)):
        if unknown := row.cells.keys() - {"locality", *Measure}:
            raise row.wrong(f"the column {sorted(unknown)[0]!r} is none of {', '.join(Measure)}")
        slug = row.cells["locality"]
        if slug not in known:
            raise row.wrong(f"{slug!r} is no locality's slug")
        if slug in found:
            raise row.wrong(f"{slug!r} is there twice")
        found[slug] = row
    if missing := [slug for slug in known if slug not in found]:
        raise ContentError(f"{path}: {missing[0]!r} has no row. Where a number is not known, leave its place empty.")
    return found


def _numbers(row: Row, measures: Iterable[Measure]) -> dict[Measure, int | None]:
    found = {measure: _number(row, measure) for measure in measures}
    if wrong := find_contradiction({measure: number for measure, number in found.items() if number is not None}):
        raise row.wrong(wrong)
    return found


def _number(row: Row, measure: Measure) -> int | None:
    text = row.cells[measure]
    if text and not (text.isascii() and text.isdigit()):
        raise row.wrong(f"{text!r} under {measure} is no whole number")
    return int(text) if text else None


def read_sources(path: Path) -> dict[str, Source]:
    """A table of sources by measure. Raises `ContentError` for a measure unknown or there twice, and where title or date is missing."""
    found: dict[str, Source] = {}
    for row in read_rows(path, ("measure", "title", "dated")):
        measure = row.cells["measure"]
        if measure not in set(Measure) or measure in found:
            raise row.wrong(f"{measure!r} is there twice" if measure in found else f"{measure!r} is none of {', '.join(Measure)}")
        if not row.cells["title"] or not row.cells["dated"]:
            raise row.wrong("a title and a date must both be there")
        found[measure] = Source(row.cells["title"], row.cells["dated"], row.cells.get("url", ""), row.cells.get("licence", ""))
    return found
