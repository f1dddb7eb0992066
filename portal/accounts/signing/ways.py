"""The ways in that a person has, and what they may do with them: rows in, yes or no out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.audiences import PASSKEY_ONLY, Level, Member
from portal.accounts.models import Person
from portal.accounts.queries import get_person
from portal.accounts.signing.models import CodeApp, Passkey
from portal.accounts.signing.sessions import is_fresh


@dataclass(frozen=True)
class KeptPasskey:
    """A passkey, as its owner sees it."""

    id: uuid.UUID
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Ways:
    """The ways in of one person. `is_passkey_only`: a role of theirs, accepted or offered, asks for a passkey."""

    passkeys: tuple[KeptPasskey, ...]
    has_app: bool
    is_passkey_only: bool

    @property
    def are_none(self) -> bool:
        """Whether they still have to set one up."""
        return not self.passkeys and not self.has_app

    @property
    def takes_codes(self) -> bool:
        """Whether a code of their app is good as the second step; not for whom a passkey is both asked for and there."""
        return self.has_app and not (self.is_passkey_only and self.passkeys)

    @property
    def may_lose_passkey(self) -> bool:
        """Whether one passkey may go: never the last way in."""
        return len(self.passkeys) > 1 or (bool(self.passkeys) and self.has_app and not self.is_passkey_only)

    @property
    def may_lose_app(self) -> bool:
        """Whether the app may go: there is a passkey as well."""
        return self.has_app and bool(self.passkeys)


def is_passkey_only(person: Person) -> bool:
    """Whether a role of theirs, accepted or offered, asks for a passkey."""
    return any(grant.role in PASSKEY_ONLY for grant in person.grants)


def find_ways(session: Session, person_id: uuid.UUID) -> Ways:
    """The ways in of a person. Raises `NotFound` for one who has left."""
    rows = session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.added_at, Passkey.id))
    app = select(CodeApp.person_id).where(CodeApp.person_id == person_id, CodeApp.confirmed_at.is_not(None))
    return Ways(
        tuple(KeptPasskey(row.id, row.name, row.added_at, row.used_at) for row in rows),
        session.scalar(app) is not None,
        is_passkey_only(get_person(session, person_id)),
    )


def may_change(session: Session, member: Member, ways: Ways) -> bool:
    """Whether a member may add or take away ways in now: with the first one after a link, else within minutes of signing in."""
    return ways.are_none if member.level is Level.LINK else is_fresh(session, member)


def hold_still(session: Session, person_id: uuid.UUID) -> Ways:
    """The ways in of a person, which nobody else changes until this transaction ends."""
    session.get(Person, person_id, with_for_update=True)
    return find_ways(session, person_id)
