"""Generations of the index on disk: listings in, a folder out that is whole or not there; and one opened for reading.

A generation is a folder with the Whoosh index, the columns and a manifest of checksums. It is written under a name of its
own, synced, and named in `CURRENT` by an atomic rename; nothing in it changes afterwards. Whoosh itself syncs nothing and
its files carry no checksums, so a folder whose manifest does not fit is never opened.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from whoosh import fields, index
from whoosh.analysis import Token, Tokenizer
from whoosh.reading import TermNotFound

from portal.directory.listing import Listing
from portal.errors import IndexUnavailable
from portal.search.columns import Array, Columns, build_columns
from portal.search.areas import Extents
from portal.search.stemming import stem
from portal.taxonomy.terms import Taxonomy
from portal.taxonomy.words import words

LAYOUT: Final = 1  # raise it when what is written changes: older generations are then rebuilt
CURRENT: Final = "CURRENT"
MANIFEST: Final = "manifest.json"
KEPT_GENERATIONS: Final = 2
REMEMBERED_POSTINGS: Final = 2_000
STEMMED: Final = ("name", "organization", "body")


class FoldedWords(Tokenizer):  # type: ignore[misc]  # Whoosh is not typed
    """Whoosh's view of `taxonomy.words`: folded words, or their stems."""

    def __init__(self, stemmed: bool) -> None:
        self.stemmed = stemmed

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **options: Any) -> Iterable[Any]:
        """Tokens of `value`, as Whoosh asks for them."""
        token = Token(positions, chars, **{name: options[name] for name in ("mode", "removestops") if name in options})
        for position, word in enumerate(words(value)):
            token.text = stem(word) if self.stemmed else word
            token.boost, token.stopped, token.pos = 1.0, False, position
            yield token


def _schema() -> Any:
    stems, whole = FoldedWords(stemmed=True), FoldedWords(stemmed=False)
    text = {name: fields.TEXT(analyzer=stems, phrase=False) for name in STEMMED}
    return fields.Schema(id=fields.ID(unique=True, stored=True), card=fields.STORED, exact=fields.TEXT(analyzer=whole, phrase=False), **text)


@dataclass(frozen=True)
class Origin:
    """What a generation is made with; one made with something else is rebuilt."""

    taxonomy: Taxonomy
    extents: Extents

    @property
    def fingerprint(self) -> str:
        """Changes whenever rows of the columns would mean something else."""
        meaning = (LAYOUT, sorted(self.extents.borough_names), list(self.taxonomy.needs), list(self.taxonomy.access), self.extents.localities)
        return hashlib.sha256(repr(meaning).encode()).hexdigest()[:16]


