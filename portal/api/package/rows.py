"""From records to rows: a record as the interface gives it (JSON, read) in, the rows of every table that it fills out. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from portal.directory.openreferral.tables import LISTS, SINGLES

Record = Mapping[str, Any]
Row = dict[str, str]
SHARED: Final = frozenset({"organization", "location", "taxonomy_term"})  # records that lie in many others, and are one row


class Flattener:
    """Remembers which shared records it has given already, by id, so that each is given once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def rows(self, noun: str, record: Record, owner: tuple[str, str] | None = None) -> Iterator[tuple[str, Row]]:
        """(noun, row) for a record and all that lies in it. `owner` is the column and the id of what it lies in itself."""
        if noun in SHARED:
            if record["id"] in self._given:
                return
            self._given.add(record["id"])
        row = dict([owner]) if owner and noun != "attribute" else {}  # which says itself what it is attached to
        inner: list[tuple[str, tuple[str, str] | None, Record]] = []
        for name, value in record.items():
            if isinstance(value, dict):
                inner.append((SINGLES[name], None, value))
            elif isinstance(value, list):
                inner += [(LISTS[name], (f"{noun}_id", record["id"]), each) for each in value]
            else:
                row[name] = cell(value)
        yield noun, row
        for child, its_owner, each in inner:
            yield from self.rows(child, each, its_owner)


def cell(value: object) -> str:
    """A value as text: numbers as they are, `true` and `false`."""
    return str(value).lower() if isinstance(value, bool) else str(value)
