"""Reads of recoveries: a session and whoever looks in, who waits for a second person, out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Member
from portal.accounts.models import Recovery
from portal.accounts.people.recovering.operations import TRUSTED
from portal.accounts.queries import names_of


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits for a second person. `may_agree`: whether it can be the member who looks. Times in London."""

    recovery_id: uuid.UUID
    name: str
    started_by: str
    what: str
    known_by: str
    ends_at: datetime
    may_agree: bool


def list_waiting(session: Session, member: Member) -> tuple[Waiting, ...]:
    """Who waits, the first to end first; nothing for members who could not agree, and never the member themselves."""
    if not member.has(*TRUSTED):
        return ()
    is_open = (Recovery.agreed_at.is_(None), Recovery.ends_at > clock.now(), Recovery.person_id != member.id)
    rows = session.scalars(select(Recovery).where(*is_open).order_by(Recovery.ends_at, Recovery.id)).all()
    names = names_of(session, {one for row in rows for one in (row.person_id, row.started_by)})
    return tuple(_waiting(row, names, member) for row in rows if row.person_id in names)


def _waiting(row: Recovery, names: dict[uuid.UUID, str], member: Member) -> Waiting:
    what, _, known_by = row.reason.partition(", ")
    ends_at = row.ends_at.astimezone(clock.LONDON)
    is_other = row.started_by != member.id
    return Waiting(row.id, names[row.person_id], names.get(row.started_by, ""), what, known_by, ends_at, is_other)
