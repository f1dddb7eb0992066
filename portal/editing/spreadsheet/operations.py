"""What is done with spreadsheets: kept a week, columns chosen, sent as one proposal, thrown away. One act each; none commits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Member
from portal.editing.proposals.draft import Draft, DraftedService
from portal.editing.proposals.models import Kind
from portal.editing.proposals.operations import propose, save_draft
from portal.editing.spreadsheet.looking import forget_rows, mark_of, plan_of
from portal.editing.spreadsheet.mapping import guess, is_ours
from portal.editing.spreadsheet.models import Upload
from portal.editing.spreadsheet.plan import Choices, can_be_sent
from portal.editing.spreadsheet.queries import get_organization_name, get_upload, load_upload
from portal.editing.spreadsheet.table import Table
from portal.editing.spreadsheet.words import Words
from portal.errors import Conflict

KEPT: Final = timedelta(days=7)


@dataclass(frozen=True)
class Sending:
    """What is sent: which upload of which organization, as it was shown (`mark_of` the plan), in the language of its sender."""

    organization_id: uuid.UUID
    upload_id: uuid.UUID
    mark: str
    note: str = ""
    language: str = "en"


def keep(session: Session, member: Member, organization_id: uuid.UUID, file_name: str, table: Table) -> uuid.UUID:
    """Keep a file that was read, in place of what this member sent in before for the organization. Raises `NotFound`.

    A file of ours has its columns chosen already, and a cell that somebody emptied in it is meant to be empty.
    """
    get_organization_name(session, member, organization_id)
    mine = (Upload.organization_id == organization_id, Upload.person_id == member.id, Upload.proposal_id.is_(None))
    session.execute(delete(Upload).where(*mine))
    upload = Upload(
        organization_id=organization_id,
        person_id=member.id,
        file_name=file_name,
        read_as=table.read_as,
        sheet=table.sheet,
        headings=list(table.headings),
        keys=list(guess(table.headings)) if is_ours(table.headings) else [],
        empties=is_ours(table.headings),
        rows=[[row.number, list(row.cells)] for row in table.rows],
        uploaded_at=clock.now(),
    )
    session.add(upload)
    session.flush()
    return upload.id


def choose(session: Session, member: Member, of: tuple[uuid.UUID, uuid.UUID], choices: Choices) -> None:
    """Remember whose column is which, for an upload `of` an organization and an id. Raises `NotFound`; nothing for one that was sent."""
    upload = load_upload(session, member, of, is_to_change=True)
    if upload.proposal_id is None:
        upload.keys, upload.empties, upload.look = list(choices.keys), choices.empties, None


def send(session: Session, member: Member, sending: Sending, words: Words) -> uuid.UUID:
    """Send everything as one proposal, once: a second tap finds the first. The id of the proposal.

    Raises `NotFound`, and `Conflict` where something is wrong or is not as it was shown any more.
    """
    of = (sending.organization_id, sending.upload_id)
    upload = load_upload(session, member, of, is_to_change=True)
    if upload.proposal_id is not None:
        return upload.proposal_id
    made = plan_of(session, get_upload(session, member, *of), words)
    if not can_be_sent(made.counts) or mark_of(made) != sending.mark:
        raise Conflict("the upload is not as it was shown")
    services = tuple(DraftedService(row.service_id, row.record) for row in made.to_send if row.record)
    proposal = save_draft(session, member, Draft(sending.organization_id, Kind.IMPORT, services, language=sending.language))
    propose(session, member, proposal.id, sending.note)
    upload.proposal_id, upload.sent, upload.rows, upload.look = proposal.id, len(services), [], None
    forget_rows(session, upload.id)
    session.flush()
    return proposal.id


def forget(session: Session, member: Member, of: tuple[uuid.UUID, uuid.UUID]) -> None:
    """Throw away an upload `of` an organization and an id. Raises `NotFound`."""
    session.delete(load_upload(session, member, of, is_to_change=True))


def purge(session: Session) -> None:
    """Delete what was sent in more than a week ago."""
    session.execute(delete(Upload).where(Upload.uploaded_at <= clock.now() - KEPT))
