"""What leaves comes back as it was: our own exports, loaded into an empty directory, are exported again the same.

Only when something last changed may differ: it changed when it was loaded.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from opening_formats import formats_room
from sqlalchemy import Engine

from portal.api.formats.room import FormatsRoom, all_records, whole_services
from portal.api.package.tables import TABLES, datapackage
from portal.api.package.tabular import write_package
from portal.config import CHECKOUT, Settings
from portal.db import open_engine, reading
from portal.directory.openreferral.loading import LoadOptions, load
from portal.taxonomy.rules import load_rules
from portal.taxonomy.terms import load_taxonomy

SHARED = Path(__file__).parents[2].parent / "shared"
TRAFFORD = SHARED / "data" / "services" / "trafford_services_ogl.json"
STANDARD = SHARED / "standards" / "uk_datapackage.json"
OPTIONS = LoadOptions(load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml"), load_rules(CHECKOUT / "content" / "taxonomy_rules.yaml"))
Table = list[dict[str, str]]


@pytest.fixture
def demo_room(demo: Settings, tmp_path: Path, stopped_clock: object) -> Iterator[FormatsRoom]:
    engine = open_engine(demo.database_url)
    yield formats_room(engine, demo, tmp_path / "kept")
    engine.dispose()


def as_json(room: FormatsRoom, path: Path) -> list[dict[str, Any]]:
    """Every service, whole, written to `path` as well; by id."""
    with reading(room.oruk.engine) as session:
        services = sorted(whole_services(session, room), key=lambda service: str(service["id"]))
    path.write_text(json.dumps(services, ensure_ascii=False), "utf-8")
    return services


def as_lines(room: FormatsRoom, path: Path) -> list[dict[str, Any]]:
    """As `as_json`, one service a line."""
    services = as_json(room, path)
    path.write_text("".join(f"{json.dumps(service)}\n" for service in services), "utf-8")
    return services


def as_tables(room: FormatsRoom, path: Path) -> dict[str, Table]:
    """Every table of the package, which is written to `path`; rows by id."""
    with reading(room.oruk.engine) as session:
        write_package(path, all_records(session, room), datapackage(room.oruk.pack, room.oruk.base_url))
    return read_tables(path)


def read_tables(path: Path) -> dict[str, Table]:
    with zipfile.ZipFile(path) as package:
        files = {name: package.read(name).decode("utf-8") for name in package.namelist() if name.endswith(".csv")}
    rows = {name: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in files.items()}
    return {name: sorted(table, key=lambda row: row["id"]) for name, table in rows.items()}


def without_moments(thing: Any) -> Any:
    """The same without when it last changed."""
    if isinstance(thing, dict):
        return {key: without_moments(value) for key, value in thing.items() if key not in ("last_modified", "modified_date")}
    return [without_moments(each) for each in thing] if isinstance(thing, list) else thing


Export = Callable[[FormatsRoom, Path], Any]
FORMS = pytest.mark.parametrize(("export", "kind"), [(as_json, "json"), (as_lines, "ndjson"), (as_tables, "zip")])


@pytest.fixture
def again(database: Engine, demo: Settings, tmp_path: Path) -> Callable[[FormatsRoom, Export, str], tuple[Any, Any]]:
    """What a room exports, and what is exported of an empty directory into which that was loaded."""

    def export_twice(room: FormatsRoom, export: Export, kind: str) -> tuple[Any, Any]:
        first = export(room, tmp_path / f"first.{kind}")
        load(database, [str(tmp_path / f"first.{kind}")], OPTIONS)
        other = formats_room(database, demo, tmp_path / "kept")
        return without_moments(first), without_moments(export(other, tmp_path / f"second.{kind}"))

    return export_twice


@pytest.fixture
def trafford_room(empty_database: Path, demo: Settings, tmp_path: Path, shared: Path) -> Iterator[FormatsRoom]:
    engine = open_engine(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'original.sqlite3')}")
    load(engine, [str(TRAFFORD)], OPTIONS)
    yield formats_room(engine, demo, tmp_path / "kept")
    engine.dispose()


@FORMS
def test_the_demo_comes_back_as_it_was(demo_room: FormatsRoom, again: Any, export: Export, kind: str) -> None:
    first, second = again(demo_room, export, kind)
    assert first
    assert second == first


@pytest.mark.shared
@FORMS
def test_six_hundred_real_services_come_back_as_they_were(trafford_room: FormatsRoom, again: Any, export: Export, kind: str) -> None:
    first, second = again(trafford_room, export, kind)
    assert len(first["services.csv"] if isinstance(first, dict) else first) == 657
    assert second == first


def test_tables_refer_to_rows_that_are_there(demo_room: FormatsRoom, tmp_path: Path) -> None:
    tables = as_tables(demo_room, tmp_path / "package.zip")
    ids = {noun: {row["id"] for row in tables[table.file]} for noun, table in TABLES.items()}
    for noun, table in TABLES.items():
        assert len(ids[noun]) == len(tables[table.file]), f"{table.file}: an id stands there twice"
        for row in tables[table.file]:
            for name, value in row.items():
                other = name.removesuffix("_id")
                if value and name.endswith("_id") and other in ids:
                    assert value in ids[other], f"{table.file}: {name} leads nowhere"


def test_every_cell_is_what_the_package_says_that_it_is(demo_room: FormatsRoom, tmp_path: Path) -> None:
    tables = as_tables(demo_room, tmp_path / "package.zip")
    with zipfile.ZipFile(tmp_path / "package.zip") as package:
        description = json.loads(package.read("datapackage.json"))
    assert sorted(resource["path"] for resource in description["resources"]) == sorted(tables)
    reads: dict[str, Callable[[str], object]] = {
        "string": str,
        "number": float,
        "integer": int,
        "boolean": ["true", "false"].index,
        "date": date.fromisoformat,
        "time": re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d").fullmatch,
    }
    for resource in description["resources"]:
        for row in tables[resource["path"]]:
            for field in resource["schema"]["fields"]:
                if row[field["name"]]:
                    assert reads[field["type"]](row[field["name"]]) is not None
                else:
                    assert not field.get("constraints", {}).get("required"), (resource["path"], field["name"])


@pytest.mark.shared
def test_every_table_and_column_of_the_standard_is_there_but_for_those_about_people(shared: Path) -> None:
    standard = {resource["name"]: resource for resource in json.loads(STANDARD.read_text("utf-8"))["resources"]}
    assert set(standard) - set(TABLES) == {"contact"}
    for noun, table in TABLES.items():
        if noun in standard:
            assert table.file == standard[noun]["path"]
            missing = {field["name"] for field in standard[noun]["schema"]["fields"]} - {column.name for column in table.columns}
            assert missing <= {"assurer_email", "contact_id", "attention"}


def test_a_zip_is_the_same_as_long_as_the_directory_is(demo_room: FormatsRoom, tmp_path: Path) -> None:
    as_tables(demo_room, tmp_path / "one.zip")
    as_tables(demo_room, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
