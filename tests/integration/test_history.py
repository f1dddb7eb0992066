"""The change log as a chain: one line after another whoever writes, and whatever is done to it afterwards is seen and named."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from effort import effort
from sqlalchemy import Engine, select, text

from portal.db import open_engine, reading, writing
from portal.history import Act, HistoryLine, Line, record, record_many
from portal.history.chain import START, Link
from portal.history.models import HistoryHead
from portal.history.queries import list_lines
from portal.history.verifying import AT_ONCE, Verified, verify

CLUB = ("service", uuid.UUID(int=1))
EDITED = Act("updated", "person:1", "they rang")
LINES = 8


def add(engine: Engine, count: int = 1, start: int = 1) -> None:
    """`count` acts, each in a transaction of its own."""
    for number in range(start, start + count):
        with writing(engine) as session:
            record(session, CLUB, EDITED, {"number": [number - 1, number]})


@pytest.fixture
def chained(database: Engine, stopped_clock: object) -> Engine:
    """A database with eight chained lines."""
    add(database, LINES)
    return database


def spoil(engine: Engine, *statements: str, **values: Any) -> None:
    with writing(engine) as session:
        for statement in statements:
            session.connection().execute(text(statement), values)


def broken_at(engine: Engine) -> int | None:
    """The position of the first broken line; None where all is sound."""
    found = verify(engine).broken
    return found.position if found else None


def test_lines_follow_each_other_without_a_gap_from_the_first(chained: Engine) -> None:
    with reading(chained) as session:
        lines = session.scalars(select(HistoryLine).order_by(HistoryLine.id)).all()
        head = session.scalars(select(HistoryHead)).one()
    assert [line.position for line in lines] == list(range(1, LINES + 1))
    assert len({line.chained for line in lines}) == LINES
    assert (head.position, head.chained) == (lines[-1].position, lines[-1].chained)
    assert verify(chained) == Verified(Link(LINES, str(head.chained)))


def test_an_empty_history_is_sound(database: Engine) -> None:
    assert verify(database) == Verified(Link(0, START))


def test_a_line_can_be_read_in_the_transaction_that_adds_it_and_has_its_place_after(database: Engine) -> None:
    with writing(database) as session:
        record(session, CLUB, EDITED, {})
        assert [line.position for line in list_lines(session, CLUB)] == [None]
    with reading(database) as session:
        assert [line.position for line in list_lines(session, CLUB)] == [1]


def test_what_is_rolled_back_takes_no_place(database: Engine) -> None:
    def fail() -> None:
        with writing(database) as session:
            record(session, CLUB, EDITED, {})
            session.flush()
            raise ZeroDivisionError

    add(database, 2)
    with pytest.raises(ZeroDivisionError):
        fail()
    add(database, 2)
    assert verify(database).sound.position == 4
    assert broken_at(database) is None


def test_savepoints_undone_take_their_lines_with_them_and_leave_the_others(database: Engine) -> None:
    with writing(database) as session:
        record(session, CLUB, EDITED, {"kept": [0, 1]})
        for is_kept in (False, True, False):
            inner = session.begin_nested()
            record(session, CLUB, EDITED, {"kept": [0, is_kept]})
            record_many(session, [Line(CLUB, EDITED, {"kept": [0, is_kept]})] * 2)
            inner.commit() if is_kept else inner.rollback()
        record(session, CLUB, EDITED, {"kept": [0, 2]})
    add(database)
    assert broken_at(database) is None
    with reading(database) as session:
        kept = [line.changes.get("kept", [0, None])[1] for line in list_lines(session, CLUB)]
    assert kept == [1, True, True, True, 2, None]
    assert verify(database).sound.position == len(kept)


def test_any_values_are_chained_as_the_database_gives_them_back(database: Engine) -> None:
    odd = {"1": [{2: "int keys"}, (1, 2.50, 1e-7, None, True)], "ن\u200cا": ["\U0001f600\u2028\x07", "'; DROP TABLE history; --"]}
    with writing(database) as session:
        record(session, CLUB, Act("updated", "اردو", "\n" * 3), odd)
    assert broken_at(database) is None
    assert verify(database).sound.position == 1


FLIPS = [
    "id = 99",
    "id = id + 100",
    "resource_type = 'organization'",
    f"resource_id = '{uuid.UUID(int=9).hex}'",
    "action = 'withdrawn'",
    """changes = '{"number": [3, 4.0]}'""",
    "changes = '{}'",
    "changes = 'no json'",
    "acted_by = 'person:2'",
    "acted_by = x'ff00'",
    "reason = ''",
    "reason = reason || ' '",
    "acted_at = '2026-11-24 10:30:00.000001'",
    "acted_at = 'yesterday'",
    "position = 99",
    "position = 0",
    "position = -4",
    "position = 'four'",
    "position = NULL",
    f"chained = '{START}'",
    "chained = NULL",
    "chained = x'00'",
]


@pytest.mark.parametrize("flip", FLIPS)
@pytest.mark.parametrize("position", [1, 4, LINES])
def test_whatever_is_changed_in_a_line_is_seen(chained: Engine, flip: str, position: int) -> None:
    spoil(chained, "UPDATE history SET " + flip + " WHERE position = :position", position=position)  # noqa: S608 - written above
    found = verify(chained)
    assert found.broken
    moved = {"position = 0": 0, "position = -4": -4}.get(flip)
    assert found.broken.position == (position if moved is None else moved)
    assert found.sound.position == (position - 1 if moved is None else 0)


@pytest.mark.parametrize("position", [1, 4, LINES])
def test_a_line_taken_out_is_seen(chained: Engine, position: int) -> None:
    spoil(chained, "DELETE FROM history WHERE position = :position", position=position)
    assert broken_at(chained) == position
    spoil(chained, "UPDATE history SET position = position - 1 WHERE position > :position", position=position)
    assert broken_at(chained) == position


def test_lines_that_change_places_are_seen(chained: Engine) -> None:
    swap = "UPDATE history SET position = :to WHERE position = :from_"
    for one, to in ((3, 99), (6, 3), (99, 6)):
        spoil(chained, swap, from_=one, to=to)
    assert broken_at(chained) == 3


COPY = "INSERT INTO history (resource_type, resource_id, action, changes, acted_by, reason, acted_at, position, chained) SELECT "
FROM = " FROM history WHERE position = 4"


@pytest.mark.parametrize(
    ("put_in", "position"),
    [
        ("resource_type, resource_id, action, changes, acted_by, reason, acted_at, 9, chained", 9),
        ("resource_type, resource_id, action, changes, acted_by, reason, acted_at, 11, chained", 9),
        ("resource_type, resource_id, action, changes, acted_by, reason, acted_at, 0, chained", 0),
        ("resource_type, resource_id, action, changes, acted_by, reason, acted_at, NULL, NULL", 0),
    ],
)
def test_a_line_put_in_is_seen(chained: Engine, put_in: str, position: int) -> None:
    spoil(chained, COPY + put_in + FROM)
    assert broken_at(chained) == position


def test_a_line_put_between_others_is_seen(chained: Engine) -> None:
    spoil(
        chained,
        "UPDATE history SET position = -position WHERE position > 4",
        "UPDATE history SET position = 1 - position WHERE position < 0",
    )
    spoil(chained, COPY + "resource_type, resource_id, action, changes, acted_by, reason, acted_at, 5, chained" + FROM)
    assert broken_at(chained) == 5


@pytest.mark.parametrize("kept", [0, 1, 5, 7])
def test_an_end_cut_off_is_seen(chained: Engine, kept: int) -> None:
    spoil(chained, "DELETE FROM history WHERE position > :kept", kept=kept)
    found = verify(chained)
    assert (found.sound.position, found.broken and found.broken.position) == (kept, kept + 1)


@pytest.mark.parametrize(
    ("change", "position"),
    [("position = 9", 9), ("position = 7", 8), (f"chained = '{START}'", 8), ("id = 2", 8)],
)
def test_a_head_that_was_changed_is_seen(chained: Engine, change: str, position: int) -> None:
    spoil(chained, "UPDATE history_head SET " + change)  # noqa: S608 - written above
    assert broken_at(chained) == position


def test_a_head_that_was_deleted_is_seen(chained: Engine) -> None:
    spoil(chained, "DELETE FROM history_head")
    assert broken_at(chained) == LINES


def cut_with_its_head(engine: Engine, kept: int) -> None:
    spoil(engine, "DELETE FROM history WHERE position > :kept", kept=kept)
    spoil(engine, "UPDATE history_head SET (position, chained) = (SELECT position, chained FROM history WHERE position = :kept)", kept=kept)


def test_an_end_cut_off_with_its_head_is_seen_by_who_noted_a_later_place(chained: Engine) -> None:
    noted = verify(chained).sound
    cut_with_its_head(chained, 5)
    assert verify(chained).broken is None, "by itself it is a whole chain"
    found = verify(chained, noted)
    assert found.broken
    assert found.broken.position == 6
    assert verify(chained, verify(chained).sound).broken is None


def test_an_end_written_anew_is_seen_by_who_noted_what_stood_there(chained: Engine) -> None:
    noted = verify(chained).sound
    cut_with_its_head(chained, 5)
    add(chained, 10, start=100)
    assert verify(chained).broken is None
    found = verify(chained, noted)
    assert found.broken
    assert found.broken.position == noted.position


def test_a_place_noted_earlier_stays_part_of_a_chain_that_grows(chained: Engine) -> None:
    noted = verify(chained).sound
    add(chained, 5, start=LINES + 1)
    found = verify(chained, noted)
    assert (found.broken, found.sound.position) == (None, LINES + 5)
    assert verify(chained, Link(0, START)).broken is None
    assert verify(chained, Link(0, "1" * 64)).broken
    assert verify(chained, Link(3, noted.chained)).broken
    assert verify(chained, Link(9_999, START)).broken


def test_many_lines_of_one_transaction_are_chained_quickly_and_in_order(database: Engine) -> None:
    many = 20_000

    def write() -> None:
        with writing(database) as session:
            record(session, CLUB, EDITED, {"number": [None, -1]})
            record_many(session, (Line(("service", uuid.UUID(int=key + 2)), EDITED, {"number": [None, key]}) for key in range(many)))

    took = effort(write)
    found = verify(database)
    assert (found.broken, found.sound.position) == (None, many + 1)
    with reading(database) as session:
        numbers = [changes["number"][1] for changes in session.scalars(select(HistoryLine.changes).order_by(HistoryLine.position))]
    assert numbers == list(range(-1, many))
    assert took < 1_000
    spoil(database, "UPDATE history SET reason = 'x' WHERE position = :position", position=many - 5)
    assert broken_at(database) == many - 5
    assert many > 2 * AT_ONCE, "over several batches"


def test_a_line_at_the_edge_of_a_batch_is_checked_as_any_other(database: Engine) -> None:
    with writing(database) as session:
        record_many(session, (Line(CLUB, EDITED, {"number": key}) for key in range(2 * AT_ONCE)))
    assert verify(database).sound.position == 2 * AT_ONCE
    for position in (AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE):
        spoil(database, "UPDATE history SET reason = 'x' WHERE position = :position", position=position)
        assert broken_at(database) == position
        spoil(database, "UPDATE history SET reason = 'they rang' WHERE position = :position", position=position)


def test_twenty_at_once_make_one_chain(database: Engine) -> None:
    workers, each = 20, 5
    gate = threading.Barrier(workers)

    def work(number: int) -> None:
        engine = open_engine(str(database.url))
        gate.wait()
        try:
            add(engine, each, start=number * each)
        finally:
            engine.dispose()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))
    assert verify(database).sound.position == workers * each
    assert broken_at(database) is None


def test_what_is_added_while_it_is_walked_is_no_break(chained: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.history.verifying.AT_ONCE", 1)
    other = open_engine(str(chained.url))
    stop = threading.Event()

    def write() -> None:
        number = 100
        while not stop.is_set():
            add(other, 1, start=number)
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert [broken_at(chained) for _ in range(10)] == [None] * 10
    finally:
        stop.set()
        thread.join()
        other.dispose()


def test_the_history_of_a_record_is_in_order_and_nobody_else_s(chained: Engine) -> None:
    with writing(chained) as session:
        record(session, ("organization", CLUB[1]), EDITED, {})
    with reading(chained) as session:
        assert [line.changes["number"][1] for line in list_lines(session, CLUB)] == list(range(1, LINES + 1))
