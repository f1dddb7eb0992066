"""Excel workbooks: bytes in, rows of text out. Nothing in them is run, followed or fetched, and none can fill the memory.

The archive is unpacked here, within bounds, each part looked through for what a sheet never needs, and only what was looked at is
handed on to the reader. A cell with a formula is the value that was last reckoned for it.
"""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any, Final
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from portal.editing.spreadsheet.table import HEADING_WITHIN, MOST_COLUMNS, MOST_ROWS, NotTaken, too_many_rows
from portal.i18n.text import gettext

MOST_INFLATED: Final = 50 * 1024 * 1024  # bytes of all parts together
MOST_PARTS: Final = 500
MOST_SHEETS: Final = 30
_NEEDED: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml|xl/sharedStrings\.xml|xl/styles\.xml",
    re.IGNORECASE,
)
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LAST_ROW: Final = MOST_ROWS + HEADING_WITHIN + 1_000  # empty rows between are let pass


def rows_of(content: bytes) -> tuple[Iterator[list[str]], str]:
    """The rows of the first sheet that has any, and its name where there are several. Raises `NotTaken`."""
    workbook = _opened(_checked(content))
    try:
        names = workbook.sheet_names[:MOST_SHEETS]
        for name in names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height:
                return _rows(sheet), name if len(names) > 1 else ""
    except CalamineError as error:
        raise _broken() from error
    return iter(()), ""


def _rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    top = sheet.start[0] if sheet.start else 0
    for _ in range(top):
        yield []
    for row in sheet.to_python(skip_empty_area=True):
        yield [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A cell as somebody would write it: days as 2026-11-24, times as 10:00, whole numbers without a point."""
    if isinstance(cell, float) and math.isfinite(cell):
        return str(int(cell)) if cell == int(cell) else f"{cell:.10g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return str(cell)


def _opened(content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(BytesIO(content))
    except (CalamineError, ValueError, OSError) as error:
        raise _broken() from error


def _checked(content: bytes) -> bytes:
    """The parts that hold sheets, packed anew. Raises `NotTaken` for what is too large, broken or no workbook."""
    packed = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, zipfile.ZipFile(packed, "w") as kept:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INFLATED:
                raise _too_large()
            names = [part.filename for part in parts]
            if len(set(map(str.casefold, names))) != len(names):
                raise _broken()
            if not any(_SHEET.fullmatch(name) for name in names):
                raise NotTaken(
                    gettext(
                        "This is not a workbook that we can read. Save it as an Excel workbook (XLSX) or as “CSV UTF-8”, then try again."
                    )
                )
            for part in parts:
                if _NEEDED.fullmatch(part.filename):
                    kept.writestr(part.filename, _looked_through(archive.read(part), is_sheet=bool(_SHEET.fullmatch(part.filename))))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise _broken() from error
    return packed.getvalue()


def _looked_through(part: bytes, *, is_sheet: bool) -> bytes:
    """The part, if it is plain XML without declarations of its own. Raises `NotTaken`, for a sheet also where it reaches too far."""
    if is_sheet:
        _Reach().feed(part)
    else:
        _refuse_declarations(part)
    return part


def _refuse_declarations(part: bytes) -> None:
    _parser().Parse(part, True)  # noqa: FBT003 - expat takes it so


def _parser() -> expat.XMLParserType:
    """A parser that stops at a document type: workbooks have none, and entities are made there."""
    parser = expat.ParserCreate()

    def stop(*_arguments: object) -> None:
        raise _broken()

    parser.StartDoctypeDeclHandler = stop
    return parser


class _Reach:
    """How far the filled cells of one sheet reach: one cell in the last row would fill the memory with empty ones."""

    def __init__(self) -> None:
        self._row = self._column = self._filled = 0
        self._parser = _parser()
        self._parser.StartElementHandler = self._start

    def feed(self, part: bytes) -> None:
        """Look through a whole sheet. Raises `NotTaken`."""
        try:
            self._parser.Parse(part, True)  # noqa: FBT003 - expat takes it so
        except expat.ExpatError as error:
            raise _broken() from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "row":
            self._row = int(attributes["r"]) if attributes.get("r", "").isascii() and attributes.get("r", "").isdigit() else self._row + 1
            self._column = 0
        elif kind == "c":
            place = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = _number_of(place[1]) if place else self._column + 1
            self._row = int(place[2]) if place else self._row
        elif kind in ("v", "is"):
            self._count()

    def _count(self) -> None:
        self._filled += 1
        if self._row > _LAST_ROW:
            raise too_many_rows()
        if self._column > 4 * MOST_COLUMNS or self._filled > (MOST_ROWS + HEADING_WITHIN) * 2 * MOST_COLUMNS:
            raise NotTaken(
                gettext("This file has more than %(most)s columns. Take out those that are not about your services.", most=MOST_COLUMNS)
            )


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _too_large() -> NotTaken:
    return NotTaken(
        gettext(
            "There is far more in this file than %(most)s services need. Take out other sheets and pictures, or split it.", most="2,000"
        )
    )


def _broken() -> NotTaken:
    return NotTaken(gettext("This file is damaged. Open it in your spreadsheet program, save it again, then try again."))
