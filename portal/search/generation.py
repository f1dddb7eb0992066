"""Generations of the index on disk: listings in, a folder out that is whole or not there; and one opened for reading.

A generation is a folder with the Whoosh index, the arrays made of it, what changed since, the columns and a manifest of checksums. It
is written under a name of its own, synced, and named in `CURRENT` by an atomic rename; nothing in it changes afterwards. Whoosh itself
syncs nothing and its files carry no checksums, so a folder whose manifest does not fit is never opened.

The base, which is the Whoosh index and its arrays, is written seldom. A generation that follows links it as it is, and holds the
listings that changed since in a delta of its own; `folding` makes a new base of both.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from portal import clock
from portal.directory.cursors import BEGINNING, Cursor, from_told
from portal.directory.listing import Listing
from portal.disk import sync
from portal.errors import IndexUnavailable
from portal.search import inverted
from portal.search.areas import Extents
from portal.search.arrays.changes import Changes, read_changes
from portal.search.arrays.deriving import arrays_of_index, arrays_of_listings
from portal.search.arrays.files import write_arrays
from portal.search.arrays.model import Part, ReadModel
from portal.search.arrays.opened import digest_of, part_of
from portal.search.arrays.postings import GROUPS
from portal.search.carrying import Rows, are_of, keys, next_columns
from portal.search.columns import Columns, build_columns
from portal.search.inverted import InvertedIndex
from portal.taxonomy.terms import Taxonomy

Known = Mapping[str, str]  # file name → checksum
LAYOUT: Final = 12  # raise it when what is written changes: older generations are then rebuilt
CURRENT: Final = "CURRENT"
MANIFEST: Final = "manifest.json"
COLUMNS: Final = "columns.arrays"
BASE: Final = "base.arrays"
DELTA: Final = "delta.arrays"
CHANGES: Final = "changes.json"
OWN: Final = frozenset({MANIFEST, COLUMNS, DELTA, CHANGES})  # files that each generation has of its own: all others are of its base
KEPT_GENERATIONS: Final = 2
NAME: Final = re.compile(r"[0-9a-f]+")


@dataclass(frozen=True)
class Origin:
    """What a generation is made with; one made with something else is rebuilt."""

    taxonomy: Taxonomy
    extents: Extents

    @property
    def fingerprint(self) -> str:
        """Changes whenever rows of the columns would mean something else."""
        meaning = (
            LAYOUT,
            {name: dict(fields) for name, fields in GROUPS.items()},
            self.extents.mark,
            list(self.taxonomy.needs),
            list(self.taxonomy.access),
            self.extents.localities,
        )
        return hashlib.sha256(repr(meaning).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Base:
    """What the next generation is made from: the folder `place` without the services `gone`."""

    place: Path
    gone: Collection[uuid.UUID] = ()


@dataclass(frozen=True)
class Before:
    """Columns of the generation before, and the services that are not in them as they are now."""

    columns: Columns
    changed: Collection[uuid.UUID] = ()


class Generation:
    """One generation, open for reading and checked.

    `applied` is how far it has read the change rows of the database; it was written at `built_at`, in UTC. It has `size` rows, of which
    `count` are listings; the others are of listings that changed or went.
    """

    def __init__(self, folder: Path, applied: Cursor, built_at: datetime) -> None:
        self.folder = folder
        self.applied = applied
        self.built_at = built_at
        self.columns = Columns.load(folder / COLUMNS)
        self.changes = read_changes(folder / CHANGES)
        self.base = part_of(folder / BASE)
        self.inverted = ReadModel(self.base, Part.read(folder / DELTA), self.columns.live)
        self.size = self.inverted.size
        self.count = int(self.columns.live.sum())
        self.told_in = self.inverted.told_in

    def row_ids(self, rows: Iterable[int]) -> list[uuid.UUID]:
        """Service ids of rows."""
        return [uuid.UUID(bytes=self.columns.ids[row].tobytes()) for row in rows]


def current_name(folder: Path) -> str:
    """The name in `CURRENT`. Raises `IndexUnavailable` when there is none."""
    try:
        return (folder / CURRENT).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnavailable(f"no index at {folder}: {error}") from error


def open_generation(folder: Path, name: str, origin: Origin) -> Generation:
    """Open a generation after checking every file. Raises `IndexUnavailable` whatever is wrong with it."""
    place = folder / name
    try:
        if not NAME.fullmatch(name):
            raise IndexUnavailable(f"{name!r} is no generation's name")
        manifest = json.loads((place / MANIFEST).read_text("utf-8"))
        damaged = [file for file, digest in manifest["files"].items() if Path(file).name != file or digest_of(place / file) != digest]
        if damaged or manifest["made_with"] != origin.fingerprint:
            raise IndexUnavailable(f"{place}: {'damaged: ' + ', '.join(damaged) if damaged else 'made with other content'}")
        return Generation(place, from_told(manifest["applied"]), datetime.fromtimestamp(manifest["built_at"], UTC))
    except IndexUnavailable:
        raise
    except Exception as error:  # damage raises seven kinds of exception and more: any means that it cannot be used
        raise IndexUnavailable(f"{place}: {error!r}") from error


def current_cursor(folder: Path, origin: Origin) -> Cursor:
    """How far the current generation has read the change rows, from its manifest alone. Raises `IndexUnavailable`."""
    place = folder / current_name(folder)
    try:
        manifest = json.loads((place / MANIFEST).read_text("utf-8"))
        if manifest["made_with"] != origin.fingerprint:
            raise IndexUnavailable(f"{place}: made with other content")
        return from_told(manifest["applied"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnavailable(f"{place}: {error!r}") from error


def write_generation(
    folder: Path, origin: Origin, listings: Iterable[Listing], base: Base | None = None, applied: Cursor = BEGINNING
) -> str:
    """Write the next generation and make it current: `listings` alone, or put into `base` in place of themselves.

    `applied` is how far it has then read the change rows of the database. Returns its name.
    Anything that goes wrong leaves the present generation current. The caller holds the lock.
    """

    def fill(place: Path, name: str) -> Known:
        if base is None:
            inverted.write(place, listings, anew=True)
            write_base_arrays(place)
            write_delta(place, origin, Changes())
            return {}
        written = tuple(listings)
        changed = {*base.gone, *(listing.id for listing in written)}
        known = link_base(base.place, place)
        before = Before(Columns.load(base.place / COLUMNS), changed)
        write_delta(place, origin, read_changes(base.place / CHANGES).followed_by(written, base.gone, name), before)
        return known

    return next_generation(folder, origin, fill, applied)


def next_generation(folder: Path, origin: Origin, fill: Callable[[Path, str], Known], applied: Cursor) -> str:
    """Let `fill` put everything into a new folder, given its place and name, and make that current. It says which checksums are known.

    Returns the name. The caller holds the lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns():x}"
    place = folder / f".{name}"
    place.mkdir()
    try:
        known = fill(place, name)
        _seal(place, known, {"made_with": origin.fingerprint, "applied": applied.told(), "built_at": clock.now().timestamp()})
        place.rename(folder / name)
        sync(folder)
        _point(folder, name)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    _prune(folder, name)
    return name


