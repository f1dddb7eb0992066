"""The whole matrix as a file: one row for each need in each locality, as CSV. No cell is run by a spreadsheet. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Final

from portal.i18n.text import gettext, marked
from portal.inert import for_text
from portal.insight.desk.numbers import FIELDS, Number, offered
from portal.insight.desk.wording import PEOPLE, TITLES, VERDICTS
from portal.insight.matrix import Cell, Matrix
from portal.insight.protection import Shown
from portal.localities.collection import Locality
from portal.localities.need import NeedTable
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


def as_csv(matrix: Matrix, localities: Mapping[str, Locality], taxonomy: Taxonomy, need: NeedTable) -> bytes:
    """The file: UTF-8 with its mark, so that Excel sees the letters as they are. Numbers are plain; what is not known is empty."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    words = [*_FIRST, *_PEOPLE, *(TITLES[number] for number in FIELDS), *_GAP, TITLES[Number.MISSED], TITLES[Number.PLANNED]]
    writer.writerow([for_text(str(gettext(word))) for word in words])
    for slug in matrix.localities:
        for cell in matrix.of_locality(slug):
            named = (localities[slug].name, slug, str(gettext(taxonomy.needs[cell.need].label)), cell.need)
            writer.writerow([matrix.day.isoformat(), *map(for_text, named), *_row(cell, matrix, need)])
    return text.getvalue().encode("utf-8-sig")


def _row(cell: Cell, matrix: Matrix, need: NeedTable) -> Iterator[str]:
    """The cells after the names."""
    source = need.sources.get(cell.measure)
    yield for_text(str(gettext(PEOPLE[cell.measure])))
    yield _plain(cell.people)
    yield for_text(f"{source.title}, {source.dated}" if source else "")
    yield _plain(cell.need_per_1000)
    yield from (_plain(offered(cell.provision, number)) for number in FIELDS)
    yield from map(_plain, (cell.per_1000, cell.gap.expected, cell.gap.ratio, cell.gap.low, cell.gap.high))
    yield for_text(str(gettext(VERDICTS[cell.gap.verdict])))
    yield matrix.quarter.name if matrix.quarter else ""
    yield from ((_people(count) if matrix.quarter else "") for count in (cell.missed, cell.planned))


def _plain(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.3f}".rstrip("0").rstrip(".")


def _people(count: Shown) -> str:
    return str(gettext(HIDDEN)) if count is None else str(count)
