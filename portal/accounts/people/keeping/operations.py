"""What is done by those who keep an organization's listings, and by the council for them. One function, one act; none commits.

Whoever acts must keep the listings themselves, or be of the council, at the moment of the act: of two who remove each other, one stays.
"""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.audiences import Member, Role
from portal.accounts.models import Membership
from portal.accounts.people import letters
from portal.accounts.people.offers import Invitee, Offer, asker_of
from portal.accounts.people.operations import invite, take_back, take_back_all_of
from portal.accounts.people.room import Sender
from portal.accounts.people.wording import LEFT, REMOVED
from portal.accounts.queries import get_person
from portal.directory.models import Organization
from portal.errors import NotFound
from portal.history import Act, record

COUNCIL: Final = (Role.REVIEWER, Role.COUNCIL_EDITOR, Role.ADMINISTRATOR)


def must_keep(member: Member, organization_id: uuid.UUID) -> None:
    """Raises `NotFound` for a member who has nothing to do with this organization."""
    if not (member.edits(organization_id) or member.has(*COUNCIL)):
        raise NotFound(f"no organization {organization_id} of theirs")


def invite_keeper(session: Session, sender: Sender, member: Member, organization_id: uuid.UUID, invitee: Invitee) -> bool:
    """Ask somebody to keep the listings too; not when they do. Raises `NotFound`."""
    _lock(session, member, organization_id)
    return invite(session, sender, asker_of(member), Offer(organization_id=organization_id), invitee)


def hand_over(session: Session, sender: Sender, member: Member, organization_id: uuid.UUID, invitee: Invitee) -> bool:
    """Ask somebody to keep the listings instead: the member stops when they say yes. Raises `NotFound`."""
    if not member.edits(organization_id):
        raise NotFound(f"no organization {organization_id} of theirs")
    _lock(session, member, organization_id)
    offer = Offer(organization_id=organization_id, instead_of=member.id)
    return invite(session, sender, asker_of(member), offer, invitee)


def take_back_invitation(session: Session, member: Member, organization_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Ask somebody no longer; whether there was still something to take back. Raises `NotFound`."""
    _lock(session, member, organization_id)
    return take_back(session, asker_of(member), person_id, Offer(organization_id=organization_id))


def leave(session: Session, member: Member, organization_id: uuid.UUID) -> None:
    """Stop keeping the listings. Raises `NotFound` for somebody who does not keep them."""
    if not _remove(session, member.id, organization_id, Act(LEFT, member.acted_by)):
        raise NotFound(f"no organization {organization_id} of theirs")


def remove_keeper(session: Session, sender: Sender, member: Member, organization_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Stop somebody else from keeping the listings, and tell them; whether they still did. Raises `NotFound`."""
    _lock(session, member, organization_id)
    if not _remove(session, person_id, organization_id, Act(REMOVED, member.acted_by)):
        return False
    person, organization = get_person(session, person_id), session.get_one(Organization, organization_id)
    sender.post(session, letters.removed(sender, Invitee(person.email or "", person.name, person.language), organization.name))
    return True


def _lock(session: Session, member: Member, organization_id: uuid.UUID) -> None:
    """Take all who keep the listings until the transaction ends, and see that the member is one of them still, or of the council."""
    must_keep(member, organization_id)
    theirs = select(Membership.person_id).where(Membership.organization_id == organization_id, Membership.accepted_at.is_not(None))
    keepers = session.scalars(theirs.order_by(Membership.person_id).with_for_update()).all()
    if member.id not in keepers and not member.has(*COUNCIL):
        raise NotFound(f"no organization {organization_id} of theirs any more")


def _remove(session: Session, person_id: uuid.UUID, organization_id: uuid.UUID, act: Act) -> bool:
    theirs = (Membership.person_id == person_id, Membership.organization_id == organization_id, Membership.accepted_at.is_not(None))
    if session.execute(delete(Membership).where(*theirs).returning(Membership.person_id)).one_or_none() is None:
        return False
    record(session, ("person", person_id), act, {"organization": [str(organization_id), None]})
    take_back_all_of(session, person_id, act, organization_id)
    return True
