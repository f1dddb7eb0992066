"""Reads for whoever thinks of closing their account: a session and a member in, what would end and who would go on, out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.accounts.audiences import Member, Role
from portal.accounts.models import Membership
from portal.accounts.queries import list_with_role
from portal.accounts.signing.sessions import is_fresh
from portal.directory.models import Organization


@dataclass(frozen=True)
class Kept:
    """An organization whose listings they keep, and how many others do."""

    organization_id: uuid.UUID
    name: str
    others: int


@dataclass(frozen=True)
class Ending:
    """What closing would end. `is_fresh`: they signed in just now; `is_last`: nobody else is administrator."""

    kept: tuple[Kept, ...]
    roles: tuple[Role, ...]
    is_fresh: bool
    is_last: bool

    @property
    def alone(self) -> tuple[Kept, ...]:
        """Organizations that nobody else keeps."""
        return tuple(one for one in self.kept if not one.others)


def find_ending(session: Session, member: Member) -> Ending:
    """What would end if a member closed their account now."""
    mine, others = aliased(Membership), aliased(Membership)
    beside = (others.organization_id == mine.organization_id, others.person_id != member.id, others.accepted_at.is_not(None))
    number = select(func.count()).where(*beside).correlate(mine).scalar_subquery()
    rows = (
        select(Organization.id, Organization.name, number.label("others"))
        .join(mine, mine.organization_id == Organization.id)
        .where(mine.person_id == member.id, mine.accepted_at.is_not(None))
        .order_by(Organization.name, Organization.id)
    )
    kept = tuple(Kept(row.id, row.name, row.others) for row in session.execute(rows))
    administrators = [person.id for person in list_with_role(session, Role.ADMINISTRATOR)]
    roles = tuple(role for role in Role if role in member.roles)
    return Ending(kept, roles, is_fresh(session, member), administrators == [member.id])
