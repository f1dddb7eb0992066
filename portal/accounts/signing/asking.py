"""A link by e-mail: asked for, looked up out of sight, opened, used once. A session in, what may happen next out; none commits.

Whoever asks gets the same answer from the same work, whether or not anybody has that address: the look-up is made later, by the thread
that tends the site (`look_up`). A link signs in only the browser that asked, which holds a token of its own; in any other it shows
six digits to type there. So a mail scanner that opens and clicks everything gets nothing, and uses nothing up.
"""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from portal import alarm, clock
from portal.accounts.models import Person
from portal.accounts.queries import find_person
from portal.accounts.signing import letters
from portal.accounts.signing.codes import digits_of, hash_of
from portal.accounts.signing.models import Asked, Passkey
from portal.accounts.signing.room import SigningRoom
from portal.accounts.signing.ways import is_passkey_only
from portal.mail import post
from portal.sealing import Key, Unreadable, key_of_site, key_of_token, new_token

LASTS: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5  # codes typed for one ask, over all workers
MOST_MAILS: Final = 5  # to one person
AT_A_TIME: Final = 100  # looked up in one transaction: nobody else writes meanwhile
COUNTED_FOR: Final = timedelta(hours=1)
_NOBODYS: Final = "0" * 32  # compared with where there is no code, so that the work is the same


class Refused(Enum):
    """Why six digits sign nobody in."""

    WRONG = "wrong"
    OVER = "over"


@dataclass(frozen=True)
class Entry:
    """Somebody has shown that an address is theirs. `leads_to`: the page that was wanted, if any."""

    person_id: uuid.UUID
    leads_to: str


@dataclass(frozen=True)
class Link:
    """A link that is good. `is_here`: this is the browser that asked. `digits`: for any other."""

    is_here: bool
    digits: str


def ask(session: Session, room: SigningRoom, email: str, language: str, leads_to: str) -> str:
    """Ask for a link to `email` (in its normal form); the token for the cookie of the browser that asks. Nobody is looked up."""
    token, now = new_token(), clock.now()
    ask_id = _ask_id(token)
    sealed = _key(room).seal(email.encode(), ask_id)
    session.add(Asked(id=ask_id, sealed_address=sealed, language=language, leads_to=leads_to, asked_at=now, ends_at=now + LASTS))
    alarm.tending.ring_after_commit(session)
    return token


def look_up(session: Session, room: SigningRoom) -> int:
    """Find out who asked, and write to those who have an account; how many asks were looked up. Safe by several workers at once."""
    waiting = select(Asked).where(Asked.looked_up_at.is_(None)).order_by(Asked.asked_at, Asked.id).limit(AT_A_TIME)
    found = session.scalars(waiting.with_for_update(skip_locked=True)).all()
    if len(found) == AT_A_TIME:
        alarm.tending.ring_after_commit(session)
    for asked in found:
        address = _address(room, asked)
        asked.looked_up_at, asked.sealed_address = clock.now(), b""
        person = find_person(session, address) if asked.ends_at > clock.now() else None
        if person is not None:
            _answer(session, room, asked, person)
    return len(found)


def _answer(session: Session, room: SigningRoom, asked: Asked, person: Person) -> None:
    """Write to a person, unless they have been written to enough; what they were sent before is worth nothing from here on."""
    session.get(Person, person.id, with_for_update=True)  # two workers with two asks of one person: one after the other
    if _count_mails(session, person.id) >= MOST_MAILS:
        return
    theirs = (Asked.person_id == person.id, Asked.used_at.is_(None))
    session.execute(update(Asked).where(*theirs).values(used_at=clock.now()))
    token = new_token()
    asked.person_id, asked.link_id = person.id, _link_id(token)
    if is_passkey_only(person) and session.scalar(select(Passkey.id).where(Passkey.person_id == person.id).limit(1)):
        message = letters.use_passkey(room, person, asked.language)
    else:
        asked.code = hash_of(room.secret, asked.id, digits_of(token))
        message = letters.link(room, person, token, asked.language)
    session.flush()
    post(session, room.secret, message)


def _count_mails(session: Session, person_id: uuid.UUID) -> int:
    lately = (Asked.person_id == person_id, Asked.looked_up_at > clock.now() - COUNTED_FOR)
    return session.scalar(select(func.count()).where(*lately)) or 0


def find_link(session: Session, token: str, browser: str) -> Link | None:
    """What a link is good for in the browser with this token; nothing when it is used, late, superseded or none of ours."""
    ask_id = session.scalar(select(Asked.id).where(Asked.link_id == _link_id(token), *_good()))
    return None if ask_id is None else Link(bool(browser) and ask_id == _ask_id(browser), digits_of(token))


def use_link(session: Session, token: str, browser: str) -> Entry | None:
    """Use a link, in the browser that asked. Of many at once, one does."""
    is_here = (Asked.link_id == _link_id(token), Asked.id == _ask_id(browser), *_good())
    used = update(Asked).where(*is_here).values(used_at=clock.now()).returning(Asked.person_id, Asked.leads_to)
    row = session.execute(used).one_or_none()
    return Entry(row.person_id, row.leads_to) if row else None


def use_digits(session: Session, room: SigningRoom, browser: str, digits: str) -> Entry | Refused:
    """Try six digits for what this browser asked; each try counts, and the fifth wrong one ends it. The same for an address of nobody."""
    ask_id = _ask_id(browser)
    is_open = (Asked.id == ask_id, Asked.ends_at > clock.now(), Asked.tries < MOST_TRIES)
    row = session.execute(update(Asked).where(*is_open).values(tries=Asked.tries + 1).returning(Asked.tries, Asked.code)).one_or_none()
    if row is None:
        return Refused.OVER
    if not hmac.compare_digest(row.code or _NOBODYS, hash_of(room.secret, ask_id, digits)):
        return Refused.OVER if row.tries >= MOST_TRIES else Refused.WRONG
    is_unused = (Asked.id == ask_id, Asked.used_at.is_(None), Asked.person_id.is_not(None))
    used = session.execute(update(Asked).where(*is_unused).values(used_at=clock.now()).returning(Asked.person_id, Asked.leads_to))
    entered = used.one_or_none()
    return Entry(entered.person_id, entered.leads_to) if entered else Refused.WRONG


def purge_asked(session: Session) -> None:
    """Forget what was asked for an hour ago: until then it counts how many e-mails somebody was sent. Never commits."""
    over = Asked.asked_at <= clock.now() - COUNTED_FOR
    session.execute(delete(Asked).where(over).execution_options(synchronize_session=False))


def _good() -> tuple[ColumnElement[bool], ...]:
    """A link that was sent, in time, not used and not guessed at."""
    return (Asked.code.is_not(None), Asked.used_at.is_(None), Asked.ends_at > clock.now(), Asked.tries < MOST_TRIES)


def _address(room: SigningRoom, asked: Asked) -> str:
    """The address asked for; empty where another secret has sealed it."""
    try:
        return _key(room).open(asked.sealed_address, asked.id).decode()
    except Unreadable:
        return ""


def _key(room: SigningRoom) -> Key:
    return key_of_site(room.secret, "sign-in asked")


def _ask_id(token: str) -> str:
    return key_of_token(token, "sign-in asked").id


def _link_id(token: str) -> str:
    return key_of_token(token, "sign-in link").id
