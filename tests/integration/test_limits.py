"""Limits on posted forms: one count for all workers, forgotten in time, and never a reason for a form to fail."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from portal import clock
from portal.db import open_engine, reading, writing
from portal.web import limits
from portal.web.limits import AT_ONCE, POSTS, Allowance, DatabaseStorage, LimitCount

A_MINUTE = int(POSTS.split()[0])
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


class Watch:
    """A clock for the store that the test winds."""

    def __init__(self) -> None:
        self.seconds = NOW.timestamp()

    def time(self) -> float:
        return self.seconds


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(limits, "time", watch)
    return watch


def worker(engine: Engine, secret: str = "s" * 32) -> Flask:
    app = Flask("worker")
    limits.install(app, engine, secret)
    app.add_url_rule("/form", "form", lambda: "ok", methods=["GET", "POST"])
    app.add_url_rule("/other", "other", lambda: "ok", methods=["POST"])
    return app


@pytest.fixture
def workers(database: Engine) -> Iterator[list[Flask]]:
    """Two workers, each with its own connections to one database."""
    other = open_engine(str(database.url))
    yield [worker(database), worker(other)]
    other.dispose()


def post(app: Flask, address: str = "203.0.113.9", path: str = "/form") -> int:
    return app.test_client().post(path, environ_base={"REMOTE_ADDR": address}).status_code


def rows(engine: Engine) -> list[LimitCount]:
    with reading(engine) as session:
        return list(session.scalars(select(LimitCount)))


def test_two_workers_share_one_count(workers: list[Flask], watch: Watch) -> None:
    statuses = [post(workers[number % 2]) for number in range(A_MINUTE)]
    assert set(statuses) == {200}
    assert [post(app) for app in workers] == [429, 429]


def test_another_caller_another_form_and_reading_are_not_held_back(workers: list[Flask], watch: Watch) -> None:
    for _ in range(A_MINUTE + 1):
        post(workers[0])
    assert post(workers[0]) == 429
    assert post(workers[1], address="203.0.113.10") == 200
    assert post(workers[1], path="/other") == 200
    assert workers[0].test_client().get("/form", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 200


def test_reading_is_never_counted(workers: list[Flask], database: Engine) -> None:
    for _ in range(3):
        workers[0].test_client().get("/form")
    assert rows(database) == []


def test_a_minute_later_forms_work_again_until_the_day_is_full(database: Engine, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "POSTS", "3 per minute; 7 per day")
    app = worker(database)
    for allowed in (3, 3, 1):
        assert [post(app) for _ in range(4)] == [200] * allowed + [429] * (4 - allowed)
        watch.seconds += 61
    assert post(app) == 429
    watch.seconds += 24 * 3600
    assert post(app) == 200


def test_a_clock_that_is_put_back_keeps_nobody_out(database: Engine, watch: Watch) -> None:
    app = worker(database)
    assert [post(app) for _ in range(A_MINUTE + 1)][-1] == 429
    watch.seconds -= 2 * 3600
    assert [post(app) for _ in range(A_MINUTE)] == [200] * A_MINUTE
    assert post(app) == 429, "the limit itself stays"


def test_a_clock_that_is_put_back_keeps_no_program_out(database: Engine, watch: Watch) -> None:
    allowance, app = Allowance(database, "s" * 32, most=AT_ONCE), Flask("reader")

    def spent() -> list[bool]:
        with app.test_request_context(environ_base={"REMOTE_ADDR": "203.0.113.9"}):
            return [allowance.spend() > 0 for _ in range(AT_ONCE + 1)]

    assert spent() == [False] * AT_ONCE + [True]
    watch.seconds -= 2 * 3600
    assert spent() == [False] * AT_ONCE + [True]


def test_no_address_is_kept_and_its_sign_lasts_a_day(database: Engine, watch: Watch) -> None:
    with clock.stopped_at(NOW):
        post(worker(database))
        first = {row.key for row in rows(database)}
        post(worker(database, secret="t" * 32))
        second = {row.key for row in rows(database)} - first
    with clock.stopped_at(NOW + timedelta(days=1)):
        post(worker(database))
        third = {row.key for row in rows(database)} - first - second
    assert first
    assert second, "another site's secret gives another sign"
    assert third, "and so does another day"
    database.dispose()
    kept = b"".join(path.read_bytes() for path in Path(str(database.url.database)).parent.glob("portal.sqlite3*"))
    assert b"203.0.113.9" not in kept


@pytest.fixture
def store(database: Engine) -> DatabaseStorage:
    return DatabaseStorage(engine=database)


def test_a_window_counts_expires_and_begins_again(store: DatabaseStorage, watch: Watch) -> None:
    assert (store.get("k"), store.get_expiry("k")) == (0, watch.seconds)
    assert [store.incr("k", 60), store.incr("k", 60, amount=3)] == [1, 4]
    assert (store.get("k"), store.get_expiry("k")) == (4, NOW.timestamp() + 60)
    watch.seconds += 59
    assert store.incr("k", 60) == 5
    assert store.get_expiry("k") == NOW.timestamp() + 60, "a window does not move with what is counted in it"
    watch.seconds += 1
    assert (store.get("k"), store.get_expiry("k")) == (0, watch.seconds)
    assert store.incr("k", 60) == 1
    assert store.get_expiry("k") == watch.seconds + 60


def test_what_has_expired_is_cleared_when_something_new_comes(store: DatabaseStorage, database: Engine, watch: Watch) -> None:
    for key in ("a", "b", "c"):
        store.incr(key, 60)
    store.incr("day", 3600)
    watch.seconds += 61
    store.incr("new", 60)
    assert {row.key for row in rows(database)} == {"day", "new"}


def test_counts_can_be_forgotten_one_or_all(store: DatabaseStorage, database: Engine) -> None:
    for key in ("a", "b", "c"):
        store.incr(key, 60)
    store.clear("a")
    assert {row.key for row in rows(database)} == {"b", "c"}
    store.reset()
    assert rows(database) == []
    assert store.check()


def test_forms_posted_at_once_are_all_counted(store: DatabaseStorage) -> None:
    gate = threading.Barrier(8)

    def count(_number: int) -> list[int]:
        gate.wait()
        return [store.incr("k", 60) for _ in range(5)]

    with ThreadPoolExecutor(8) as pool:
        seen = [number for numbers in pool.map(count, range(8)) for number in numbers]
    assert sorted(seen) == list(range(1, 41))


def test_a_store_that_does_not_answer_holds_nobody_back(database: Engine) -> None:
    app = worker(database)
    with writing(database) as session:
        session.connection().exec_driver_sql("DROP TABLE limit_count")
    assert {post(app) for _ in range(A_MINUTE + 5)} == {200}
    with pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(str(database.url.database)).execute("SELECT * FROM limit_count")


def test_on_the_site_too_many_forms_get_a_page_that_says_so(client: FlaskClient) -> None:
    pages = [client.post("/en/list/drop", data={"service": "nonsense"}) for _ in range(A_MINUTE + 1)]
    assert {page.status_code for page in pages[:-1]} == {303}
    assert pages[-1].status_code == 429
    assert "Please wait a moment" in pages[-1].text
    assert client.get("/en/list").status_code == 200
