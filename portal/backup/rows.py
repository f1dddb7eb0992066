"""Rows of a table as lines, and lines as rows: the same bytes for the same rows, whichever database they are in.

A line is a JSON list in the order of the table's columns; bytes are base64, ids and moments as the standards write them. Each
value is held to its column's type when it is read.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any, Final

import msgspec
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    Double,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    Time,
    Uuid,
    func,
    insert,
    select,
    text,
)

from portal.db import UtcDateTime
from portal.errors import SourceError

AT_ONCE: Final = 1_000
_TYPES: Final[tuple[tuple[type, Any], ...]] = (
    (UtcDateTime, datetime),
    (Uuid, uuid.UUID),
    (JSON, Any),
    (LargeBinary, bytes),
    (Boolean, bool),
    (Integer, int),
    (Double, float),
    (Date, date),
    (Time, time),
    (String, str),
)


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Every row of `table` as a line, in the order of its key."""
    encoder = msgspec.json.Encoder()
    found = connection.execution_options(yield_per=AT_ONCE).execute(_in_order(connection, table))
    for row in found:
        yield encoder.encode(tuple(row)) + b"\n"


def insert_lines(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Put rows into an empty `table`; how many. Raises `SourceError` for a line that is no row of it."""
    decoder = msgspec.json.Decoder(tuple[tuple(_type_of(column) for column in table.columns)])  # type: ignore[misc]  # made at run time
    names, number = [column.name for column in table.columns], 0
    waiting = iter(lines)
    while some := list(islice(waiting, AT_ONCE)):
        try:
            rows = [dict(zip(names, decoder.decode(line), strict=True)) for line in some]
        except msgspec.DecodeError as error:
            raise SourceError(f"{table.name}: a line is no row of this table.") from error
        connection.execute(insert(table), rows)
        number += len(rows)
    return number


def last_number(connection: Connection, table: Table) -> int:
    """The highest number that this table's own counter has given; 0 where it has none, or gave none."""
    if table.autoincrement_column is None:
        return 0
    if connection.dialect.name == "sqlite":
        if not table.dialect_options["sqlite"]["autoincrement"]:
            return 0
        return connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name").bindparams(name=table.name)) or 0
    counter = connection.scalar(select(func.pg_get_serial_sequence(table.name, table.autoincrement_column.name)))
    return connection.scalar(select(text("CASE WHEN is_called THEN last_value ELSE 0 END")).select_from(text(counter))) if counter else 0


def go_on_from(connection: Connection, table: Table, last: int) -> None:
    """Let the table's counter give numbers above `last` and above those that are there: none is ever given again."""
    column = table.autoincrement_column
    if column is None:
        return
    highest = max(last, connection.scalar(select(func.max(column))) or 0)
    if connection.dialect.name != "sqlite":
        counter = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
        connection.execute(select(func.setval(counter, max(highest, 1), highest > 0)))
    elif table.dialect_options["sqlite"]["autoincrement"]:
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name").bindparams(name=table.name))
        put = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
        connection.execute(put.bindparams(name=table.name, last=highest))


def _in_order(connection: Connection, table: Table) -> Select[Any]:
    """All of it by its key; words by their bytes, for a database's own order depends on its language."""
    is_sqlite = connection.dialect.name == "sqlite"
    keys = [column.collate("C") if isinstance(column.type, String) and not is_sqlite else column for column in table.primary_key]
    return select(table).order_by(*keys)


def _type_of(column: Any) -> Any:
    for kind, of in _TYPES:
        if isinstance(column.type, kind):
            return of if of is Any or not column.nullable else of | None
    raise SourceError(f"{column}: a backup has no way to write this type.")
