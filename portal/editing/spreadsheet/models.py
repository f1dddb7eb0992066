"""Tables of spreadsheets that somebody sent in and has not sent on: kept a week, and nothing of them is live. No I/O."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Upload(Base):
    """One file as read. `rows` are [number, [cells]]; `keys` whose column each is, empty until somebody said so.

    `look` sums up what would become of it (`looking.Summary`), None before somebody looked.
    `proposal_id` is set once, when it is sent: from then on the rows are gone and the proposal has everything.
    """

    __tablename__ = "upload"
    __table_args__ = (Index("ix_upload_owner", "organization_id", "person_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str]
    read_as: Mapped[str]
    sheet: Mapped[str]
    headings: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[list[Any]] = mapped_column(JSON, deferred=True)
    keys: Mapped[list[str]] = mapped_column(JSON, default=list)
    empties: Mapped[bool] = mapped_column(default=False)
    look: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    uploaded_at: Mapped[datetime] = mapped_column(index=True)
    proposal_id: Mapped[uuid.UUID | None]
    sent: Mapped[int] = mapped_column(default=0)


class LookedRow(Base):
    """One row of an upload that is not as it was, as its page shows it (`shown.ShownRow`). `place` counts from 0 over all pages."""

    __tablename__ = "upload_looked_row"

    upload_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("upload.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
