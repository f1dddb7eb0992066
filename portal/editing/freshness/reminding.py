"""Reminders: what time brings, by any number of workers at once and killed midway.

A person is taken once a week by one statement; each service is asked about once at each stage, by a row that goes in before the
letter is posted; all of a letter is one transaction. So nobody is asked twice, and what a killed worker began never was.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, case, delete, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal import clock
from portal.accounts.models import Membership, Person
from portal.accounts.queries import get_person
from portal.db import inserting
from portal.directory.freshness import STAGES, oldest_within
from portal.directory.models import Service
from portal.directory.queries import since
from portal.editing.freshness import letters
from portal.editing.freshness.models import Mobile, Reminder, StillRightLink
from portal.editing.freshness.queries import Due, is_due, keeps, list_due_of, said_closed
from portal.editing.telling import Told, may_tell
from portal.mail import post
from portal.sealing import Key, Unreadable, key_of_site, key_of_token, new_token
from portal.sharing.asking.room import Sender

KIND: Final = "still right"  # of what people are told
LINK: Final = "still right"  # purpose of a token
PAUSE: Final = timedelta(days=7)
LINK_LASTS: Final = timedelta(days=60)
KEPT: Final = timedelta(days=3 * 365)  # rows of reminders
HOURS: Final = range(9, 18)  # in London: a text message wakes people
PEOPLE_AT_ONCE: Final = 20  # so that no pass holds the database for long
MOST_IN_A_LETTER: Final = 100


def remind(session: Session, sender: Sender) -> int:
    """Ask everybody who is due to be asked, some at a time and by day; how many were written to. Never commits."""
    if clock.local_now().hour not in HOURS:
        return 0
    people = _list_people(session)
    return sum(_remind_one(session, sender, person_id) for person_id in people)


def purge(session: Session) -> None:
    """Forget links that have ended, reminders of long ago, and numbers of people who have left. Never commits."""
    now = clock.now()
    left = select(Person.id).where(Person.left_at.is_not(None))
    for gone in (
        delete(StillRightLink).where(or_(StillRightLink.ends_at <= now, StillRightLink.person_id.in_(left))),
        delete(Reminder).where(Reminder.reminded_at <= now - KEPT),
        delete(Mobile).where(Mobile.person_id.in_(left)),
    ):
        session.execute(gone.execution_options(synchronize_session=False))


def tend(session: Session, sender: Sender) -> None:
    """What time brings: to be called every few minutes, by any number of workers."""
    purge(session)
    remind(session, sender)


def mobile_key(secret: str) -> Key:
    """The key of numbers for text messages."""
    return key_of_site(secret, "mobile")


def _list_people(session: Session) -> Sequence[uuid.UUID]:
    """Who keeps something that came to a stage at which they were not asked yet, and was not written to this week."""
    lately = exists().where(Told.person_id == Membership.person_id, Told.kind == KIND, Told.told_at > clock.now() - PAUSE)
    is_here = and_(Membership.accepted_at.is_not(None), Person.left_at.is_(None), Person.email.is_not(None))
    found = (
        select(Membership.person_id)
        .distinct()
        .join(Person, Person.id == Membership.person_id)
        .join(Service, Service.organization_id == Membership.organization_id)
        .where(is_here, is_due(), ~lately, ~_is_asked(Membership.person_id), ~said_closed())
    )
    return session.scalars(found.order_by(Membership.person_id).limit(PEOPLE_AT_ONCE)).all()


def _list_to_ask(session: Session, person_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """What a person keeps and is due, what they were not asked yet first: a letter holds so much, and the rest waits a week."""
    found = select(Service.id).where(is_due(), keeps(person_id), ~said_closed())
    return session.scalars(found.order_by(_is_asked(person_id), since(), Service.id).limit(MOST_IN_A_LETTER)).all()


def _is_asked(person_id: uuid.UUID | InstrumentedAttribute[uuid.UUID]) -> ColumnElement[bool]:
    """That this person was asked about a service at the stage that it has come to."""
    at_this_stage = (Reminder.service_id == Service.id, Reminder.since == since(), Reminder.stage == _stage())
    return exists().where(Reminder.person_id == person_id, *at_this_stage)


def _stage() -> ColumnElement[str]:
    today = clock.today()
    return case(*((since() < oldest_within(months, today), stage.value) for months, stage in STAGES), else_="")


def _remind_one(session: Session, sender: Sender, person_id: uuid.UUID) -> bool:
    person = get_person(session, person_id)
    if not may_tell(session, person_id, KIND, PAUSE):
        return False
    dues = list_due_of(session, _list_to_ask(session, person_id))
    if not _write_down(session, person_id, dues):
        return False
    token = make_link(session, person_id)
    post(session, sender.secret, letters.still_right(sender, person, dues, token))
    if number := find_mobile(session, sender.secret, person_id):
        post(session, sender.secret, letters.still_right_text(sender, person, number, token))
    return True


def _write_down(session: Session, person_id: uuid.UUID, dues: Sequence[Due]) -> bool:
    """Keep that they were asked; whether anything of it is new."""
    now = clock.now()
    rows = [_row(person_id, due, now) for due in dues]
    put = inserting(session, Reminder).values(rows).on_conflict_do_nothing().returning(Reminder.service_id) if rows else None
    return put is not None and bool(session.scalars(put).all())


def _row(person_id: uuid.UUID, due: Due, now: datetime) -> dict[str, object]:
    return {"person_id": person_id, "service_id": due.service_id, "stage": due.stage.value, "since": due.since, "reminded_at": now}


def make_link(session: Session, person_id: uuid.UUID) -> str:
    """A token by which this person confirms what is due. Never commits."""
    token = new_token()
    session.add(StillRightLink(id=key_of_token(token, LINK).id, person_id=person_id, ends_at=clock.now() + LINK_LASTS))
    return token


def find_mobile(session: Session, secret: str, person_id: uuid.UUID) -> str:
    """Where this person wants text messages; empty for nowhere."""
    kept = session.get(Mobile, person_id)
    with suppress(Unreadable):
        return mobile_key(secret).open(kept.sealed, str(person_id)).decode() if kept else ""
    return ""
