"""Somebody who lost their passkey: help asked for by one colleague, agreed to by another, or given from a terminal. None commits.

Agreed, their passkeys and codes are gone and they are signed out everywhere; the next sign-in by link makes a new passkey.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Member, Role
from portal.accounts.models import Grant, Person, Recovery
from portal.accounts.people import letters
from portal.accounts.people.forgetting import take_ways_in
from portal.accounts.people.keeping.operations import COUNCIL
from portal.accounts.people.offers import TERMINAL, Invitee
from portal.accounts.people.room import Sender
from portal.accounts.people.wording import RECOVERED, RECOVERY_REFUSED, RECOVERY_STARTED
from portal.accounts.queries import find_person, get_person, hold_person, list_with_role
from portal.errors import NotFound
from portal.history import Act, record

WITHIN: Final = timedelta(hours=24)
KEPT: Final = timedelta(days=90)
TRUSTED: Final = (Role.REVIEWER, Role.ADMINISTRATOR)  # who may help a colleague that has a role


class Begun(StrEnum):
    """What became of asking for help."""

    DONE = "done"
    WAITS = "waits"


@dataclass(frozen=True)
class Reason:
    """Why, and how the colleague knows that it is really them; ids of the form's answers, so that nothing personal is kept."""

    what: str
    known_by: str

    @property
    def written(self) -> str:
        """As it is kept."""
        return f"{self.what}, {self.known_by}"


def start(session: Session, sender: Sender, member: Member, person_id: uuid.UUID, reason: Reason) -> Begun:
    """Ask for help for somebody else. Who has no role is helped at once; who has one when a second colleague agrees.

    Asked for again while it waits, nothing changes. Raises `NotFound` for oneself, and for members who may not.
    """
    person, has_role = _lock(session, person_id)
    if member.id == person_id or not member.has(*(TRUSTED if has_role else COUNCIL)):
        raise NotFound("not theirs to help")
    now = clock.now()
    if has_role and session.scalar(select(Recovery.id).where(*_open(person_id))):
        return Begun.WAITS
    row = Recovery(person_id=person_id, reason=reason.written, started_by=member.id, started_at=now, ends_at=now + WITHIN)
    session.add(row)
    session.flush()
    record(session, ("person", person_id), Act(RECOVERY_STARTED, member.acted_by, reason.written), {"recovery": [None, str(row.id)]})
    if not has_role:
        row.agreed_by, row.agreed_at = member.id, now
        _reset(session, sender, person, Act(RECOVERED, member.acted_by, reason.written))
        return Begun.DONE
    sender.post(session, letters.recovery_started(sender, _invitee(person)))
    for colleague in list_with_role(session, *TRUSTED):
        if colleague.id not in (member.id, person_id):
            sender.post(session, letters.second_needed(sender, _invitee(colleague)))
    return Begun.WAITS


def agree(session: Session, sender: Sender, member: Member, recovery_id: uuid.UUID) -> None:
    """The second person says yes. Raises `NotFound` where it is over, or this member cannot be the second person."""
    row = _take(session, member, recovery_id)
    person, _has_role = _lock(session, row.person_id)
    if row.started_by == member.id:
        raise NotFound("a second person must agree")
    mine = update(Recovery).where(Recovery.id == recovery_id, *_open(row.person_id))
    if session.execute(mine.values(agreed_by=member.id, agreed_at=clock.now()).returning(Recovery.id)).one_or_none() is None:
        raise NotFound("over, or agreed to already")
    _reset(session, sender, person, Act(RECOVERED, member.acted_by, row.reason))


def refuse(session: Session, member: Member, recovery_id: uuid.UUID) -> None:
    """Stop it: by the second person, or by whoever asked for it. Raises `NotFound` where it is over."""
    row = _take(session, member, recovery_id)
    if session.execute(delete(Recovery).where(Recovery.id == recovery_id, *_open(row.person_id)).returning(Recovery.id)).one_or_none():
        record(session, ("person", row.person_id), Act(RECOVERY_REFUSED, member.acted_by), {"recovery": [str(recovery_id), None]})
        return
    raise NotFound("over, or agreed to already")


def recover_from_terminal(session: Session, sender: Sender, email: str) -> None:
    """Help whoever has this address at once: whoever has the machine has everything. Raises `NotFound`."""
    person = find_person(session, email)
    if person is None:
        raise NotFound("Nobody has this address.")
    _lock(session, person.id)
    _reset(session, sender, person, Act(RECOVERED, TERMINAL.acted_by))


def purge(session: Session) -> None:
    """Forget those that are long over; the history keeps that they were. Never commits."""
    session.execute(delete(Recovery).where(Recovery.ends_at <= clock.now() - KEPT).execution_options(synchronize_session=False))


def _open(person_id: uuid.UUID) -> tuple[Any, ...]:
    return (Recovery.person_id == person_id, Recovery.agreed_at.is_(None), Recovery.ends_at > clock.now())


def _take(session: Session, member: Member, recovery_id: uuid.UUID) -> Recovery:
    """An open one that this member may answer."""
    row = session.get(Recovery, recovery_id)
    if row is None or row.person_id == member.id or not member.has(*TRUSTED):
        raise NotFound(f"no recovery {recovery_id} of theirs")
    return row


def _lock(session: Session, person_id: uuid.UUID) -> tuple[Person, bool]:
    """A person, taken until the transaction ends, and whether they have a role or are offered one. Raises `NotFound`."""
    hold_person(session, person_id)
    return get_person(session, person_id), session.scalar(select(Grant.role).where(Grant.person_id == person_id).limit(1)) is not None


def _reset(session: Session, sender: Sender, person: Person, act: Act) -> None:
    take_ways_in(session, [person.id])
    waiting = delete(Recovery).where(*_open(person.id))
    session.execute(waiting.execution_options(synchronize_session=False))
    record(session, ("person", person.id), act, {"ways in": ["some", "none"]})
    sender.post(session, letters.recovered(sender, _invitee(person)))


def _invitee(person: Person) -> Invitee:
    return Invitee(person.email or "", person.name, person.language)
