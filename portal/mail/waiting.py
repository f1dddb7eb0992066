"""What waits in the outbox: the database in, numbers and moments out, never a recipient or a word of what is said."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.mail.outbox import Outgoing


@dataclass(frozen=True)
class Waiting:
    """A message that is not sent yet. `attempts` were made so far; the next is made at `next_at` or soon after."""

    id: uuid.UUID
    channel: str
    posted_at: datetime
    attempts: int
    next_at: datetime


@dataclass(frozen=True)
class Queue:
    """How many messages wait, and for how long the oldest has."""

    number: int
    oldest: timedelta


def list_waiting(session: Session) -> list[Waiting]:
    """Messages that wait, the oldest first."""
    columns = (Outgoing.id, Outgoing.channel, Outgoing.posted_at, Outgoing.attempts, Outgoing.next_at)
    found = select(*columns).where(Outgoing.sent_at.is_(None)).order_by(Outgoing.posted_at, Outgoing.id)
    return [Waiting(*row) for row in session.execute(found)]


def count_waiting(session: Session) -> Queue:
    """How many wait, and the age of the oldest."""
    number, since = session.execute(select(func.count(), func.min(Outgoing.posted_at)).where(Outgoing.sent_at.is_(None))).one()
    return Queue(number, clock.now() - since if since else timedelta(0))
