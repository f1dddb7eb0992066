"""The council's words on a real PostgreSQL, which lets writers in together: one of many saves, two of many banners go up."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from portal import clock
from portal.council import operations
from portal.council.banners import Banner
from portal.council.content import PlaceWords
from portal.council.models import Kind
from portal.council.operations import Based, save
from portal.council.queries import find_entry, get_banner, list_versions, read_words
from portal.db import reading, writing
from portal.errors import Conflict
from portal.history import HistoryLine

TODAY = date(2026, 11, 24)
BANNER = Banner({"en": "The library is closed."}, TODAY, TODAY + timedelta(days=3))
MANY = 8


@pytest.fixture
def council(postgresql: Engine) -> Engine:
    """A database of the council's."""
    return postgresql


def all_at_once(moment: datetime, act: Callable[[int], None]) -> int:
    """How many of `MANY` that begin together come through."""
    gate = threading.Barrier(MANY)

    def work(number: int) -> bool:
        with clock.stopped_at(moment):
            gate.wait()
            try:
                act(number)
            except (Conflict, operations.NotUp):
                return False
        return True

    with ThreadPoolExecutor(MANY) as pool:
        return sum(pool.map(work, range(MANY)))


@pytest.mark.parametrize("version", [0, 1])
def test_of_many_at_once_one_saves_and_the_others_know(council: Engine, stopped_clock: datetime, version: int) -> None:
    name = f"place {version}"
    if version:
        with writing(council) as session:
            save(session, Based(Kind.LOCALITY, name, 0, "test"), PlaceWords())

    def write(number: int) -> None:
        with writing(council) as session:
            save(session, Based(Kind.LOCALITY, name, version, "test"), PlaceWords({"en": f"Words {number}."}))

    assert all_at_once(stopped_clock, write) == 1
    with reading(council) as session:
        entry = find_entry(session, Kind.LOCALITY, name)
        assert entry
        assert entry.version == version + 1
        about = HistoryLine.resource_id == entry.id
        assert session.scalar(select(func.count()).select_from(HistoryLine).where(about)) == version + 1
        assert next(it.after for it in list_versions(session, entry)) == entry.content


def test_of_many_put_up_at_once_two_are_up(council: Engine, stopped_clock: datetime) -> None:
    with writing(council) as session:
        drafts: list[uuid.UUID] = [operations.draft(session, BANNER, "test") for _ in range(MANY)]

    def put_up(number: int) -> None:
        with writing(council) as session:
            operations.put_up(session, drafts[number], 1, "test")

    assert all_at_once(stopped_clock, put_up) == 2
    with reading(council) as session:
        assert len(read_words(session, TODAY).banners) == 2


def test_a_banner_put_up_and_changed_at_once_is_never_up_with_words_that_nobody_looked_at(council: Engine, stopped_clock: datetime) -> None:
    with writing(council) as session:
        later = Banner(BANNER.words, TODAY + timedelta(days=30), TODAY + timedelta(days=33))
        entry_id = operations.draft(session, later, "test")

    def act(number: int) -> None:
        with writing(council) as session:
            if number % 2:
                operations.put_up(session, entry_id, 1, "test")
            else:
                entry, banner = get_banner(session, entry_id)
                changed = Banner({"en": f"Words {number}."}, banner.starts_on, banner.ends_on)
                operations.redraft(session, entry, changed, 1, "test")

    assert all_at_once(stopped_clock, act) == 1
    with reading(council) as session:
        entry, banner = get_banner(session, entry_id)
        assert entry.version == 2
        assert (banner.words == BANNER.words) == (banner.state == "up")
