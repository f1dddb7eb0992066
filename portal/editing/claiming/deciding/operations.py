"""What is decided on claims: by those who keep the listings, and by reviewers. One function, one act; none commits.

Each act takes its claim by one statement that says how it must still stand, so that of two at once one finds that it is decided.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import alarm, clock
from portal.accounts.audiences import Member, Role
from portal.accounts.people.keeping.operations import invite_keeper
from portal.accounts.people.offers import Asker, Invitee, Offer
from portal.accounts.people.operations import invite
from portal.accounts.people.room import Sender
from portal.accounts.queries import list_editors
from portal.directory.models import Organization
from portal.directory.operations import NewOrganization, add_organization
from portal.editing.claiming import letters
from portal.editing.claiming.models import OPEN, Claim, State
from portal.editing.claiming.queries import find_told
from portal.editing.claiming.told import Told
from portal.errors import Conflict, NotFound, Refused
from portal.history import Act, record

ACCEPTED: Final = "claim accepted"
DECLINED: Final = "claim declined"
REFUSED: Final = "claim passed to the council"


def answer_as_keeper(session: Session, sender: Sender, member: Member, claim_id: uuid.UUID, *, is_yes: bool) -> None:
    """Say whether somebody is to keep the listings too: yes invites them, no leaves it to the council.

    Raises `NotFound` for claims of others, `Conflict` when it is decided or passed on already.
    """
    claim = _get(session, claim_id)
    if claim.organization_id is None or not member.edits(claim.organization_id):
        raise NotFound(f"no claim {claim_id} of theirs")
    told = find_told(sender, claim)
    if is_yes and told is not None:
        _take(session, claim, (State.ASKED,), _over(State.ACCEPTED, member))
        invite_keeper(session, sender, member, claim.organization_id, _invitee(told))
        _write(session, claim, Act(ACCEPTED, member.acted_by), State.ACCEPTED)
    else:
        _take(session, claim, (State.ASKED,), {"state": State.WAITING, "refused_by": member.id})
        _write(session, claim, Act(REFUSED, member.acted_by), State.WAITING)
    alarm.tending.ring_after_commit(session)


def accept(session: Session, sender: Sender, member: Member, claim_id: uuid.UUID, organization_id: uuid.UUID | None = None) -> None:
    """Invite whoever claims. A missing organization is written down first, or is `organization_id` after all.

    Raises `NotFound`, `Conflict` when it is decided already, `Refused` for a claim of the member's own, or one that cannot be read.
    """
    claim = _to_decide(session, member, claim_id)
    told = find_told(sender, claim)
    if told is None:
        raise Refused("what they told us cannot be read any more")
    if told.email == member.email:
        raise Refused("nobody decides on a claim of their own")
    _take(session, claim, OPEN, _over(State.ACCEPTED, member))
    act = Act(ACCEPTED, member.acted_by)
    target = claim.organization_id or _known(session, organization_id) or _found(session, told, Act("added", member.acted_by))
    keepers = list_editors(session, target)
    asker = Asker(member.acted_by, is_own_wish=True)
    if invite(session, sender, asker, Offer(organization_id=target), _invitee(told)):
        name = session.get_one(Organization, target).name
        for keeper in keepers:
            sender.post(session, letters.joined(sender, keeper, name, target))
    claim.organization_id = target
    _write(session, claim, act, State.ACCEPTED)


def decline(session: Session, sender: Sender, member: Member, claim_id: uuid.UUID, reason: str) -> None:
    """Say no, with a reason that whoever claims is told. Raises `NotFound`, `Conflict` when it is decided already."""
    claim = _to_decide(session, member, claim_id)
    told = find_told(sender, claim)
    _take(session, claim, OPEN, _over(State.DECLINED, member))
    if told is not None:
        organization = session.get(Organization, claim.organization_id) if claim.organization_id else None
        name = organization.name if organization else told.founding.name if told.founding else ""
        sender.post(session, letters.declined(sender, told, name, reason))
    _write(session, claim, Act(DECLINED, member.acted_by, reason), State.DECLINED)


def _to_decide(session: Session, member: Member, claim_id: uuid.UUID) -> Claim:
    if not member.has(Role.REVIEWER):
        raise NotFound("nothing here for this person")
    return _get(session, claim_id)


def _get(session: Session, claim_id: uuid.UUID) -> Claim:
    claim = session.get(Claim, claim_id)
    if claim is None:
        raise NotFound(f"no claim {claim_id}")
    return claim


def _take(session: Session, claim: Claim, states: tuple[State, ...], values: dict[str, Any]) -> None:
    """Change a claim that stands so. Raises `Conflict` when it does not any more."""
    still = (Claim.id == claim.id, Claim.state.in_(states))
    taken = session.execute(
        update(Claim).where(*still).values(**values).returning(Claim.id), execution_options={"synchronize_session": False}
    )
    if taken.one_or_none() is None:
        raise Conflict(f"claim {claim.id} is decided already")


def _over(state: State, member: Member) -> dict[str, Any]:
    return {"state": state, "once": None, "decided_by": member.id, "decided_at": clock.now()}


def _known(session: Session, organization_id: uuid.UUID | None) -> uuid.UUID | None:
    """An organization that the reviewer chose. Raises `NotFound` for one that is not there."""
    if organization_id is not None and session.get(Organization, organization_id) is None:
        raise NotFound(f"no organization {organization_id}")
    return organization_id


def _found(session: Session, told: Told, act: Act) -> uuid.UUID:
    """Write the missing organization down. Raises `NotFound` for a claim that tells of none."""
    new = told.founding
    if new is None:
        raise NotFound("the claim is for no organization")
    return add_organization(session, NewOrganization(new.name, new.about, new.website, new.phone), act)


def _invitee(told: Told) -> Invitee:
    return Invitee(told.email, told.name, told.language)


def _write(session: Session, claim: Claim, act: Act, state: State) -> None:
    changes: dict[str, Any] = {"state": [claim.state, state.value]}
    if claim.organization_id:
        changes["organization"] = [str(claim.organization_id), str(claim.organization_id)]
    record(session, ("claim", claim.id), act, changes)
