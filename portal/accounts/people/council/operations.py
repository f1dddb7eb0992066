"""What administrators do with people: a role given or taken away, somebody let go. One function, one act; none commits.

There is always an administrator: whoever takes one away first takes the rows of all of them, so that two at once cannot take the last.
"""

from __future__ import annotations

import uuid

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.accounts.audiences import Member, Role
from portal.accounts.models import Grant
from portal.accounts.people.closing.operations import close, lock_administrators
from portal.accounts.people.offers import Invitee, Offer, asker_of
from portal.accounts.people.operations import invite, take_back_all_of
from portal.accounts.people.operations import take_back as take_back_offer
from portal.accounts.people.room import Sender
from portal.accounts.people.wording import LET_GO, ROLE_TAKEN
from portal.accounts.queries import get_person
from portal.errors import NotFound
from portal.history import Act, record


def invite_colleague(session: Session, sender: Sender, member: Member, role: Role, invitee: Invitee) -> bool:
    """Ask somebody to take on a role; not when they have it. Raises `NotFound` for who is no administrator."""
    _must_be_administrator(member)
    return invite(session, sender, asker_of(member), Offer(role=role), invitee)


def take_back(session: Session, member: Member, person_id: uuid.UUID, offer: Offer) -> bool:
    """Ask no longer; whether there was still something to take back. Raises `NotFound`."""
    _must_be_administrator(member)
    return take_back_offer(session, asker_of(member), person_id, offer)


def take_role(session: Session, member: Member, person_id: uuid.UUID, role: Role) -> bool:
    """Take a role away; not from the last administrator. Raises `NotFound` for a role that they do not have (any more)."""
    _must_be_administrator(member)
    if role is Role.ADMINISTRATOR and _lock_administrators(session, member) <= {person_id}:
        return False
    theirs = (Grant.person_id == person_id, Grant.role == role.value, Grant.accepted_at.is_not(None))
    if session.execute(delete(Grant).where(*theirs).returning(Grant.person_id)).one_or_none() is None:
        raise NotFound(f"{person_id} is no {role}")
    act = Act(ROLE_TAKEN, member.acted_by)
    record(session, ("person", person_id), act, {"role": [role.value, None]})
    if role is Role.ADMINISTRATOR:
        take_back_all_of(session, person_id, act)
    return True


def let_go(session: Session, member: Member, person_id: uuid.UUID) -> bool:
    """Close an account and forget whose it was; not the last administrator's. Raises `NotFound` for somebody who has left."""
    _must_be_administrator(member)
    if _lock_administrators(session, member) <= {person_id}:
        return False
    get_person(session, person_id)
    close(session, person_id, Act(LET_GO, member.acted_by))
    return True


def _must_be_administrator(member: Member) -> None:
    if not member.has(Role.ADMINISTRATOR):
        raise NotFound("only administrators do this")


def _lock_administrators(session: Session, member: Member) -> set[uuid.UUID]:
    """All administrators, taken until the transaction ends. Raises `NotFound` where the member is none of them any more."""
    found = lock_administrators(session)
    if member.id not in found:
        raise NotFound("no administrator any more")
    return found
