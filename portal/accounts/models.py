"""Tables of people: who they are, their roles, and the organizations whose listings they keep. No I/O.

A role or a membership that is not accepted yet (`accepted_at` empty) gives nothing. Whoever leaves is forgotten by name and address;
the row stays, because the history refers to it.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base


class Person(Base):
    """Somebody with an account. `email` as `addresses.normal` writes it; None once they have left. `language` is for mail to them."""

    __tablename__ = "person"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    added_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    grants: Mapped[list[Grant]] = relationship(order_by="Grant.role", cascade="all, delete-orphan")
    memberships: Mapped[list[Membership]] = relationship(order_by="Membership.organization_id", cascade="all, delete-orphan")


class Grant(Base):
    """A role of a person."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint("role IN ('reviewer', 'council-editor', 'adviser', 'commissioner', 'administrator')", name="role"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    invited_by: Mapped[str]
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]


class Membership(Base):
    """A person who keeps an organization's listings, or is asked to: `instead_of` whom, who stops when they say yes."""

    __tablename__ = "membership"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True, index=True)
    invited_by: Mapped[str]
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    instead_of: Mapped[uuid.UUID | None]


class Recovery(Base):
    """A person's passkeys and codes to be taken away, so that they can make new ones: asked for by one colleague, agreed by another."""

    __tablename__ = "recovery"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str]
    started_by: Mapped[uuid.UUID]
    started_at: Mapped[datetime]
    agreed_by: Mapped[uuid.UUID | None]
    agreed_at: Mapped[datetime | None]
    ends_at: Mapped[datetime]
