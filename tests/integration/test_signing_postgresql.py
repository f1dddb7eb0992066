"""Many at once on a real PostgreSQL, which lets them in together: one link mailed, one sign-in, one code, one answer of a passkey."""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
from accounts import make_person
from authenticator import Authenticator
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Level, Member
from portal.accounts.models import Person
from portal.accounts.signing import apps, asking, operations, passkeys, sessions
from portal.accounts.signing.asking import Entry
from portal.accounts.signing.models import Asked, CodeApp, Passkey
from portal.accounts.signing.room import SigningRoom
from portal.db import reading, writing
from portal.mail import Message, Outgoing
from portal.pack import Line, Pack
from portal.sealing import key_of_site

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
LINE = Line("front_door", "Care Line", "01632 960001", "Weekdays", "care@example.org")
PACK = Pack("Doorstep", "Council", "Calderwick", (), "#0b5c55", ("en",), {"front_door": LINE}, "", "", is_demo=True)
MANY, EMAIL = 8, "amina@example.org"
ANY: Any = None


@pytest.fixture
def room(postgresql: Engine) -> SigningRoom:
    """What signing in holds, on a database without anybody."""
    return SigningRoom(postgresql, "http://localhost:8000", "a site's own secret", is_secure=False, pack=PACK, carriers=ANY)


@pytest.fixture
def amina(room: SigningRoom) -> Person:
    return make_person(room.engine, f"{uuid.uuid4().hex}@example.org")


def all_at_once(engine: Engine, act: Callable[[Session, int], object]) -> int:
    """In how many of `MANY` transactions at the same moment something came of it."""
    gate = threading.Barrier(MANY)

    def work(number: int) -> bool:
        with clock.stopped_at(NOW):
            gate.wait()
            with writing(engine) as session:
                return bool(act(session, number))

    with ThreadPoolExecutor(MANY) as pool:
        return sum(pool.map(work, range(MANY)))


def mails_to(room: SigningRoom, email: str | None) -> list[Message]:
    key = key_of_site(room.secret, "mail")
    with reading(room.engine) as session:
        rows = session.scalars(select(Outgoing).order_by(Outgoing.posted_at)).all()
    found = [Message.unpacked(key.open(row.sealed, str(row.id))) for row in rows]
    return [message for message in found if message.to == email]


def asked(room: SigningRoom, person: Person, number: int = 1) -> list[str]:
    """The tokens of browsers that have asked."""
    with clock.stopped_at(NOW), writing(room.engine) as session:
        return [asking.ask(session, room, person.email or "", "en", "") for _ in range(number)]


def signed_in(room: SigningRoom, person: Person, level: Level) -> Member:
    with clock.stopped_at(NOW), writing(room.engine) as session:
        found = sessions.find_member(session, sessions.start(session, person.id, level, ""))
    assert found
    return found


def test_an_ask_is_looked_up_once_and_of_many_asks_one_link_is_good(room: SigningRoom, amina: Person) -> None:
    asked(room, amina, 4)
    assert all_at_once(room.engine, lambda session, _: asking.look_up(session, room)) >= 1
    assert len(mails_to(room, amina.email)) == 4
    with reading(room.engine) as session:
        good = session.scalars(select(Asked).where(Asked.person_id == amina.id, Asked.used_at.is_(None))).all()
    assert len(good) == 1


def test_a_link_and_its_digits_sign_in_once(room: SigningRoom, amina: Person) -> None:
    [browser] = asked(room, amina)
    with clock.stopped_at(NOW), writing(room.engine) as session:
        asking.look_up(session, room)
    [mail] = mails_to(room, amina.email)
    link, digits = re.search(r"/link/(\S+)", mail.body), re.search(r"\b(\d{3}) (\d{3})\b", mail.body)
    assert link
    assert digits

    def use(session: Session, number: int) -> bool:
        if number % 2:
            return isinstance(asking.use_digits(session, room, browser, digits[1] + digits[2]), Entry)
        return asking.use_link(session, link[1], browser) is not None

    assert all_at_once(room.engine, use) == 1


def test_five_codes_are_tried_and_no_more(room: SigningRoom, amina: Person) -> None:
    [browser] = asked(room, amina)
    all_at_once(room.engine, lambda session, number: asking.use_digits(session, room, browser, f"00000{number}"))
    with reading(room.engine) as session:
        assert session.get_one(Asked, asking._ask_id(browser)).tries == 5


def test_a_code_of_an_app_steps_up_once(room: SigningRoom, amina: Person) -> None:
    member, secret = signed_in(room, amina, Level.LINK), pyotp.random_base32()
    with writing(room.engine) as session:
        sealed = apps._key(room).seal(secret.encode(), str(amina.id))
        session.add(CodeApp(person_id=amina.id, sealed=sealed, confirmed_at=NOW, last_step=0))
    digits = pyotp.TOTP(secret).at(int(NOW.timestamp()))

    def use(session: Session, _number: int) -> bool:
        return sessions.count_try(session, member) is not None and apps.use_digits(session, room, amina.id, digits)

    assert all_at_once(room.engine, use) == 1


def test_an_answer_of_a_passkey_counts_once_and_the_last_two_do_not_both_go(room: SigningRoom, amina: Person) -> None:
    member, device = signed_in(room, amina, Level.PASSKEY), Authenticator()
    for each in (device, Authenticator()):
        with clock.stopped_at(NOW), writing(room.engine) as session:
            begun = passkeys.begin_adding(session, room, member)
        answer = operations.Answer(begun.token, each.make(json.loads(begun.options)), "")
        with clock.stopped_at(NOW), writing(room.engine) as session:
            token = operations.add_passkey(session, room, member, answer)
            found = sessions.find_member(session, token)
        assert found
        member = found
    with clock.stopped_at(NOW), writing(room.engine) as session:
        begun = passkeys.begin_use(session, room)
    said = device.use(json.loads(begun.options))
    assert all_at_once(room.engine, lambda session, _: passkeys.use(session, room, begun.token, said)) == 1
    with reading(room.engine) as session:
        both = session.scalars(select(Passkey.id).where(Passkey.person_id == amina.id)).all()
    fresh = replace(member)
    assert all_at_once(room.engine, lambda session, number: operations.remove_passkey(session, room, fresh, both[number % 2])) == 1
