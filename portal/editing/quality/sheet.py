"""The rows of the page of quality as a file: rows in, the bytes of a CSV file out. No cell is run by a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from portal.editing.quality.measures import Measure
from portal.editing.quality.queries import Counts, Row
from portal.editing.quality.wording import BAD, GOOD, TITLES
from portal.i18n.text import gettext
from portal.inert import for_text


def as_csv(heading: str, rows: Iterable[Row]) -> bytes:
    """The file, whose first column is headed `heading`: UTF-8 with its mark, so that Excel sees the letters as they are."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([for_text(cell) for cell in _headings(heading)])
    writer.writerows([for_text(row.name), *_numbers(row.counts)] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _headings(first: str) -> list[str]:
    headings = [first, str(gettext("Listings")), *_both(TITLES[Measure.WORK])]
    for measure, good in GOOD.items():
        headings += [*_both(good), str(gettext(TITLES[measure]))]
    for measure in BAD:
        headings += _both(TITLES[measure])
    return [*headings, str(gettext(TITLES[Measure.UNMEASURED]))]


def _both(title: str) -> list[str]:
    """A number and its share."""
    said = str(gettext(title))
    return [said, f"{said} (%)"]


def _numbers(counts: Counts) -> list[str]:
    """The cells after the name: digits, which no spreadsheet takes for a formula."""
    cells = [str(counts.number(Measure.ALL)), str(counts.number(Measure.WORK)), _percent(counts.share(Measure.WORK))]
    for measure in GOOD:
        cells += [str(counts.among(measure) - counts.number(measure)), _percent(_rest(counts.share(measure))), str(counts.number(measure))]
    for measure in BAD:
        cells += [str(counts.number(measure)), _percent(counts.share(measure))]
    return [*cells, str(counts.number(Measure.UNMEASURED))]


def _rest(share: float | None) -> float | None:
    return None if share is None else 1 - share


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.1f}"
