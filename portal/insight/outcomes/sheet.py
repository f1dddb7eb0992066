"""A quarter's report as a file: the report in, the bytes of a CSV file out. No cell is run by a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from babel import Locale

from portal.i18n.text import gettext
from portal.inert import for_text
from portal.insight.outcomes.measures import MEASURES, Measure
from portal.insight.outcomes.report import Amount, Report, Row
from portal.insight.outcomes.wording import SHARES, TITLES, amount_in_words, columns_of, name_of, name_of_month, share_in_words
from portal.insight.periods import MONTHS


def as_csv(locale: Locale, report: Report) -> bytes:
    """A row for each column of each measure in each area, and one for its share: UTF-8 with its mark, so that Excel sees the letters."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    months = [name_of_month(locale, month) for month in report.quarter.months]
    headings = [gettext("What we count"), gettext("Area"), gettext("Answer"), name_of(locale, report.quarter), *months]
    writer.writerow([for_text(str(cell)) for cell in headings])
    for measure in MEASURES:
        for row in report.rows:
            writer.writerows([for_text(cell) for cell in cells] for cells in _lines(locale, report, measure, row))
    return text.getvalue().encode("utf-8-sig")


def _lines(locale: Locale, report: Report, measure: Measure, row: Row) -> Iterator[list[str]]:
    begin = [str(gettext(TITLES[measure.id])), row.name or str(gettext("Area not known"))]
    for column, label in columns_of(measure):
        months = [str(count) for count in row.months(column)] or [""] * MONTHS
        yield [*begin, str(gettext(label)), _number(locale, report.amount(column, [row])), *months]
    share = report.share(measure, [row])
    said = share_in_words(locale, share) if share else str(gettext("Too few to tell"))
    yield [*begin, str(gettext(SHARES[measure.id])), said, *[""] * MONTHS]


def _number(locale: Locale, amount: Amount) -> str:
    """Digits alone where all is shown, which a spreadsheet can add up."""
    return amount_in_words(locale, amount) if amount.hidden else str(amount.shown)
