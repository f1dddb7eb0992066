"""Tables written as text: bytes in, rows out, whatever wrote them (commas, semicolons, tabs; UTF-8, UTF-16, Windows letters).

The encoding is found by trying, strictest first; what could only be guessed at is said, never passed over.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Final

from portal.editing.spreadsheet.table import LONGEST_CELL, NotTaken
from portal.i18n.text import gettext

DELIMITERS: Final = (",", ";", "\t", "|")
LOOKED_AT: Final = 20  # rows, to find out what stands between the cells
_SEP: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decoded(content: bytes) -> tuple[str, str]:
    """The text, and the name of the encoding it was read as. Raises `NotTaken` for what is no text."""
    for mark, encoding, name in _MARKS:
        if content.startswith(mark):
            return _decode(content, encoding, name)
    if wide := _utf_16_without_mark(content):
        return _decode(content, wide, "UTF-16")
    for encoding, name in (("utf-8", "UTF-8"), ("cp1252", "Windows-1252")):
        try:
            return _plain(content.decode(encoding)), name
        except UnicodeDecodeError:
            continue
    raise _not_text()


def _decode(content: bytes, encoding: str, name: str) -> tuple[str, str]:
    try:
        return _plain(content.decode(encoding)), name
    except UnicodeDecodeError as error:
        raise _not_text() from error


def _plain(text: str) -> str:
    """The text, if it is one. Raises `NotTaken` for a picture, a programme, a document."""
    if len(_CONTROLS.findall(text[:10_000])) > len(text[:10_000]) // 100:
        raise _not_text()
    return text


def _not_text() -> NotTaken:
    return NotTaken(
        gettext("We cannot read the letters in this file. Save it as an Excel workbook (XLSX) or as “CSV UTF-8”, then try again.")
    )


def _utf_16_without_mark(content: bytes) -> str:
    """Which UTF-16 this looks like: every other byte of Latin text is nothing."""
    start = content[:2_000]
    half = max(len(start) // 2, 1)
    if start[1::2].count(0) / half > 0.6:
        return "utf-16-le"
    return "utf-16-be" if start[0::2].count(0) / half > 0.6 else ""


def rows_of(text: str) -> Iterator[list[str]]:
    """The rows, one by one. Raises `NotTaken` where quotes are broken."""
    delimiter = ""
    if said := _SEP.match(text):
        delimiter, text = said[1], text[said.end() :]
    if "\n" not in text:
        text = text.replace("\r", "\n")
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter or _delimiter(text))
    csv.field_size_limit(10 * LONGEST_CELL)
    try:
        yield from reader
    except csv.Error as error:
        raise NotTaken(
            gettext(
                "We cannot read line %(line)s. Is a quotation mark missing? Save the file again as CSV, then try again.",
                line=reader.line_num,
            )
        ) from error


def _delimiter(text: str) -> str:
    """What stands between the cells: the sign that cuts the first rows into the most, and most alike, pieces."""
    return max(DELIMITERS, key=lambda sign: _agreement(text, sign))


def _agreement(text: str, sign: str) -> float:
    widths: list[int] = []
    try:
        for row in csv.reader(StringIO(text[:200_000], newline=""), delimiter=sign):
            if any(cell.strip() for cell in row):
                widths.append(len(row))
            if len(widths) >= LOOKED_AT:
                break
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    width, alike = Counter(widths).most_common(1)[0]
    return (width - 1) * alike / len(widths)
