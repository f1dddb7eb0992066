"""How far one index has read the change rows: kept with the index, so that any number of machines follow one database.

Numbers of rows are given when they are written, and PostgreSQL shows a row when its transaction commits: row 8 may be seen before
row 7 is. So a cursor holds the highest row that was read and the gaps below it, which are asked for again until they are an hour
old; no transaction that writes lasts so long. It also holds what its highest row said: where that row is not there, or says something
else, the database is not the one that was followed (an older copy put back, a standby that had not received it).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.directory.changes import Change, purged_through

SETTLED: Final = timedelta(hours=1)

Gap = tuple[int, int]  # the first and the last number that was not there


@dataclass(frozen=True)
class Row:
    """One change row: that a service changed."""

    id: int
    service_id: uuid.UUID
    changed_at: datetime

    @property
    def mark(self) -> str:
        """What it says; no other row with its number would say the same."""
        return f"{self.service_id} {self.changed_at.isoformat()}"


@dataclass(frozen=True)
class Cursor:
    """Every row up to `through` is read but for those in `gaps`; `mark` is what row `through` said, empty before the first row."""

    through: int = 0
    mark: str = ""
    gaps: tuple[Gap, ...] = ()

    def after(self, rows: Sequence[Row], settled: int = 0) -> Cursor:
        """The cursor once these are read too: all that were there to be read, in order, up to the last. Gaps up to `settled` close."""
        newest = max((row for row in rows if row.id > self.through), key=lambda row: row.id, default=None)
        through, mark = (newest.id, newest.mark) if newest else (self.through, self.mark)
        unseen = _holes([*self.gaps, (self.through + 1, through)], sorted(row.id for row in rows), settled)
        return Cursor(through, mark, tuple(unseen))

    @property
    def low(self) -> int:
        """The row up to which nothing is left to be read."""
        return self.gaps[0][0] - 1 if self.gaps else self.through

    def told(self) -> dict[str, object]:
        """For a manifest; `from_told` reads it back."""
        return {"through": self.through, "mark": self.mark, "gaps": [list(gap) for gap in self.gaps]}


BEGINNING: Final = Cursor()


def from_told(told: dict[str, object]) -> Cursor:
    """What `told` wrote. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
    through, mark, gaps = told["through"], told["mark"], told["gaps"]
    if not isinstance(through, int) or not isinstance(mark, str) or not isinstance(gaps, list):
        raise TypeError(f"no cursor: {told!r}")
    return Cursor(through, mark, tuple((int(first), int(last)) for first, last in gaps))


def start_cursor(session: Session) -> Cursor:
    """The cursor of an index that is built from what this database holds from now on."""
    settled, purged = _settled(session), purged_through(session)
    anchor = _find_row(session, settled) if settled > purged else None
    before = Cursor(max(settled, purged), anchor.mark if anchor else "")
    return before.after(_rows(session, select(Change).where(Change.id > before.through).order_by(Change.id)), settled)


def is_followed(session: Session, cursor: Cursor) -> bool:
    """Whether this database is the one that the cursor read, and still has every row that is left to be read."""
    purged = purged_through(session)
    if not cursor.mark:
        return purged == cursor.through
    anchor = _find_row(session, cursor.through)
    return purged <= cursor.low and anchor is not None and anchor.mark == cursor.mark


def list_unread(session: Session, cursor: Cursor, limit: int) -> list[Row]:
    """The oldest `limit` rows that are left to be read, in order."""
    return _rows(session, select(Change).where(_is_unread(cursor)).order_by(Change.id).limit(limit))


def count_unread(session: Session, cursor: Cursor) -> int:
    """How many rows are left to be read."""
    return session.scalar(select(func.count()).select_from(Change).where(_is_unread(cursor))) or 0


def read_on(session: Session, cursor: Cursor, rows: Sequence[Row]) -> Cursor:
    """The cursor once `rows`, that `list_unread` gave, are read too."""
    after = cursor.after(rows)
    return cursor.after(rows, _settled(session)) if after.gaps else after


def _is_unread(cursor: Cursor) -> ColumnElement[bool]:
    return or_(Change.id > cursor.through, *(Change.id.between(first, last) for first, last in cursor.gaps))


def _settled(session: Session) -> int:
    """The highest row that is so old that every row below it is there to be read, if it ever will be; 0 when none is."""
    old = select(Change.id).where(Change.changed_at < clock.now() - SETTLED).order_by(Change.id.desc()).limit(1)
    return session.scalar(old) or 0


def _find_row(session: Session, row_id: int) -> Row | None:
    return next(iter(_rows(session, select(Change).where(Change.id == row_id))), None)


def _rows(session: Session, asked: Select[Change]) -> list[Row]:
    plain = asked.with_only_columns(Change.id, Change.service_id, Change.changed_at)
    return [Row(*row) for row in session.execute(plain)]


def _holes(spans: Iterable[Gap], seen: Sequence[int], settled: int) -> Iterator[Gap]:
    """What of these spans, in order, is neither seen nor settled."""
    for first, last in spans:
        start = max(first, settled + 1)
        for number in (each for each in seen if start <= each <= last):
            if number > start:
                yield start, number - 1
            start = number + 1
        if start <= last:
            yield start, last
