"""The tabular package in (a folder or a zip of CSV tables as `uk_datapackage.json` describes it), raw rows out.

Tables may be named in the singular or the plural and lie one folder deep. UTF-8 is expected; what is not UTF-8 is read as
Windows-1252. A zip is bounded in members and in size, and nothing of it is written to the disk.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from portal.directory.openreferral.readers.naming import file_namespace
from portal.directory.openreferral.readers.nesting import At, Flattener
from portal.directory.openreferral.rows import Source
from portal.directory.openreferral.tables import TABLES
from portal.errors import SourceError

MOST_MEMBERS: Final = 200
LARGEST: Final = 300_000_000  # bytes of one table, unpacked
LARGEST_IN_ALL: Final = 600_000_000
LONGEST_FIELD: Final = 1_000_000

_PLURALS: Final = {"taxonomy": "taxonomies", "address": "addresses", "accessibility": "accessibilities"}
_NAMES: Final[Mapping[str, str]] = {
    **{table: table for table in TABLES},
    **{_PLURALS.get(table, f"{table}s"): table for table in TABLES},
    "service_at_locations": "service_at_location",
    "service_taxonomy": "attribute",
}
# Columns of these tables say which listing a row of another table is about.
_LISTED: Final = ("service", "organization")


def holds_tables(folder: Path) -> bool:
    """Whether the folder holds a table of listings."""
    return any(_table(PurePosixPath(path.name)) == "service" for path in folder.glob("*.[cC][sS][vV]"))


def read_folder(folder: Path) -> Source:
    """Read every table of a folder. Raises `SourceError` for one that is no CSV."""
    tables = {}
    for path in sorted(folder.glob("*.[cC][sS][vV]")):
        if path.stat().st_size > LARGEST:
            raise SourceError(f"{path}: the table is larger than {LARGEST // 1_000_000} MB.")
        tables[path.name] = path.read_bytes()
    return _read(tables, folder.name, file_namespace(folder))


def read_zip(path: Path) -> Source:
    """Read every table of a zip. Raises `SourceError` for one that is broken, locked, too large or has no table of services."""
    try:
        with zipfile.ZipFile(path) as package:
            tables = dict(_members(package, path))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise SourceError(f"{path}: the zip cannot be opened ({error}).") from error
    if not any(_table(PurePosixPath(name)) == "service" for name in tables):
        raise SourceError(f"{path}: there is no table of services (services.csv) in the zip.")
    return _read(tables, path.name, file_namespace(path))


def _members(package: zipfile.ZipFile, path: Path) -> Iterator[tuple[str, bytes]]:
    members = package.infolist()
    if len(members) > MOST_MEMBERS:
        raise SourceError(f"{path}: there are more than {MOST_MEMBERS} files in the zip.")
    left = LARGEST_IN_ALL
    for member in members:
        name = PurePosixPath(member.filename)
        if name.suffix.casefold() != ".csv" or "__MACOSX" in name.parts:
            continue
        with package.open(member) as stream:
            content = stream.read(min(left, LARGEST) + 1)  # what the zip says of its sizes is not believed
        if len(content) > min(left, LARGEST):
            raise SourceError(f"{path}: {name.name} is too large unpacked.")
        left -= len(content)
        yield name.name, content


def _read(tables: Mapping[str, bytes], name: str, namespace: str) -> Source:
    flattener = Flattener(name, namespace)
    parsed = {}
    for file, content in tables.items():
        table = _table(PurePosixPath(file))
        if table is None:
            flattener.leave(file)
        else:
            parsed[file] = (table, list(_rows(content, f"{name}/{file}")))
    listed = _names_of_listings(parsed.values())
    nouns = {row.get("id"): table for table, rows in parsed.values() for _, row in rows}
    record = 0
    for file, (table, rows) in parsed.items():
        for number, row in rows:
            record += 1
            if table == "attribute" and "link_id" in row:
                row.setdefault("link_entity", nouns.get(row["link_id"], "service"))
            flattener.add(table, row, At(where=f"{file} row {number}", record=record, listing=_listing(row, listed)))
    return flattener.finish()


def _rows(content: bytes, name: str) -> Iterator[tuple[int, dict[str, object]]]:
    before = csv.field_size_limit(LONGEST_FIELD)  # the limit is everybody's: it is put back
    reader = csv.DictReader(io.StringIO(_decoded(content), newline=""), restkey="")
    try:
        for row in reader:
            yield reader.line_num, {str(key).strip().casefold(): value for key, value in row.items() if key and value}
    except csv.Error as error:
        raise SourceError(f"{name}: this is not a table ({error}).") from error
    finally:
        csv.field_size_limit(before)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _table(path: PurePosixPath) -> str | None:
    return _NAMES.get(path.stem.casefold().replace("-", "_").replace(" ", "_")) if path.suffix.casefold() == ".csv" else None


def _names_of_listings(tables: Iterable[tuple[str, list[tuple[int, dict[str, object]]]]]) -> Mapping[tuple[str, object], str]:
    return {(f"{table}_id", row.get("id")): str(row.get("name", "")) for table, rows in tables if table in _LISTED for _, row in rows}


def _listing(row: Mapping[str, object], listed: Mapping[tuple[str, object], str]) -> str:
    return next((listed[key] for column in ("service_id", "organization_id") if (key := (column, row.get(column))) in listed), "")
