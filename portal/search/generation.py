"""Generations of the index on disk: listings in, a folder out that is whole or not there; and one opened for reading.

A generation is a folder with the Whoosh index, the columns and a manifest of checksums. It is written under a name of its
own, synced, and named in `CURRENT` by an atomic rename; nothing in it changes afterwards. Whoosh itself syncs nothing and
its files carry no checksums, so a folder whose manifest does not fit is never opened.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from portal import clock
from portal.directory.cursors import BEGINNING, Cursor, from_told
from portal.directory.listing import Listing
from portal.errors import IndexUnavailable
from portal.search import inverted
from portal.search.areas import Extents
from portal.search.carrying import next_columns
from portal.search.columns import Columns, build_columns
from portal.search.inverted import InvertedIndex
from portal.taxonomy.terms import Taxonomy

LAYOUT: Final = 9  # raise it when what is written changes: older generations are then rebuilt
CURRENT: Final = "CURRENT"
MANIFEST: Final = "manifest.json"
COLUMNS: Final = "columns.npz"
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


class Generation:
    """One generation, open for reading and checked.

    `applied` is how far it has read the change rows of the database; it was written at `built_at`, in UTC.
    """

    def __init__(self, folder: Path, applied: Cursor, built_at: datetime) -> None:
        self.folder = folder
        self.applied = applied
        self.built_at = built_at
        self.columns = Columns.load(folder / COLUMNS)
        self.size = len(self.columns.live)
        self.inverted = InvertedIndex(folder)
        self.told_in = self.inverted.told_languages()

    def row_ids(self, rows: Iterable[int]) -> list[uuid.UUID]:
        """Service ids of rows."""
        return [uuid.UUID(bytes=self.columns.ids[row].tobytes()) for row in rows]

    def close(self) -> None:
        """Let go of the files."""
        self.inverted.close()


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
        damaged = [file for file, digest in manifest["files"].items() if Path(file).name != file or _digest(place / file) != digest]
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
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns():x}"
    place = folder / f".{name}"
    place.mkdir()
    try:
        if base is not None:
            _link(base.place, place)
        written = _Written(listings)
        inverted.write(place, written, anew=base is None, gone=base.gone if base else ())
        _write_columns(place, origin, base, written.ids)
        _seal(place, {"made_with": origin.fingerprint, "applied": applied.told(), "built_at": clock.now().timestamp()})
        place.rename(folder / name)
        _sync(folder)
        _point(folder, name)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    _prune(folder, name)
    return name


def _link(base: Path, place: Path) -> None:
    for file in base.iterdir():
        if file.name not in (MANIFEST, COLUMNS):
            os.link(file, place / file.name)  # Whoosh replaces files and never writes into one, so a link is a copy


class _Written:
    """Listings on their way into the index, of which the ids are remembered."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        self._listings = listings
        self.ids: set[uuid.UUID] = set()

    def __iter__(self) -> Iterator[Listing]:
        for listing in self._listings:
            self.ids.add(listing.id)
            yield listing


def _write_columns(place: Path, origin: Origin, base: Base | None, changed: Collection[uuid.UUID]) -> None:
    written = InvertedIndex(place)
    meaning = (origin.taxonomy, origin.extents)
    if base is None:
        columns = build_columns(written.listings(), written.size, *meaning)
    else:
        columns = next_columns(written, Columns.load(base.place / COLUMNS), {*changed, *base.gone}, meaning)
    written.close()
    columns.save(place / COLUMNS)


def _seal(place: Path, facts: Mapping[str, object]) -> None:
    files = sorted(file for file in place.iterdir() if file.name != MANIFEST and not file.name.endswith("WRITELOCK"))
    manifest = {**facts, "files": {file.name: _digest(file) for file in files}}
    (place / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    for file in (*files, place / MANIFEST, place):
        _sync(file)


def _point(folder: Path, name: str) -> None:
    pointer = folder / f".{CURRENT}"
    pointer.write_text(name, "ascii")
    _sync(pointer)
    pointer.replace(folder / CURRENT)
    _sync(folder)


def _prune(folder: Path, current: str) -> None:
    generations = sorted(
        (entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")), key=lambda entry: entry.name
    )
    older = [entry for entry in generations if entry.name < current]
    unfinished = [entry for entry in folder.iterdir() if entry.is_dir() and entry.name.startswith(".")]
    for entry in (*older[: -KEPT_GENERATIONS + 1 or None], *unfinished):
        shutil.rmtree(entry, ignore_errors=True)  # readers that still have it open keep its files until they let go


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