class Generation:
    """One generation, open for reading and checked. Postings are read once and remembered; safe between threads."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        self.folder = folder
        self.built_at = float(manifest["built_at"])
        self.columns = Columns.load(folder / "columns.npz")
        self.size = len(self.columns.live)
        self._index = index.open_dir(str(folder))
        self._searcher = self._index.searcher()
        self._reading = threading.Lock()  # Whoosh's readers keep a position
        self.postings: Callable[[str, str], tuple[Array, Array]] = lru_cache(maxsize=REMEMBERED_POSTINGS)(self._postings)

    def _postings(self, field: str, text: str) -> tuple[Array, Array]:
        """Rows that hold `text` in `field`, and their BM25F scores; empty where none does."""
        with self._reading:
            try:
                matcher = self._searcher.postings(field, text)
            except TermNotFound:
                return np.zeros(0, dtype=np.int64), np.zeros(0)
            rows, scores = [], []
            while matcher.is_active():
                rows.append(matcher.id())
                scores.append(matcher.score())
                matcher.next()
        return np.array(rows, dtype=np.int64), np.array(scores)

    def word_counts(self) -> dict[str, int]:
        """Every word that listings hold → in how many listings."""
        with self._reading:
            reader = self._searcher.reader()
            return {text.decode("utf-8"): reader.doc_frequency("exact", text) for text in reader.lexicon("exact")}

    def listing(self, row: int) -> Listing:
        """The listing of a row, as it was when the generation was built."""
        with self._reading:
            card = self._searcher.stored_fields(row)["card"]
        return msgspec.json.decode(card, type=Listing)

    def row_ids(self, rows: Array) -> list[uuid.UUID]:
        """Service ids of rows."""
        return [uuid.UUID(bytes=self.columns.ids[row].tobytes()) for row in rows]

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()
        self._index.close()


def current_name(folder: Path) -> str:
    """The name in `CURRENT`. Raises `IndexUnavailable` when there is none."""
    try:
        return (folder / CURRENT).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnavailable(f"no index at {folder}: {error}") from error


def open_generation(folder: Path, name: str, origin: Origin) -> Generation:
    """Open a generation after checking every file. Raises `IndexUnavailable` whatever is wrong with it."""
    place = folder / Path(name).name
    try:
        manifest = json.loads((place / MANIFEST).read_text("utf-8"))
        damaged = [file for file, digest in manifest["files"].items() if _digest(place / file) != digest]
        if damaged or manifest["made_with"] != origin.fingerprint:
            raise IndexUnavailable(f"{place}: {'damaged: ' + ', '.join(damaged) if damaged else 'made with other content'}")
        return Generation(place, manifest)
    except IndexUnavailable:
        raise
    except Exception as error:  # damage raises seven kinds of exception and more: any means that it cannot be used
        raise IndexUnavailable(f"{place}: {error!r}") from error


def write_generation(folder: Path, origin: Origin, listings: Iterable[Listing], base: Path | None = None, gone: Iterable[uuid.UUID] = ()) -> str:
    """Write the next generation and make it current: `listings` alone, or put into `base` in place of themselves and `gone`.

    Returns its name. Anything that goes wrong leaves the present generation current. The caller holds the lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns():x}"
    place = folder / f".{name}"
    place.mkdir()
    try:
        _write_whoosh(place, listings, base, gone)
        _write_columns(place, origin)
        _seal(place, origin)
        place.rename(folder / name)
        _sync(folder)
        _point(folder, name)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    _prune(folder, name)
    return name


def _write_whoosh(place: Path, listings: Iterable[Listing], base: Path | None, gone: Iterable[uuid.UUID]) -> None:
    if base is not None:
        for file in base.iterdir():
            if file.name not in (MANIFEST, "columns.npz"):
                os.link(file, place / file.name)  # Whoosh replaces files and never writes into one, so a link is a copy
    made = index.open_dir(str(place)) if base is not None else index.create_in(str(place), _schema())
    writer = made.writer(limitmb=256)
    try:
        for service_id in gone:
            writer.delete_by_term("id", service_id.hex)
        for listing in listings:
            if base is not None:
                writer.delete_by_term("id", listing.id.hex)
            writer.add_document(**_document(listing))
        writer.commit(optimize=base is None)
    except BaseException:
        writer.cancel()  # else its lock stays
        raise
    made.close()


def _document(listing: Listing) -> dict[str, Any]:
    whole = "\n".join((listing.name, listing.organization, listing.words))
    return {
        "id": listing.id.hex,
        "card": msgspec.json.encode(replace(listing, words="")),
        "name": listing.name,
        "organization": listing.organization,
        "body": listing.words,
        "exact": whole,
    }


def _write_columns(place: Path, origin: Origin) -> None:
    opened = index.open_dir(str(place))
    with opened.reader() as reader:
        rows = ((row, msgspec.json.decode(stored["card"], type=Listing)) for row, stored in reader.iter_docs())
        columns = build_columns(rows, reader.doc_count_all(), origin.taxonomy, origin.extents)
    opened.close()
    columns.save(place / "columns.npz")


def _seal(place: Path, origin: Origin) -> None:
    files = sorted(file for file in place.iterdir() if file.name != MANIFEST and not file.name.endswith("WRITELOCK"))
    manifest = {"made_with": origin.fingerprint, "built_at": time.time(), "files": {file.name: _digest(file) for file in files}}
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
    generations = sorted((entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")), key=lambda entry: entry.name)
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
