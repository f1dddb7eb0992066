"""Whether the change log is as it was written: a database in, the place of its last sound line or the first broken one out.

A hash over hashes shows what was changed, taken out, put in or put elsewhere. Who can write to the database can also chain
everything anew, or cut off its end and the head with it: that is seen by holding it against a place in the chain that was noted
earlier and kept elsewhere (`since`). Lines are read in batches, so that memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, func, select, tuple_
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.db import reading
from portal.history.chain import FIELDS, START, Link
from portal.history.models import HEAD, HistoryHead, HistoryLine

AT_ONCE: Final = 2_000
_TABLE: Final = HistoryLine.metadata.tables["history"]
_LINE: Final = tuple(_TABLE.c[name] for name in (*FIELDS, "position", "chained"))
_PLACE: Final = (_TABLE.c.position, _TABLE.c.id)
Row = dict[str, Any]


@dataclass(frozen=True)
class Broken:
    """The first line that is not as it was written: what is wrong, and where, as far as the row says."""

    what: str
    position: int
    row: Row | None = None

    def __str__(self) -> str:
        """One line for whoever looks into it."""
        if self.row is None or "id" not in self.row:
            return f"Line {self.position}: {self.what}"
        return f"Line {self.position} ({self.row['resource_type']} {self.row['resource_id']}, {_moment(self.row)}): {self.what}"


@dataclass(frozen=True)
class Verified:
    """The last sound place, and what comes after it where something is wrong. The place's position is how many lines are sound."""

    sound: Link
    broken: Broken | None = None


def verify(engine: Engine, since: Link | None = None) -> Verified:
    """Walk the chain from its first line, as it stands at one moment. `since` is a place that was noted earlier."""
    with reading(engine) as session:
        if engine.dialect.name != "sqlite":  # where a reading transaction sees one moment anyway
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return _walk(session, since)


def _walk(session: Session, since: Link | None) -> Verified:
    place = Link(0, START)
    if _denies(since, place):
        return Verified(place, Broken("the place that was noted is none of this chain.", 0))
    for row in _rows(session):
        if broken := _broken(place, row):
            return Verified(place, broken)
        place = Link(row["position"], row["chained"])
        if _denies(since, place):
            anew = "it is not what it was when its place was noted: from some line up to this one on, the chain was written anew."
            return Verified(Link(0, START), Broken(anew, place.position, row))
    return Verified(place, _cut_off(session, place, since) or _outside(session))


def _denies(since: Link | None, place: Link) -> bool:
    return since is not None and since.position == place.position and since != place


def _broken(before: Link, row: Row) -> Broken | None:
    """What is wrong with the line that stands after the place `before`."""
    position, expected = row["position"], before.position + 1
    if not isinstance(position, int):
        return Broken("its place was changed.", expected)
    if position > expected:
        return Broken(f"it is missing. The next that is there is line {position}.", expected)
    if position < expected:
        return Broken("it was put in: no line of this position belongs here.", position, row)
    try:
        is_right = before.next(row).chained == row["chained"]
    except (KeyError, TypeError, ValueError):  # SQLite keeps whatever is put in
        return Broken("it was changed: it holds what no line can hold.", position)
    return None if is_right else Broken("it was changed, or another stood in its place.", position, row)


def _cut_off(session: Session, last: Link, since: Link | None) -> Broken | None:
    """Whether the chain is shorter than its head, or a place noted earlier, says."""
    head = session.execute(select(HistoryHead.position, HistoryHead.chained).where(HistoryHead.id == HEAD)).one_or_none()
    if since is not None and since.position > last.position:
        return Broken(f"it is missing, with all up to line {since.position}, which was there when the place was noted.", last.position + 1)
    if head is None:
        return Broken("the head of the chain was deleted.", last.position)
    if head.position > last.position:
        return Broken(f"it is missing, with all up to line {head.position}: the end was cut off.", last.position + 1)
    if Link(*head) != last:
        return Broken("the head of the chain is not its last line: the head was changed.", last.position)
    return None


def _outside(session: Session) -> Broken | None:
    """A line that was put in without a place. Every line has one once its transaction is committed."""
    first = select(func.min(_TABLE.c.id)).where(_TABLE.c.position.is_(None))
    key = session.scalar(first)
    if key is None:
        return None
    row = session.execute(select(*_LINE).where(_TABLE.c.id == key)).mappings().one()
    return Broken(f"it was put in (row {key}) without a place in the chain.", 0, dict(row))


def _rows(session: Session) -> Iterator[Row]:
    """Every line that has a place, by place. Of one that cannot be read there is nothing but that."""
    after: tuple[int, int] | None = None
    while keys := _keys(session, after):
        yield from _read(session, keys)
        after = keys[-1]


def _keys(session: Session, after: tuple[int, int] | None) -> list[tuple[int, int]]:
    found = select(*_PLACE).where(_TABLE.c.position.is_not(None)).order_by(*_PLACE).limit(AT_ONCE)
    if after is not None:
        found = found.where(tuple_(*_PLACE) > tuple_(*after))
    return [(position, key) for position, key in session.execute(found)]


def _read(session: Session, keys: list[tuple[int, int]]) -> Iterator[Row]:
    try:
        found = session.execute(select(*_LINE).where(_TABLE.c.id.in_([key for _, key in keys])).order_by(*_PLACE))
        yield from [dict(row) for row in found.mappings()]
    except (SQLAlchemyError, ValueError, TypeError, AttributeError):
        if len(keys) == 1:
            yield {"position": keys[0][0]}
        else:
            for key in keys:
                yield from _read(session, [key])


def _moment(row: Row) -> str:
    return f"{row['acted_at']:%Y-%m-%d %H:%M:%S} UTC"
