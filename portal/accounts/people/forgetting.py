"""People forgotten: their name, address, ways in and everything they were trusted with. The row and its id stay, for the history."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.models import Grant, Membership, Person, Recovery
from portal.accounts.signing.models import Asked, Ceremony, CodeApp, Passkey, SignIn

_WAYS_IN = (Passkey, CodeApp, Asked, Ceremony, SignIn)
_TRUST = (Grant, Membership, Recovery)


def take_ways_in(session: Session, person_ids: Collection[uuid.UUID]) -> None:
    """Take away passkeys, code apps, links asked for, and every sign-in. Never commits."""
    for table in _WAYS_IN:
        session.execute(delete(table).where(table.person_id.in_(person_ids)).execution_options(synchronize_session=False))


def forget(session: Session, person_ids: Collection[uuid.UUID]) -> None:
    """Forget people by name and address, and take away whatever they could do. Never commits."""
    take_ways_in(session, person_ids)
    for table in _TRUST:
        session.execute(delete(table).where(table.person_id.in_(person_ids)).execution_options(synchronize_session=False))
    nobody = update(Person).where(Person.id.in_(person_ids)).values(email=None, name="", left_at=clock.now())
    session.execute(nobody.execution_options(synchronize_session=False))


def forget_strangers(session: Session, before: datetime) -> None:
    """Forget those added before then who have nothing: no role, no organization, no offer, no way in. Never commits."""
    empty = [~exists().where(table.person_id == Person.id) for table in (Grant, Membership, Passkey, CodeApp, SignIn)]
    strangers = select(Person.id).where(Person.left_at.is_(None), Person.added_at <= before, *empty)
    if found := session.scalars(strangers.with_for_update(skip_locked=True)).all():
        forget(session, found)
