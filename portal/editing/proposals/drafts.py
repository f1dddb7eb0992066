"""Drafts as rows: what an editor saves in, the one living draft of that person for that service out. None commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Member
from portal.db import inserting
from portal.directory.record import changed_fields, pack, unpack
from portal.directory.records import Recorded, find_records
from portal.editing.proposals.access import taken
from portal.editing.proposals.draft import Draft, DraftedService
from portal.editing.proposals.models import Kind, Proposal, ProposedService, State
from portal.errors import NotFound


def key_of(person_id: uuid.UUID, kind: str, of: uuid.UUID) -> str:
    """What one living draft is known by: `of` a service, for a new one of an organization."""
    return f"{person_id}:{kind}:{of}"


def living(session: Session, member: Member, draft: Draft) -> Proposal:
    """The living draft, to be written: a new one where there is none. An import is always new."""
    of = next((each.service_id for each in draft.services if each.service_id), draft.organization_id)
    key = None if draft.kind == Kind.IMPORT else key_of(member.id, draft.kind, of)
    values = {
        "id": uuid.uuid4(),
        "organization_id": draft.organization_id,
        "kind": draft.kind.value,
        "state": State.DRAFT.value,
        "draft_key": key,
        "proposed_by": member.id,
        "language": draft.language,
        "saved_at": clock.now(),
    }
    put = inserting(session, Proposal).values(**values).on_conflict_do_nothing(index_elements=["draft_key"])
    made = session.scalar(put.returning(Proposal.id))
    found = made or session.scalar(select(Proposal.id).where(Proposal.draft_key == key))
    if found is None:
        raise NotFound("the draft went while it was looked for")
    return taken(session, found, None if made else draft.lock)


def fill(session: Session, proposal: Proposal, services: Iterable[DraftedService]) -> None:
    """Write what is drafted of each service; what it was written from is kept from the first time."""
    wanted = list(services)
    live = find_records(session, [each.service_id for each in wanted if each.service_id])
    known = {row.service_id: row for row in proposal.services}
    rows = []
    for position, drafted in enumerate(wanted):
        standing = _standing(live, proposal, drafted)
        row = known.get(drafted.service_id) if proposal.kind != Kind.IMPORT else None
        rows.append(_written(row or ProposedService(service_id=drafted.service_id), drafted, standing, position))
    proposal.services = rows


def revive(session: Session, proposal: Proposal) -> None:
    """Make what was returned the living draft, unless its writer has begun another one meanwhile."""
    if proposal.kind == Kind.IMPORT:
        return
    of = next((row.service_id for row in proposal.services if row.service_id), proposal.organization_id)
    key = key_of(proposal.proposed_by, proposal.kind, of)
    if session.scalar(select(Proposal.id).where(Proposal.draft_key == key)) is None:
        proposal.draft_key = key


def _standing(live: dict[uuid.UUID, Recorded], proposal: Proposal, drafted: DraftedService) -> Recorded | None:
    if drafted.service_id is None:
        return None
    standing = live.get(drafted.service_id)
    if standing is None or standing.organization_id != proposal.organization_id:
        raise NotFound(f"no service {drafted.service_id} of organization {proposal.organization_id}")
    return standing


def _written(row: ProposedService, drafted: DraftedService, standing: Recorded | None, position: int) -> ProposedService:
    if standing is not None and row.base is None:
        row.base, row.base_version = pack(standing.record), standing.version
    row.record, row.name, row.position = pack(drafted.record), drafted.record.name, position
    row.fields = list(changed_fields(unpack(row.base) if row.base else None, drafted.record))
    return row
