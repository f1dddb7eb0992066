"""The change log on a real PostgreSQL, which lets several write at once: one chain, nobody waits for ever, the same bytes as SQLite."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select, text, update

from portal import clock, schema
from portal.db import reading, writing
from portal.directory.models import Organization
from portal.history import Act, HistoryLine, Line, record, record_many
from portal.history.verifying import verify

NOW = datetime(2026, 11, 24, 10, 30, 0, 123456, tzinfo=UTC)
CLUBS = [uuid.UUID(int=number) for number in (1, 2)]
EDITED = Act("updated", "person:1", "بولیے")
ODD = {"price": [2.5, 1e-7], "name": [None, "ن\u200cا \U0001f600 \x07"], "1": [{2: (True,)}, []]}
MANY = 8


@pytest.fixture
def engine(postgresql: Engine) -> Engine:
    """A database with two clubs in it."""
    with writing(postgresql) as session:
        session.add_all([Organization(id=key, name="Club") for key in CLUBS])
    return postgresql


def test_many_at_once_make_one_chain(engine: Engine) -> None:
    gate = threading.Barrier(MANY)

    def work(number: int) -> None:
        gate.wait()
        for act in range(10):
            with writing(engine) as session:
                record(session, ("service", uuid.UUID(int=number)), EDITED, {"number": [act, act + 1]})
                record_many(session, [Line(("service", uuid.UUID(int=number)), EDITED, {})] * 2)

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(work, range(MANY)))
    found = verify(engine)
    assert (found.broken, found.sound.position) == (None, MANY * 30)


def test_two_that_write_the_same_records_in_other_orders_do_not_wait_for_each_other(engine: Engine) -> None:
    """One has left a line and goes on to a record that the other holds, who has a line to leave: neither holds the head meanwhile."""
    has_line, has_record = threading.Event(), threading.Event()
    rename = update(Organization).where(Organization.id == CLUBS[0])

    def first() -> None:
        with writing(engine) as session:
            record(session, ("organization", CLUBS[1]), EDITED, {})
            session.flush()
            has_line.set()
            has_record.wait(60)
            session.execute(rename.values(name="First"))

    def second() -> None:
        with writing(engine) as session:
            has_line.wait(60)
            session.execute(rename.values(name="Second"))
            has_record.set()
            record(session, ("organization", CLUBS[0]), EDITED, {})

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(first), pool.submit(second)]:
            done.result(timeout=120)
    found = verify(engine)
    assert (found.broken, found.sound.position) == (None, 2)


def test_it_is_walked_as_it_stood_at_one_moment(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.history.verifying.AT_ONCE", 2)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with writing(engine) as session:
                record(session, ("organization", CLUBS[0]), EDITED, {})

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert [verify(engine).broken for _ in range(20)] == [None] * 20
    finally:
        stop.set()
        thread.join()


def test_the_chain_is_the_same_on_every_database(engine: Engine, database: Engine) -> None:
    for one in (engine, database):
        with clock.stopped_at(NOW), writing(one) as session:
            record(session, ("service", CLUBS[0]), EDITED, ODD)
            record_many(session, [Line(("service", CLUBS[1]), EDITED, ODD)] * 3)
    assert verify(engine) == verify(database)
    assert verify(engine).sound.position == 4


def test_a_change_by_hand_is_named(engine: Engine) -> None:
    with writing(engine) as session:
        record_many(session, [Line(("service", CLUBS[0]), EDITED, ODD)] * 5)
    with engine.begin() as connection:
        connection.execute(text("UPDATE history SET acted_at = acted_at + interval '1 microsecond' WHERE position = 3"))
    found = verify(engine)
    assert found.broken
    assert (found.broken.position, found.sound.position) == (3, 2)


def test_lines_from_before_there_was_a_chain_are_chained_in_their_order_and_none_is_lost(engine: Engine) -> None:
    with writing(engine) as session:
        record_many(session, [Line(("service", uuid.UUID(int=key)), EDITED, ODD) for key in range(5_000)])
    before = verify(engine)
    schema.downgrade(engine, "0006")
    schema.upgrade(engine)
    assert verify(engine) == before
    with reading(engine) as session:
        assert [key.int for key in session.scalars(select(HistoryLine.resource_id).order_by(HistoryLine.position))] == list(range(5_000))
