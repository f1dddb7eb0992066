"""Reads of requests: a session and who sends in; what a link opens, or how the requests of a plan stand, out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.clock import day_of
from portal.directory.days import last_day
from portal.sealing import Unreadable, is_token, key_of_token
from portal.sharing.asking.draft import once
from portal.sharing.asking.letters import reference
from portal.sharing.asking.models import ContactRequest, RequestLink, RequestLook, State
from portal.sharing.asking.recipients import name_of
from portal.sharing.asking.reply import Reply
from portal.sharing.asking.room import Sender
from portal.sharing.asking.shared import Shared

LINK: Final = "request"  # the purpose of a link's key
OPEN: Final = (State.ASKED, State.PASSED_ON)
OVER: Final = (State.WITHDRAWN, State.ENDED)


class Closed(StrEnum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


@dataclass(frozen=True)
class Opened:
    """What a link opens, and for whom. `reply` is what was answered before."""

    request_id: uuid.UUID
    role: str
    shared: Shared
    answer_by: date
    shared_until: date
    is_passed_on: bool
    reply: Reply | None

    @property
    def is_late(self) -> bool:
        """Whether an answer should have come."""
        return self.answer_by < clock.today() or self.answer_by >= self.shared_until

    @property
    def own_reply(self) -> Reply | None:
        """What was answered by a link of the same role."""
        return self.reply if self.reply and self.reply.role == self.role else None

    @property
    def reference(self) -> str:
        """What both sides call it."""
        return reference(self.request_id)


@dataclass(frozen=True)
class Asked:
    """How one request stands, for whoever sent it. `name` is empty for an organization that is gone. `looked` counts looks at it."""

    request_id: uuid.UUID
    organization_id: uuid.UUID | None
    name: str
    state: str
    asked_at: datetime
    answer_by: date
    shared_until: date
    passed_on: date | None
    reply: Reply | None
    looked: int
    looked_on: date | None

    @property
    def asked_on(self) -> date:
        """The day on which it was sent."""
        return day_of(self.asked_at)

    @property
    def reference(self) -> str:
        """What both sides call it."""
        return reference(self.request_id)

    @property
    def is_open(self) -> bool:
        """Whether an answer is awaited."""
        return self.state in OPEN

    @property
    def is_late(self) -> bool:
        """Whether an answer is awaited that should have come."""
        return self.is_open and (self.answer_by < clock.today() or self.answer_by >= self.shared_until)

    @property
    def is_over(self) -> bool:
        """Whether nobody can see anything any more."""
        return self.state in OVER


def find_opened(session: Session, sender: Sender, token: str, *, is_to_change: bool = False) -> Opened | Closed:
    """What a link opens now. `is_to_change` takes its row until the transaction ends."""
    link = session.get(RequestLink, key_of_token(token, LINK).id) if is_token(token) else None
    if link is None:
        return Closed.UNKNOWN
    request = session.get_one(ContactRequest, link.request_id, with_for_update=is_to_change or None)
    if request.state == State.WITHDRAWN:
        return Closed.WITHDRAWN
    if request.state == State.ENDED or request.shared_until <= clock.now():
        return Closed.ENDED
    shared = find_shared(sender, request)
    if shared is None:
        return Closed.UNKNOWN
    days = last_day(request.answer_by), last_day(request.shared_until)
    return Opened(request.id, link.role, shared, *days, request.passed_on_at is not None, find_reply(sender, request))


def list_asked(session: Session, sender: Sender, request_ids: Sequence[uuid.UUID]) -> tuple[Asked, ...]:
    """How these requests stand, in their order; those that were purged are left out."""
    rows = {row.id: row for row in session.scalars(select(ContactRequest).where(ContactRequest.id.in_(request_ids)))}
    looks = _looks(session, request_ids)
    return tuple(_asked(session, sender, rows[one], looks) for one in request_ids if one in rows)


def count_lately(session: Session, request_ids: Sequence[uuid.UUID]) -> int:
    """How many of these requests were sent within a day."""
    lately = ContactRequest.asked_at > clock.now() - timedelta(days=1)
    return session.scalar(select(func.count()).where(ContactRequest.id.in_(request_ids), lately)) or 0


def is_at_front_door(session: Session, request_ids: Sequence[uuid.UUID]) -> bool:
    """Whether any of these requests came to the front door, at once or in the end."""
    there = or_(ContactRequest.organization_id.is_(None), ContactRequest.passed_on_at.is_not(None))
    return session.scalar(select(ContactRequest.id).where(ContactRequest.id.in_(request_ids), there).limit(1)) is not None


def was_sent(session: Session, token: str, recipient_keys: Sequence[str]) -> bool:
    """Whether the page with this token was sent already, to any of these."""
    same = [once(token, key) for key in recipient_keys]
    return session.scalar(select(ContactRequest.id).where(ContactRequest.once.in_(same)).limit(1)) is not None


def find_shared(sender: Sender, request: ContactRequest) -> Shared | None:
    """What was shared; nothing where it is deleted, or sealed by another secret."""
    try:
        return Shared.unpacked(sender.key.open(request.sealed, str(request.id)))
    except (Unreadable, msgspec.DecodeError):
        return None


def find_reply(sender: Sender, request: ContactRequest) -> Reply | None:
    """What was answered last."""
    try:
        return Reply.unpacked(sender.key.open(request.reply, bound_reply(request.id)))
    except (Unreadable, msgspec.DecodeError):
        return None


def bound_reply(request_id: uuid.UUID) -> str:
    """What a sealed reply belongs to: its request, and not in the place of what was shared."""
    return f"{request_id} reply"


def _looks(session: Session, request_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, tuple[int, datetime]]:
    counted = select(RequestLook.request_id, func.count(), func.max(RequestLook.looked_at)).group_by(RequestLook.request_id)
    return {one: (count, last) for one, count, last in session.execute(counted.where(RequestLook.request_id.in_(request_ids)))}


def _asked(session: Session, sender: Sender, row: ContactRequest, looks: Mapping[uuid.UUID, tuple[int, datetime]]) -> Asked:
    looked, looked_at = looks.get(row.id, (0, None))
    is_late = row.shared_until <= clock.now() and row.state not in OVER  # and nobody has tended it yet
    return Asked(
        request_id=row.id,
        organization_id=row.organization_id,
        name=name_of(session, sender.pack, row.organization_id),
        state=State.ENDED if is_late else row.state,
        asked_at=row.asked_at,
        answer_by=last_day(row.answer_by),
        shared_until=last_day(row.shared_until),
        passed_on=day_of(row.passed_on_at) if row.passed_on_at else None,
        reply=find_reply(sender, row),
        looked=looked,
        looked_on=day_of(looked_at) if looked_at else None,
    )
