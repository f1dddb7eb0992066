"""The index follows the database: change rows in, a newer generation out; and the current generation for readers.

The database is the truth; the index can be thrown away. Each machine has an index of its own, which says in its manifest how far it
has read the rows. Writers take the machine's lock without waiting and loop while rows remain; if it is taken they leave, because the
holder looks again after letting go. Replaying a row is harmless.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.db import reading
from portal.directory.cursors import BEGINNING, Cursor, Row, count_unread, is_followed, list_unread, read_on, start_cursor
from portal.directory.listing import Listing
from portal.directory.listings import list_listings
from portal.directory.queries import count_services, find_public, list_service_ids
from portal.errors import IndexUnavailable
from portal.search.arrays.changes import read_changes
from portal.search.evidence import weighed
from portal.search.folding import begin, is_due, make_base_apart, take_up
from portal.search.generation import CHANGES, Base, Generation, Origin, current_cursor, current_name, open_generation, write_generation
from portal.search.laywords import LayWords
from portal.search.understanding import Lexicon

ROWS_AT_ONCE: Final = 500
REBUILD_SHARE: Final = 0.2  # of all listings: beyond it a rebuild costs less than following
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Snapshot:
    """What a search reads: a generation, and the words that are spelt right in it."""

    generation: Generation
    lexicon: Lexicon


class Index:
    """The index in `folder`, made from `engine`. One for each process; safe between threads."""

    def __init__(self, folder: Path, engine: Engine, origin: Origin, laywords: LayWords) -> None:
        self.folder = folder
        self._engine = engine
        self._origin = origin
        self._laywords = laywords
        self._snapshot: tuple[str, Snapshot] | None = None
        self._opening = threading.Lock()
        self._mending = threading.Lock()

    def snapshot(self) -> Snapshot:
        """The current generation, opened when it is new. Raises `IndexUnavailable`, and then rebuilds in the background."""
        try:
            name = current_name(self.folder)
            held = self._snapshot
            if held is None or held[0] != name:
                held = self._open(name)
            return held[1]
        except IndexUnavailable as error:
            log.warning("index unavailable", reason=str(error))
            self.mend()
            raise

    def _open(self, name: str) -> tuple[str, Snapshot]:
        with self._opening:
            if self._snapshot is not None and self._snapshot[0] == name:
                return self._snapshot
            generation = self._open_current()
            name = generation.folder.name
            self._snapshot = (name, Snapshot(generation, Lexicon(generation.inverted.spellings, self._laywords)))
            return self._snapshot  # the one before is closed when its last reader lets go of it

    def _open_current(self) -> Generation:
        """The current generation. Raises `IndexUnavailable` for one that cannot follow this database: it read another, or rows are gone."""
        generation = open_generation(self.folder, current_name(self.folder), self._origin)
        if not self._is_followed(generation.applied):
            raise IndexUnavailable(f"{generation.folder} does not follow this database, or was away for too long")
        return generation

    def _is_followed(self, cursor: Cursor) -> bool:
        try:
            with reading(self._engine) as session:
                return is_followed(session, cursor)
        except SQLAlchemyError:
            return True  # with the database gone, an index that may be older is better than none

    def distrust(self) -> None:
        """Let go of the open generation: reading it failed. The next search opens it anew, if it is still whole."""
        self._snapshot = None
        self.mend()

    def mend(self) -> None:
        """Bring the index in line in the background, once at a time; errors are logged, for search goes on without it."""
        if self._mending.acquire(blocking=False):
            threading.Thread(target=self._mend, name="index-mend", daemon=True).start()

    def _mend(self) -> None:
        try:
            self.follow()
        except Exception:  # damage raises many kinds, and a thread that nobody waits for tells nobody
            log.exception("index not mended")
        finally:
            self._mending.release()

    def rebuild(self) -> int:
        """Write a generation of everything that is public. Returns the number of listings; -1 when another process is at it."""
        with self._lock() as held:
            if not held:
                return -1
            count = self._rebuild()
        self.follow()  # a row written while we held the lock found it taken
        return count

    def follow(self) -> int:
        """Apply change rows that are not read yet, or rebuild where the index cannot be used. Returns how many rows were applied."""
        applied = 0
        while True:
            with self._lock() as held:
                if not held:
                    return applied
                applied += self._catch_up()
            if not self.is_behind():  # after letting go: a row written while we held the lock found it taken
                return applied

    def is_behind(self) -> bool:
        """Whether there is something to follow: a cheap look, every second if need be, that opens no generation."""
        try:
            cursor = current_cursor(self.folder, self._origin)
        except IndexUnavailable:
            return True
        with reading(self._engine) as session:
            return bool(list_unread(session, cursor, 1)) or not is_followed(session, cursor)

    def _catch_up(self) -> int:
        applied = 0
        if not self._is_usable():
            applied = self._count_unread(BEGINNING)
            self._rebuild()
        while rows := self._unread():
            self._apply(rows)
            applied += len(rows)
        return applied

    def _apply(self, rows: Sequence[Row]) -> None:
        changed = {row.service_id for row in rows}
        with reading(self._engine) as session:
            applied = read_on(session, current_cursor(self.folder, self._origin), rows)
            base = self.folder / current_name(self.folder)
            if len(changed.union(read_changes(base / CHANGES).ids)) <= REBUILD_SHARE * count_services(session):
                public = sorted(find_public(session, sorted(changed)))
                listings = self._listings(session, public)
                write_generation(self.folder, self._origin, listings, Base(base, changed - set(public)), applied)
                return
        self._rebuild()

    def _rebuild(self) -> int:
        with reading(self._engine) as session:
            applied = start_cursor(session)
        with reading(self._engine) as session:  # after the rows: what is written meanwhile is read again
            ids = list_service_ids(session)
            name = write_generation(self.folder, self._origin, self._listings(session, ids), applied=applied)
        log.info("index rebuilt", generation=name, listings=len(ids))
        return len(ids)

    def _listings(self, session: Session, ids: Sequence[uuid.UUID]) -> Iterator[Listing]:
        return (weighed(listing, self._laywords) for listing in list_listings(session, self._origin.taxonomy, ids))

    def fold(self) -> bool:
        """Make a new base where much changed since the last. Returns whether there is one; False too when another process is at it.

        Searches and edits go on meanwhile. Raises what `folding` raises; then the base stays as it is, and the next time tries again.
        """
        with self._lock("lock.folding") as held:
            before = self.snapshot().generation if held else None
            if before is None or not is_due(before):
                return False
            with self._lock(waits=True):
                before = self._open_current()
                place = begin(self.folder, before)
            make_base_apart(place)
            with self._lock(waits=True):
                is_taken_up = take_up(place, self._origin, before, current_name(self.folder))
            shutil.rmtree(place, ignore_errors=True)
        self.follow()  # a row written while we held the lock found it taken
        return is_taken_up

    def _unread(self) -> list[Row]:
        cursor = current_cursor(self.folder, self._origin)
        with reading(self._engine) as session:
            return list_unread(session, cursor, ROWS_AT_ONCE)

    def _count_unread(self, cursor: Cursor) -> int:
        with reading(self._engine) as session:
            return count_unread(session, cursor)

    def _is_usable(self) -> bool:
        try:
            self._open_current()
        except IndexUnavailable:
            return False
        return True

    def status(self) -> str:
        """One line for a terminal: generation, listings, rows that wait."""
        with reading(self._engine) as session:
            public = count_services(session)
        try:
            generation = self._open_current()
        except IndexUnavailable as error:
            return f"unusable ({error}); {public} public services"
        listings, waiting = int(generation.columns.live.sum()), self._count_unread(generation.applied)
        return f"generation {generation.folder.name}: {listings} listings of {public} public services, {waiting} changes wait"

    @contextmanager
    def _lock(self, name: str = "lock", *, waits: bool = False) -> Iterator[bool]:
        """Whether we hold a lock: at once, or as soon as it is let go."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            os.close(descriptor)  # and with it the lock, however we leave
