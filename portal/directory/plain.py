"""Whole services as plain rows: one query for each kind of part, tracked by nobody, for whoever only reads many of them.

Which parts is said in `queries`; by which column and in which order is asked of the mapped classes. Without what a session keeps of
every object it takes about 0.4 of the time.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.directory.models import Service
from portal.directory.queries import BATCH, PARTS, Parts

OF_A_RECORD: Final[Parts] = (*PARTS, (Service.required_documents, ()))


def load_plain(session: Session, service_ids: Sequence[uuid.UUID]) -> list[Service]:
    """Those of these services that exist, in this order, with all that a record is made of. To be read only."""
    rows = {row.id: row for row in _rows(session, Service.__table__.c.id, service_ids, ())}
    _attach(session, list(rows.values()), OF_A_RECORD)
    return [cast("Service", rows[each]) for each in service_ids if each in rows]


def _attach(session: Session, owners: Sequence[SimpleNamespace], parts: Parts) -> None:
    """Give each owner its parts, in their order, and each of those theirs."""
    for relation, inner in parts if owners else ():
        [(mine, theirs)] = relation.property.local_remote_pairs
        of_key: dict[Any, list[SimpleNamespace]] = {getattr(owner, mine.key): [] for owner in owners}
        found = _rows(session, theirs, list(of_key), relation.property.order_by or ())
        _attach(session, found, inner)
        for row in found:
            of_key[getattr(row, theirs.key)].append(row)
        for owner in owners:
            rows = of_key[getattr(owner, mine.key)]
            setattr(owner, relation.key, rows if relation.property.uselist else rows[0])


def _rows(session: Session, column: ColumnElement[Any], keys: Sequence[Any], order: Sequence[ColumnElement[Any]]) -> list[SimpleNamespace]:
    """The rows of a table whose `column` is one of `keys`."""
    found: list[SimpleNamespace] = []
    for start in range(0, len(keys), BATCH):
        result = session.execute(select(column.table).where(column.in_(keys[start : start + BATCH])).order_by(*order))
        names = tuple(result.keys())
        found += (SimpleNamespace(**dict(zip(names, row, strict=True))) for row in result)
    return found
