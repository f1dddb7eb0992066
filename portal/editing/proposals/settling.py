"""What is approved, carried out: fields that reach nobody else are published, changed contacts are held, the rest goes back. None commits.

One proposed service after another, all in the caller's transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal import alarm, clock
from portal.accounts.audiences import Member
from portal.accounts.models import Membership
from portal.directory.entries import read_record
from portal.directory.models import Organization, Service
from portal.directory.publishing import Target, publish, publish_on
from portal.directory.record import FIELDS, ServiceRecord, changed_fields, pack, unpack, with_fields
from portal.directory.records import get_record, load_services
from portal.directory.soundness import unstorable
from portal.editing.proposals.contacts import reach_elsewhere
from portal.editing.proposals.draft import Outcome
from portal.editing.proposals.drafts import revive
from portal.editing.proposals.models import Kind, Notice, Proposal, ProposedService, State
from portal.errors import Refused
from portal.history import Act


@dataclass(frozen=True)
class Choice:
    """What is approved of one proposed service: `fields` of `source`, which is the editor's record or as a reviewer changed it."""

    row: ProposedService
    source: ServiceRecord
    fields: tuple[str, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class How:
    """What it is done as, whose check it counts as, and the services as this transaction holds them."""

    act: Act
    confirmed_by: str | None
    services: dict[uuid.UUID, Service]


def settle(session: Session, proposal: Proposal, choices: Sequence[Choice], act: Act) -> Outcome:
    """Carry out what was chosen, and set the state of the proposal; `write` it afterwards."""
    how = How(act, confirming(session, proposal, act), _services(session, choices))
    for choice in choices:
        _settle_one(session, proposal, choice, how)
    if any(choice.left_out for choice in choices):
        _give_back(session, proposal, {choice.row.id: choice.left_out for choice in choices})
    rows = [choice.row for choice in choices]
    if any(row.held for row in rows):
        proposal.state, proposal.held_at = State.WAITING, clock.now()
        note(session, proposal, "held")
    else:
        proposal.state = State.PARTLY_APPROVED if any(row.left_out for row in rows) else State.APPROVED
    return outcome(proposal)


def outcome(proposal: Proposal) -> Outcome:
    """What came of a proposal so far."""
    approved = {name for row in proposal.services for name in row.approved}
    held = {name for row in proposal.services for name in row.held}
    in_order = [tuple(name for name in FIELDS if name in some) for some in (approved, held)]
    return Outcome(proposal.id, proposal.state, *in_order)


def publish_held(session: Session, proposal: Proposal, act: Act) -> None:
    """Publish what was held, and let nothing be held any more."""
    for row in proposal.services:
        if row.held and row.service_id:
            live = get_record(session, row.service_id)
            record = with_fields(live.record, unpack(row.edited or row.record), tuple(row.held))
            publish(session, Target(live.organization_id, row.service_id, live.version), record, act)
            row.approved, row.held = [*row.approved, *row.held], []


def give_back_held(session: Session, proposal: Proposal) -> None:
    """Give what was held back to the editor, as left out."""
    held = {row.id: tuple(row.held) for row in proposal.services if row.held}
    for row in proposal.services:
        row.left_out, row.held = [*row.left_out, *row.held], []
    if any(row.approved for row in proposal.services):
        _give_back(session, proposal, held)


def confirming(session: Session, proposal: Proposal, act: Act) -> str | None:
    """The name under which a listing counts as checked: the organization's, whose people wrote it.

    None where it ends or comes back, and where the council wrote it: nobody of the organization has said that the rest is right.
    """
    keeps = exists().where(
        Membership.person_id == proposal.proposed_by,
        Membership.organization_id == proposal.organization_id,
        Membership.accepted_at.is_not(None),
    )
    if proposal.kind == Kind.WITHDRAWAL or act.name == "restored" or not session.scalar(select(keeps)):
        return None
    return session.get_one(Organization, proposal.organization_id).name


def note(session: Session, proposal: Proposal, kind: str) -> None:
    """Have a letter written once this is committed (see `telling`)."""
    session.add(Notice(proposal_id=proposal.id, kind=kind, noted_at=clock.now()))
    alarm.tending.ring_after_commit(session)


def acting(member: Member, name: str, reason: str = "") -> Act:
    """An act of this member."""
    return Act(name, member.acted_by, reason)


def _services(session: Session, choices: Sequence[Choice]) -> dict[uuid.UUID, Service]:
    """The services that are there already, whole; the caller holds them against others."""
    return {service.id: service for service in load_services(session, [it.row.service_id for it in choices if it.row.service_id])}


def _settle_one(session: Session, proposal: Proposal, choice: Choice, how: How) -> None:
    row, source = choice.row, choice.source
    if row.service_id is None and not choice.fields:  # a new service of which nothing is approved is not published by its name alone
        row.approved, row.held, row.left_out = [], [], list(choice.left_out)
        return
    service = how.services[row.service_id] if row.service_id else None
    live = read_record(service) if service else None
    wanted = with_fields(live or ServiceRecord(name=source.name), source, choice.fields)
    changed = changed_fields(live, wanted)
    if wrong := set(unstorable(wanted)) & set(changed):
        raise Refused(f"{', '.join(sorted(wrong))}: cannot be kept like this")
    held = reach_elsewhere(live, wanted) if live else ()
    fields = tuple(name for name in changed if name not in held)
    if service is None or live is None:
        row.service_id = publish(session, Target(proposal.organization_id), wanted, how.act, confirmed_by=how.confirmed_by)
        row.published_version = 1
    elif fields:
        publish_on(session, service, with_fields(wanted, live, held), how.act, how.confirmed_by)
        row.published_version = service.version
    row.approved, row.held, row.left_out = list(fields), list(held), list(choice.left_out)
    row.edited = pack(source) if pack(source) != row.record else None
    if held and service:
        row.base, row.base_version = pack(read_record(service)), service.version


def _give_back(session: Session, proposal: Proposal, left_out: dict[uuid.UUID, tuple[str, ...]]) -> None:
    """What was left out, as a proposal of its own that is returned to the editor, on what is live now."""
    back = Proposal(
        organization_id=proposal.organization_id,
        kind=proposal.kind if proposal.kind != Kind.NEW else Kind.CHANGE,
        state=State.RETURNED.value,
        proposed_by=proposal.proposed_by,
        language=proposal.language,
        note=proposal.note,
        saved_at=clock.now(),
        proposed_at=proposal.proposed_at,
        reason=proposal.reason,
        follows=proposal.id,
        lock=1,
    )
    session.add(back)
    session.flush()
    for row in proposal.services:
        if fields := left_out.get(row.id):
            back.services.append(_left_of(session, row, fields))
    session.flush()
    revive(session, back)


def _left_of(session: Session, row: ProposedService, fields: tuple[str, ...]) -> ProposedService:
    live = get_record(session, row.service_id) if row.service_id else None
    record = unpack(row.record)
    wanted = with_fields(live.record, record, fields) if live else record
    left = ProposedService(service_id=row.service_id, position=row.position, name=wanted.name, fields=list(fields), record=pack(wanted))
    if live:
        left.base, left.base_version = pack(live.record), live.version
    return left
