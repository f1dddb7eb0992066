"""Tables of proposals: who proposes what to whom, what was decided, what is held; whom the council trusts; what is to be told. No I/O."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base


class Kind(StrEnum):
    """What is proposed: other words for a service, a new one, that one ends, or many at once from a spreadsheet."""

    CHANGE = "change"
    NEW = "new"
    WITHDRAWAL = "withdrawal"
    IMPORT = "import"


class State(StrEnum):
    """A draft is its writer's alone. What waits may be approved up to the fields that are held (`Proposal.held_at`)."""

    DRAFT = "draft"
    WAITING = "waiting"
    RETURNED = "returned"
    APPROVED = "approved"
    PARTLY_APPROVED = "partly-approved"
    WITHDRAWN = "withdrawn"


OPEN = (State.DRAFT.value, State.RETURNED.value)  # with whoever wrote it
DECIDED = (State.APPROVED.value, State.PARTLY_APPROVED.value, State.RETURNED.value)


class Proposal(Base):
    """One proposal. `draft_key` keeps one living draft of a person for a service; `lock` goes up with every write.

    `decided_by` (person id) and `decided_at` are the first reviewer's; `second_by` confirmed or refused what was held. `to_look_at`:
    it was published at once for an organization that is trusted, and a reviewer looks at it afterwards. `follows` is the proposal whose
    left-out fields this one brings back to the editor.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("kind IN ('change', 'new', 'withdrawal', 'import')", name="kind"),
        CheckConstraint("state IN ('draft', 'waiting', 'returned', 'approved', 'partly-approved', 'withdrawn')", name="state"),
        Index("ix_proposal_state", "state", "proposed_at"),
        Index("ix_proposal_decided_at", "decided_at"),
        Index("ix_proposal_organization", "organization_id", "saved_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.DRAFT.value)
    draft_key: Mapped[str | None] = mapped_column(unique=True)
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    language: Mapped[str] = mapped_column(default="en")
    note: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    held_at: Mapped[datetime | None]
    second_by: Mapped[uuid.UUID | None]
    second_at: Mapped[datetime | None]
    to_look_at: Mapped[bool] = mapped_column(default=False, index=True)
    looked_at_by: Mapped[uuid.UUID | None]
    looked_at_at: Mapped[datetime | None]
    follows: Mapped[uuid.UUID | None]
    lock: Mapped[int] = mapped_column(default=1)

    services: Mapped[list[ProposedService]] = relationship(order_by="ProposedService.position", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": lock, "version_id_generator": False}  # noqa: RUF012 - as SQLAlchemy wants it


class ProposedService(Base):
    """What is proposed of one service. Records are packed (`directory.record.pack`); `base` is what it was written from.

    `service_id` is None for a new one until it is published. `edited` is the record as a reviewer changed it before approving.
    `fields` are those that were changed when it was saved; `approved`, `held` and `left_out` what became of them.
    """

    __tablename__ = "proposed_service"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(default="")
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    base_version: Mapped[int | None]
    base: Mapped[str | None]
    record: Mapped[str]
    edited: Mapped[str | None]
    approved: Mapped[list[str]] = mapped_column(JSON, default=list)
    held: Mapped[list[str]] = mapped_column(JSON, default=list)
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list)
    published_version: Mapped[int | None]


class OrganizationStanding(Base):
    """Whether the council lets an organization publish at once, with review after."""

    __tablename__ = "organization_standing"

    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True)
    is_trusted: Mapped[bool]
    trusted_by: Mapped[uuid.UUID]
    trusted_at: Mapped[datetime]


class Notice(Base):
    """A letter about a proposal that is still to be written; gone once it is in the outbox."""

    __tablename__ = "proposal_notice"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    noted_at: Mapped[datetime]
