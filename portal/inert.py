"""Cells that no spreadsheet runs: text in, text that means the same and starts no formula out, and back again. Pure.

A text becomes a formula where a program takes its first letter for one, or splits a line of our file at another sign than ours
and takes what follows for a cell. Before each such place stands an apostrophe; reading takes exactly one away, so that whatever
was written comes back as it was.
"""

from __future__ import annotations

import re
from typing import Final

_STARTS: Final = "=+\\-@\t\r＝＋－＠"  # full-width ones too: spreadsheets in the Far East run them
_PLACE: Final = r"(?P<before>(?:^|[;,\t\n|])[ \"]*)"  # where a program may take a new cell to begin
_TO_PROTECT: Final = re.compile(rf"{_PLACE}(?=[ ']*[{_STARTS}])")
_PROTECTED: Final = re.compile(rf"{_PLACE}'(?=[ ']*[{_STARTS}])")
_FIRST: Final = re.compile(rf"[ \"]*[{_STARTS}]")


def for_text(text: str) -> str:
    """What to write into a file of plain text (CSV)."""
    return _TO_PROTECT.sub(lambda match: f"{match['before']}'", text)


def for_workbook(text: str) -> str:
    """What to write into a cell that is marked as text, and so is not run: only what reading would take away is doubled."""
    return _PROTECTED.sub(lambda match: f"{match['before']}''", text)


def as_meant(text: str) -> str:
    """What stood in the cell before one of the two wrote it."""
    return _PROTECTED.sub(lambda match: match["before"], text)


def looks_like_formula(text: str) -> bool:
    """Whether a program may take the text for a formula when somebody edits the cell."""
    return _FIRST.match(text) is not None
