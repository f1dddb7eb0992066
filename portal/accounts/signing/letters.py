"""E-mails about signing in: who and in which language in, messages out. They name nobody else and say nothing of what an account may do."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from portal.accounts.models import Person
from portal.accounts.signing.codes import digits_of, in_groups
from portal.accounts.signing.room import SigningRoom
from portal.i18n.languages import SOURCE
from portal.i18n.text import gettext, marked, speaking
from portal.mail import Message
from portal.mail.letter import Block, Code, Letter, Link, Paragraph, Small, apart


class Change(StrEnum):
    """What happened to somebody's ways in; the history calls it so too."""

    PASSKEY_ADDED = "passkey added"
    PASSKEY_REMOVED = "passkey removed"
    APP_SET_UP = "code app set up"
    APP_REMOVED = "code app removed"


_SAID: Final = {
    Change.PASSKEY_ADDED: marked("A passkey was added to your account."),
    Change.PASSKEY_REMOVED: marked("A passkey was removed from your account."),
    Change.APP_SET_UP: marked("An app that makes codes was set up for your account."),
    Change.APP_REMOVED: marked("The app that makes codes was removed from your account."),
}


def link(room: SigningRoom, person: Person, token: str, language: str) -> Message:
    """The link and its six digits."""
    code = _offered(room, language)
    with speaking(code):
        blocks = (
            Link(gettext("Sign in"), f"{room.address}/{code}/sign-in/link/{token}"),
            Paragraph(gettext("Or type these six digits in the browser where you asked:")),
            Code(in_groups(digits_of(token), 3)),
            Paragraph(gettext("Both work for ten minutes, and once. Never tell the digits to anybody who rings you or writes to you.")),
            Small(gettext("If you did not ask, you need do nothing.")),
        )
        subject = gettext("Sign in to %(site)s", site=room.pack.site)
        return _letter(room, subject, blocks, code).message(person.email or "")


def use_passkey(room: SigningRoom, person: Person, language: str) -> Message:
    """For somebody whose role asks for a passkey, and who has one: no link, no digits."""
    code = _offered(room, language)
    with speaking(code):
        blocks = (
            Paragraph(gettext("You sign in with your passkey, so we send you no link. On this page, choose “Use a passkey”.")),
            Link(gettext("Go to the page"), f"{room.address}/{code}/sign-in"),
            Paragraph(gettext("Have you lost your passkey? Ask a colleague at the council. Two of them can let you make a new one.")),
            Small(gettext("If you did not ask, you need do nothing.")),
        )
        return _letter(room, gettext("Sign in with your passkey"), blocks, code).message(person.email or "")


def changed(room: SigningRoom, person: Person, change: Change) -> Message:
    """That their ways in have changed, so that nobody changes them unseen."""
    code, line = _offered(room, person.language), room.pack.front_door
    with speaking(code):
        blocks = (
            Paragraph(gettext(_SAID[change])),
            Paragraph(gettext("If that was you, you need do nothing.")),
            Paragraph(gettext("If it was not you, ring us: %(number)s (%(name)s).", number=apart(line.number), name=apart(line.name))),
        )
        return _letter(room, gettext("How you sign in has changed"), blocks, code).message(person.email or "")


def _letter(room: SigningRoom, subject: str, blocks: tuple[Block, ...], code: str) -> Letter:
    return Letter(subject, gettext("Hello"), blocks, code, room.pack.site, room.pack.brand)


def _offered(room: SigningRoom, language: str) -> str:
    return language if language in room.pack.languages else SOURCE
