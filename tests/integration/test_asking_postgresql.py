"""Many at once on a real PostgreSQL, which lets them in together: asked once, passed on once, and nothing answered once withdrawn."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal import clock, tally
from portal.db import reading, writing
from portal.directory.models import Organization
from portal.mail import Message, Outgoing
from portal.pack import Line, Pack
from portal.sealing import key_of_site, new_token
from portal.sharing.asking import operations
from portal.sharing.asking.counting import KIND, Result
from portal.sharing.asking.draft import Draft
from portal.sharing.asking.models import ContactRequest
from portal.sharing.asking.recipients import Recipient
from portal.sharing.asking.reply import NOT_US, Reply
from portal.sharing.asking.room import Sender
from portal.sharing.asking.shared import Reach, Shared

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
LATE = datetime(2026, 12, 2, 0, 1, tzinfo=UTC)
LINE = Line("front_door", "Care Line", "01632 960001", "Weekdays", "care@example.org")
PACK = Pack("Doorstep", "Council", "Calderwick", (), "#0b5c55", ("en",), {"front_door": LINE}, "", "", is_demo=True)
SENDER = Sender(PACK, "https://doorstep.example", "a site's own secret, long enough for it")
CLUB = Recipient(uuid.UUID(int=1), "Steady Club", "club@example.org")
DRAFT = Draft((CLUB,), Shared(Reach(email="amina@example.com")), date(2026, 12, 24), "eastmoor")
REPLY = Reply(NOT_US, instead="Later Life")
MANY = 8


@pytest.fixture
def engine(postgresql: Engine) -> Engine:
    """A database with the club in it."""
    with writing(postgresql) as session:
        session.add(Organization(id=CLUB.organization_id, name=CLUB.name, email=CLUB.email))
    return postgresql


def all_at_once(engine: Engine, moment: datetime, act: Callable[[Session, int], int]) -> int:
    """The sum of what `MANY` transactions of the same moment give."""
    gate = threading.Barrier(MANY)

    def work(number: int) -> int:
        with clock.stopped_at(moment):
            gate.wait()
            with writing(engine) as session:
                return act(session, number)

    with ThreadPoolExecutor(MANY) as pool:
        return sum(pool.map(work, range(MANY)))


def posted(engine: Engine) -> list[Message]:
    key = key_of_site(SENDER.secret, "mail")
    with reading(engine) as session:
        rows = session.scalars(select(Outgoing).order_by(Outgoing.posted_at)).all()
    return [Message.unpacked(key.open(row.sealed, str(row.id))) for row in rows]


def test_whatever_comes_at_once_happens_once(engine: Engine) -> None:
    page = new_token()
    assert all_at_once(engine, NOW, lambda session, _: len(operations.ask(session, SENDER, DRAFT, page))) == 1
    assert all_at_once(engine, LATE, lambda session, _: operations.pass_on(session, SENDER)) == 1
    assert [message.to for message in posted(engine)] == [CLUB.email, LINE.email]
    found = re.search(r"/en/answer/(\S+)", posted(engine)[-1].body)
    assert found
    token = found[1]
    all_at_once(engine, LATE, lambda session, _: bool(operations.reply(session, SENDER, token, REPLY)))
    assert [message.to for message in posted(engine)][2:] == ["amina@example.com"]
    with reading(engine) as session:
        assert tally.totals(session, KIND) == [(Result.PASSED_ON, "eastmoor", 1)], "what came first is counted, and once"


def test_nothing_that_comes_with_a_withdrawal_brings_anything_back(engine: Engine) -> None:
    with clock.stopped_at(NOW), writing(engine) as session:
        [request_id] = operations.ask(session, SENDER, DRAFT, new_token())
    found = re.search(r"/en/answer/(\S+)", posted(engine)[-1].body)
    assert found
    token = found[1]

    def withdraw_or_answer(session: Session, number: int) -> int:
        if number == MANY // 2:
            operations.withdraw(session, SENDER, request_id)
        else:
            operations.reply(session, SENDER, token, REPLY)
        return 0

    all_at_once(engine, NOW, withdraw_or_answer)
    with reading(engine) as session:
        row = session.get_one(ContactRequest, request_id)
        assert (row.state, row.sealed, row.reply) == ("withdrawn", b"", b"")
        assert session.scalar(select(func.count()).select_from(ContactRequest)) == 1
    assert [message.subject for message in posted(engine)].count("A request was taken back") == 1
