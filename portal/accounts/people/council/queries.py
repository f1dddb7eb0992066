"""Reads of everybody with an account: a session in, people with their roles out. For administrators only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from portal import clock
from portal.accounts.audiences import Role, person_of
from portal.accounts.models import Grant, Membership, Person
from portal.accounts.people.offers import LASTS
from portal.accounts.queries import get_person, names_of
from portal.history import HistoryLine

PAGE: Final = 50
MOST_LINES: Final = 100
_WHOLE: Final = (selectinload(Person.grants), selectinload(Person.memberships))


@dataclass(frozen=True)
class Known:
    """Somebody with an account, what they have said yes to (`roles`, `organizations`), and what they are asked."""

    person_id: uuid.UUID
    name: str
    email: str
    added_on: date
    roles: tuple[Role, ...]
    asked_roles: tuple[Role, ...]
    organizations: tuple[uuid.UUID, ...]
    asked_organizations: tuple[uuid.UUID, ...]

    @property
    def called(self) -> str:
        """What pages call them."""
        return self.name or self.email


@dataclass(frozen=True)
class KnownPage:
    """One page of people."""

    people: tuple[Known, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class PastAct:
    """Something done to a person's account. `acted_by` is a name, empty for who has left; `is_terminal` where nobody signed in."""

    name: str
    field: str
    value: str
    on: date
    acted_by: str
    is_terminal: bool


def list_colleagues(session: Session) -> tuple[Known, ...]:
    """Everybody who has a role or is asked to take one on, by name."""
    has_role = Person.id.in_(select(Grant.person_id).where(or_(Grant.accepted_at.is_not(None), Grant.invited_at > clock.now() - LASTS)))
    return _known(session, has_role)


def list_keepers(session: Session, page: int) -> KnownPage:
    """Everybody who keeps listings and has no role, by name; 50 a page."""
    keeps = Person.id.in_(select(Membership.person_id)) & Person.id.not_in(select(Grant.person_id))
    total = session.scalar(select(func.count()).where(keeps, Person.left_at.is_(None))) or 0
    pages = max(1, -(-total // PAGE))
    at = min(max(page, 1), pages)
    return KnownPage(_known(session, keeps, (at - 1) * PAGE), at, pages, total)


def find_people(session: Session, words: str) -> tuple[Known, ...]:
    """People with these words in their name or address, by name; the first 50."""
    like = words.lower()
    found = or_(func.lower(Person.name).contains(like, autoescape=True), Person.email.contains(like.casefold(), autoescape=True))
    return _known(session, found, 0) if like else ()


def get_known(session: Session, person_id: uuid.UUID) -> Known:
    """One person. Raises `NotFound`."""
    return _of(get_person(session, person_id))


def list_past(session: Session, person_id: uuid.UUID) -> tuple[PastAct, ...]:
    """What was done to a person's account, the latest first."""
    theirs = (HistoryLine.resource_type == "person", HistoryLine.resource_id == person_id)
    lines = session.scalars(select(HistoryLine).where(*theirs).order_by(HistoryLine.id.desc()).limit(MOST_LINES)).all()
    ids = {line.acted_by: person for line in lines if (person := person_of(line.acted_by))}
    names = names_of(session, ids.values())
    return tuple(_past(line, names.get(ids[line.acted_by], "") if line.acted_by in ids else "") for line in lines)


def _known(session: Session, is_one: ColumnElement[bool], offset: int | None = None) -> tuple[Known, ...]:
    query = select(Person).where(is_one, Person.left_at.is_(None)).options(*_WHOLE)
    by_name = query.order_by(func.lower(func.coalesce(func.nullif(Person.name, ""), Person.email)), Person.id)
    paged = by_name if offset is None else by_name.limit(PAGE).offset(offset)
    return tuple(_of(person) for person in session.scalars(paged))


def _of(person: Person) -> Known:
    late = clock.now() - LASTS
    grants, places = person.grants, person.memberships
    return Known(
        person_id=person.id,
        name=person.name,
        email=person.email or "",
        added_on=clock.day_of(person.added_at),
        roles=_roles(grant for grant in grants if grant.accepted_at),
        asked_roles=_roles(grant for grant in grants if not grant.accepted_at and grant.invited_at > late),
        organizations=tuple(place.organization_id for place in places if place.accepted_at),
        asked_organizations=tuple(place.organization_id for place in places if not place.accepted_at and place.invited_at > late),
    )


def _roles(grants: Iterable[Grant]) -> tuple[Role, ...]:
    theirs = {grant.role for grant in grants}
    return tuple(role for role in Role if role.value in theirs)


def _past(line: HistoryLine, name: str) -> PastAct:
    changes: dict[str, Any] = line.changes
    field, (before, after) = next(iter(changes.items()), ("", ("", "")))
    value = after or before
    is_plain = field in ("role", "organization") and isinstance(value, str)
    return PastAct(line.action, field, value if is_plain else "", clock.day_of(line.acted_at), name, line.acted_by == "terminal")
