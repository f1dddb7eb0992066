"""What was made once is kept while it is true: a key and a mark of what it was made from in, the value out. Bounded; one process's own.

Who reads a list reads it from its beginning to its end, and then again. When all is full, what came last makes room for what comes:
thrown out by age, nothing would still be there when its turn comes again.
"""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values of at most `most` weight in all."""

    def __init__(self, most: int) -> None:
        self._most, self._weight = most, 0
        self._values: dict[Hashable, tuple[Hashable, Value, int]] = {}
        self._lock = Lock()

    def find(self, key: Hashable, mark: Hashable) -> Value | None:
        """The value, if it was made from what `mark` says."""
        known = self._values.get(key)
        return known[1] if known is not None and known[0] == mark else None

    def keep(self, key: Hashable, mark: Hashable, value: Value, weight: int) -> None:
        """Keep a value in the stead of an earlier one; nothing where it alone weighs too much."""
        with self._lock:
            self._drop(key)
            while self._values and self._weight + weight > self._most:
                self._drop(next(reversed(self._values)))
            if weight <= self._most:
                self._values[key] = (mark, value, weight)
                self._weight += weight

    def _drop(self, key: Hashable) -> None:
        known = self._values.pop(key, None)
        if known is not None:
            self._weight -= known[2]
