"""People with an account, for tests: made with what they have accepted, and signed in on a client as the site itself does it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.addresses import normal
from portal.accounts.audiences import Level, Role
from portal.accounts.models import Grant, Membership, Person
from portal.accounts.signing import sessions
from portal.accounts.signing.cookies import Cookie
from portal.accounts.signing.room import SigningRoom
from portal.db import writing

INVITED_BY = "test"


def make_person(
    where: Session | Engine | Flask,
    email: str,
    *,
    roles: Iterable[Role] = (),
    organizations: Iterable[uuid.UUID] = (),
    name: str = "Amina Rahman",
) -> Person:
    """A new person who has accepted these roles, and keeps the listings of these organizations (ids)."""
    now = clock.now()
    given = {"invited_by": INVITED_BY, "invited_at": now, "accepted_at": now}
    person = Person(email=normal(email), name=name, language="en", added_at=now)
    person.grants = [Grant(role=role.value, **given) for role in roles]
    person.memberships = [Membership(organization_id=each, **given) for each in organizations]
    with _writing(where) as session:
        session.add(person)
        session.flush()
    return person


def signed_in(where: FlaskClient | Flask, person: Person, level: Level = Level.PASSKEY) -> FlaskClient:
    """A client (a new one for an application) on which this person has just signed in."""
    client = where.test_client() if isinstance(where, Flask) else where
    room: SigningRoom = client.application.extensions["signing"]
    with writing(room.engine) as session:
        token = sessions.start(session, person.id, level, "Chrome, Android")
    client.set_cookie(f"__Host-{Cookie.SIGN_IN}" if room.is_secure else Cookie.SIGN_IN.value, token)
    return client


def _writing(where: Session | Engine | Flask) -> AbstractContextManager[Session]:
    """A session as it is; a transaction of its own for an engine, or for an application's."""
    if isinstance(where, Session):
        return nullcontext(where)
    return writing(where.extensions["signing"].engine if isinstance(where, Flask) else where)
