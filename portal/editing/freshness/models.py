"""Tables of freshness: who was asked about what, links that confirm, calls that the council made, numbers for text messages. No I/O."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Reminder(Base):
    """A person was asked about a service at a stage of its age; `since` is the day from which it aged then."""

    __tablename__ = "reminder"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True, index=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    reminded_at: Mapped[datetime] = mapped_column(index=True)


class StillRightLink(Base):
    """A link by which a person confirms what is due, without signing in; `id` comes from its token, which is nowhere here."""

    __tablename__ = "still_right_link"

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    ends_at: Mapped[datetime]


class Call(Base):
    """Somebody at the council tried to reach an organization about a service, and could not; `note` is for colleagues."""

    __tablename__ = "freshness_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    called_by: Mapped[uuid.UUID]
    called_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")


class Mobile(Base):
    """Where a person gets a text message beside the e-mail, if they asked for one; the number is sealed with the site's key."""

    __tablename__ = "mobile"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes]
