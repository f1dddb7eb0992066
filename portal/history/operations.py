"""Adding to the change log: an act on a record in, a line in the caller's transaction out, chained when that commits.

Lines are chained last, right before the commit. The head of the chain is then the last row that a transaction locks, so that no
two can wait for each other, and it is held for no longer than the commit takes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import bindparam, event, func, insert, inspect, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.history.chain import FIELDS, Link
from portal.history.models import HEAD, HistoryHead, HistoryLine

Resource = tuple[str, uuid.UUID]  # a table, and the id of a row in it
AT_ONCE: Final = 1_000
_UNCHAINED: Final = "lines of history to chain"
_TABLE: Final = HistoryLine.metadata.tables["history"]


@dataclass(frozen=True)
class Act:
    """What was done, by whom (an id or an office, never an address), and why where somebody said so."""

    name: str
    acted_by: str
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """An act on a resource, with each field before and after."""

    resource: Resource
    act: Act
    changes: dict[str, Any]


def record(session: Session, resource: Resource, act: Act, changes: dict[str, Any]) -> None:
    """Add one line for `resource` (its table and id). Never commits."""
    line = HistoryLine(**_row(Line(resource, act, changes)))
    session.add(line)
    _waiting(session).append(line)


def record_many(session: Session, lines: Iterable[Line]) -> None:
    """Add many lines at once, in their order. Never commits.

    Asking for each id as a line is added takes three times as long. Lines without a place are this transaction's own: nobody sees
    another's before they are committed, and then they have one.
    """
    session.flush()
    before = session.scalar(select(func.max(_TABLE.c.id))) or 0
    rows = (_row(line) for line in lines)
    while some := list(islice(rows, AT_ONCE)):
        session.connection().execute(insert(_TABLE), some)
    _waiting(session).extend(session.scalars(select(_TABLE.c.id).where(_TABLE.c.id > before, _TABLE.c.position.is_(None))))


def _row(line: Line) -> dict[str, Any]:
    return {
        "resource_type": line.resource[0],
        "resource_id": line.resource[1],
        "action": line.act.name,
        "changes": line.changes,
        "acted_by": line.act.acted_by,
        "reason": line.act.reason,
        "acted_at": clock.now(),
    }


def _waiting(session: Session) -> list[HistoryLine | int]:
    """Lines of this session that are not chained yet, or their ids."""
    waiting: list[HistoryLine | int] = session.info.setdefault(_UNCHAINED, [])
    return waiting


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    """Give what this transaction adds its place in the chain. A savepoint is no commit."""
    if session.in_nested_transaction() or not session.info.get(_UNCHAINED):
        return
    session.flush()
    lines = session.info.pop(_UNCHAINED)
    ids = sorted({line if isinstance(line, int) else line.id for line in lines if isinstance(line, int) or inspect(line).persistent})
    if ids:
        head = _take_head(session)
        for start in range(0, len(ids), AT_ONCE):
            head = _chain_some(session, ids[start : start + AT_ONCE], head)
        session.execute(update(HistoryHead).where(HistoryHead.id == HEAD).values(position=head.position, chained=head.chained))


def _take_head(session: Session) -> Link:
    """The head of the chain, this transaction's until it commits. Raises `NoResultFound` where the head was deleted."""
    found = select(HistoryHead.position, HistoryHead.chained).where(HistoryHead.id == HEAD).with_for_update()
    return Link(*session.execute(found).one())


def _chain_some(session: Session, ids: Sequence[int], head: Link) -> Link:
    """Chain the lines of these ids as the database has them (it may write a value in its own way), from `head` on.

    What was rolled back meanwhile is not there; on SQLite its id may be another line's by now, which is chained already.
    """
    is_ours = (_TABLE.c.id.in_(ids), _TABLE.c.position.is_(None))
    read = select(*(_TABLE.c[name] for name in FIELDS)).where(*is_ours).order_by(_TABLE.c.id)
    links = list(_links(head, (dict(row) for row in session.execute(read).mappings())))
    change = update(_TABLE).where(_TABLE.c.id == bindparam("own_id")).values(position=bindparam("its_place"), chained=bindparam("its_hash"))
    rows = [{"own_id": key, "its_place": link.position, "its_hash": link.chained} for key, link in links]
    if rows:
        session.connection().execute(change, rows)
    return links[-1][1] if links else head


def _links(head: Link, lines: Iterable[dict[str, Any]]) -> Iterator[tuple[int, Link]]:
    for line in lines:
        head = head.next(line)
        yield line["id"], head
