"""Codes of an app (TOTP, RFC 6238): a new secret to show, its first code, later codes, each good once. None commits.

A secret that is not confirmed yet is kept nowhere: it goes along in its page, sealed for one person and one sign-in.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import uuid
from dataclasses import dataclass
from typing import Final

import pyotp
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Member
from portal.accounts.signing.models import CodeApp
from portal.accounts.signing.room import SigningRoom
from portal.db import inserting
from portal.sealing import Key, Unreadable, key_of_site

STEP: Final = 30  # seconds
DRIFT: Final = (0, -1, 1)  # steps that a phone's clock may be off


@dataclass(frozen=True)
class NewApp:
    """A secret to put into an app: to read, as the address that apps know, and sealed for the form that confirms it."""

    secret: str
    address: str
    sealed: str


def offer(room: SigningRoom, member: Member, sealed: str = "") -> NewApp:
    """A new secret for a member, or the one that was offered before."""
    secret = _opened(room, member, sealed) or pyotp.random_base32()
    address = pyotp.TOTP(secret).provisioning_uri(name=member.email, issuer_name=room.pack.site)
    carried = _key(room).seal(secret.encode(), _page(member))
    return NewApp(secret, address, base64.urlsafe_b64encode(carried).decode())


def confirm(session: Session, room: SigningRoom, member: Member, sealed: str, digits: str) -> bool:
    """Whether the offered secret is in the app, which its first code shows; it is this member's from here on, in place of any other."""
    secret = _opened(room, member, sealed)
    step = _step_of(secret, digits) if secret else None
    if step is None:
        return False
    kept = {"sealed": _key(room).seal(secret.encode(), str(member.id)), "confirmed_at": clock.now(), "last_step": step}
    put = inserting(session, CodeApp).values(person_id=member.id, **kept)
    session.execute(put.on_conflict_do_update(index_elements=["person_id"], set_=kept))
    return True


def use_digits(session: Session, room: SigningRoom, person_id: uuid.UUID, digits: str) -> bool:
    """Whether these are the digits of a person's app now. The same, and earlier ones, are worth nothing afterwards."""
    app = session.get(CodeApp, person_id)
    if app is None or app.confirmed_at is None:
        return False
    try:
        secret = _key(room).open(app.sealed, str(person_id)).decode()
    except Unreadable:
        return False
    step = _step_of(secret, digits)
    if step is None:
        return False
    is_newer = (CodeApp.person_id == person_id, CodeApp.last_step < step)
    return session.execute(update(CodeApp).where(*is_newer).values(last_step=step).returning(CodeApp.person_id)).one_or_none() is not None


def remove_app(session: Session, person_id: uuid.UUID) -> bool:
    """Take the app away; whether there was one."""
    return session.execute(delete(CodeApp).where(CodeApp.person_id == person_id).returning(CodeApp.person_id)).one_or_none() is not None


def _step_of(secret: str, digits: str) -> int | None:
    """The step to which these digits belong, near now."""
    now, app = int(clock.now().timestamp()) // STEP, pyotp.TOTP(secret)
    steps = (now + drift for drift in DRIFT)
    return next((step for step in steps if hmac.compare_digest(app.at(step * STEP), digits)), None)


def _opened(room: SigningRoom, member: Member, sealed: str) -> str:
    """The secret that a page carried; empty where it was not offered to this sign-in."""
    try:
        return _key(room).open(base64.urlsafe_b64decode(sealed.encode()), _page(member)).decode()
    except (Unreadable, binascii.Error, ValueError):
        return ""


def _page(member: Member) -> str:
    return f"{member.id} {member.sign_in}"


def _key(room: SigningRoom) -> Key:
    return key_of_site(room.secret, "code app")
