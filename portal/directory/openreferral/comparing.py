"""Rows that are being loaded against rows that the database holds: what is new, different, gone or already so. Reads only.

What belongs to a record that is loaded, and is no longer in the source, is gone; a record that is not loaded is left alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import Column, ColumnDefault, select
from sqlalchemy.orm import Session

from portal.directory.openreferral.rows import Row
from portal.directory.openreferral.tables import is_ours, parents_of, table_of
from portal.directory.openreferral.whole import Whole

Record = dict[str, Any]  # a row of the database, by column

BATCH: Final = 500  # ids in one question: every database takes so many
# Never gone, only changed; translations because people add them to listings that a feed brings without.
_STANDING: Final = frozenset({"taxonomy", "taxonomy_term", "organization", "location", "service", "service_translation"})
_KEPT_BY: Final[Mapping[str, tuple[str, ...]]] = {"service_at_location": ("service_id",), "attribute": ("link_id",)}


@dataclass
class Difference:
    """What is to be done to one table. `updated` is (before, after)."""

    table: str
    inserted: list[Record] = field(default_factory=list)
    updated: list[tuple[Record, Record]] = field(default_factory=list)
    deleted: list[Record] = field(default_factory=list)
    unchanged: int = 0

    def touched(self) -> Iterator[Record]:
        """Every record that is written, as it is, or was if it is gone."""
        yield from self.inserted
        yield from (after for _, after in self.updated)
        yield from self.deleted


def compare(session: Session, whole: Whole, table: str) -> Difference:
    """The difference for one table."""
    difference = Difference(table)
    stored = {record["id"]: record for record in _stored(session, whole, table)}
    for row in whole.rows[table].values():
        after = as_record(row)
        before = stored.pop(row.id, None)
        if before is None:
            difference.inserted.append(after)
        elif _is_same(before, after, row):
            difference.unchanged += 1
        else:
            difference.updated.append((before, after))
    if table not in _STANDING:
        difference.deleted.extend(stored.values())
    return difference


def as_record(row: Row) -> Record:
    """The row with every column of its table: what is not known is NULL, or the column's own default."""
    record: Record = {"id": row.id}
    for column in _columns(row.table):
        value = row.values.get(column.name)
        record[column.name] = _default(column) if value is None else value
    return record


def fetch(session: Session, table: str, column: str, ids: Iterable[uuid.UUID]) -> Iterator[Record]:
    """The stored rows of a table whose `column` is one of `ids`."""
    source = table_of(table)
    spoken_of = [one for one in source.columns if not is_ours(table, one.name)]
    for some in in_batches(list(ids)):
        for found in session.execute(select(*spoken_of).where(source.c[column].in_(some))).mappings():
            yield dict(found)


def in_batches(things: Sequence[Any], size: int = BATCH) -> Iterator[Sequence[Any]]:
    """`things` in order, `size` at a time."""
    return (things[start : start + size] for start in range(0, len(things), size))


def owners_of(table: str) -> tuple[str, ...]:
    """The columns that name what a row belongs to."""
    parents = parents_of(table)
    return () if table in _STANDING else _KEPT_BY.get(table) or (*parents["must"], *parents["one of"])


def _stored(session: Session, whole: Whole, table: str) -> Iterator[Record]:
    source = table_of(table)
    if session.execute(select(source.c.id).limit(1)).first() is None:
        return
    yield from fetch(session, table, "id", whole.rows[table])
    for column in owners_of(table):
        owners = [key for owner in _owning(column) for key in whole.rows[owner]]
        yield from fetch(session, table, column, owners)


def _owning(column: str) -> tuple[str, ...]:
    return ("service", "organization", "location") if column == "link_id" else (column.removesuffix("_id"),)


def _is_same(before: Record, after: Record, row: Row) -> bool:
    if row.table == "service" and "last_modified" not in row.values:
        after["last_modified"] = before["last_modified"]  # ours to set, when something changes
    return before == after


@cache
def _columns(table: str) -> tuple[Column[Any], ...]:
    return tuple(column for column in table_of(table).columns if column.name != "id" and not is_ours(table, column.name))


def _default(column: Column[Any]) -> Any:
    if column.nullable or not isinstance(column.default, ColumnDefault):
        return None
    return column.default.arg if column.default.is_scalar else []
