"""Who may see which page: roles in, yes or no out. Pure.

A blueprint has one audience (`web.audiences` holds the list); a route that nobody gave an audience stops the start.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What the council trusts somebody with. Editors have none: they belong to organizations."""

    REVIEWER = "reviewer"
    COUNCIL_EDITOR = "council-editor"
    ADVISER = "adviser"
    COMMISSIONER = "commissioner"
    ADMINISTRATOR = "administrator"


class Audience(StrEnum):
    """Whom a page is for.

    `ENROLLING` has shown who they are and still needs a passkey or a code of an app; `MEMBER` is anybody signed in; `EDITOR` belongs to
    an organization, and which records they may touch is for each act to ask; `COUNCIL` is any role that looks after listings.
    """

    EVERYONE = "everyone"
    ENGINES = "engines"
    SUPERVISOR = "supervisor"
    ENROLLING = "enrolling"
    MEMBER = "member"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    COUNCIL_EDITOR = "council-editor"
    ADVISER = "adviser"
    COMMISSIONER = "commissioner"
    COUNCIL = "council"
    ADMINISTRATOR = "administrator"


PUBLIC: Final = frozenset({Audience.EVERYONE, Audience.ENGINES, Audience.SUPERVISOR})
PASSKEY_ONLY: Final = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})
_ROLES_OF: Final[Mapping[Audience, frozenset[Role]]] = {
    Audience.REVIEWER: frozenset({Role.REVIEWER}),
    Audience.COUNCIL_EDITOR: frozenset({Role.COUNCIL_EDITOR}),
    Audience.ADVISER: frozenset({Role.ADVISER}),
    Audience.COMMISSIONER: frozenset({Role.COMMISSIONER}),
    Audience.COUNCIL: frozenset({Role.REVIEWER, Role.COUNCIL_EDITOR, Role.ADMINISTRATOR}),
    Audience.ADMINISTRATOR: frozenset({Role.ADMINISTRATOR}),
}


_PERSON: Final = "person:"


def acted_by(person_id: uuid.UUID) -> str:
    """How the history names a person: an id, so that a name can be forgotten while the history stays."""
    return f"{_PERSON}{person_id}"


def person_of(acted_by: str) -> uuid.UUID | None:
    """The person whom the history names so; None for a load, a terminal and the like."""
    return uuid.UUID(acted_by.removeprefix(_PERSON)) if acted_by.startswith(_PERSON) else None


class Level(StrEnum):
    """How surely somebody has shown who they are. After a link alone there is one more step."""

    LINK = "link"
    CODE = "link and code"
    PASSKEY = "passkey"


@dataclass(frozen=True)
class Member:
    """Somebody signed in: what pages and acts need to know of them. `organizations` are those they are an editor of."""

    id: uuid.UUID
    name: str
    email: str
    language: str
    roles: frozenset[Role]
    organizations: frozenset[uuid.UUID]
    level: Level
    sign_in: str

    @property
    def acted_by(self) -> str:
        """How the history names them."""
        return acted_by(self.id)

    def has(self, *roles: Role) -> bool:
        """Whether they have one of these roles, and showed who they are as surely as it asks for."""
        mine = self.roles if self.level is Level.PASSKEY else self.roles - PASSKEY_ONLY
        return self.level is not Level.LINK and not mine.isdisjoint(roles)

    def edits(self, organization_id: uuid.UUID) -> bool:
        """Whether they keep this organization's listings."""
        return self.level is not Level.LINK and organization_id in self.organizations


def may_see(audience: Audience, member: Member | None) -> bool:
    """Whether a page for `audience` is for `member` (None: nobody is signed in)."""
    if audience in PUBLIC:
        return True
    if member is None or member.level is Level.LINK:
        return member is not None and audience is Audience.ENROLLING
    if audience is Audience.EDITOR:
        return bool(member.organizations)
    return audience in (Audience.ENROLLING, Audience.MEMBER) or member.has(*_ROLES_OF[audience])
