"""Reads of people: a session in, people out."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.accounts.audiences import Level, Member, Role
from portal.accounts.models import Grant, Membership, Person
from portal.errors import NotFound

_WHOLE = (selectinload(Person.grants), selectinload(Person.memberships))


def find_person(session: Session, email: str) -> Person | None:
    """Who has this address (in its normal form), if anybody."""
    return session.scalar(select(Person).where(Person.email == email, Person.left_at.is_(None)).options(*_WHOLE)) if email else None


def get_person(session: Session, person_id: uuid.UUID) -> Person:
    """A person who has not left. Raises `NotFound`."""
    person = session.scalar(select(Person).where(Person.id == person_id, Person.left_at.is_(None)).options(*_WHOLE))
    if person is None:
        raise NotFound(f"no person {person_id}")
    return person


def hold_person(session: Session, person_id: uuid.UUID) -> None:
    """Take somebody's row until the transaction ends: what others do about the same person waits. Nothing for an id of nobody."""
    session.scalar(select(Person.id).where(Person.id == person_id).with_for_update())


def roles_of(person: Person) -> frozenset[Role]:
    """The roles that a person has accepted."""
    return frozenset(Role(grant.role) for grant in person.grants if grant.accepted_at)


def organizations_of(person: Person) -> frozenset[uuid.UUID]:
    """The organizations whose listings a person keeps."""
    return frozenset(each.organization_id for each in person.memberships if each.accepted_at)


def member_of(person: Person, level: Level, sign_in: str) -> Member:
    """A person as pages and acts know them."""
    return Member(person.id, person.name, person.email or "", person.language, roles_of(person), organizations_of(person), level, sign_in)


def list_editors(session: Session, organization_id: uuid.UUID) -> list[Person]:
    """Who keeps an organization's listings, by name."""
    accepted = (Membership.organization_id == organization_id, Membership.accepted_at.is_not(None), Person.left_at.is_(None))
    query = select(Person).join(Membership, Membership.person_id == Person.id).where(*accepted).options(*_WHOLE)
    return list(session.scalars(query.order_by(Person.name, Person.email)))


def list_with_role(session: Session, *roles: Role) -> list[Person]:
    """Who has one of these roles, by name."""
    accepted = (Grant.role.in_(roles), Grant.accepted_at.is_not(None), Person.left_at.is_(None))
    query = select(Person).join(Grant, Grant.person_id == Person.id).where(*accepted).options(*_WHOLE).distinct()
    return list(session.scalars(query.order_by(Person.name, Person.email)))


def names_of(session: Session, people: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names by id; who has left is not in it."""
    rows = session.execute(select(Person.id, Person.name, Person.email).where(Person.id.in_(list(people)), Person.left_at.is_(None)))
    return {row.id: row.name or row.email or "" for row in rows}
