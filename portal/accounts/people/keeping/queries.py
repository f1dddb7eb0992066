"""Reads of who keeps listings: a session in, the people of one organization or how all organizations stand, out."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.models import Membership, Person
from portal.accounts.people.offers import LASTS
from portal.directory.models import Organization
from portal.errors import NotFound

PAGE: Final = 50


@dataclass(frozen=True)
class Keeper:
    """Somebody who keeps the listings, or is asked to. `name` is empty for those who only are asked: their name is theirs to tell."""

    person_id: uuid.UUID
    name: str
    email: str
    since: date
    ends_on: date | None = None
    is_instead: bool = False

    @property
    def called(self) -> str:
        """What pages call them."""
        return self.name or self.email


@dataclass(frozen=True)
class Keepers:
    """The people of one organization."""

    organization_id: uuid.UUID
    name: str
    keepers: tuple[Keeper, ...]
    asked: tuple[Keeper, ...]


class Kept(StrEnum):
    """How an organization stands."""

    NOBODY = "nobody"
    ASKED = "asked"
    SOMEBODY = "somebody"


@dataclass(frozen=True)
class Standing:
    """An organization, and how many keep its listings or are asked to."""

    organization_id: uuid.UUID
    name: str
    keepers: int
    asked: int

    @property
    def kept(self) -> Kept:
        """How it stands."""
        return Kept.SOMEBODY if self.keepers else Kept.ASKED if self.asked else Kept.NOBODY


@dataclass(frozen=True)
class Standings:
    """One page of organizations. `counts`: how many stand how, of all; `pages` of those that were asked for."""

    rows: tuple[Standing, ...]
    counts: Mapping[Kept, int]
    page: int
    pages: int


def get_keepers(session: Session, organization_id: uuid.UUID) -> Keepers:
    """Who keeps an organization's listings. Raises `NotFound`."""
    name = session.scalar(select(Organization.name).where(Organization.id == organization_id))
    if name is None:
        raise NotFound(f"no organization {organization_id}")
    people = select(Membership, Person).join(Person, Membership.person_id == Person.id)
    here = people.where(Membership.organization_id == organization_id, Person.left_at.is_(None)).order_by(Person.name, Person.email)
    rows = session.execute(here).all()
    keepers = tuple(_keeper(row) for row in rows if row.Membership.accepted_at)
    asked = tuple(_asked(row) for row in rows if not row.Membership.accepted_at and row.Membership.invited_at > clock.now() - LASTS)
    return Keepers(organization_id, name, keepers, asked)


def list_standings(session: Session, kept: Kept | None, words: str = "", page: int = 1) -> Standings:
    """Organizations by name, those that stand so (all where nothing is given) and have these words in their name."""
    table = _standing(words)
    stands = case((table.c.keepers > 0, Kept.SOMEBODY), (table.c.asked > 0, Kept.ASKED), else_=Kept.NOBODY)
    counted = {Kept(name): number for name, number in session.execute(select(stands, func.count()).group_by(stands))}
    total = counted.get(kept, 0) if kept else sum(counted.values())
    pages = max(1, -(-total // PAGE))
    at = min(max(page, 1), pages)
    query = select(table).order_by(table.c.name, table.c.id).limit(PAGE).offset((at - 1) * PAGE)
    rows = session.execute(query.where(stands == kept) if kept else query)
    listed = tuple(Standing(row.id, row.name, row.keepers, row.asked) for row in rows)
    return Standings(listed, {one: counted.get(one, 0) for one in Kept}, at, pages)


def names_of_organizations(session: Session, organization_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names by id; what is not there is not in it."""
    rows = session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(list(organization_ids))))
    return {row.id: row.name for row in rows}


def _standing(words: str) -> Any:
    """Every organization with its numbers, as a table to ask. Invitations that are over do not count."""
    accepted, still = Membership.accepted_at.is_not(None), Membership.invited_at > clock.now() - LASTS
    people = (
        select(Membership.organization_id, _count(accepted).label("keepers"), _count(~accepted & still).label("asked"))
        .group_by(Membership.organization_id)
        .subquery()
    )
    numbers = (func.coalesce(people.c.keepers, 0).label("keepers"), func.coalesce(people.c.asked, 0).label("asked"))
    every = select(Organization.id, Organization.name, *numbers).outerjoin(people, people.c.organization_id == Organization.id)
    if words:
        every = every.where(func.lower(Organization.name).contains(words.lower(), autoescape=True))
    return every.subquery()


def _count(is_so: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((is_so, 1), else_=0))


def _keeper(row: Row[Membership, Person]) -> Keeper:
    since = clock.day_of(row.Membership.accepted_at or row.Membership.invited_at)
    return Keeper(row.Person.id, row.Person.name, row.Person.email or "", since)


def _asked(row: Row[Membership, Person]) -> Keeper:
    since, ends = clock.day_of(row.Membership.invited_at), clock.day_of(row.Membership.invited_at + LASTS)
    return Keeper(row.Person.id, "", row.Person.email or "", since, ends, row.Membership.instead_of is not None)
