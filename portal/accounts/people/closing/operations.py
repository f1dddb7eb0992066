"""Accounts closed: a person in, everything of theirs gone but the id that the history needs. One function, one act; none commits.

There is always an administrator: whoever takes one away first takes the rows of all of them, so that two at once cannot take the last.
"""

from __future__ import annotations

import uuid
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.audiences import Member, Role
from portal.accounts.models import Grant, Membership
from portal.accounts.people import letters
from portal.accounts.people.forgetting import forget
from portal.accounts.people.offers import Invitee
from portal.accounts.people.operations import take_back_all_of
from portal.accounts.people.room import Sender
from portal.accounts.people.wording import CLOSED
from portal.accounts.queries import get_person, hold_person
from portal.accounts.signing.sessions import is_fresh
from portal.history import Act, record


class Closing(StrEnum):
    """What became of closing one's own account."""

    DONE = "done"
    STALE = "stale"  # they have to sign in once more first
    LAST = "last"  # the site would have no administrator


def close_own(session: Session, sender: Sender, member: Member) -> Closing:
    """Close a member's own account, sign them out everywhere and say so by e-mail. Raises `NotFound` for who has left meanwhile."""
    if lock_administrators(session) == {member.id}:
        return Closing.LAST
    if not is_fresh(session, member):
        return Closing.STALE
    hold_person(session, member.id)
    person = get_person(session, member.id)
    sender.post(session, letters.closed(sender, Invitee(person.email or "", person.name, person.language)))
    close(session, member.id, Act(CLOSED, member.acted_by))
    return Closing.DONE


def close(session: Session, person_id: uuid.UUID, act: Act) -> None:
    """Take back what a person asked others, write down what they were trusted with, and forget them."""
    hold_person(session, person_id)  # as whoever asks them for something does first: in another order each would wait for the other
    take_back_all_of(session, person_id, act)
    roles = session.scalars(select(Grant.role).where(Grant.person_id == person_id).order_by(Grant.role)).all()
    theirs = select(Membership.organization_id).where(Membership.person_id == person_id).order_by(Membership.organization_id)
    organizations = [str(one) for one in session.scalars(theirs)]
    record(session, ("person", person_id), act, {"roles": [list(roles), []], "organizations": [organizations, []]})
    forget(session, [person_id])


def lock_administrators(session: Session) -> set[uuid.UUID]:
    """All administrators, taken until the transaction ends."""
    every = select(Grant.person_id).where(Grant.role == Role.ADMINISTRATOR.value, Grant.accepted_at.is_not(None))
    return set(session.scalars(every.order_by(Grant.person_id).with_for_update()))
