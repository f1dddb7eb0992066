"""A file that somebody sent in, its table out, or a sentence on why it cannot be taken. Told by what it holds, not by its name."""

from __future__ import annotations

from typing import Final

from portal.editing.spreadsheet import delimited, workbook
from portal.editing.spreadsheet.table import LARGEST_FILE, NotTaken, Table, table_of
from portal.i18n.text import gettext

_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_NO_TABLES: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def read_table(content: bytes, known: frozenset[str]) -> Table:
    """The table in a file. `known` are folded headings by which the row of headings is found. Raises `NotTaken`."""
    if len(content) > LARGEST_FILE:
        raise too_large_file()
    if content.startswith(_OLD_OFFICE):
        raise _old_office(content)
    if content.startswith(b"PK\x03\x04"):
        rows, sheet = workbook.rows_of(content)
        return table_of(rows, "XLSX", known, sheet)
    if content.startswith(_NO_TABLES) or content[:200].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise NotTaken(gettext("This is not a spreadsheet. Send an Excel workbook (XLSX) or a CSV file."))
    text, encoding = delimited.decoded(content)
    return table_of(delimited.rows_of(text), f"CSV, {encoding}", known)


def too_large_file() -> NotTaken:
    """Why a file over `LARGEST_FILE` is not taken."""
    return NotTaken(gettext("This file is larger than 5 MB. Take out pictures and other sheets, or split it into smaller files."))


def _old_office(content: bytes) -> NotTaken:
    if _ENCRYPTED in content:
        return NotTaken(gettext("This file has a password. Save it without one, then try again."))
    return NotTaken(gettext("This is an older kind of Excel file. Save it as an Excel workbook (XLSX) or as “CSV UTF-8”, then try again."))


def no_file() -> NotTaken:
    """What to say where no file was chosen."""
    return NotTaken(gettext("Choose a file first."))
