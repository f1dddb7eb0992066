"""A backup on disk: a folder of parts and a manifest with their checksums, written under a hidden name, synced, then named.

The manifest carries a code that only the site's secret makes: a part or a manifest that is not as it was written is refused, and so
is a backup of another site. The secret itself is in no backup.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import hmac
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from portal import clock
from portal.disk import sync
from portal.errors import SourceError
from portal.sealing import key_of_site

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
NAME: Final = re.compile(r"\d{8}T\d{6}Z-\w+")
PURPOSE: Final = "backup"
ALL_FOR: Final = timedelta(days=1)  # of older backups the last of each day stays
DAYS_FOR: Final = timedelta(days=35)


@dataclass(frozen=True)
class Part:
    """The rows of one table: how many, the checksum of the file, and the last number that the table's counter gave."""

    rows: int
    sha256: str
    last_number: int = 0


@dataclass(frozen=True)
class Manifest:
    """What a backup is. `secret` is a mark of the site's secret, from which it cannot be found; `code` is over all the rest."""

    format: int
    taken_at: datetime
    revision: str
    secret: str
    parts: Mapping[str, Part]
    code: str = field(default="", repr=False)

    def signed(self, secret: str) -> Manifest:
        """As it is, with the code of the site's secret."""
        written = msgspec.json.encode(replace(self, code=""), order="sorted")
        return replace(self, code=hmac.new(key_of_site(secret, PURPOSE).secret, written, hashlib.sha256).hexdigest())


def mark_of(secret: str) -> str:
    """A mark of the site's secret: whether two are the same, and nothing else."""
    return key_of_site(secret, PURPOSE).id


def write_part(place: Path, name: str, lines: Iterable[bytes], last_number: int) -> Part:
    """Write and sync one part."""
    rows, path = 0, part_path(place, name)
    with path.open("xb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
        for line in lines:
            packed.write(line)
            rows += 1
    sync(path)
    return Part(rows, _digest(path), last_number)


def read_part(place: Path, name: str) -> Iterator[bytes]:
    """Its lines."""
    with gzip.open(part_path(place, name), "rb") as packed:
        yield from packed


def part_path(place: Path, name: str) -> Path:
    """Where a part is."""
    return place / f"{name}.jsonl.gz"


def write_manifest(place: Path, manifest: Manifest) -> None:
    """Write and sync it."""
    (place / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    sync(place / MANIFEST)
    sync(place)


def read_manifest(place: Path, secret: str) -> Manifest:
    """The manifest of a whole backup of this site, with every part checked. Raises `SourceError`, saying what is wrong."""
    try:
        manifest = msgspec.json.decode((place / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise SourceError(f"{place} is no backup: its {MANIFEST} cannot be read.") from error
    if manifest.format != FORMAT:
        raise SourceError(f"{place} was written by another version of the portal (format {manifest.format}, here {FORMAT}).")
    if manifest.secret != mark_of(secret):
        raise SourceError(
            "PORTAL_SECRET_KEY is not the one that this backup was made with: what is sealed in it could not be read. "
            "Set the site's own secret and try again."
        )
    if not hmac.compare_digest(manifest.signed(secret).code, manifest.code):
        raise SourceError(f"{place} is damaged: its {MANIFEST} is not as it was written.")
    for name, part in manifest.parts.items():
        _check(place, name, part)
    return manifest


def _check(place: Path, name: str, part: Part) -> None:
    try:
        digest = _digest(part_path(place, name))
    except OSError as error:
        raise SourceError(f"{place} is not whole: the part {name} cannot be read.") from error
    if digest != part.sha256:
        raise SourceError(f"{place} is damaged: the part {name} is not as it was written. Take another backup.")


@contextmanager
def new_folder(backups: Path, moment: datetime) -> Iterator[Path]:
    """A hidden folder in `backups`, which gets its name when the context ends well and goes when it does not. One at a time."""
    with locked(backups):
        for left in backups.glob(".*Z-*"):
            shutil.rmtree(left, ignore_errors=True)  # of one that was killed
        name = f"{moment:%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"
        place = backups / f".{name}"
        place.mkdir(mode=0o700)
        try:
            yield place
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        place.rename(backups / name)
        sync(backups)


@contextmanager
def locked(backups: Path) -> Iterator[None]:
    """`backups` for one process, while the context lasts; others wait."""
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (backups / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def list_backups(backups: Path) -> list[Path]:
    """Backups in a folder, the oldest first; none where there is no such folder."""
    return sorted(entry for entry in backups.glob("*Z-*") if entry.is_dir() and NAME.fullmatch(entry.name))


def taken_at(place: Path) -> datetime:
    """When a backup was made, as its name says."""
    return datetime.strptime(f"{place.name[:15]}+0000", "%Y%m%dT%H%M%S%z")


def prune(backups: Path) -> int:
    """Delete backups that are older than a day but for the last of each day, and all older than five weeks; how many. Never the newest."""
    now, kept, gone = clock.now(), set[str](), 0
    for place in reversed(list_backups(backups)):
        age, day = now - taken_at(place), place.name[:8]
        stays = not kept or age <= ALL_FOR or (age <= DAYS_FOR and day not in kept)
        kept.add(day)
        if not stays:
            shutil.rmtree(place.rename(place.with_name(f".{place.name}")))  # so that what is half deleted is no backup
            gone += 1
    return gone


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
