"""From a proposal's rows to what people see of it: beside what is live now, with flags, overlaps and shared places. Reads only."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.directory.models import Organization, Service
from portal.directory.places import ServiceAtLocation
from portal.directory.queries import BATCH
from portal.directory.record import ServiceRecord, changed_fields, unpack
from portal.directory.records import Recorded, find_records
from portal.directory.venues import place_changes
from portal.editing.proposals.flags import flag
from portal.editing.proposals.merging import compare_three, merged, proposed
from portal.editing.proposals.models import Proposal, ProposedService, State
from portal.editing.proposals.seen import Difference, Overlap, ProposalView, ProposedView

ALL: Final = slice(None)
_EMPTY = ServiceRecord(name="")


@dataclass(frozen=True)
class _Around:
    """What stands around the services of a proposal, read for all of them at once."""

    live: Mapping[uuid.UUID, Recorded]
    overlaps: Mapping[uuid.UUID, list[tuple[Overlap, tuple[str, ...]]]]
    sharing: Mapping[uuid.UUID, tuple[str, ...]]  # place → names of other organizations' services there
    own: tuple[str, ...]


def view_of(session: Session, proposal: Proposal, shown: slice = ALL) -> ProposalView:
    """A proposal with its services, or with those that are `shown`."""
    organization = session.get_one(Organization, proposal.organization_id)
    rows = proposal.services[shown]
    ids = [row.service_id for row in rows if row.service_id]
    records = {row.id: unpack(row.record) for row in rows}
    places = {venue.location_id for record in records.values() for venue in record.venues if venue.location_id}
    own = tuple(address for address in (organization.website, organization.email) if address)
    around = _Around(find_records(session, ids), _overlaps(session, proposal, ids), _sharing(session, organization.id, sorted(places)), own)
    return ProposalView(
        id=proposal.id,
        organization_id=organization.id,
        organization=organization.name,
        kind=proposal.kind,
        state=proposal.state,
        lock=proposal.lock,
        language=proposal.language,
        note=proposal.note,
        proposed_by=proposal.proposed_by,
        saved_at=proposal.saved_at,
        proposed_at=proposal.proposed_at,
        decided_by=proposal.decided_by,
        decided_at=proposal.decided_at,
        reason=proposal.reason,
        is_held=proposal.held_at is not None,
        second_by=proposal.second_by,
        second_at=proposal.second_at,
        to_look_at=proposal.to_look_at,
        follows=proposal.follows,
        services=tuple(_service(row, records[row.id], around) for row in rows),
        name=_name(session, proposal, around),
        others=_others(session, proposal, {row.id for row in rows}),
    )


def _name(session: Session, proposal: Proposal, around: _Around) -> str:
    """What the first service of a proposal is called."""
    if not proposal.services:
        return ""
    first = proposal.services[0]
    standing = around.live.get(first.service_id) if first.service_id else None
    if standing:
        return standing.record.name
    return session.scalar(select(Service.name).where(Service.id == first.service_id)) or first.name


def _others(session: Session, proposal: Proposal, shown: Collection[uuid.UUID]) -> tuple[tuple[uuid.UUID, int | None], ...]:
    rows = [row for row in proposal.services if row.id not in shown]
    ids = [row.service_id for row in rows if row.service_id]
    live: dict[uuid.UUID, int] = {}
    for start in range(0, len(ids), BATCH):
        some = select(Service.id, Service.version).where(Service.id.in_(ids[start : start + BATCH]))
        live |= {row.id: row.version for row in session.execute(some)}
    return tuple((row.id, live.get(row.service_id) if row.service_id else None) for row in rows)


def _service(row: ProposedService, record: ServiceRecord, around: _Around) -> ProposedView:
    standing = around.live.get(row.service_id) if row.service_id else None
    live, base = standing.record if standing else _EMPTY, unpack(row.base) if row.base else _EMPTY
    edited = unpack(row.edited) if row.edited else None
    fates = compare_three(base, record, live)
    fields = proposed(fates)
    overlaps = around.overlaps.get(row.service_id, []) if row.service_id else []
    return ProposedView(
        id=row.id,
        service_id=row.service_id,
        name=live.name or record.name,
        base_version=row.base_version,
        live_version=standing.version if standing else None,
        base=base if row.base else None,
        record=record,
        edited=edited,
        live=live if standing else None,
        merged=merged(record, live, fates),
        differences=tuple(
            Difference(name, fates[name], getattr(base, name), getattr(live, name), getattr(record, name)) for name in fields
        ),
        flags=flag(record, live if standing else None, around.own),
        overlaps=tuple(_narrowed(overlap, theirs, fields) for overlap, theirs in overlaps),
        shared_with=_shared_with(record, live, around) if "venues" in fields else (),
        approved=tuple(row.approved),
        held=tuple(row.held),
        left_out=tuple(row.left_out),
    )


def _narrowed(overlap: Overlap, theirs: tuple[str, ...], fields: Sequence[str]) -> Overlap:
    both = tuple(name for name in fields if name in theirs)
    return Overlap(overlap.proposal_id, overlap.proposed_by, overlap.proposed_at, both)


def _shared_with(record: ServiceRecord, live: ServiceRecord, around: _Around) -> tuple[str, ...]:
    """Names of other organizations' services at places that the record changes."""
    before = {venue.location_id: venue for venue in live.venues}
    names: list[str] = []
    for venue in record.venues:
        sharing = around.sharing.get(venue.location_id, ()) if venue.location_id else ()
        standing = before.get(venue.location_id)
        if sharing and (standing is None or place_changes(standing, venue)):
            names += sharing
    return tuple(dict.fromkeys(names))


def _overlaps(session: Session, proposal: Proposal, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[tuple[Overlap, tuple[str, ...]]]]:
    if proposal.state not in (State.WAITING, State.DRAFT, State.RETURNED) or not ids:
        return {}
    query = (
        select(ProposedService, Proposal)
        .join(Proposal, Proposal.id == ProposedService.proposal_id)
        .where(ProposedService.service_id.in_(ids), Proposal.state == State.WAITING, Proposal.id != proposal.id)
        .order_by(Proposal.proposed_at, Proposal.id)
    )
    found: dict[uuid.UUID, list[tuple[Overlap, tuple[str, ...]]]] = {}
    for row, other in session.execute(query):
        theirs = changed_fields(unpack(row.base) if row.base else None, unpack(row.record))
        if row.service_id:
            found.setdefault(row.service_id, []).append((Overlap(other.id, other.proposed_by, other.proposed_at, ()), theirs))
    return found


def _sharing(session: Session, organization_id: uuid.UUID, places: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    if not places:
        return {}
    query = (
        select(ServiceAtLocation.location_id, Service.name)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(ServiceAtLocation.location_id.in_(places), Service.organization_id != organization_id)
        .order_by(Service.name)
    )
    found: dict[uuid.UUID, list[str]] = {}
    for place, name in session.execute(query):
        found.setdefault(place, []).append(name)
    return {place: tuple(names) for place, names in found.items()}
