"""Reads of proposals: a session in, frozen views out. Who may see them is for the caller to ask (`member.edits(view.organization_id)`).

Each asks the same few questions of the database, however much there is.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from portal import clock
from portal.accounts.audiences import Member
from portal.directory.models import Organization
from portal.editing.proposals.drafts import key_of
from portal.editing.proposals.models import DECIDED, Kind, OrganizationStanding, Proposal, ProposedService, State
from portal.editing.proposals.seen import HistoryEntry, ProposalView, Turnaround, Waiting
from portal.editing.proposals.turnaround import turnaround_of
from portal.editing.proposals.viewing import ALL, view_of
from portal.errors import NotFound
from portal.history import HistoryLine

_LATELY: Final = timedelta(days=90)
_MOST: Final = 100  # proposals of one organization in a list
_MOST_DECISIONS: Final = 2_000
_AT_ONCE: Final = 500


def get_proposal(session: Session, proposal_id: uuid.UUID, shown: Callable[[int], slice] = lambda _total: ALL) -> ProposalView:
    """A proposal with differences, flags and overlaps, on what is live now. Raises `NotFound`.

    `shown` says which of its so many services are looked at, all where nothing is given.
    """
    query = select(Proposal).where(Proposal.id == proposal_id).options(selectinload(Proposal.services))
    proposal = session.scalars(query).one_or_none()
    if proposal is None:
        raise NotFound(f"no proposal {proposal_id}")
    return view_of(session, proposal, shown(len(proposal.services)))


def find_draft(session: Session, member: Member, kind: Kind, of: uuid.UUID) -> ProposalView | None:
    """This member's living draft (or what was returned to them) of a kind: `of` a service, for a new one of an organization."""
    query = select(Proposal.id).where(Proposal.draft_key == key_of(member.id, kind, of))
    found = session.scalar(query)
    return get_proposal(session, found) if found else None


def list_waiting(session: Session, most: int | None = None, after: int = 0) -> list[Waiting]:
    """What waits for a reviewer, the longest first; what is held too. At most so many, `after` so many that are left out."""
    query = _listed().where(Proposal.state == State.WAITING).order_by(Proposal.proposed_at, Proposal.id)
    return _lines(session, query.limit(most).offset(after))


def list_waiting_since(session: Session) -> list[datetime]:
    """Since when each of those has waited, the longest first."""
    waits = (Proposal.state == State.WAITING, Proposal.proposed_at.is_not(None))
    return [since for since in session.scalars(select(Proposal.proposed_at).where(*waits).order_by(Proposal.proposed_at)) if since]


def list_to_look_at(session: Session, most: int | None = None) -> list[Waiting]:
    """What trusted organizations published at once and nobody has looked at, the oldest first; at most so many."""
    return _lines(session, _listed().where(Proposal.to_look_at).order_by(Proposal.proposed_at, Proposal.id).limit(most))


def find_waiting(session: Session, organization_id: uuid.UUID, service_id: uuid.UUID) -> Waiting | None:
    """What waits for a reviewer about a service of an organization: the newest, if anything."""
    about = select(ProposedService.proposal_id).where(ProposedService.service_id == service_id)
    theirs = (Proposal.id.in_(about), Proposal.organization_id == organization_id, Proposal.state == State.WAITING)
    return next(iter(_lines(session, _listed().where(*theirs).order_by(Proposal.saved_at.desc(), Proposal.id).limit(1))), None)


def list_of_organization(session: Session, organization_id: uuid.UUID) -> list[Waiting]:
    """Proposals of an organization, drafts of all its people too, the newest first; at most 100."""
    return list_of_organizations(session, [organization_id]).get(organization_id, [])


def list_of_organizations(session: Session, organization_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Waiting]]:
    """The same for several, by organization; only those that have any."""
    newest = func.row_number().over(partition_by=Proposal.organization_id, order_by=(Proposal.saved_at.desc(), Proposal.id))
    numbered = select(Proposal.id, newest.label("place")).where(Proposal.organization_id.in_(list(organization_ids))).subquery()
    wanted = select(numbered.c.id).where(numbered.c.place <= _MOST)
    found: dict[uuid.UUID, list[Waiting]] = {}
    for line in _lines(session, _listed().where(Proposal.id.in_(wanted)).order_by(Proposal.saved_at.desc(), Proposal.id)):
        found.setdefault(line.organization_id, []).append(line)
    return found


def count_waiting(session: Session) -> int:
    """How many wait for a reviewer."""
    return session.scalar(select(func.count()).select_from(Proposal).where(Proposal.state == State.WAITING)) or 0


