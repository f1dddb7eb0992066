"""How often somebody is written to: a person and a kind of letter in, whether it may be written now out.

One row for each person and kind, taken by one statement, so that of several workers one writes.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import clock
from portal.db import Base, inserting


class Told(Base):
    """When a person was last sent a letter of a kind."""

    __tablename__ = "told"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]


def may_tell(session: Session, person_id: uuid.UUID, kind: str, pause: timedelta) -> bool:
    """Whether the last letter of this kind is `pause` ago; if so, it counts as written now. Never commits."""
    now = clock.now()
    first = inserting(session, Told).values(person_id=person_id, kind=kind, told_at=now)
    again = first.on_conflict_do_update(index_elements=["person_id", "kind"], set_={"told_at": now}, where=Told.told_at <= now - pause)
    return session.scalar(again.returning(Told.person_id)) is not None
