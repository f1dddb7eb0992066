"""The table of claims: for which organization, how it stands, who decided. What somebody typed is sealed, and deleted in time. No I/O."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class State(StrEnum):
    """Where a claim stands: with those who keep the listings, with the council, or over."""

    ASKED = "asked"
    WAITING = "waiting"
    INVITED = "invited"  # at once: the address is on the organization's own domain
    ACCEPTED = "accepted"
    DECLINED = "declined"


OPEN = (State.ASKED, State.WAITING)


class Claim(Base):
    """A claim; without `organization_id`, an organization that is missing. `once` makes a second tap the same claim; None once decided."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'waiting', 'invited', 'accepted', 'declined')", name="state"),
        Index("ix_claim_waiting", "state", "claimed_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), index=True)
    state: Mapped[str]
    sealed: Mapped[bytes]
    once: Mapped[str | None] = mapped_column(unique=True)
    claimed_at: Mapped[datetime]
    refused_by: Mapped[uuid.UUID | None]  # who keeps the listings and said no: it is the council's then
    decided_by: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
