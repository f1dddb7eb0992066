"""The whole matrix as a file: one row for each need in each locality, as CSV. No cell is run by a spreadsheet. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Final

from portal.i18n.text import gettext, marked
from portal.inert import for_text
from portal.insight.desk.numbers import FIELDS, Number, offered
from portal.insight.desk.wording import PEOPLE, TITLES, VERDICTS
from portal.insight.gap import Verdict
from portal.insight.matrix import Cell, Matrix
from portal.localities.collection import Locality
from portal.localities.need import Measure, NeedTable
from portal.taxonomy.terms import Taxonomy

HIDDEN: Final = marked("fewer than 10")
_FIRST: Final = (marked("Day"), marked("Area"), marked("Area code"), marked("Need"), marked("Need code"))
_PEOPLE: Final = (marked("People who have it"), marked("How many"), marked("Source"), marked("Of every 1,000"))
_GAP: Final = (
    marked("Services for each 1,000"),
    marked("Services expected"),
    marked("Here beside expected"),
    marked("Lower limit"),
    marked("Upper limit"),
    marked("The gap in words"),
    marked("Quarter"),
)


@dataclass(frozen=True)
class _Words:
    """What rows say over and over, looked up once, and safe in a cell: needs, who has them, where their numbers are from, verdicts."""

    needs: Mapping[str, str]
    people: Mapping[Measure, str]
    sources: Mapping[Measure, str]
    verdicts: Mapping[Verdict, str]
    hidden: str


def as_csv(matrix: Matrix, localities: Mapping[str, Locality], taxonomy: Taxonomy, need: NeedTable) -> bytes:
    """The file: UTF-8 with its mark, so that Excel sees the letters as they are. Numbers are plain; what is not known is empty."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    headings = [*_FIRST, *_PEOPLE, *(TITLES[number] for number in FIELDS), *_GAP, TITLES[Number.MISSED], TITLES[Number.PLANNED]]
    writer.writerow([_said(word) for word in headings])
    words, day, quarter = _words(taxonomy, need), matrix.day.isoformat(), matrix.quarter.name if matrix.quarter else ""
    for slug in matrix.localities:
        first = (day, for_text(localities[slug].name), for_text(slug))
        for cell in matrix.of_locality(slug):
            writer.writerow([*first, *_row(cell, words), quarter, *(_people(cell, words) if quarter else ("", ""))])
    return text.getvalue().encode("utf-8-sig")


def _words(taxonomy: Taxonomy, need: NeedTable) -> _Words:
    return _Words(
        needs={each.id: _said(each.label) for each in taxonomy.needs.values()},
        people={measure: _said(name) for measure, name in PEOPLE.items()},
        sources={measure: for_text(f"{source.title}, {source.dated}") for measure, source in need.sources.items()},
        verdicts={verdict: _said(name) for verdict, name in VERDICTS.items()},
        hidden=str(gettext(HIDDEN)),
    )


def _said(message: str) -> str:
    return for_text(str(gettext(message)))


def _row(cell: Cell, words: _Words) -> Iterator[str]:
    """The cells of a need, from its name to what is said of its gap."""
    yield from (words.needs[cell.need], for_text(cell.need), words.people[cell.measure], _plain(cell.people))
    yield words.sources.get(cell.measure, "")
    yield _plain(cell.need_per_1000)
    yield from (_plain(offered(cell.provision, number)) for number in FIELDS)
    yield from map(_plain, (cell.per_1000, cell.gap.expected, cell.gap.ratio, cell.gap.low, cell.gap.high))
    yield words.verdicts[cell.gap.verdict]


def _plain(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.3f}".rstrip("0").rstrip(".")


def _people(cell: Cell, words: _Words) -> tuple[str, ...]:
    return tuple(words.hidden if count is None else str(count) for count in (cell.missed, cell.planned))
