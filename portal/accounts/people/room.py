"""What pages of people, and whoever tends them, are given: the database, and who writes to people."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.i18n.languages import SOURCE
from portal.mail import Message, post
from portal.pack import Pack


@dataclass(frozen=True)
class Sender:
    """Who writes: the pack, the site's public address, and its secret, with which mail is sealed."""

    pack: Pack
    base_url: str
    secret: str = field(repr=False)

    def language(self, code: str) -> str:
        """`code` where the site speaks it, English otherwise."""
        return code if code in self.pack.languages else SOURCE

    def link(self, language: str, path: str) -> str:
        """The address of a page, in this language."""
        return f"{self.base_url}/{self.language(language)}{path}"

    def post(self, session: Session, message: Message) -> None:
        """Put a message into the outbox. Never commits."""
        post(session, self.secret, message)


@dataclass(frozen=True)
class PeopleRoom:
    """What these pages are given."""

    engine: Engine
    sender: Sender
