"""Reads of uploads: a session and who asks in; what they sent in, and what would become of it, out."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.audiences import Member, Role
from portal.directory.models import Organization
from portal.directory.record import ServiceRecord, unpack
from portal.directory.versions import ServiceVersion
from portal.editing.proposals.models import Proposal
from portal.editing.spreadsheet.models import Upload
from portal.editing.spreadsheet.plan import Choices
from portal.editing.spreadsheet.table import Row, Table
from portal.errors import NotFound

COUNCIL = (Role.REVIEWER, Role.COUNCIL_EDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Uploaded:
    """A file that was read, and what was chosen for it (`choices` is None before that). `proposal_id` once it was sent.

    `look` is the summary that was kept of what would become of it, None where nobody looked.
    """

    id: uuid.UUID
    organization_id: uuid.UUID
    file_name: str
    read_as: str
    sheet: str
    choices: Choices | None
    proposal_id: uuid.UUID | None
    look: dict[str, Any] | None


@dataclass(frozen=True)
class Sent:
    """What was sent: how many services, and the state of the proposal that they are in."""

    number: int
    state: str


def get_organization_name(session: Session, member: Member, organization_id: uuid.UUID) -> str:
    """The name of an organization whose listings this member may send in. Raises `NotFound` for any other, there or not."""
    may = member.edits(organization_id) or member.has(*COUNCIL)
    name = session.scalar(select(Organization.name).where(Organization.id == organization_id)) if may else None
    if name is None:
        raise NotFound(f"no organization {organization_id} of theirs")
    return name


def get_upload(session: Session, member: Member, organization_id: uuid.UUID, upload_id: uuid.UUID) -> Uploaded:
    """A file of this member's own for this organization. Raises `NotFound`."""
    upload = load_upload(session, member, (organization_id, upload_id))
    choices = Choices(tuple(upload.keys), upload.empties) if upload.keys else None
    of, as_read = (upload.id, organization_id), (upload.file_name, upload.read_as, upload.sheet)
    return Uploaded(*of, *as_read, choices, upload.proposal_id, upload.look)


def get_table(session: Session, upload_id: uuid.UUID) -> Table:
    """The table of a file, to be read after `get_upload`: whose it is, is not asked again."""
    upload = session.get_one(Upload, upload_id)
    rows = tuple(Row(number, tuple(cells)) for number, cells in upload.rows)
    return Table(tuple(upload.headings), rows, upload.read_as, upload.sheet)


def load_upload(session: Session, member: Member, of: tuple[uuid.UUID, uuid.UUID], *, is_to_change: bool = False) -> Upload:
    """The row of an upload, `of` an organization and an id, held against other writers if it is to be changed. Raises `NotFound`."""
    organization_id, upload_id = of
    get_organization_name(session, member, organization_id)
    mine = (Upload.id == upload_id, Upload.organization_id == organization_id, Upload.person_id == member.id)
    query = select(Upload).where(*mine).execution_options(populate_existing=True)
    upload = session.scalar(query.with_for_update() if is_to_change else query)
    if upload is None:
        raise NotFound(f"no upload {upload_id} of theirs")
    return upload


def get_sent(session: Session, member: Member, organization_id: uuid.UUID, upload_id: uuid.UUID) -> Sent:
    """What was sent of an upload. Raises `NotFound` for one that was not sent."""
    upload = load_upload(session, member, (organization_id, upload_id))
    state = session.scalar(select(Proposal.state).where(Proposal.id == upload.proposal_id)) if upload.proposal_id else None
    if state is None:
        raise NotFound(f"upload {upload_id} was not sent")
    return Sent(upload.sent, state)


def find_versions(session: Session, wanted: Collection[tuple[uuid.UUID, int]]) -> dict[tuple[uuid.UUID, int], ServiceRecord]:
    """What services said in these versions, of those that are kept."""
    keys, numbers = {key for key, _ in wanted}, {number for _, number in wanted}
    found = select(ServiceVersion).where(ServiceVersion.service_id.in_(keys), ServiceVersion.number.in_(numbers))
    rows = session.scalars(found).all() if wanted else ()
    return {(row.service_id, row.number): unpack(row.record) for row in rows if (row.service_id, row.number) in wanted}
