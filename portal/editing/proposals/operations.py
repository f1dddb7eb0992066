"""What editors do with proposals, and what is done with them. One function, one act; history is written; none commits.

All raise `NotFound` for what is not this member's to touch, so that ids cannot be probed, `Conflict` when somebody was quicker,
and `Refused` for what this person may not do like this. Reviewers' acts are in `reviewing`, and can be had from here too.
"""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Member
from portal.directory.record import changed_fields, unpack
from portal.directory.soundness import unstorable
from portal.editing.proposals.access import held_against_others, may_write_for, own, taken, write
from portal.editing.proposals.draft import Draft, Outcome
from portal.editing.proposals.drafts import fill, living
from portal.editing.proposals.models import Kind, Proposal, State
from portal.editing.proposals.queries import get_proposal, is_trusted
from portal.editing.proposals.reviewing import approve, confirm_contacts, look_at, restore_version, return_to_editor, set_trusted
from portal.editing.proposals.settling import Choice, acting, outcome, settle
from portal.errors import Conflict, NotFound, Refused
from portal.history import record as remember

__all__ = [
    "approve",
    "confirm_contacts",
    "discard_draft",
    "look_at",
    "propose",
    "restore_version",
    "return_to_editor",
    "save_draft",
    "set_trusted",
    "withdraw_proposal",
]


def save_draft(session: Session, member: Member, draft: Draft) -> Proposal:
    """Save as you go. The living draft of this person for the service is resumed; `Proposal.id` and `.lock` (new) are filled in.

    What it was written from is kept from the first save. Saving what was returned makes it a draft again. Nothing is checked but that
    the service is there to be changed: half a sentence is kept too.
    """
    if not may_write_for(member, draft.organization_id) or not draft.services:
        raise NotFound("nothing of this member's to write")
    if draft.kind != Kind.IMPORT and (len(draft.services) > 1 or (draft.kind == Kind.NEW) != (draft.services[0].service_id is None)):
        raise NotFound("one service, which is new or there already")
    proposal = living(session, member, draft)
    fill(session, proposal, draft.services)
    proposal.state, proposal.saved_at, proposal.language = State.DRAFT.value, clock.now(), draft.language
    write(session, proposal)
    return proposal


def discard_draft(session: Session, member: Member, proposal_id: uuid.UUID) -> None:
    """Throw away a draft, or what was returned, of one's own."""
    proposal = own(session, member, proposal_id)
    if proposal.proposed_at is None:
        session.delete(proposal)
        session.flush()
        return
    proposal.state, proposal.draft_key = State.WITHDRAWN.value, None
    remember(session, ("proposal", proposal.id), acting(member, "withdrawn"), {"state": [State.RETURNED.value, proposal.state]})
    write(session, proposal)


def propose(session: Session, member: Member, proposal_id: uuid.UUID, note: str = "") -> Outcome:
    """Send a draft of one's own for review, with a note; published at once for an organization that is trusted, if nothing is flagged.

    Raises `Refused` where nothing differs from what is live, or a record cannot be kept (it has no name, for one).
    """
    proposal = own(session, member, proposal_id)
    before = proposal.state
    _check(proposal)
    proposal.state, proposal.draft_key, proposal.note = State.WAITING.value, None, note
    proposal.proposed_at, proposal.reason = clock.now(), ""
    remember(session, ("proposal", proposal.id), acting(member, "proposed", note), {"state": [before, proposal.state]})
    write(session, proposal)
    choices = _choices_of_trusted(session, member, proposal)
    if not choices:
        return outcome(proposal)
    done = settle(session, proposal, choices, acting(member, "published", note))
    proposal.to_look_at, proposal.decided_at = True, clock.now()
    write(session, proposal)
    return done


def withdraw_proposal(session: Session, member: Member, proposal_id: uuid.UUID, lock: int) -> None:
    """Take back what waits: by whoever proposed it, or another editor of the organization. What is live already stays."""
    proposal = taken(session, proposal_id)
    if proposal.proposed_by != member.id and not member.edits(proposal.organization_id):
        raise NotFound(f"no proposal {proposal_id} of this person")
    if proposal.lock != lock or proposal.state != State.WAITING:
        raise Conflict(f"proposal {proposal_id} is {proposal.state}")
    for row in proposal.services:
        row.left_out, row.held = [*row.left_out, *row.held], []
    has_part = any(row.approved for row in proposal.services)
    proposal.state = (State.PARTLY_APPROVED if has_part else State.WITHDRAWN).value
    proposal.held_at = None
    remember(session, ("proposal", proposal.id), acting(member, "withdrawn"), {"state": [State.WAITING.value, proposal.state]})
    write(session, proposal)


def _check(proposal: Proposal) -> None:
    """Raises `Refused` unless each service is sound where it is changed, and something is."""
    for row in proposal.services:
        record, base = unpack(row.record), unpack(row.base) if row.base else None
        if wrong := set(unstorable(record)) & {*changed_fields(base, record), "name"}:
            raise Refused(f"{', '.join(sorted(wrong))}: cannot be kept like this")
        if proposal.kind != Kind.IMPORT and not changed_fields(base, record):
            raise Refused("nothing is changed")


def _choices_of_trusted(session: Session, member: Member, proposal: Proposal) -> list[Choice]:
    """All that is proposed, for a trusted organization's own people; nothing where a reviewer has to look first."""
    if not member.edits(proposal.organization_id) or not is_trusted(session, proposal.organization_id):
        return []
    held_against_others(session, proposal)
    view = get_proposal(session, proposal.id)
    if any(each.conflicts or each.shared_with or any(flag.is_grave for flag in each.flags) for each in view.services):
        return []
    rows = {row.id: row for row in proposal.services}
    return [Choice(rows[each.id], each.record, tuple(it.field for it in each.differences)) for each in view.services]
