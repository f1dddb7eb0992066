"""What changed in a load, as history lines: one for each organization, place and service, with its own fields and its parts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal import clock
from portal.directory.openreferral.comparing import Difference, Record, as_record, in_batches
from portal.directory.openreferral.whole import Whole
from portal.history import HistoryLine

Root = tuple[str, uuid.UUID]

_ROOTS: Final = ("service", "organization", "location")
_UPWARD: Final = ("service_id", "service_at_location_id", "contact_id", "phone_id", "location_id", "organization_id")
_AT_ONCE: Final = 2_000


class Roots:
    """Finds the organization, place, service or term that a record belongs to."""

    def __init__(self, differences: Iterable[Difference], whole: Whole) -> None:
        self._whole = whole
        self._gone = {(difference.table, record["id"]): record for difference in differences for record in difference.deleted}

    def of(self, differences: Iterable[Difference]) -> set[Root]:
        """The roots of everything that is written."""
        return {root for difference in differences for record in difference.touched() if (root := self.find(difference.table, record))}

    def find(self, table: str, record: Record) -> Root | None:
        """The root of one record; None for a vocabulary."""
        if table in (*_ROOTS, "taxonomy_term"):
            return table, record["id"]
        if table == "attribute":
            return self._above(record["link_entity"], record["link_id"])
        for column in _UPWARD:
            if record.get(column) is not None:
                return self._above(column.removesuffix("_id"), record[column])
        return None

    def _above(self, table: str, key: uuid.UUID) -> Root | None:
        if table in _ROOTS:
            return table, key
        if (row := self._whole.rows.get(table, {}).get(key)) is not None:
            return self.find(table, as_record(row))
        record = self._gone.get((table, key))
        return self.find(table, record) if record else None


def remember(session: Session, differences: Iterable[Difference], roots: Roots, acted_by: str) -> None:
    """Add the history lines of everything that is written. Never commits."""
    new: set[Root] = set()
    changes: dict[Root, dict[str, list[Any]]] = {}
    for difference in differences:
        if difference.table in _ROOTS:
            new |= {(difference.table, record["id"]) for record in difference.inserted}
            for before, after in difference.updated:
                changes.setdefault((difference.table, after["id"]), {}).update(_fields(before, after))
        else:
            _add_parts(changes, difference, roots)
    moment = clock.now()
    lines = [
        {"resource_type": table, "resource_id": key, "action": "loaded" if (table, key) in new else "updated",
         "changes": {} if (table, key) in new else changes.get((table, key), {}), "acted_by": acted_by, "reason": "", "acted_at": moment}
        for table, key in sorted(new | changes.keys())
        if table in _ROOTS
    ]  # fmt: skip
    for some in in_batches(lines, _AT_ONCE):
        session.execute(insert(HistoryLine), list(some))


def _fields(before: Record, after: Record) -> dict[str, list[Any]]:
    return {name: [_plain(before[name]), _plain(after[name])] for name in after if before[name] != after[name]}


def _add_parts(changes: dict[Root, dict[str, list[Any]]], difference: Difference, roots: Roots) -> None:
    for before, after in _pairs(difference):
        root = roots.find(difference.table, after or before or {})
        if root:
            parts = changes.setdefault(root, {}).setdefault(difference.table, [[], []])
            parts[0] += [_summary(before)] if before else []
            parts[1] += [_summary(after)] if after else []


def _pairs(difference: Difference) -> Iterator[tuple[Record | None, Record | None]]:
    yield from ((None, record) for record in difference.inserted)
    yield from difference.updated
    yield from ((record, None) for record in difference.deleted)


def _summary(record: Record) -> dict[str, Any]:
    return {
        name: _plain(value) for name, value in record.items() if value not in (None, "", []) and name != "id" and not name.endswith("_id")
    }


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime | time) else value
