"""Small tables of a pack, as a spreadsheet saves them: a CSV file with named columns in, its rows, each with its line, out."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.errors import ContentError


@dataclass(frozen=True)
class Row:
    """A row: what stands in each column, without spaces around it."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def wrong(self, what: str) -> ContentError:
        """What to raise: the file, the line, and what is wrong there."""
        return ContentError(f"{self.path}, line {self.line}: {what}.")


def read_rows(path: Path, needed: Sequence[str]) -> list[Row]:
    """Rows that are not empty, at least one. Raises `ContentError` for a file that cannot be read, columns missing, or a ragged row."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines)
            header = [name.strip() for name in next(reader, [])]
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ContentError(f"{path}: {error}.") from error
    if missing := [name for name in needed if name not in header]:
        raise ContentError(f"{path}: the column {missing[0]!r} is missing.")
    if len(set(header)) < len(header):
        raise ContentError(f"{path}: a column is there twice.")
    found = [_row(path, line, header, row) for line, row in rows if any(cell.strip() for cell in row)]
    if not found:
        raise ContentError(f"{path}: there is no row in it.")
    return found


def _row(path: Path, line: int, header: Sequence[str], row: Sequence[str]) -> Row:
    if len(row) != len(header):
        raise ContentError(f"{path}, line {line}: it has {len(row)} columns and the first line {len(header)}.")
    return Row(path, line, {name: cell.strip() for name, cell in zip(header, row, strict=True)})
