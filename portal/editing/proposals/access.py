"""Who may do what with which proposal: a member and ids in, the proposal out, held against other writers, or an error."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts.audiences import Member, Role
from portal.directory.models import Service
from portal.editing.proposals.models import OPEN, Proposal, State
from portal.errors import Conflict, NotFound, Refused


def may_write_for(member: Member, organization_id: uuid.UUID) -> bool:
    """Whether they may propose for an organization: its editors, and those who look after all listings."""
    return member.edits(organization_id) or member.has(Role.REVIEWER, Role.COUNCIL_EDITOR, Role.ADMINISTRATOR)


def taken(session: Session, proposal_id: uuid.UUID, lock: int | None = None) -> Proposal:
    """A proposal, to be changed. Raises `NotFound`, and `Conflict` where `lock` is not the proposal's any more."""
    query = select(Proposal).where(Proposal.id == proposal_id).with_for_update().execution_options(populate_existing=True)
    proposal = session.scalars(query.options(selectinload(Proposal.services))).one_or_none()
    if proposal is None:
        raise NotFound(f"no proposal {proposal_id}")
    if lock is not None and proposal.lock != lock:
        raise Conflict(f"proposal {proposal_id} is at {proposal.lock}, not {lock}")
    return proposal


def held_against_others(session: Session, proposal: Proposal) -> None:
    """Hold the services of a proposal, always in the same order, until this transaction ends: what is read of them now stays so."""
    ids = [row.service_id for row in proposal.services if row.service_id]
    session.scalars(select(Service.id).where(Service.id.in_(ids)).order_by(Service.id).with_for_update()).all()


def own(session: Session, member: Member, proposal_id: uuid.UUID) -> Proposal:
    """A proposal that this member is still writing. Raises `NotFound`; `Conflict` once it was sent or is over."""
    proposal = taken(session, proposal_id)
    if proposal.proposed_by != member.id or not may_write_for(member, proposal.organization_id):
        raise NotFound(f"no proposal {proposal_id} of this person")
    if proposal.state not in OPEN:
        raise Conflict(f"proposal {proposal_id} is {proposal.state}")
    return proposal


def to_decide(session: Session, member: Member, proposal_id: uuid.UUID, lock: int) -> Proposal:
    """A proposal that waits, for a reviewer who did not write it. Raises `NotFound`, `Conflict`, `Refused`."""
    need(member, Role.REVIEWER)
    proposal = taken(session, proposal_id, lock)
    if proposal.state != State.WAITING:
        raise Conflict(f"proposal {proposal_id} is {proposal.state}")
    if proposal.proposed_by == member.id:
        raise Refused("nobody decides what they proposed themselves")
    return proposal


def need(member: Member, *roles: Role) -> None:
    """Raises `NotFound` for who has none of these roles: to them there is nothing here."""
    if not member.has(*roles):
        raise NotFound("nothing here for this person")


def write(session: Session, proposal: Proposal) -> None:
    """Write a proposal that was changed, one higher. Raises `Conflict` when somebody else wrote it meanwhile."""
    proposal.lock += 1
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict(f"proposal {proposal.id} was written meanwhile") from error
