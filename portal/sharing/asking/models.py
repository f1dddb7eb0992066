"""Tables of requests: what was shared with whom until when, how it was answered, the links that open it, and every look at it.

What somebody shared, the answer, and the locality in which the request is yet to be counted are sealed with the site's key and bound to
the request: the site must be able to pass an unanswered request on to the front door.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class State(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    PASSED_ON = "passed on"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class ContactRequest(Base):
    """A request to get in touch. `organization_id` None is the council's front door. `once` makes a second tap the same request."""

    __tablename__ = "contact_request"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organization_id: Mapped[uuid.UUID | None]
    once: Mapped[str] = mapped_column(unique=True)
    sealed: Mapped[bytes]
    reply: Mapped[bytes] = mapped_column(default=b"")
    locality: Mapped[bytes] = mapped_column(default=b"")
    state: Mapped[str] = mapped_column(default=State.ASKED)
    asked_at: Mapped[datetime]
    answer_by: Mapped[datetime] = mapped_column(index=True)
    shared_until: Mapped[datetime]
    passed_on_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class RequestLink(Base):
    """A link that opens a request for a recipient; `id` comes from its token, which is nowhere here."""

    __tablename__ = "request_link"

    id: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contact_request.id", ondelete="CASCADE"))
    role: Mapped[str]


class RequestLook(Base):
    """Somebody looked at what was shared."""

    __tablename__ = "request_look"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contact_request.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    looked_at: Mapped[datetime]
