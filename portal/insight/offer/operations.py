"""Writes of the core offer: a promise made, changed and taken back. Each leaves a line in the history; none commits.

Whoever changes or takes back says which version they saw (`based_on`). When somebody else was quicker nothing is written and
`Conflict` is raised, so that two at once lose nothing.
"""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import clock
from portal.db import inserting
from portal.errors import Conflict, NotFound
from portal.history import Act, record
from portal.insight.offer.models import CoreOffer, pack
from portal.insight.offer.promises import Promise

TABLE: Final = CoreOffer.__tablename__
ADD: Final = "add"
CHANGE: Final = "change"
REMOVE: Final = "remove"


class AlreadyPromised(Conflict):
    """There is a promise for this need with these conditions already."""


def add(session: Session, promise: Promise, by: str) -> uuid.UUID:
    """Promise something for every locality; the promise's id. Raises `AlreadyPromised`."""
    row = {"id": uuid.uuid4(), **pack(promise), "version": 1, "changed_by": by, "changed_at": clock.now()}
    put = inserting(session, CoreOffer).values(row).on_conflict_do_nothing(index_elements=["need", "conditions"])
    added: uuid.UUID | None = session.scalar(put.returning(CoreOffer.id))
    if added is None:
        raise AlreadyPromised(f"{promise.need} is promised already")
    record(session, (TABLE, added), Act(ADD, by), {name: [None, value] for name, value in pack(promise).items()})
    return added


def change(session: Session, promise_id: uuid.UUID, based_on: int, promise: Promise, by: str) -> None:
    """Promise this instead; nothing is written where it says the same. Raises `NotFound`, `Conflict`, `AlreadyPromised`."""
    before = _held(session, promise_id, based_on)
    after = pack(promise)
    changes = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    if not changes:
        return
    new = {**after, "version": based_on + 1, "changed_by": by, "changed_at": clock.now()}
    try:
        session.execute(update(CoreOffer).where(CoreOffer.id == promise_id).values(**new))
    except IntegrityError as error:
        raise AlreadyPromised(f"{promise.need} is promised already") from error
    record(session, (TABLE, promise_id), Act(CHANGE, by), changes)


def remove(session: Session, promise_id: uuid.UUID, based_on: int, by: str) -> None:
    """Take a promise back. Raises `NotFound` where that was done already, `Conflict`."""
    before = _held(session, promise_id, based_on)
    session.execute(delete(CoreOffer).where(CoreOffer.id == promise_id))
    record(session, (TABLE, promise_id), Act(REMOVE, by), {name: [value, None] for name, value in before.items()})


def _held(session: Session, promise_id: uuid.UUID, based_on: int) -> dict[str, str | int]:
    """The promise's columns, kept from others until the end."""
    its_own = select(CoreOffer.need, CoreOffer.minimum, CoreOffer.conditions, CoreOffer.version).where(CoreOffer.id == promise_id)
    row = session.execute(its_own.with_for_update()).one_or_none()
    if row is None:
        raise NotFound(f"no promise {promise_id}")
    if row.version != based_on:
        raise Conflict("the promise was changed meanwhile")
    return {"need": row.need, "minimum": row.minimum, "conditions": row.conditions}
