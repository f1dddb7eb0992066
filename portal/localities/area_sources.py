"""The tables that `portal areas build` is given, read: postcodes, the council's list of localities, and place names.

Files are read whole, as officers keep them: a spreadsheet's byte order mark or Windows letters are no fault. What cannot be used is
left out and said (`Remarks`); a file that cannot be used at all is a `SourceError` that names it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from portal.errors import SourceError
from portal.localities.postcode_file import compact_postcode
from portal.localities.spelling import readings, tidy

SOUTH, NORTH, WEST, EAST = 49.0, 61.5, -11.0, 3.0  # the British Isles
MOST_EXAMPLES: Final = 3


@dataclass(frozen=True)
class AreaSources:
    """The files of a build. `localities`, `names`, `need` and `need_source` may be left out; `name` is by default its authorities'.

    `before` are folders of earlier versions of the localities, oldest first.
    """

    postcodes: Path
    boundaries: tuple[Path, ...]
    localities: Path | None
    names: Path | None
    boundary_date: date
    source: str
    name: str = ""
    need: Path | None = None
    need_source: Path | None = None
    before: tuple[Path, ...] = ()


@dataclass
class Remarks:
    """What a build found on its way, in words for an officer: shapes that it mended, and warnings."""

    mended: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def left_out(self, path: Path, rows: Sequence[str]) -> None:
        """Warn of rows that could not be used, with a few of them as examples."""
        if rows:
            some = "; ".join(rows[:MOST_EXAMPLES])
            more = f"; and {len(rows) - MOST_EXAMPLES:,} more" if len(rows) > MOST_EXAMPLES else ""
            self.warnings.append(f"{path.name}: {len(rows):,} rows were left out: {some}{more}.")


@dataclass(frozen=True)
class Postcode:
    """A row of the postcodes file: tidy spelling, degrees, and the ward and LSOA it is assigned to."""

    postcode: str
    latitude: float
    longitude: float
    ward: str
    lsoa: str


@dataclass(frozen=True)
class Member:
    """A row of the council's list: this ward or LSOA belongs to this locality."""

    line: int
    locality: str
    code: str


@dataclass(frozen=True)
class PlaceName:
    """A row of the names file. `lad` is its authority's name, or empty."""

    name: str
    latitude: float
    longitude: float
    lad: str


def read_postcodes(path: Path, remarks: Remarks) -> tuple[Postcode, ...]:
    """Postcodes in order, each once. Raises `SourceError` without the columns or without one good row."""
    found: dict[str, Postcode] = {}
    refused: list[str] = []
    for line, row in source_rows(path, ("postcode", "lat", "long", "ward", "lsoa")):
        try:
            latitude, longitude = _position(row)
            postcode = tidy(compact_postcode(row["postcode"]))
        except ValueError as error:
            refused.append(f"line {line}, {error}")
            continue
        found.setdefault(postcode, Postcode(postcode, latitude, longitude, row["ward"].upper(), row["lsoa"].upper()))
    remarks.left_out(path, refused)
    if not found:
        raise SourceError(f"{path}: there is no postcode in it.")
    return tuple(found[postcode] for postcode in sorted(found))


def read_members(path: Path) -> tuple[Member, ...]:
    """The council's list. Raises `SourceError` without the columns, for a row without a name or code, or an empty list."""
    found = []
    for line, row in source_rows(path, ("locality", "code")):
        if not any(row.values()):
            continue
        if not row["locality"] or not row["code"]:
            raise SourceError(f"{path}, line {line}: a locality's name and the code of a ward or LSOA must both be there.")
        found.append(Member(line, row["locality"], row["code"].upper()))
    if not found:
        raise SourceError(f"{path}: it names no locality.")
    return tuple(found)


def read_names(path: Path, remarks: Remarks) -> tuple[PlaceName, ...]:
    """Place names in order, without the postcode districts that such lists hold. Raises `SourceError` without the columns."""
    found = set()
    refused = []
    for line, row in source_rows(path, ("name", "lat", "long")):
        try:
            latitude, longitude = _position(row)
        except ValueError as error:
            refused.append(f"line {line}, {error}")
            continue
        if row["name"] and not _is_postcode(row["name"]):
            found.add((row["name"], latitude, longitude, row.get("lad", "")))
    remarks.left_out(path, refused)
    return tuple(PlaceName(*values) for values in sorted(found))


def is_in_britain(latitude: float, longitude: float) -> bool:
    """Whether these degrees are somewhere in the British Isles, as metres of a grid and swapped columns are not."""
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def source_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The number of each line and what stands in its columns, their names in small letters. Raises `SourceError` where one is missing."""
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""))
    header = [name.strip().casefold() for name in reader.fieldnames or ()]
    if missing := [name for name in columns if name not in header]:
        there = ", ".join(header) or "none"
        raise SourceError(f"{path}: the column {missing[0]!r} is missing. Its first line must name the columns; those there are: {there}.")
    reader.fieldnames = header
    try:
        for row in reader:
            yield reader.line_num, {name: " ".join((row[name] or "").split()) for name in header}
    except csv.Error as error:
        raise SourceError(f"{path}, line {reader.line_num}: {error}.") from error


def read_text(path: Path) -> str:
    """A file as officers' machines write it: UTF-8, or the letters of Windows. Raises `SourceError` when it cannot be read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _position(row: dict[str, str]) -> tuple[float, float]:
    latitude, longitude = float(row["lat"]), float(row["long"])
    if not is_in_britain(latitude, longitude):
        raise ValueError(f"{row['lat']}, {row['long']} is not in the British Isles")
    return latitude, longitude


def _is_postcode(name: str) -> bool:
    """Whether a name is no place but part of a postcode, such as "BB10"."""
    return any(not reading.changes for reading in readings(name))
