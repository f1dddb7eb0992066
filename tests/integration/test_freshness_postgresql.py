"""Many workers at once on a real PostgreSQL, which lets them in together: each person is asked once, each link looked at by one."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from accounts import make_person
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.config import DEVELOPMENT_SECRET
from portal.db import reading, writing
from portal.directory.models import Organization, Service
from portal.directory.reporting import Wrong, report_problem
from portal.editing.freshness import operations, reminding
from portal.editing.freshness.operations import Answers
from portal.editing.freshness.queries import count_due, list_due, list_organizations_due
from portal.editing.links.operations import list_to_look_at, take_in, take_round, write_down
from portal.editing.links.queries import list_broken
from portal.editing.reports import operations as reports
from portal.editing.reports.queries import list_for_council, list_for_editors
from portal.history import HistoryLine
from portal.mail import Outgoing
from portal.pack import Line, Pack
from portal.sharing.asking.room import Sender

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)
LINE = Line("front_door", "Care Line", "01632 960001", "Weekdays", "care@example.org")
PACK = Pack("Doorstep", "Council", "Calderwick", (), "#0b5c55", ("en",), {"front_door": LINE}, "", "", is_demo=True)
SENDER = Sender(PACK, "https://doorstep.example", DEVELOPMENT_SECRET)
CLUB, LUNCH = uuid.UUID(int=1), uuid.UUID(int=11)
MANY = 6


@pytest.fixture
def engine(postgresql: Engine, stopped_clock: datetime) -> Engine:
    """A database with a club and its lunch, of which nobody has heard for long."""
    with writing(postgresql) as session:
        session.add(Organization(id=CLUB, name="Steady Club"))
        session.flush()
        values = {"organization_id": CLUB, "status": "active", "url": "http://club.example/"}
        session.add(Service(id=LUNCH, name="Lunch club", assured_date=date(2025, 1, 1), **values))
    return postgresql


def all_at_once(engine: Engine, act: Callable[[Session], object]) -> list[object]:
    """What `MANY` transactions of the same moment give."""
    gate = threading.Barrier(MANY)

    def work(_number: int) -> object:
        with clock.stopped_at(NOW), writing(engine) as session:
            gate.wait()
            return act(session)

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(work, range(MANY)))


def count(engine: Engine, table: type[Outgoing] | type[HistoryLine], *where: object) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type]


def test_many_workers_ask_each_person_once_and_a_link_confirms_once(engine: Engine) -> None:
    people = [make_person(engine, f"p{number}@example.org", organizations=[CLUB]) for number in range(3)]
    assert sum(int(str(it)) for it in all_at_once(engine, lambda session: reminding.remind(session, SENDER))) == 3
    assert count(engine, Outgoing) == 3
    with writing(engine) as session:
        token = reminding.make_link(session, people[0].id)
    all_at_once(engine, lambda session: operations.answer(session, SENDER, token, Answers(frozenset({LUNCH}))))
    assert count(engine, HistoryLine, HistoryLine.action == "confirmed") == 1
    with writing(engine) as session:
        reminding.purge(session)
        assert list_due(session) == ()


def test_many_workers_pass_a_report_on_once(engine: Engine) -> None:
    make_person(engine, "editor@example.org", organizations=[CLUB])
    with writing(engine) as session:
        report_problem(session, DEVELOPMENT_SECRET, LUNCH, Wrong("times", "x", "a@example.com"))
    all_at_once(engine, lambda session: reports.tend(session, SENDER))
    assert count(engine, Outgoing) == 1
    with reading(engine) as session:
        assert len(list_for_editors(session, [CLUB])) == 1
        assert list_for_council(session) == ()
        assert sum(count_due(session).values()) == 1
        assert list_organizations_due(session) == [(CLUB, "Steady Club", 1)]


def test_one_of_many_looks_at_links(engine: Engine) -> None:
    assert sorted(map(bool, all_at_once(engine, take_round))) == [False] * (MANY - 1) + [True]
    with writing(engine) as session:
        take_in(session)
        [(link_id, url)] = list_to_look_at(session, 10)
        assert url == "http://club.example/"
        write_down(session, link_id, "not found")
    with reading(engine) as session:
        assert list_broken(session) == ()
