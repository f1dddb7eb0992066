"""What somebody does to their own account: ways in added and taken away, their name. One function, one act; none commits.

Each change of the ways in leaves a line in the history and an e-mail to its owner, so that nobody changes them unseen.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.accounts.audiences import Level, Member
from portal.accounts.queries import get_person
from portal.accounts.signing import apps, letters, passkeys, sessions
from portal.accounts.signing.letters import Change
from portal.accounts.signing.room import SigningRoom
from portal.accounts.signing.ways import hold_still, may_change
from portal.history import Act, record
from portal.mail import post


@dataclass(frozen=True)
class Answer:
    """What an authenticator made. `browser`: the token of the browser that was asked; `device`: what people call it."""

    browser: str
    credential: str
    device: str


def add_passkey(session: Session, room: SigningRoom, member: Member, answer: Answer) -> str:
    """Add a passkey, and be signed in by it from here on; the new token, empty where the answer or the member is not good for it."""
    if not may_change(session, member, hold_still(session, member.id)):
        return ""
    passkey = passkeys.add(session, room, answer.browser, answer.credential, member)
    if passkey is None:
        return ""
    passkey.name = answer.device
    _tell(session, room, member, Change.PASSKEY_ADDED)
    return sessions.step_up(session, member, Level.PASSKEY)


def remove_passkey(session: Session, room: SigningRoom, member: Member, passkey_id: uuid.UUID) -> bool:
    """Take a passkey away, unless it is the last way in; whether it went."""
    ways = hold_still(session, member.id)
    if not may_change(session, member, ways) or not ways.may_lose_passkey:
        return False
    if not passkeys.remove(session, member.id, passkey_id):
        return False
    _tell(session, room, member, Change.PASSKEY_REMOVED)
    return True


def set_up_app(session: Session, room: SigningRoom, member: Member, sealed: str, digits: str) -> str:
    """Confirm an app by its first code, and be signed in by it; the token, empty where the code or the member is not good for it."""
    ways = hold_still(session, member.id)
    if ways.is_passkey_only or not may_change(session, member, ways):
        return ""
    if not apps.confirm(session, room, member, sealed, digits):
        return ""
    _tell(session, room, member, Change.APP_SET_UP)
    return sessions.step_up(session, member, member.level if member.level is Level.PASSKEY else Level.CODE)


def remove_app(session: Session, room: SigningRoom, member: Member) -> bool:
    """Take the app away, where there is a passkey as well; whether it went."""
    ways = hold_still(session, member.id)
    if not may_change(session, member, ways) or not ways.may_lose_app:
        return False
    apps.remove_app(session, member.id)
    _tell(session, room, member, Change.APP_REMOVED)
    return True


def change_details(session: Session, member: Member, name: str, language: str) -> None:
    """Another name, or another language of mail. The history says that the name changed, and never what it is."""
    person = get_person(session, member.id)
    changes = {"language": [person.language, language]} if person.language != language else {}
    if not changes and person.name == name:
        return
    person.name, person.language = name, language
    record(session, ("person", member.id), Act("changed own details", member.acted_by), changes)


def _tell(session: Session, room: SigningRoom, member: Member, change: Change) -> None:
    record(session, ("person", member.id), Act(change.value, member.acted_by), {})
    post(session, room.secret, letters.changed(room, get_person(session, member.id), change))
