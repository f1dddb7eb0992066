"""What reviewers do with proposals: approve, return, confirm, look at, restore, trust. One function, one act; none commits.

Errors as in `operations`. Nobody decides what they proposed themselves; what reaches other people than before takes two reviewers.
"""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Member, Role
from portal.db import inserting
from portal.directory.models import Organization
from portal.directory.record import FIELDS, changed_fields, pack, says_the_same, unpack
from portal.directory.records import get_record
from portal.directory.versions import get_version
from portal.editing.proposals.access import held_against_others, need, taken, to_decide, write
from portal.editing.proposals.draft import Decision, Outcome, ServiceDecision
from portal.editing.proposals.drafts import revive
from portal.editing.proposals.models import Kind, OrganizationStanding, Proposal, ProposedService, State
from portal.editing.proposals.queries import get_proposal
from portal.editing.proposals.seen import ProposedView
from portal.editing.proposals.settling import Choice, acting, give_back_held, note, outcome, publish_held, settle
from portal.errors import Conflict, NotFound, Refused
from portal.history import record as remember


def approve(session: Session, member: Member, proposal_id: uuid.UUID, lock: int, decision: Decision) -> Outcome:
    """Publish what is approved, hold changed contacts for a second reviewer, give what was left out back to the editor."""
    proposal = to_decide(session, member, proposal_id, lock)
    if proposal.held_at is not None:
        raise Conflict("it was decided already, and only contacts are held")
    held_against_others(session, proposal)
    choices = _choices(session, proposal, decision)
    if any(choice.left_out for choice in choices) and not decision.reason:
        raise Refused("something is left out, and no reason is given")
    if not any(choice.fields for choice in choices):
        return_to_editor(session, member, proposal_id, lock, decision.reason)
        return outcome(proposal)
    proposal.decided_by, proposal.decided_at, proposal.reason = member.id, clock.now(), decision.reason
    done = settle(session, proposal, choices, acting(member, "approved", decision.reason))
    left = any(choice.left_out for choice in choices)
    note(session, proposal, "partly" if left else "approved")
    _remember(session, member, proposal, "approved")
    write(session, proposal)
    return done


def return_to_editor(session: Session, member: Member, proposal_id: uuid.UUID, lock: int, reason: str) -> None:
    """Give what waits (of one that is held: what is held) back with a reason. By a reviewer; not of one's own."""
    proposal = to_decide(session, member, proposal_id, lock)
    if not reason:
        raise Refused("no reason is given")
    proposal.reason = reason
    was_held = proposal.held_at is not None
    if was_held:
        give_back_held(session, proposal)
        proposal.held_at, proposal.second_by, proposal.second_at = None, member.id, clock.now()
    else:
        proposal.decided_by, proposal.decided_at = member.id, clock.now()
    if was_held and any(row.approved for row in proposal.services):
        proposal.state = State.PARTLY_APPROVED.value
    else:
        proposal.state = State.RETURNED.value
        revive(session, proposal)
    note(session, proposal, "returned")
    _remember(session, member, proposal, "returned")
    write(session, proposal)


def confirm_contacts(session: Session, member: Member, proposal_id: uuid.UUID, lock: int) -> Outcome:
    """Publish what was held: by a reviewer who neither proposed nor approved it. `Conflict` when a held field was changed meanwhile."""
    proposal = to_decide(session, member, proposal_id, lock)
    if proposal.held_at is None:
        raise Conflict("nothing is held")
    if member.id == proposal.decided_by:
        raise Refused("a second person has to confirm it")
    held_against_others(session, proposal)
    for row in proposal.services:
        _need_as_it_was(session, row)
    publish_held(session, proposal, acting(member, "contacts confirmed"))
    left = any(row.left_out for row in proposal.services)
    proposal.state = (State.PARTLY_APPROVED if left else State.APPROVED).value
    proposal.held_at, proposal.second_by, proposal.second_at = None, member.id, clock.now()
    note(session, proposal, "confirmed")
    _remember(session, member, proposal, "contacts confirmed")
    write(session, proposal)
    return outcome(proposal)


def look_at(session: Session, member: Member, proposal_id: uuid.UUID, lock: int) -> None:
    """Note that a reviewer has looked at what a trusted organization published at once; not at one's own."""
    need(member, Role.REVIEWER)
    proposal = taken(session, proposal_id, lock)
    if proposal.proposed_by == member.id:
        raise Refused("nobody looks after what they published themselves")
    if proposal.to_look_at:
        proposal.to_look_at, proposal.looked_at_by, proposal.looked_at_at = False, member.id, clock.now()
        _remember(session, member, proposal, "looked at")
        write(session, proposal)


