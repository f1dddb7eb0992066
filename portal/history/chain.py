"""How lines are chained: a line and the hash before it in, its own hash out. Pure.

What is written here must never change: a line proves nothing any more when its hash is made in another way.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

START: Final = "0" * 64  # before the first line
FIELDS: Final = ("id", "resource_type", "resource_id", "action", "changes", "acted_by", "reason", "acted_at")


@dataclass(frozen=True)
class Link:
    """A place in the chain: which line, and the hash up to it. Written `POSITION:HASH`."""

    position: int
    chained: str

    def __str__(self) -> str:
        """As `read` reads it."""
        return f"{self.position}:{self.chained}"

    @classmethod
    def read(cls, text: str) -> Link:
        """What `str` wrote. Raises `ValueError` for anything else."""
        position, _, chained = text.strip().partition(":")
        if not (position.isascii() and position.isdecimal() and len(position) <= 18 and len(chained) == 64 and _is_hash(chained)):
            raise ValueError("a place in the chain is written POSITION:HASH")
        return cls(int(position), chained)

    def next(self, line: Mapping[str, Any]) -> Link:
        """The place of `line` (its `FIELDS`, as a database gives them) after this one."""
        written = canonical({"position": self.position + 1, **{name: line[name] for name in FIELDS}})
        return Link(self.position + 1, hashlib.sha256(f"{self.chained}\n{written}".encode()).hexdigest())


def canonical(fields: Mapping[str, Any]) -> str:
    """The one way to write `fields`, whatever the database: JSON of ASCII, keys in order, UUIDs as text, moments in UTC."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_written)


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"a line of history holds no {type(value).__name__}")


def _is_hash(text: str) -> bool:
    return set(text) <= set("0123456789abcdef")
