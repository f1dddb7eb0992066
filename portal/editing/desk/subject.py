"""What somebody is writing about: a service that is live, or a new one; with their draft of it, if there is one.

A session and a member in, a frozen subject out; and what they do with it: saved as they go, sent, thrown away. Nothing commits.
What is not theirs is `NotFound`, so that ids cannot be probed.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.audiences import Member
from portal.directory.models import Organization
from portal.directory.record import ServiceRecord, changed_fields
from portal.directory.records import get_record
from portal.editing.proposals import operations
from portal.editing.proposals.access import may_write_for
from portal.editing.proposals.draft import Draft, DraftedService, Outcome
from portal.editing.proposals.models import Kind
from portal.editing.proposals.queries import find_draft, find_waiting, get_proposal
from portal.editing.proposals.seen import ProposalView, Waiting
from portal.editing.writing.closing import ENDED
from portal.errors import NotFound


@dataclass(frozen=True)
class Subject:
    """A service as somebody writes it. `live` and `service_id` are None for a new one; `record` is their draft, or what is live.

    `waiting` is a proposal about it that has been sent and is not decided; `reason` is why a reviewer gave it back.
    """

    organization_id: uuid.UUID
    organization: str
    service_id: uuid.UUID | None
    live: ServiceRecord | None
    record: ServiceRecord
    draft_id: uuid.UUID | None = None
    saved_at: datetime | None = None
    state: str = ""
    reason: str = ""
    waiting: Waiting | None = None

    @property
    def is_new(self) -> bool:
        """Whether it is not in the directory yet."""
        return self.service_id is None

    @property
    def changed(self) -> tuple[str, ...]:
        """Fields in which the draft differs from what is live."""
        return changed_fields(self.live, self.record)

    @property
    def kind(self) -> Kind:
        """What is proposed by sending it as it is."""
        if self.is_new:
            return Kind.NEW
        return Kind.WITHDRAWAL if self.record.status == ENDED and self.live and self.live.status != ENDED else Kind.CHANGE


def get_subject(session: Session, member: Member, service_id: uuid.UUID) -> Subject:
    """A service that this member may propose changes of: their own, or for the council any. Raises `NotFound`."""
    found = get_record(session, service_id)
    organization = _organization(session, found.organization_id, may=may_write_for(member, found.organization_id))
    drafts = (find_draft(session, member, kind, service_id) for kind in (Kind.CHANGE, Kind.WITHDRAWAL))
    draft = max((each for each in drafts if each), key=lambda each: each.saved_at, default=None)
    waiting = find_waiting(session, found.organization_id, service_id)
    live = Subject(found.organization_id, organization.name, service_id, found.record, found.record, waiting=waiting)
    return _with_draft(live, draft)


def get_new_subject(session: Session, member: Member, organization_id: uuid.UUID) -> Subject:
    """A new service of this member's organization. Raises `NotFound`."""
    organization = _organization(session, organization_id, may=member.edits(organization_id))
    draft = find_draft(session, member, Kind.NEW, organization_id)
    return _with_draft(Subject(organization_id, organization.name, None, None, ServiceRecord(name="")), draft)


def save(session: Session, member: Member, subject: Subject, record: ServiceRecord) -> uuid.UUID:
    """Save a record as this member's draft; its id. A change that becomes an end, or an end a change, replaces the other."""
    drafted = (DraftedService(subject.service_id, record),)
    draft = Draft(subject.organization_id, replace(subject, record=record).kind, drafted, language=member.language)
    proposal = operations.save_draft(session, member, draft)
    if subject.draft_id is not None and subject.draft_id != proposal.id:
        operations.discard_draft(session, member, subject.draft_id)
    return proposal.id


def send(session: Session, member: Member, subject: Subject, note: str) -> Outcome:
    """Send the draft for review. Raises `NotFound` without one, `Refused` where it says nothing new."""
    if subject.draft_id is None:
        raise NotFound("nothing was drafted")
    return operations.propose(session, member, subject.draft_id, note)


def discard(session: Session, member: Member, subject: Subject) -> None:
    """Throw the draft away, if there is one."""
    if subject.draft_id is not None:
        operations.discard_draft(session, member, subject.draft_id)


def take_back(session: Session, member: Member, subject: Subject) -> None:
    """Take back what waits, and go on with it as a draft. Raises `NotFound` where nothing waits, `Conflict` when it was just decided."""
    if subject.waiting is None:
        raise NotFound("nothing waits")
    sent = get_proposal(session, subject.waiting.id)
    record = next(each.record for each in sent.services if each.service_id == subject.service_id)
    operations.withdraw_proposal(session, member, sent.id, sent.lock)
    save(session, member, subject, record)


def _organization(session: Session, organization_id: uuid.UUID, *, may: bool) -> Organization:
    organization = session.get(Organization, organization_id) if may else None
    if organization is None:
        raise NotFound(f"no organization {organization_id} of this member's")
    return organization


def _with_draft(subject: Subject, draft: ProposalView | None) -> Subject:
    """The subject as drafted, on top of what others have published since the draft was begun."""
    if draft is None:
        return subject
    [service] = draft.services
    record = service.merged if service.is_rebased else service.record
    return replace(subject, record=record, draft_id=draft.id, saved_at=draft.saved_at, state=draft.state, reason=draft.reason)
