"""The outbox: a message and a session in, a sealed row that waits; due rows in, messages handed to carriers, a count out.

A row is claimed by one UPDATE that puts its next attempt ahead (a lease), in a transaction of its own that ends before any carrier
is spoken to. So several workers send each message once, and one that was killed midway is sent again when the lease runs out.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, Engine, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import alarm, clock
from portal.db import Base, inserting, reading, writing
from portal.mail.carriers import Carriers, Refused
from portal.mail.message import Message
from portal.sealing import Key, key_of_site, key_of_token

LEASE: Final = timedelta(minutes=5)
PAUSES: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
GIVEN_UP_AFTER: Final = timedelta(days=3)
REFUSED_FOR: Final = timedelta(days=1)  # where a server says "never": it may itself be set up wrongly, and mended within the day
FORGOTTEN_AFTER: Final = timedelta(days=1)  # once sent
ENOUGH_FAILURES: Final = 3  # in a row on one channel: its server is down, and what else is due waits for the next call
log = structlog.get_logger(__name__)


class Outgoing(Base):
    """A message that waits, or was sent less than a day ago. `sealed` holds recipient, subject and text, and nothing once sent."""

    __tablename__ = "outgoing"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    channel: Mapped[str]
    sealed: Mapped[bytes]
    posted_at: Mapped[datetime]
    attempts: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]


def post(session: Session, secret: str, message: Message) -> None:
    """Put `message` into the outbox, to be sent once this transaction is committed. Never commits."""
    row_id, now = uuid.uuid4(), clock.now()
    sealed = _key(secret).seal(message.packed(), str(row_id))
    session.add(Outgoing(id=row_id, channel=message.channel, sealed=sealed, posted_at=now, attempts=0, next_at=now))
    alarm.tending.ring_after_commit(session)


def post_once(session: Session, secret: str, message: Message, form: str) -> None:
    """Post a message unless this form (a random token of its own) has posted the same before, however often it is sent. Never commits.

    What tells is a row that was never to be sent: it holds nothing, its id leads back to nothing, it goes in a day.
    """
    mark = uuid.UUID(key_of_token(f"{form} {message.to} {message.body}", "posted once").id)
    now = clock.now()
    row = {"id": mark, "channel": message.channel, "sealed": b"", "posted_at": now, "attempts": 0, "next_at": now, "sent_at": now}
    first = inserting(session, Outgoing).values(**row).on_conflict_do_nothing(index_elements=["id"]).returning(Outgoing.id)
    if session.scalars(first).one_or_none() is not None:
        post(session, secret, message)


def deliver(engine: Engine, secret: str, carriers: Carriers) -> int:
    """Send what is due, give up what is too old, forget what was sent; how many were sent. Safe at once and killed midway."""
    _clear(engine)
    key, failures, sent = _key(secret), Counter[str](), 0
    for row_id, channel in _list_due(engine):
        if failures[channel] >= ENOUGH_FAILURES:
            continue
        row = _claim(engine, row_id)
        if row is None:
            continue
        trouble = _send(row, key, carriers)
        if trouble is None:
            _mark_sent(engine, row)
            sent += 1
        else:
            _put_off(engine, row, trouble)
        is_server_well = trouble is None or isinstance(trouble, Refused | ValueError)
        failures[channel] = 0 if is_server_well else failures[channel] + 1
    return sent


def _key(secret: str) -> Key:
    return key_of_site(secret, "mail")


def _list_due(engine: Engine) -> list[tuple[uuid.UUID, str]]:
    """Id and channel of what is due, the longest due first."""
    due = select(Outgoing.id, Outgoing.channel).where(Outgoing.sent_at.is_(None), Outgoing.next_at <= clock.now())
    with reading(engine) as session:
        return [(row.id, row.channel) for row in session.execute(due.order_by(Outgoing.next_at))]


def _claim(engine: Engine, row_id: uuid.UUID) -> Outgoing | None:
    """The row, now this worker's for as long as the lease; None when another was quicker."""
    now = clock.now()
    is_due = (Outgoing.id == row_id, Outgoing.sent_at.is_(None), Outgoing.next_at <= now)
    claimed = update(Outgoing).where(*is_due).values(attempts=Outgoing.attempts + 1, next_at=now + LEASE).returning(Outgoing)
    with writing(engine) as session:
        return session.scalars(claimed).one_or_none()


def _send(row: Outgoing, key: Key, carriers: Carriers) -> Exception | None:
    """Why no carrier took the message. Whatever that is only puts this message off; neither address nor text is logged."""
    try:
        message = Message.unpacked(key.open(row.sealed, str(row.id)))
        carriers.of(message.channel).send(message, str(row.id))
    except Exception as error:
        reason = type(error).__name__
        log.warning("message put off", id=str(row.id), channel=row.channel, attempts=row.attempts, reason=reason)
        return error
    return None


def _mark_sent(engine: Engine, row: Outgoing) -> None:
    with writing(engine) as session:
        session.execute(update(Outgoing).where(Outgoing.id == row.id).values(sealed=b"", sent_at=clock.now()))


def _put_off(engine: Engine, row: Outgoing, trouble: Exception) -> None:
    """Set the next attempt, or give up what was refused for long enough; unless another worker has the row: the lease ran out."""
    pause = PAUSES[min(row.attempts, len(PAUSES)) - 1]
    next_at = min(clock.now() + pause, row.posted_at + GIVEN_UP_AFTER)
    is_ours = (Outgoing.id == row.id, Outgoing.attempts == row.attempts, Outgoing.sent_at.is_(None))
    is_hopeless = isinstance(trouble, Refused) and trouble.is_for_good and clock.now() >= row.posted_at + REFUSED_FOR
    with writing(engine) as session:
        if is_hopeless:
            _give_up(session, *is_ours)
        else:
            session.execute(update(Outgoing).where(*is_ours).values(next_at=next_at))


def _clear(engine: Engine) -> None:
    """Delete what was sent a day ago, and what was tried for three days and is not being tried now."""
    now = clock.now()
    too_old = (Outgoing.sent_at.is_(None), Outgoing.attempts > 0, Outgoing.posted_at <= now - GIVEN_UP_AFTER, Outgoing.next_at <= now)
    with writing(engine) as session:
        session.execute(delete(Outgoing).where(Outgoing.sent_at <= now - FORGOTTEN_AFTER))
        _give_up(session, *too_old)


def _give_up(session: Session, *which: ColumnElement[bool]) -> None:
    """Delete these for good, and say so in the log, without whom they were for."""
    gone = delete(Outgoing).where(*which).returning(Outgoing.id, Outgoing.channel, Outgoing.attempts)
    for row in session.execute(gone):
        log.error("message given up", id=str(row.id), channel=row.channel, attempts=row.attempts)
