"""The table of the core offer: one row for each promise, as it is now; how it was before is in the history. No I/O."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.insight.offer.promises import Condition, Promise


class CoreOffer(Base):
    """A promise for every locality. `conditions` are their ids in order, commas between them; `version` goes up with every write."""

    __tablename__ = "core_offer"
    __table_args__ = (UniqueConstraint("need", "conditions"), CheckConstraint("minimum BETWEEN 1 AND 20", name="minimum"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    need: Mapped[str]
    minimum: Mapped[int]
    conditions: Mapped[str]
    version: Mapped[int]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


def pack(promise: Promise) -> dict[str, str | int]:
    """A promise as its columns, and as the history keeps it."""
    return {"need": promise.need, "minimum": promise.minimum, "conditions": ",".join(promise.said)}


def unpack(need: str, minimum: int, conditions: str) -> Promise:
    """The promise of these columns; a condition that nobody knows any more is left out."""
    known = frozenset(condition for condition in Condition if condition.value in conditions.split(","))
    return Promise(need, minimum, known)