def write_base_arrays(place: Path) -> None:
    """Derive the arrays of the Whoosh index in `place`."""
    written = InvertedIndex(place)
    write_arrays(place / BASE, arrays_of_index(written))
    written.close()


def write_delta(place: Path, origin: Origin, changes: Changes, before: Before | None = None) -> None:
    """Put all that changed since the base in `place` beside it, and the columns of both."""
    base = part_of(place / BASE)
    arrays = arrays_of_listings(changes.listings, base.postings)
    delta = Part(arrays)
    live = np.concatenate([base.ids.any(axis=1) & ~are_of(keys(base.ids), changes.ids), np.ones(delta.size, dtype=bool)])
    model, meaning = ReadModel(base, delta, live), (origin.taxonomy, origin.extents)
    if before is None:
        columns = build_columns(model.listings(), model.size, *meaning)
    else:
        columns = next_columns(Rows(np.concatenate([base.ids, delta.ids]), live, model.listing), before.columns, before.changed, meaning)
    write_arrays(place / DELTA, arrays)
    changes.save(place / CHANGES)
    columns.save(place / COLUMNS)


def link_base(base: Path, place: Path) -> Known:
    """Give `place` the base that a generation has: nobody ever writes into its files, so that a link is a copy. Returns its checksums."""
    files = json.loads((base / MANIFEST).read_text("utf-8"))["files"]
    known = {name: digest for name, digest in files.items() if name not in OWN}
    for name in known:
        os.link(base / name, place / name)
    return known


def _seal(place: Path, known: Known, facts: Mapping[str, object]) -> None:
    files = sorted(file for file in place.iterdir() if file.name != MANIFEST and not file.name.endswith("WRITELOCK"))
    manifest = {**facts, "files": {file.name: known.get(file.name) or digest_of(file) for file in files}}
    (place / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    for file in (*files, place / MANIFEST, place):
        sync(file)


def _point(folder: Path, name: str) -> None:
    pointer = folder / f".{CURRENT}"
    pointer.write_text(name, "ascii")
    sync(pointer)
    pointer.replace(folder / CURRENT)
    sync(folder)


def _prune(folder: Path, current: str) -> None:
    generations = sorted(
        (entry for entry in folder.iterdir() if entry.is_dir() and NAME.fullmatch(entry.name)), key=lambda entry: entry.name
    )
    older = [entry for entry in generations if entry.name < current]
    unfinished = [entry for entry in folder.iterdir() if entry.is_dir() and entry.name.startswith(".")]
    for entry in (*older[: -KEPT_GENERATIONS + 1 or None], *unfinished):
        shutil.rmtree(entry, ignore_errors=True)  # readers that still have it open keep its files until they let go