def turnaround(session: Session) -> Turnaround:
    """How long the decisions of the last 90 days took; `days` is None below ten."""
    by_people = (Proposal.decided_by.is_not(None), Proposal.decided_by != Proposal.proposed_by, Proposal.proposed_at.is_not(None))
    lately = (Proposal.decided_at >= clock.now() - _LATELY, Proposal.state.in_((*DECIDED, State.WAITING)))
    query = select(Proposal.proposed_at, Proposal.decided_at).where(*by_people, *lately, Proposal.follows.is_(None))
    rows = session.execute(query.order_by(Proposal.decided_at.desc()).limit(_MOST_DECISIONS)).all()
    return turnaround_of((row.proposed_at, row.decided_at) for row in rows if row.proposed_at and row.decided_at)


def history_of_service(session: Session, service_id: uuid.UUID) -> list[HistoryEntry]:
    """Everything that was done to a service, the newest first."""
    query = select(HistoryLine).where(HistoryLine.resource_type == "service", HistoryLine.resource_id == service_id)
    return [_entry(line) for line in session.scalars(query.order_by(HistoryLine.id.desc()))]


def proposers_of(session: Session, service_id: uuid.UUID) -> dict[int, uuid.UUID]:
    """Who proposed what stands in each version of a service, by the version's number."""
    rows = select(ProposedService.published_version, Proposal.proposed_by).join(Proposal, Proposal.id == ProposedService.proposal_id)
    published = rows.where(ProposedService.service_id == service_id, ProposedService.published_version.is_not(None))
    return {number: person_id for number, person_id in session.execute(published) if number is not None}


def is_trusted(session: Session, organization_id: uuid.UUID) -> bool:
    """Whether the council lets an organization publish at once."""
    query = select(OrganizationStanding.is_trusted).where(OrganizationStanding.organization_id == organization_id)
    return bool(session.scalar(query))


def _entry(line: HistoryLine) -> HistoryEntry:
    made = line.changes.get("version")
    number = made[1] if isinstance(made, list) and len(made) == 2 and isinstance(made[1], int) else None
    changes = {name: change for name, change in line.changes.items() if name != "version"}
    return HistoryEntry(line.action, line.acted_by, line.acted_at, line.reason, changes, number)


def _listed() -> Select[Proposal, str]:
    return select(Proposal, Organization.name).join(Organization, Organization.id == Proposal.organization_id)


def _lines(session: Session, query: Select[Proposal, str]) -> list[Waiting]:
    found = session.execute(query).all()
    ids = [proposal.id for proposal, _ in found]
    services, shared = _services(session, ids), _shared(session, ids)
    return [_line(proposal, name, services.get(proposal.id, []), shared) for proposal, name in found]


def _shared(session: Session, proposal_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Services of these proposals about which more than one waits."""
    found: set[uuid.UUID] = set()
    for start in range(0, len(proposal_ids), _AT_ONCE):
        theirs = select(ProposedService.service_id).where(ProposedService.proposal_id.in_(proposal_ids[start : start + _AT_ONCE]))
        waiting = (
            select(ProposedService.service_id)
            .join(Proposal, Proposal.id == ProposedService.proposal_id)
            .where(Proposal.state == State.WAITING, ProposedService.service_id.in_(theirs))
            .group_by(ProposedService.service_id)
            .having(func.count(ProposedService.proposal_id.distinct()) > 1)
        )
        found.update(each for each in session.scalars(waiting) if each)
    return found


_Proposed = tuple[uuid.UUID | None, str, list[str]]


def _services(session: Session, proposal_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[_Proposed]]:
    """(service, name, fields) of each proposal, in order; the records themselves stay where they are."""
    columns = (ProposedService.proposal_id, ProposedService.service_id, ProposedService.name, ProposedService.fields)
    found: dict[uuid.UUID, list[_Proposed]] = {}
    for start in range(0, len(proposal_ids), _AT_ONCE):
        some = select(*columns).where(ProposedService.proposal_id.in_(proposal_ids[start : start + _AT_ONCE]))
        for row in session.execute(some.order_by(ProposedService.position, ProposedService.id)):
            found.setdefault(row.proposal_id, []).append((row.service_id, row.name, row.fields))
    return found


def _line(proposal: Proposal, organization: str, services: Sequence[_Proposed], shared: Collection[uuid.UUID]) -> Waiting:
    ids = tuple(service_id for service_id, _, _ in services if service_id)
    return Waiting(
        id=proposal.id,
        organization_id=proposal.organization_id,
        organization=organization,
        kind=proposal.kind,
        state=proposal.state,
        name=services[0][1] if services else "",
        services=len(services),
        service_ids=ids,
        fields=tuple(dict.fromkeys(name for _, _, fields in services for name in fields)),
        proposed_by=proposal.proposed_by,
        saved_at=proposal.saved_at,
        proposed_at=proposal.proposed_at,
        decided_by=proposal.decided_by,
        decided_at=proposal.decided_at,
        reason=proposal.reason,
        is_held=proposal.held_at is not None,
        to_look_at=proposal.to_look_at,
        overlaps=any(each in shared for each in ids),
        lock=proposal.lock,
    )
