"""Sign-ins that last: a token from a cookie in, who it is out. A token is new for each sign-in and for each step up.

A sign-in ends an hour after it was last used, and twelve hours after it began; at once when its owner, or a role, is gone. One that
still waits for its second step ends half an hour after it began.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Level, Member
from portal.accounts.models import Person
from portal.accounts.queries import get_person, member_of
from portal.accounts.signing.models import SignIn
from portal.errors import NotFound
from portal.sealing import key_of_token, new_token

IDLE: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=12)
HALF_WAY: Final = timedelta(minutes=30)  # after a link, for the step that follows
FRESH: Final = timedelta(minutes=10)  # for so long after signing in somebody may change how they sign in
MOST_TRIES: Final = 5  # codes of an app, over all workers
SEEN_EVERY: Final = timedelta(minutes=1)  # so that a page costs no write more often
_PURPOSE: Final = "sign-in"


@dataclass(frozen=True)
class Device:
    """A device on which somebody is signed in. `id` says nothing that could sign anybody in."""

    id: str
    name: str
    level: Level
    started_at: datetime
    seen_at: datetime


def start(session: Session, person_id: uuid.UUID, level: Level, device: str) -> str:
    """Sign a person in; the token for their browser's cookie. Never commits."""
    token, now = new_token(), clock.now()
    session.add(SignIn(id=_id(token), person_id=person_id, level=level, device=device, started_at=now, seen_at=now))
    return token


def step_up(session: Session, member: Member, level: Level) -> str:
    """A new token for a member who has shown more; the old one is worth nothing from here on. Never commits.

    Raises `NotFound` when the old one is over: of two steps at once, one is taken.
    """
    ended = delete(SignIn).where(SignIn.id == member.sign_in).returning(SignIn.device).execution_options(synchronize_session=False)
    device = session.scalar(ended)
    if device is None:
        raise NotFound("this sign-in is over")
    return start(session, member.id, level, device)


def count_try(session: Session, member: Member) -> int | None:
    """Count a code that a member tries; how many tries are left after it, nothing when it may not be tried any more. Never commits."""
    may_try = (SignIn.id == member.sign_in, SignIn.tries < MOST_TRIES)
    tries = session.scalar(update(SignIn).where(*may_try).values(tries=SignIn.tries + 1).returning(SignIn.tries))
    return None if tries is None else MOST_TRIES - tries


def is_fresh(session: Session, member: Member) -> bool:
    """Whether a member has shown just now who they are."""
    started_at = session.scalar(select(SignIn.started_at).where(SignIn.id == member.sign_in))
    return started_at is not None and started_at > clock.now() - FRESH


def find_member(session: Session, token: str) -> Member | None:
    """Who holds this token; nobody when it has ended, or was never ours."""
    row = session.get(SignIn, _id(token)) if token else None
    if row is None or row.seen_at <= clock.now() - IDLE or row.started_at <= clock.now() - _longest(row):
        return None
    try:
        return member_of(get_person(session, row.person_id), Level(row.level), row.id)
    except NotFound:
        return None


def is_to_be_seen(session: Session, member: Member) -> bool:
    """Whether it is time to write down that a sign-in is in use."""
    seen_at = session.scalar(select(SignIn.seen_at).where(SignIn.id == member.sign_in))
    return seen_at is not None and seen_at <= clock.now() - SEEN_EVERY


def mark_seen(session: Session, member: Member) -> None:
    """Write down that a sign-in is in use. Never commits."""
    session.execute(update(SignIn).where(SignIn.id == member.sign_in).values(seen_at=clock.now()))


def list_devices(session: Session, person_id: uuid.UUID) -> list[Device]:
    """Where a person is signed in, the latest used first."""
    living = (SignIn.person_id == person_id, SignIn.seen_at > clock.now() - IDLE, SignIn.started_at > clock.now() - LONGEST)
    rows = session.scalars(select(SignIn).where(*living).order_by(SignIn.seen_at.desc(), SignIn.id))
    return [Device(row.id, row.device, Level(row.level), row.started_at, row.seen_at) for row in rows]


def end(session: Session, person_id: uuid.UUID, sign_in: str) -> None:
    """Sign a person out on one device; that of somebody else is left alone. Never commits."""
    session.execute(delete(SignIn).where(SignIn.id == sign_in, SignIn.person_id == person_id))


def forget(session: Session, token: str) -> None:
    """End the sign-in of a token, whoever it belongs to. Never commits."""
    session.execute(delete(SignIn).where(SignIn.id == _id(token)).execution_options(synchronize_session=False))


def end_all(session: Session, person_id: uuid.UUID, but: str = "") -> None:
    """Sign a person out everywhere, except on the device of the sign-in `but`. Never commits."""
    session.execute(delete(SignIn).where(SignIn.person_id == person_id, SignIn.id != but))


def purge_sign_ins(session: Session) -> None:
    """Forget those that have ended, and those of people who have left. Never commits."""
    now = clock.now()
    left = select(Person.id).where(Person.left_at.is_not(None))
    over = or_(SignIn.seen_at <= now - IDLE, SignIn.started_at <= now - LONGEST, SignIn.person_id.in_(left))
    session.execute(delete(SignIn).where(over).execution_options(synchronize_session=False))


def _longest(row: SignIn) -> timedelta:
    return HALF_WAY if row.level == Level.LINK else LONGEST


def _id(token: str) -> str:
    return key_of_token(token, _PURPOSE).id
