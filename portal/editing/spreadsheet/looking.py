"""What would become of an upload is found out once, when it is sent in, and kept beside it, so that its pages only read.

What was kept holds for one language, one choice of columns and the organization's services in the versions that they had; otherwise
it is found out anew.
"""

from __future__ import annotations

import hashlib
import uuid

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal.accounts.audiences import Member
from portal.directory.models import Service
from portal.directory.record import pack
from portal.directory.records import list_records
from portal.editing.spreadsheet.models import LookedRow
from portal.editing.spreadsheet.plan import Choices, Fate, Plan, can_be_sent, count_to_send
from portal.editing.spreadsheet.planning import plan, versions_told
from portal.editing.spreadsheet.queries import Uploaded, find_versions, get_table, load_upload
from portal.editing.spreadsheet.shown import A_PAGE, ShownRow, page_of, show
from portal.editing.spreadsheet.words import Words


class Summary(msgspec.Struct, frozen=True):
    """An upload in numbers: how many rows have each fate, and a mark of what would be sent. `holds_for` what it was found out for."""

    holds_for: str
    mark: str
    counts: dict[str, int]

    @property
    def to_send(self) -> int:
        """Rows that change something."""
        return count_to_send(self.counts)

    @property
    def can_be_sent(self) -> bool:
        """Whether there is something to send, and nothing wrong."""
        return can_be_sent(self.counts)


class Look(msgspec.Struct, frozen=True):
    """All that the pages of an upload say."""

    summary: Summary
    rows: list[ShownRow]


class Looked(msgspec.Struct, frozen=True):
    """One page of it. Pages count from 1."""

    summary: Summary
    rows: list[ShownRow]
    page: int
    pages: int


def plan_of(session: Session, uploaded: Uploaded, words: Words) -> Plan:
    """What would become of an upload as things stand now; nothing is written."""
    table, choices = get_table(session, uploaded.id), uploaded.choices or Choices(())
    services = list_records(session, uploaded.organization_id)
    return plan(table, choices, services, words, find_versions(session, versions_told(table, choices, services)))


def mark_of(made: Plan) -> str:
    """A mark of what a plan would send: the same for the same."""
    said = (f"{row.service_id} {pack(row.record)}" for row in made.to_send if row.record)
    return _hash("\n".join(said))


def look(session: Session, uploaded: Uploaded, words: Words, language: str) -> Look:
    """Find out what the pages say, in the language of the request."""
    holds_for = _holds_for(session, uploaded, language)  # before anything is read: what is published meanwhile must not be taken for known
    made = plan_of(session, uploaded, words)
    return Look(Summary(holds_for, mark_of(made), made.counts), show(made))


def keep_look(session: Session, member: Member, of: tuple[uuid.UUID, uuid.UUID], found: Look) -> None:
    """Keep it, in place of what was kept. Raises `NotFound`; nothing for an upload that was sent."""
    upload = load_upload(session, member, of, is_to_change=True)
    if upload.proposal_id is not None:
        return
    upload.look = msgspec.to_builtins(found.summary)
    forget_rows(session, upload.id)
    rows = [{"upload_id": upload.id, "place": place, "content": msgspec.to_builtins(row)} for place, row in enumerate(found.rows)]
    if rows:
        session.execute(insert(LookedRow), rows)


def forget_rows(session: Session, upload_id: uuid.UUID) -> None:
    """Delete what was kept of rows."""
    session.execute(delete(LookedRow).where(LookedRow.upload_id == upload_id))


def looked(session: Session, uploaded: Uploaded, asked: str, words: Words, language: str) -> Looked:
    """The page of an upload that was asked for, or the nearest there is: as kept where that still holds."""
    kept = msgspec.convert(uploaded.look, Summary) if uploaded.look else None
    if kept is None or kept.holds_for != _holds_for(session, uploaded, language):
        found = look(session, uploaded, words, language)
        page, pages = page_of(asked, len(found.rows))
        return Looked(found.summary, found.rows[(page - 1) * A_PAGE : page * A_PAGE], page, pages)
    page, pages = page_of(asked, sum(kept.counts.values()) - kept.counts[Fate.SAME])
    places = LookedRow.place.between((page - 1) * A_PAGE, page * A_PAGE - 1)
    rows = session.scalars(select(LookedRow.content).where(LookedRow.upload_id == uploaded.id, places).order_by(LookedRow.place))
    return Looked(kept, msgspec.convert(rows.all(), list[ShownRow]), page, pages)


def _holds_for(session: Session, uploaded: Uploaded, language: str) -> str:
    mine = select(Service.id, Service.version).where(Service.organization_id == uploaded.organization_id).order_by(Service.id)
    return _hash(f"{language} {uploaded.choices} {[tuple(row) for row in session.execute(mine)]}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
