"""Many short texts as arrays: texts in; any of them by number out, the number of any, and which begin alike."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final
from zlib import crc32

import numpy as np

from portal.search.arrays.files import Array

AFTER_ALL: Final = b"\xff"  # comes after whatever UTF-8 has there
NOTHING: Final = -1
ROOM: Final = 2  # slots for each text, so that most are found where they are looked for first


def joined(name: str, texts: Iterable[bytes]) -> dict[str, Array]:
    """Texts as arrays `<name>.bytes` and `<name>.ends`."""
    held = list(texts)
    ends = np.fromiter(accumulate(map(len, held), initial=0), dtype=np.int64, count=len(held) + 1)
    return {f"{name}.bytes": np.frombuffer(b"".join(held), dtype=np.uint8), f"{name}.ends": ends}


class Blobs:
    """Bytes by number, out of the arrays that `joined` made."""

    def __init__(self, name: str, arrays: Mapping[str, Array]) -> None:
        self._bytes = arrays[f"{name}.bytes"].data
        self._ends = arrays[f"{name}.ends"].data  # gives Python's numbers, in a third of the time of numpy's

    def __len__(self) -> int:
        """How many there are."""
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> bytes:
        """The bytes of a number."""
        return bytes(self._bytes[self._ends[number] : self._ends[number + 1]])


class Texts:
    """Texts in the order of their letters' numbers, as Python and UTF-8 both sort them."""

    def __init__(self, name: str, arrays: Mapping[str, Array]) -> None:
        self._blobs = Blobs(name, arrays)
        self._slots = arrays[f"{name}.slots"].data
        self._mask = len(self._slots) - 1

    def __len__(self) -> int:
        """How many there are."""
        return len(self._blobs)

    def __getitem__(self, number: int) -> str:
        """The text of a number."""
        return self._blobs[number].decode("utf-8")

    def __iter__(self) -> Iterator[str]:
        """All of them, in order."""
        return map(self.__getitem__, range(len(self)))

    def find(self, text: str) -> int | None:
        """The number of a text; None where it is none of them."""
        wanted = text.encode("utf-8")
        slot = crc32(wanted) & self._mask
        while (number := self._slots[slot]) != NOTHING:
            if self._blobs[number] == wanted:
                return number
            slot = (slot + 1) & self._mask
        return None

    def beginning_with(self, text: str) -> range:
        """The numbers of the texts that begin so."""
        first = text.encode("utf-8")
        return range(bisect_left(self._blobs, first), bisect_left(self._blobs, first + AFTER_ALL))


def sorted_texts(name: str, texts: Iterable[str]) -> dict[str, Array]:
    """Texts, which come sorted, as arrays that `Texts` opens."""
    held = [text.encode("utf-8") for text in texts]
    return {**joined(name, held), f"{name}.slots": _slots(held)}


def _slots(texts: Sequence[bytes]) -> Array:
    """Where each text is looked for: by its checksum, or in the next slot that is free."""
    mask = (1 << (ROOM * len(texts)).bit_length()) - 1
    slots = [NOTHING] * (mask + 1)
    for number, text in enumerate(texts):
        slot = crc32(text) & mask
        while slots[slot] != NOTHING:
            slot = (slot + 1) & mask
        slots[slot] = number
    return np.array(slots, dtype=np.int32)
