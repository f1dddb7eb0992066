"""A backup taken while the site goes on: a database at one moment in, a checked folder out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from portal import clock, schema
from portal.backup import folder, purges
from portal.backup.folder import Manifest, Part
from portal.backup.rows import last_number, lines_of
from portal.backup.tables import kept_tables, refuse_unknown
from portal.errors import SourceError


@dataclass(frozen=True)
class Taken:
    """Where a backup is, how many rows it has, and how many older ones were deleted."""

    place: Path
    rows: int
    pruned: int


def take(engine: Engine, backups: Path, secret: str) -> Taken:
    """Write a backup and the list of deletions into `backups`. Raises `SourceError` for a database that this version does not know."""
    moment = clock.now()
    with folder.new_folder(backups, moment) as place:
        with at_one_moment(engine) as connection:
            revision = _revision(connection)
            parts = _write_parts(connection, place)
            purges.save(backups, purges.read_from(connection, moment), secret)
        folder.write_manifest(place, Manifest(folder.FORMAT, moment, revision, folder.mark_of(secret), parts).signed(secret))
    with folder.locked(backups):
        pruned = folder.prune(backups)
    return Taken(backups / place.name.removeprefix("."), sum(part.rows for part in parts.values()), pruned)


def take_purges(engine: Engine, backups: Path, secret: str) -> int:
    """Bring only the list of deletions up to this moment; how many there are in the database."""
    moment = clock.now()
    with folder.locked(backups), at_one_moment(engine) as connection:
        found = purges.read_from(connection, moment)
        purges.save(backups, found, secret)
    return len(found.entries)


@contextmanager
def at_one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it was at its first question, whoever writes meanwhile; it keeps nobody waiting."""
    if engine.dialect.name == "sqlite":  # where a reading transaction sees one moment anyway
        with engine.connect() as connection:
            yield connection
    else:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
            yield connection


def _revision(connection: Connection) -> str:
    found, newest = schema.revision_of(connection), schema.newest()
    if found is None or found != newest:
        there = found or "no revision at all"
        raise SourceError(f"The database is at {there}, this version of the portal at {newest}: run `portal database upgrade` first.")
    refuse_unknown(connection)
    return found


def _write_parts(connection: Connection, place: Path) -> dict[str, Part]:
    return {
        table.name: folder.write_part(place, table.name, lines_of(connection, table), last_number(connection, table))
        for table in kept_tables()
    }
