"""Files that this process has read whole and found right, so that what did not change is neither read nor opened again.

A generation links the base of the one before. Its file is the same file: what was checked once is known by its number on the disk, its
size and the time of its last change; and its arrays are shared by all generations that are open.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from threading import Lock
from typing import Final
from weakref import WeakValueDictionary

from portal.search.arrays.model import Part

STILL_NS: Final = 2_000_000_000  # only what has lain still for so long is remembered: clocks of file systems are coarse
MOST_REMEMBERED: Final = 200

_digests: Final[dict[tuple[int, ...], str]] = {}
_parts: Final[WeakValueDictionary[str, Part]] = WeakValueDictionary()
_opening: Final = Lock()


def digest_of(file: Path) -> str:
    """The SHA-256 of a file, as it is or as it was when this file was read last. Raises `OSError`."""
    state = file.stat()
    key = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)
    if known := _digests.get(key):
        return known
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    if time.time_ns() - state.st_mtime_ns > STILL_NS:
        if len(_digests) >= MOST_REMEMBERED:
            _digests.clear()
        _digests[key] = digest
    return digest


def part_of(file: Path) -> Part:
    """The arrays of a file, shared by all who have it open. Raises whatever damage raises."""
    digest = digest_of(file)
    with _opening:
        part = _parts.get(digest)
        if part is None:
            part = _parts[digest] = Part.read(file)
        return part