def restore_version(session: Session, member: Member, service_id: uuid.UUID, number: int, reason: str) -> Outcome:
    """Bring back what a service said in a version: by a reviewer, at once but for contacts, which are held for a second one."""
    need(member, Role.REVIEWER)
    live, version = get_record(session, service_id), get_version(session, service_id, number)
    fields = changed_fields(live.record, version.record)
    if not fields:
        raise Refused("the listing says just this")
    now = clock.now()
    proposal = Proposal(
        organization_id=live.organization_id,
        kind=Kind.CHANGE.value,
        state=State.WAITING.value,
        proposed_by=member.id,
        language=member.language,
        note=reason,
        saved_at=now,
        proposed_at=now,
        decided_by=member.id,
        decided_at=now,
        lock=1,
    )
    row = ProposedService(service_id=service_id, name=version.record.name, fields=list(fields), record=pack(version.record))
    row.base, row.base_version = pack(live.record), live.version
    proposal.services = [row]
    session.add(proposal)
    session.flush()
    done = settle(session, proposal, [Choice(row, version.record, fields)], acting(member, "restored", reason))
    _remember(session, member, proposal, "restored")
    write(session, proposal)
    return done


def set_trusted(session: Session, member: Member, organization_id: uuid.UUID, is_trusted: bool, reason: str) -> None:
    """Let an organization publish at once, or no longer. By a reviewer or administrator, of an organization that is not their own."""
    need(member, Role.REVIEWER, Role.ADMINISTRATOR)
    if session.get(Organization, organization_id) is None:
        raise NotFound(f"no organization {organization_id}")
    if member.edits(organization_id):
        raise Refused("nobody trusts themselves")
    before = session.get(OrganizationStanding, organization_id)
    was = before.is_trusted if before else False
    if was == is_trusted:
        return
    values = {"is_trusted": is_trusted, "trusted_by": member.id, "trusted_at": clock.now()}
    put = inserting(session, OrganizationStanding).values(organization_id=organization_id, **values)
    session.execute(put.on_conflict_do_update(index_elements=["organization_id"], set_=values))
    session.expire_all()
    name = "trusted" if is_trusted else "no longer trusted"
    remember(session, ("organization", organization_id), acting(member, name, reason), {"is_trusted": [was, is_trusted]})


def _choices(session: Session, proposal: Proposal, decision: Decision) -> list[Choice]:
    """What is decided of each service, held against what is live now. Raises `Conflict` where the reviewer looked at something else."""
    said = {each.proposed_id: each for each in decision.services}
    rows = {row.id: row for row in proposal.services}
    if said.keys() - rows.keys():
        raise NotFound("no such service in this proposal")
    return [_choice(rows[view.id], view, said.get(view.id)) for view in get_proposal(session, proposal.id).services]


def _choice(row: ProposedService, view: ProposedView, said: ServiceDecision | None) -> Choice:
    proposed = tuple(it.field for it in view.differences)
    if said is None:
        if view.conflicts:
            raise Conflict(f"somebody has to choose: {', '.join(view.conflicts)}")
        return Choice(row, view.record, proposed)
    if said.live_version != view.live_version:
        raise Conflict("the listing was changed meanwhile")
    source = said.edited or view.record
    of_reviewer = () if said.edited is None else changed_fields(view.merged, said.edited)
    known = {*proposed, *of_reviewer}
    fields = tuple(name for name in FIELDS if name in said.fields and name in known)
    return Choice(row, source, fields, tuple(name for name in proposed if name not in fields))


def _need_as_it_was(session: Session, row: ProposedService) -> None:
    """Raises `Conflict` when somebody published another value of what is held."""
    if row.held and row.service_id and row.base:
        base, live = unpack(row.base), get_record(session, row.service_id).record
        if any(not says_the_same(getattr(base, name), getattr(live, name)) for name in row.held):
            raise Conflict("what is held was changed meanwhile")


def _remember(session: Session, member: Member, proposal: Proposal, name: str) -> None:
    changes = {
        what: [[], fields]
        for what in ("approved", "held", "left_out")
        if (fields := sorted({field for row in proposal.services for field in getattr(row, what)}))
    }
    remember(
        session,
        ("proposal", proposal.id),
        acting(member, name, proposal.reason),
        {"state": [State.WAITING.value, proposal.state], **changes},
    )
