"""What people say is wrong with a listing. Never shown in public; the words go a while after somebody has dealt with it. No I/O.

Where somebody asked for an answer, their address is sealed with the site's key; only the site itself reads it, to answer.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

EDITORS = "editors"
COUNCIL = "council"
RESIDENT = "resident"
ORGANIZATION = "organization"


class ListingReport(Base):
    """One report. `kind` is one of `KINDS`; `told_by` a resident or the organization itself, in `language`.

    `holder` is who has to deal with it now: those who keep the listing, or the council since `passed_on_at`. `sealed` is where to
    answer, if they asked for an answer, until they have one. `reply_to` is how that was kept before it was sealed: `seal_old` empties it.
    `outcome` and `answer` are what was done, by `closed_by`.
    """

    __tablename__ = "listing_report"
    __table_args__ = (Index("ix_listing_report_waiting", "closed_at", "holder", "reported_at"),)

    KINDS = ("closed", "times", "phone", "address", "cost", "offensive", "other")

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    message: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(default="")
    sealed: Mapped[bytes | None]
    language: Mapped[str] = mapped_column(default="en", server_default="en")
    told_by: Mapped[str] = mapped_column(default=RESIDENT, server_default=RESIDENT)
    holder: Mapped[str] = mapped_column(default=EDITORS, server_default=COUNCIL)
    reported_at: Mapped[datetime]
    passed_on_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    outcome: Mapped[str | None]
    answer: Mapped[str] = mapped_column(default="", server_default="")
