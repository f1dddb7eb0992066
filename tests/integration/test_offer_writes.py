"""The core offer: promises made, changed and taken back by version, each with its line in the history; on both databases."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select

from portal.db import reading, writing
from portal.errors import Conflict, NotFound
from portal.history import HistoryLine
from portal.insight.offer.operations import AlreadyPromised, add, change, remove
from portal.insight.offer.promises import Condition, Promise
from portal.insight.offer.queries import Done, get_promise, list_done, list_promises

BY, OTHER = f"person:{uuid.UUID(int=1)}", f"person:{uuid.UUID(int=2)}"
CARERS = Promise("carer-support", 2, frozenset([Condition.FREE, Condition.EVENING]))
FALLS = Promise("falls")


@pytest.fixture(params=["database", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.getfixturevalue(request.param)
    return found


def added(engine: Engine, promise: Promise = CARERS, by: str = BY) -> uuid.UUID:
    with writing(engine) as session:
        return add(session, promise, by)


def done(engine: Engine) -> list[Done]:
    with reading(engine) as session:
        return list_done(session)


def test_a_promise_is_made_changed_and_taken_back_and_the_history_tells_it(engine: Engine) -> None:
    promise_id = added(engine)
    more = Promise("carer-support", 3, frozenset([Condition.FREE]))
    with writing(engine) as session:
        change(session, promise_id, 1, more, OTHER)
    with reading(engine) as session:
        found = get_promise(session, promise_id)
    assert (found.promise, found.version, found.changed_by) == (more, 2, OTHER)
    with writing(engine) as session:
        remove(session, promise_id, 2, BY)
    with reading(engine) as session:
        assert list_promises(session) == []
    assert [(it.before, it.after, it.acted_by) for it in done(engine)] == [(more, None, BY), (CARERS, more, OTHER), (None, CARERS, BY)]
    with reading(engine) as session:
        assert [line.action for line in session.scalars(select(HistoryLine).order_by(HistoryLine.id))] == ["add", "change", "remove"]


def test_one_need_can_be_promised_in_several_ways_but_each_way_once(engine: Engine) -> None:
    added(engine)
    added(engine, Promise("carer-support", 5))
    with pytest.raises(AlreadyPromised):
        added(engine, Promise("carer-support", 7, CARERS.conditions))
    with reading(engine) as session:
        assert [it.promise.minimum for it in list_promises(session)] == [5, 2]
    assert len(done(engine)) == 2


def test_a_promise_cannot_become_one_that_there_is(engine: Engine) -> None:
    added(engine)
    falls = added(engine, FALLS)
    with pytest.raises(AlreadyPromised), writing(engine) as session:
        change(session, falls, 1, CARERS, BY)
    with reading(engine) as session:
        assert get_promise(session, falls).promise == FALLS
    assert len(done(engine)) == 2


def test_whoever_saw_an_older_version_changes_nothing(engine: Engine) -> None:
    promise_id = added(engine)
    with pytest.raises(Conflict), writing(engine) as session:
        change(session, promise_id, 2, FALLS, OTHER)
    with pytest.raises(Conflict), writing(engine) as session:
        remove(session, promise_id, 2, OTHER)
    with reading(engine) as session:
        assert get_promise(session, promise_id).promise == CARERS


def test_saying_the_same_again_is_no_act(engine: Engine) -> None:
    promise_id = added(engine)
    with writing(engine) as session:
        change(session, promise_id, 1, CARERS, OTHER)
    assert len(done(engine)) == 1


def test_what_is_not_there_is_not_found(engine: Engine) -> None:
    with reading(engine) as session, pytest.raises(NotFound):
        get_promise(session, uuid.uuid4())
    with pytest.raises(NotFound), writing(engine) as session:
        change(session, uuid.uuid4(), 1, FALLS, BY)
    with pytest.raises(NotFound), writing(engine) as session:
        remove(session, uuid.uuid4(), 1, BY)


def test_of_many_who_change_it_at_once_one_does(engine: Engine) -> None:
    promise_id, gate = added(engine), threading.Barrier(4)

    def work(number: int) -> bool:
        gate.wait()
        try:
            with writing(engine) as session:
                change(session, promise_id, 1, Promise("falls", number + 1), BY)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert len(done(engine)) == 2
