"""A table as read from any file: one line of headings and rows of text; the sizes that are taken; why a file is not. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from portal.errors import PortalError
from portal.i18n.text import gettext
from portal.inert import as_meant
from portal.typed import lines

LARGEST_FILE: Final = 5 * 1024 * 1024  # bytes
MOST_ROWS: Final = 2_000
MOST_COLUMNS: Final = 60
LONGEST_CELL: Final = 10_000  # letters
MOST_LETTERS: Final = 4_000_000  # of a whole table: twenty copies of the largest organization's
HEADING_WITHIN: Final = 10  # rows from the top: above it stand titles and notes
_WORD: Final = re.compile(r"[^\W\d_]{2}")


class NotTaken(PortalError):
    """A file that cannot be taken. `sentence` says to whoever sent it why, and what to do."""

    def __init__(self, sentence: Markup) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class Unclear(PortalError):
    """A cell that says something we do not understand. `sentence` says what to write instead."""

    def __init__(self, sentence: Markup) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Row:
    """One row: `number` is the one that the spreadsheet shows beside it; `cells` are as many as there are headings."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """What a file holds. `read_as` says in words how it was read; `sheet` names the sheet where there were several."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    read_as: str
    sheet: str = ""


def too_many_rows() -> NotTaken:
    """Why a file with more than `MOST_ROWS` is not taken."""
    return NotTaken(gettext("This file has more than %(most)s rows. Split it into smaller files and send them one by one.", most="2,000"))


def table_of(rows: Iterable[Sequence[str]], read_as: str, known: frozenset[str], sheet: str = "") -> Table:
    """The rows of a file as a table; reads no further than it must. `known` are folded headings that we know. Raises `NotTaken`."""
    found: list[Row] = []
    letters = 0
    for number, cells in enumerate(rows, start=1):
        texts = tuple(as_meant(lines(cell, LONGEST_CELL + 1)) for cell in cells[: MOST_COLUMNS * 4])
        if not any(texts):
            continue
        letters += sum(map(len, texts))
        _refuse_too_large(texts, number, letters)
        found.append(Row(number, texts))
        if len(found) > MOST_ROWS + HEADING_WITHIN:
            raise too_many_rows()
    return _headed(found, read_as, known, sheet)


def folded(heading: str) -> str:
    """A heading or a name as it is compared: letters and digits, without case."""
    return " ".join(re.sub(r"[\W_]+", " ", heading.casefold()).split())


def _refuse_too_large(texts: Sequence[str], number: int, letters: int) -> None:
    if any(len(text) > LONGEST_CELL for text in texts):
        raise NotTaken(gettext("A cell in row %(row)s holds more than %(most)s letters. Make it shorter.", row=number, most="10,000"))
    if letters > MOST_LETTERS:
        raise NotTaken(gettext("There is too much text in this file. Split it into smaller files and send them one by one."))


def _headed(found: list[Row], read_as: str, known: frozenset[str], sheet: str) -> Table:
    if not found:
        raise NotTaken(gettext("This file is empty. Put one service in each row, below a row of headings."))
    at = max(range(min(len(found), HEADING_WITHIN)), key=lambda index: (_known(found[index], known), -index))
    headings, rows = found[at].cells, found[at + 1 :]
    width = max((index + 1 for row in (found[at], *rows) for index, text in enumerate(row.cells) if text), default=0)
    if width > MOST_COLUMNS:
        raise NotTaken(
            gettext("This file has more than %(most)s columns. Take out those that are not about your services.", most=MOST_COLUMNS)
        )
    if len(rows) > MOST_ROWS:
        raise too_many_rows()
    if not rows:
        raise NotTaken(gettext("There are no services in this file. Put one service in each row, below the headings."))
    if not any(_WORD.search(text) for text in headings):
        raise NotTaken(gettext("We found no row of headings. Write what each column holds in the first row."))
    return Table(_padded(headings, width), tuple(Row(row.number, _padded(row.cells, width)) for row in rows), read_as, sheet)


def _known(row: Row, known: frozenset[str]) -> int:
    return sum(folded(text) in known for text in row.cells if text)


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells[:width], *("" for _ in range(width - len(cells))))
