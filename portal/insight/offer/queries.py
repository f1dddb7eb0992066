"""Reads of the core offer: a session in; promises, and what was done with them, out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.history import HistoryLine
from portal.insight.offer.models import CoreOffer, pack, unpack
from portal.insight.offer.promises import Promise


@dataclass(frozen=True)
class Promised:
    """A promise as it is now. `version` is what a change of it is based on."""

    id: uuid.UUID
    version: int
    promise: Promise
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class Done:
    """Something done with a promise. `before` is None where it was made, `after` where it was taken back."""

    line_id: int
    acted_by: str
    acted_at: datetime
    before: Promise | None
    after: Promise | None


def list_promises(session: Session) -> list[Promised]:
    """Every promise, by need and conditions."""
    return [_promised(row) for row in session.scalars(select(CoreOffer).order_by(CoreOffer.need, CoreOffer.conditions))]


def get_promise(session: Session, promise_id: uuid.UUID) -> Promised:
    """A promise by id. Raises `NotFound`."""
    row = session.get(CoreOffer, promise_id)
    if row is None:
        raise NotFound(f"no promise {promise_id}")
    return _promised(row)


def list_done(session: Session) -> list[Done]:
    """What was done with promises, those that were taken back among them: all of it, the newest first."""
    now: dict[uuid.UUID, Mapping[str, Any]] = {it.id: pack(it.promise) for it in list_promises(session)}
    lines = select(HistoryLine).where(HistoryLine.resource_type == CoreOffer.__tablename__).order_by(HistoryLine.id.desc())
    found = []
    for line in session.scalars(lines):
        after = now.get(line.resource_id)
        before = {**(after or {}), **{name: was for name, (was, _is) in line.changes.items()}}
        is_made = before["need"] is None
        found.append(Done(line.id, line.acted_by, line.acted_at, None if is_made else unpack(**before), unpack(**after) if after else None))
        now[line.resource_id] = before
    return found


def _promised(row: CoreOffer) -> Promised:
    return Promised(row.id, row.version, unpack(row.need, row.minimum, row.conditions), row.changed_by, row.changed_at)
