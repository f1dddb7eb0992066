"""Migrations: up gives the models' tables and no others; down leaves nothing; up again is as it was, also with data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, inspect, select, text

from portal import schema
from portal.config import Settings
from portal.db import Base, open_engine, reading
from portal.directory.models import Service


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'portal.sqlite3'}")
    yield engine
    engine.dispose()


@pytest.fixture
def demo_engine(demo: Settings, tmp_path: Path) -> Iterator[Engine]:
    source = demo.database_url.removeprefix("sqlite:///")
    engine = open_engine(f"sqlite:///{shutil.copy(source, tmp_path / 'demo.sqlite3')}")
    yield engine
    engine.dispose()


def shape(engine: Engine) -> set[str]:
    """Every table and index as SQLite keeps it, Alembic's and SQLite's own aside."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {_plain(sql) for name, sql in rows if not name.startswith(("alembic", "sqlite"))}


def _plain(sql: str) -> str:
    """A statement as its words, in one order: a table that SQLite had to make anew has its name in quotes and its constraints moved."""
    return " ".join(sorted(sql.replace('"', "").replace(",", " ").split()))


def services(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(Service)) or 0


def test_up_gives_what_the_models_say(engine: Engine) -> None:
    schema.upgrade(engine)
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    command.check(schema._config(engine))  # raises, with the difference, when models and tables are not the same


def test_tables_made_by_migrations_are_those_that_models_would_make(engine: Engine, tmp_path: Path) -> None:
    schema.upgrade(engine)
    made = open_engine(f"sqlite:///{tmp_path / 'made.sqlite3'}")
    Base.metadata.create_all(made)
    for table in Base.metadata.tables:
        for ask in (
            "get_columns",
            "get_indexes",
            "get_unique_constraints",
            "get_check_constraints",
            "get_foreign_keys",
            "get_pk_constraint",
        ):
            migrated, modelled = (getattr(inspect(it), ask)(table) for it in (engine, made))
            assert sorted(map(str, migrated)) == sorted(map(str, modelled)), f"{ask} of {table}"
    made.dispose()


def test_down_leaves_nothing_and_up_again_is_the_same(engine: Engine) -> None:
    schema.upgrade(engine)
    before = shape(engine)
    schema.downgrade(engine, "base")
    assert shape(engine) == set()
    assert not schema.is_newest(engine)
    schema.upgrade(engine)
    assert shape(engine) == before
    assert schema.is_newest(engine)


def test_each_step_goes_down_and_up(engine: Engine) -> None:
    revisions = [it.revision for it in ScriptDirectory.from_config(schema._config(engine)).walk_revisions()][::-1]
    assert tuple(revisions) == schema.REVISIONS  # as the names of files have them
    shapes = []
    for revision in revisions:
        schema.upgrade(engine, revision)
        shapes.append(shape(engine))
    for number in range(len(revisions) - 1, 0, -1):
        schema.downgrade(engine, revisions[number - 1])
        assert shape(engine) == shapes[number - 1]


def test_the_borough_goes_down_and_the_tables_come_up_empty(demo_engine: Engine) -> None:
    assert services(demo_engine) > 160
    schema.upgrade(demo_engine)
    assert services(demo_engine) > 160, "a second time changes nothing"
    schema.downgrade(demo_engine, "base")
    assert shape(demo_engine) == set()
    schema.upgrade(demo_engine)
    assert services(demo_engine) == 0


def test_a_migration_that_breaks_leaves_the_database_as_it_was(demo_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    schema.downgrade(demo_engine, "0005")
    before, count = shape(demo_engine), services(demo_engine)
    drop = Operations.drop_table

    def break_off(operations: Operations, name: str) -> None:
        if name == "sitting":  # the last of several that this migration drops
            raise RuntimeError("power cut")
        drop(operations, name)

    with monkeypatch.context() as patch:
        patch.setattr(Operations, "drop_table", break_off)
        with pytest.raises(RuntimeError, match="power cut"):
            schema.downgrade(demo_engine, "-1")
    assert shape(demo_engine) == before
    assert services(demo_engine) == count
    schema.upgrade(demo_engine)
    assert schema.is_newest(demo_engine)
