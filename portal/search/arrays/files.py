"""Named arrays in one file: arrays in, a file without pickle out, and the arrays again, mapped where the file is large.

A line of JSON says what each array is and where it begins. A file is never written again once it is in its place, so that what is
mapped stays as it was; small files are read, so that only what is worth it depends on that.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
MAPPED_FROM: Final = 4_000_000  # bytes
ALIGNED: Final = 64  # bytes
KINDS: Final = frozenset("biufU")  # what an array may hold: numbers and text, never objects
LENGTH: Final = 16  # bytes that say how long the head is, in digits


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write one file of them. Raises `OSError`."""
    held = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    shapes, at = [], 0
    for name, array in held.items():
        shapes.append([name, array.dtype.str, array.shape, at])
        at = _aligned(at + array.nbytes)
    head = json.dumps(shapes).encode()
    with path.open("wb") as file:
        file.write(f"{len(head):{LENGTH}}".encode() + head)
        for array in held.values():
            file.write(bytes(_aligned(file.tell()) - file.tell()))
            file.write(array.data if array.size else b"")


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of a file, which cannot be written to. Raises `OSError` or `ValueError` for what `write_arrays` did not write."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        held: bytes | mmap.mmap = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size >= MAPPED_FROM else file.read()
    begins = LENGTH + int(held[:LENGTH])
    shapes = json.loads(held[LENGTH:begins])
    return {name: _array(held, kind, shape, _aligned(begins) + at) for name, kind, shape, at in shapes}


def _array(held: bytes | mmap.mmap, kind: str, shape: list[int], at: int) -> Array:
    what = np.dtype(kind)
    if what.kind not in KINDS:
        raise ValueError(f"no array of {kind!r} is taken from a file")
    count = int(np.prod(shape, dtype=np.int64))
    flat: Array = np.frombuffer(held, what, count, at) if count else np.zeros(0, what)
    return flat.reshape(shape)


def _aligned(at: int) -> int:
    return -(-at // ALIGNED) * ALIGNED
