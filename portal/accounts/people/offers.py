"""What somebody is asked to do, by whom, and how an answer names it. Pure.

There is no token: whoever signs in with the address has shown that it is theirs, and says yes or no on a page.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from portal.accounts.audiences import Member, Role

LASTS: Final = timedelta(days=30)  # unanswered for so long, an offer ends


@dataclass(frozen=True)
class Offer:
    """One of two: a role, or an organization whose listings to keep, perhaps `instead_of` somebody (an id)."""

    role: Role | None = None
    organization_id: uuid.UUID | None = None
    instead_of: uuid.UUID | None = None

    @property
    def key(self) -> str:
        """How forms and addresses name it."""
        return str(self.role or self.organization_id)

    @property
    def change(self) -> tuple[str, str]:
        """How the history names it: the field, and its value."""
        return ("role", str(self.role)) if self.role else ("organization", str(self.organization_id))


def find_offer(key: str) -> Offer | None:
    """The offer that a form names; nothing for what is none."""
    if key in list(Role):
        return Offer(role=Role(key))
    try:
        return Offer(organization_id=uuid.UUID(key))
    except ValueError:
        return None


@dataclass(frozen=True)
class Invitee:
    """Who is asked: the address in its normal form, a name if one was given, and the language to write to them in."""

    email: str
    name: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Asker:
    """Who asks: how the history names them, and how the letter does (empty where they have no name).

    `is_own_wish`: nobody asks, they (or somebody in their name) have claimed the listings.
    """

    acted_by: str
    name: str = ""
    is_own_wish: bool = False


TERMINAL: Final = Asker("terminal")  # whoever has the machine


def asker_of(member: Member) -> Asker:
    """A member who asks."""
    return Asker(member.acted_by, member.name)
