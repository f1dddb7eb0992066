"""Whether what a row refers to is there: among the rows that are loaded, or in the database."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable

from portal.directory.openreferral.rows import Action, Row
from portal.directory.openreferral.tables import TABLES, parents_of, points_to
from portal.directory.openreferral.whole import Stored, Whole


def check_parents(whole: Whole, stored: Stored) -> None:
    """Refuse rows whose parent is missing; drop references that a row can be without."""
    for table in TABLES:
        parents = parents_of(table)
        known = {column: _known(whole, table, column, stored) for needs in parents.values() for column in needs}
        for row in list(whole.rows[table].values()):
            _drop_lost(whole, row, known)
            is_lost = any(column not in row.values for column in parents["must"])
            if is_lost or (parents["one of"] and not any(column in row.values for column in parents["one of"])):
                del whole.rows[table][row.id]
                whole.say(row, "", Action.REFUSED, f"What this {_spoken(table)} belongs to is not there, so it was left out.")


def _drop_lost(whole: Whole, row: Row, known: dict[str, set[object]]) -> None:
    optional = parents_of(row.table)["may"]
    for column in [column for column in known if column in row.values and row.values[column] not in known[column]]:
        missing = row.values.pop(column)
        if column in optional:
            whole.say(row, column, Action.NOTED, f"The {_spoken(points_to(column))} that this refers to is not there.", before=missing)


def _known(whole: Whole, table: str, column: str, stored: Stored) -> set[object]:
    target = points_to(column)
    here = whole.rows[target]
    wanted = (row.values.get(column) for row in whole.rows[table].values())
    absent = {key for key in wanted if isinstance(key, uuid.UUID) and key not in here}
    return {*here, *(stored(target, absent) if absent else ())}


def check_links(whole: Whole, stored: Stored) -> None:
    """Find what each attribute is attached to, where it does not say, and refuse those that are attached to nothing."""
    attributes = whole.rows["attribute"]
    for row in attributes.values():
        if row.values.get("link_entity") not in TABLES:
            row.values["link_entity"] = next((table for table in TABLES if whole.row(table, row.values.get("link_id"))), "service")
    lost = [row for row in attributes.values() if whole.row(str(row.values["link_entity"]), row.values.get("link_id")) is None]
    there = _stored_links(lost, stored)
    for row in lost:
        if row.values.get("link_id") not in there:
            del attributes[row.id]
            whole.say(row, "", Action.REFUSED, "What this term is attached to is not there, so it was left out.")


def _stored_links(rows: Iterable[Row], stored: Stored) -> set[object]:
    by_table: dict[str, set[uuid.UUID]] = defaultdict(set)
    for row in rows:
        if isinstance(key := row.values.get("link_id"), uuid.UUID):
            by_table[str(row.values["link_entity"])].add(key)
    return {key for table, keys in by_table.items() for key in stored(table, keys)}


def _spoken(table: str) -> str:
    return table.replace("_", " ")
