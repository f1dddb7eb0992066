"""Ids: whatever a source calls a thing in, a UUID out that is the same on every load.

A UUID is kept. Anything else becomes a UUID made from the source's name, the table and the id, so that "12" of one source is
never "12" of another.
"""

from __future__ import annotations

import re
import uuid
from typing import Final

NAMESPACE: Final = uuid.UUID("6f3b1a52-5a0b-5c8e-9a51-6d3d2f0a7b10")
PACK: Final = "pack"  # the name under which a content pack's own ids are made, wherever the pack lies
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")


class Identities:
    """The ids of one source; `made` counts those that had to be made."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._made: set[tuple[str, str]] = set()

    @property
    def made(self) -> int:
        """How many different ids were not UUIDs."""
        return len(self._made)

    def find(self, table: str, raw: object) -> uuid.UUID | None:
        """The UUID of what the source calls `raw`; None for what is no id at all."""
        text = _as_text(raw)
        if not text:
            return None
        if _UUID.fullmatch(text):
            return uuid.UUID(text)
        self._made.add((table, text))
        return made_id(self._source, table, text)

    def root(self, table: str) -> uuid.UUID:
        """What the ids of things that come without one are made from."""
        return made_id(self._source, table, "")


def made_id(source: str, table: str, raw: str) -> uuid.UUID:
    """The UUID of `raw` in `table` of `source`."""
    return _uuid5(NAMESPACE, f"{source}\n{table}\n{raw}")


def pack_id(table: str, slug: str) -> uuid.UUID:
    """The UUID of a record of a content pack's directory: `pack_id("service", "eastmoor-befrienders-visits")`."""
    return made_id(PACK, table, slug)


def child_id(parent: uuid.UUID, part: str) -> uuid.UUID:
    """The UUID of a part without an id of its own: `part` is its table and place in the list."""
    return _uuid5(parent, part)


def _uuid5(namespace: uuid.UUID, name: str) -> uuid.UUID:
    return uuid.uuid5(namespace, name.encode("utf-8", "replace").decode("utf-8"))


def _as_text(raw: object) -> str:
    if isinstance(raw, str):
        return raw.strip().removeprefix("urn:uuid:").strip("{}")
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return str(int(raw)) if isinstance(raw, int) or raw.is_integer() else str(raw)
    return ""
