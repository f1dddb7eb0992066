"""A backup restored into an empty place: checked whole before anything is written, and there whole or not at all.

In SQLite the database is made under another name, which it has until everything is in it and on the disk. In PostgreSQL it is one
transaction. What was deleted on purpose since the backup, and what has ended since, is deleted before anybody can read it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, inspect, make_url
from sqlalchemy.orm import Session

from portal import clock, schema
from portal.backup import folder, purges
from portal.backup.folder import Manifest
from portal.backup.models import LASTS
from portal.backup.purges import PurgeList
from portal.backup.rows import go_on_from, insert_lines
from portal.backup.tables import kept_tables
from portal.config import Settings
from portal.db import open_engine, opened
from portal.disk import sync
from portal.errors import SourceError

Ending = Callable[[Session], object]  # an act that deletes what has ended


@dataclass(frozen=True)
class Source:
    """A backup that was found whole, and what was deleted since; None where somebody said to go without."""

    place: Path
    manifest: Manifest
    purged: PurgeList | None


@dataclass(frozen=True)
class Restored:
    """How many rows there are, and how many deletions were done again."""

    rows: int
    purged: int


def check(place: Path, secret: str, *, without_purges: bool = False) -> Source:
    """Read a backup through. Raises `SourceError` for one that is damaged, too old, another site's or another version's."""
    manifest = folder.read_manifest(place, secret)
    if manifest.revision != schema.newest():
        raise SourceError(
            f"The backup is of a database at {manifest.revision}, this version of the portal is at {schema.newest()}. Restore it with the "
            f"version that it was made with (its newest file in portal/migrations/versions begins with {manifest.revision}), then install "
            "this one and run `portal database upgrade`."
        )
    if without_purges:
        return Source(place, manifest, None)
    if manifest.taken_at <= clock.now() - LASTS:
        raise SourceError(f"{place} is older than {LASTS.days} days: nobody knows any more what people had deleted since.")
    found = purges.load(place.resolve().parent / purges.FILE, secret)
    if found.until < manifest.taken_at:
        raise SourceError(f"{purges.FILE} beside {place} is older than the backup: it does not say what was deleted since.")
    return Source(place, manifest, found)


def restore(source: Source, settings: Settings, endings: Sequence[Ending]) -> Restored:
    """Make the database of `settings` from a backup. Raises `SourceError` where there is something already."""
    if (settings.index / "CURRENT").exists():
        raise SourceError(f"There is a search index at {settings.index}: restore into an empty PORTAL_STATE.")
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return _restore_file(source, Path(url.database or ""), endings)
    with opened(settings.database_url) as engine:
        return _fill(engine, source, endings)


def _restore_file(source: Source, database: Path, endings: Sequence[Ending]) -> Restored:
    if database.exists():
        raise SourceError(f"There is a database at {database}: restore into an empty PORTAL_STATE.")
    draft = database.with_name(f".{database.name}.restoring")
    _clear(draft)
    engine = open_engine(f"sqlite:///{draft}")
    try:
        done = _fill(engine, source, endings)
        engine.dispose()
        _tidy(draft)
        sync(draft)
        draft.rename(database)
        sync(database.parent)
    finally:
        engine.dispose()
        _clear(draft)
    return done


def _tidy(draft: Path) -> None:
    """Leave nothing of what was deleted again in the file's unused pages, and nothing of the file in its log."""
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _clear(draft: Path) -> None:
    for left in (draft, *(draft.with_name(f"{draft.name}{end}") for end in ("-wal", "-shm"))):
        left.unlink(missing_ok=True)


def _fill(engine: Engine, source: Source, endings: Sequence[Ending]) -> Restored:
    with engine.execution_options(writes=True).connect() as connection, connection.begin():
        if inspect(connection).get_table_names():
            raise SourceError("The database is not empty: restore into one without a table.")
        schema.upgrade_within(connection)
        for table in reversed(kept_tables()):
            connection.execute(delete(table))  # what migrations put there
        rows = sum(_fill_table(connection, source, table.name) for table in kept_tables())
        return Restored(rows, _purge(connection, source, endings))


def _fill_table(connection: Connection, source: Source, name: str) -> int:
    table, part = next(one for one in kept_tables() if one.name == name), source.manifest.parts.get(name)
    if part is None:
        raise SourceError(f"{source.place} is not whole: it has no part {name}.")
    rows = insert_lines(connection, table, folder.read_part(source.place, name))
    if rows != part.rows:
        raise SourceError(f"{source.place} is damaged: {name} should have {part.rows} rows and has {rows}.")
    go_on_from(connection, table, part.last_number)
    return rows


def _purge(connection: Connection, source: Source, endings: Sequence[Ending]) -> int:
    with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
        purged = purges.apply(session, source.purged.entries) if source.purged else 0
        for end in endings:
            end(session)
        session.commit()
    return purged
