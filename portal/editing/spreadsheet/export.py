"""An organization's services as a file: records in, the bytes of a workbook or of a CSV file out. Every cell is text and none is run.

The workbook has a second sheet that says how to fill in each column, and a third with examples.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Final

from portal.directory.record import ServiceRecord
from portal.directory.records import Recorded
from portal.editing.spreadsheet.columns import COLUMNS, ID, ID_HEADING, VERSION, VERSION_HEADING
from portal.editing.spreadsheet.examples import EXAMPLES
from portal.editing.spreadsheet.hints import HINTS
from portal.editing.spreadsheet.planning import cell_of
from portal.editing.spreadsheet.words import Words
from portal.i18n.text import gettext, marked
from portal.inert import for_text, for_workbook, looks_like_formula

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET: Final = "Listings"
WIDTH: Final = 28
OF_ID: Final = 12
OF_OURS: Final = 2  # columns before those of the service: its id and its version
WIDER: Final = {"description": 60, "venues": 50, "times": 44, "needs": 36, "translations": 50, "closures": 36}
NOTES: Final = (
    marked("Change what you like on the sheet Listings, save the file, and send it back on the page where you got it."),
    marked("You see every change before anything is sent. A reviewer looks at it before it is shown to people."),
    marked("A service that you take out of the file stays as it is. To end one, write Ended in the column State."),
    marked("Write dates with the day first, like 24/11/2026 or 24 November 2026."),
)


def as_csv(services: Sequence[Recorded], words: Words) -> bytes:
    """The file as CSV, which every program reads: UTF-8 with its mark, so that Excel sees the letters as they are."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([for_text(cell) for cell in row] for row in _rows(services, words))
    return text.getvalue().encode("utf-8-sig")


def as_workbook(services: Sequence[Recorded], words: Words) -> bytes:
    """The file as an Excel workbook."""
    from xlsxwriter import Workbook

    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(content, options) as workbook:
        _write(workbook, SHEET, list(_rows(services, words)))
        _write_help(workbook, words)
        _write(workbook, str(gettext("Examples"))[:31], [_headings(), *(_row(("", ""), record, words) for record in EXAMPLES)])
    return content.getvalue()


def _headings() -> list[str]:
    return [ID_HEADING, VERSION_HEADING, *(column.heading for column in COLUMNS)]


def _rows(services: Sequence[Recorded], words: Words) -> Iterator[list[str]]:
    yield _headings()
    yield from (_row((str(each.service_id), str(each.version)), each.record, words) for each in services)


def _row(known_as: tuple[str, str], record: ServiceRecord, words: Words) -> list[str]:
    return [*known_as, *(cell_of(column, record, words) for column in COLUMNS)]


def _write(workbook: Workbook, name: str, rows: Sequence[Sequence[str]]) -> None:
    sheet = workbook.add_worksheet(name)
    look = {"num_format": "@", "text_wrap": True, "valign": "top"}
    plain, guarded, bold = (workbook.add_format({**look, **more}) for more in ({}, {"quote_prefix": True}, {"bold": True}))
    sheet.freeze_panes(1, OF_OURS + 1)
    for number, row in enumerate(rows):
        for index, cell in enumerate(row):
            style = bold if number == 0 else guarded if looks_like_formula(cell) else plain
            sheet.write_string(number, index, for_workbook(cell), style)
    _set_widths(sheet)


def _set_widths(sheet: Worksheet) -> None:
    sheet.set_column(0, OF_OURS - 1, OF_ID)
    for index, column in enumerate(COLUMNS, start=OF_OURS):
        sheet.set_column(index, index, WIDER.get(column.key, WIDTH))


def _write_help(workbook: Workbook, words: Words) -> None:
    """How to fill in each column, and the words to choose from, in the language of the page."""
    sheet = workbook.add_worksheet(str(gettext("How to fill this in"))[:31])
    wrap, bold = workbook.add_format({"text_wrap": True, "valign": "top"}), workbook.add_format({"bold": True, "valign": "top"})
    sheet.set_column(0, 0, WIDTH)
    sheet.set_column(1, 1, 100)
    lines = [("", str(gettext(note))) for note in NOTES]
    lines += [
        (ID_HEADING, str(gettext(HINTS[ID]))),
        (VERSION_HEADING, str(gettext(HINTS[VERSION]))),
        *((column.heading, str(gettext(column.hint))) for column in COLUMNS),
    ]
    lists = {"needs": words.needs, "who_for": words.who_for, "how": words.ways, "status": words.states}
    for key, choices in lists.items():
        heading = next(column.heading for column in COLUMNS if column.key == key)
        lines += [(heading, label) for label in choices.labels.values()]
    lines += [("Areas covered", name) for name in words.areas.values()]
    for number, (heading, text) in enumerate(lines):
        sheet.write_string(number, 0, for_workbook(heading), bold)
        sheet.write_string(number, 1, for_workbook(text), wrap)
