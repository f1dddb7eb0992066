"""What changed in a load, as history lines: one for each organization, place, service and term, with its own fields and its parts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.directory.openreferral.comparing import Difference, Record, as_record
from portal.directory.openreferral.whole import Whole
from portal.history import Act, Line, record_many

Root = tuple[str, uuid.UUID]
Changes = dict[Root, dict[str, list[Any]]]  # root → {field: [before, after]}

_ROOTS: Final = ("service", "organization", "location", "taxonomy_term")
_UPWARD: Final = ("service_id", "service_at_location_id", "contact_id", "phone_id", "location_id", "organization_id")


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
        if table in _ROOTS:
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


def changes_of(differences: Sequence[Difference], roots: Roots, changes: Changes) -> Changes:
    """`changes` (what is known already) with those of every record that is written; a new record has none to tell of."""
    new = {(each.table, record["id"]) for each in differences if each.table in _ROOTS for record in each.inserted}
    found: Changes = {root: {} for root in new} | {root: change for root, change in changes.items() if root not in new}
    for difference in differences:
        if difference.table in _ROOTS:
            for before, after in difference.updated:
                found.setdefault((difference.table, after["id"]), {}).update(_fields(before, after))
        else:
            for root, was, now in _old_parts(difference, roots, new):
                parts = found.setdefault(root, {}).setdefault(difference.table, [[], []])
                parts[0] += [_summary(was)] if was else []
                parts[1] += [_summary(now)] if now else []
    return found


def remember(session: Session, changes: Changes, acted_by: str) -> None:
    """Add a history line for each root; one without changes is new. Never commits."""
    record_many(
        session,
        (
            Line(root, Act("updated" if change else "loaded", acted_by), change)
            for root, change in sorted(changes.items(), key=lambda item: item[0])
            if root[0] in _ROOTS
        ),
    )


def _fields(before: Record, after: Record) -> dict[str, list[Any]]:
    return {name: [_plain(before[name]), _plain(after[name])] for name in after if before[name] != after[name]}


def _old_parts(difference: Difference, roots: Roots, new: set[Root]) -> Iterator[tuple[Root, Record | None, Record | None]]:
    """(root, before, after) of each part of a record that was there already: a new record says nothing of before."""
    pairs: list[tuple[Record | None, Record | None]] = [*((None, record) for record in difference.inserted)]
    pairs += [*difference.updated, *((record, None) for record in difference.deleted)]
    for before, after in pairs:
        root = roots.find(difference.table, after or before or {})
        if root and root not in new:
            yield root, before, after


def _summary(record: Record) -> dict[str, Any]:
    return {
        name: _plain(value) for name, value in record.items() if value not in (None, "", []) and name != "id" and not name.endswith("_id")
    }


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime | time) else value
