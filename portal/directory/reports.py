"""What residents say is wrong with a listing. Kept until somebody has dealt with it; never shown in public. No I/O."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class ListingReport(Base):
    """One report. `kind` is one of `KINDS`; `reply_to` only if the person asked for an answer."""

    __tablename__ = "listing_report"

    KINDS = ("closed", "times", "phone", "address", "cost", "offensive", "other")

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    message: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
