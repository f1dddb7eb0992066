"""What is done with claims: made, invited at once, told of a missing organization. One function, one act; none commits.

The answer, and the work for it, are the same whether an address is known here or not: they depend on the organization, and on the
domain of the address alone. Who keeps the listings already is told so later, by the thread that tends.
"""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import alarm, clock
from portal.accounts.models import Membership
from portal.accounts.people.offers import LASTS, Asker, Invitee, Offer
from portal.accounts.people.operations import invite
from portal.accounts.people.room import Sender
from portal.db import inserting
from portal.directory.likeness import plain
from portal.directory.models import Organization
from portal.directory.queries import get_organization
from portal.editing.claiming.domains import is_on
from portal.editing.claiming.models import Claim, State
from portal.editing.claiming.queries import is_kept, key_of, list_own_domains
from portal.editing.claiming.told import Told, bound, packed
from portal.history import Act, record
from portal.sealing import key_of_site

SITE: Final = "site"  # who acts where nobody has to decide
CLAIMANT: Final = "claimant"
MOST_INVITED: Final = 3  # open invitations of one organization; what comes on top goes to a person


class Answer(StrEnum):
    """What whoever claims is told."""

    INVITED = "invited"  # an invitation is on its way to the address
    MORE = "more"  # a person has to look at it, and needs to know more
    SENT = "sent"  # a person looks at it


def claim(session: Session, sender: Sender, organization_id: uuid.UUID, told: Told) -> Answer:
    """Ask for an organization's listings. `told` holds the address at least; without a name it is not sent to a person yet.

    Raises `NotFound` for an organization that is not public.
    """
    organization = get_organization(session, organization_id)
    session.scalars(select(Organization.id).where(Organization.id == organization_id).with_for_update()).all()  # one claim at a time
    kept = is_kept(session, organization_id)
    if not kept and is_on(told.email, list_own_domains(session, organization)) and _has_room(session, organization_id):
        _invite_at_once(session, sender, organization_id, told)
        return Answer.INVITED
    if not told.name:
        return Answer.MORE
    _put(session, sender, told, (organization_id, State.ASKED if kept else State.WAITING, f"{organization_id} {told.email}"))
    return Answer.SENT


def add(session: Session, sender: Sender, told: Told) -> None:
    """Tell the council of an organization that is missing; twice the same is once. `told` has a `founding`."""
    name = plain(told.founding.name) if told.founding else ""
    _put(session, sender, told, (None, State.WAITING, f"new {name} {told.email}"))


def _invite_at_once(session: Session, sender: Sender, organization_id: uuid.UUID, told: Told) -> None:
    """An invitation to the address, which whoever signs in with it has proved to be theirs; one a day."""
    once = f"{organization_id} {told.email} {clock.today()}"
    claim_id = _put(session, sender, told, (organization_id, State.INVITED, once))
    if claim_id is not None:
        asker = Asker(f"claim:{claim_id}", is_own_wish=True)
        nameless = Invitee(told.email, language=told.language)  # who typed the address has not shown that it is theirs
        invite(session, sender, asker, Offer(organization_id=organization_id), nameless)


def _put(session: Session, sender: Sender, told: Told, about: tuple[uuid.UUID | None, State, str]) -> uuid.UUID | None:
    """Write a claim down: `about` is for which organization, how it stands, what it is known by. Its id; nothing where it is there."""
    organization_id, state, once = about
    claim_id, now = uuid.uuid4(), clock.now()
    values = {
        "id": claim_id,
        "organization_id": organization_id,
        "state": state,
        "sealed": key_of(sender).seal(packed(told), bound(claim_id)),
        "once": key_of_site(sender.secret, f"claim once: {once}").id,
        "claimed_at": now,
        "decided_at": now if state is State.INVITED else None,
    }
    put = inserting(session, Claim).values(**values).on_conflict_do_nothing(index_elements=["once"])
    if session.scalar(put.returning(Claim.id)) is None:
        return None
    changes = {"state": [None, state.value]} | ({"organization": [None, str(organization_id)]} if organization_id else {})
    record(session, ("claim", claim_id), Act("claimed", SITE if state is State.INVITED else CLAIMANT), changes)
    alarm.tending.ring_after_commit(session)
    return claim_id


def _has_room(session: Session, organization_id: uuid.UUID) -> bool:
    """Whether few enough are asked already: with an own domain that many have addresses on, a person looks at it."""
    still = (Membership.organization_id == organization_id, Membership.accepted_at.is_(None), Membership.invited_at > clock.now() - LASTS)
    asked = session.scalar(select(func.count()).select_from(Membership).where(*still)) or 0
    return asked < MOST_INVITED
