"""The index follows the database: every change once, in any order, by any process; nothing withdrawn stays, nothing is left waiting."""

from __future__ import annotations

import fcntl
import random
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from unittest import mock
from zipfile import BadZipFile

import little_borough
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from little_directory import SIZE, Directory, debris, held, index_in, service_id
from sqlalchemy import select

from portal import clock
from portal.db import open_engine, writing
from portal.directory.changes import mark_changed, purge_changes
from portal.directory.cursors import BEGINNING, Cursor
from portal.directory.listing import Listing
from portal.directory.models import Status
from portal.directory.places import ServiceAtLocation
from portal.errors import IndexUnavailable
from portal.search import index as index_module
from portal.search.areas import Extents
from portal.search.find import Asked, find
from portal.search.generation import Base, Origin, current_name, write_generation
from portal.search.index import Index
from portal.search.query import SearchQuery

MOMENT = datetime(2026, 11, 24, 10, 30)


@pytest.fixture
def another(directory: Directory, known: Extents, tmp_path: Path) -> Callable[[], Index]:
    """Another process that has the same index."""
    return lambda: index_in(tmp_path / "index", directory.engine, known)


@pytest.fixture
def index(another: Callable[[], Index]) -> Index:
    """An index that has followed."""
    made = another()
    made.follow()
    return made


def in_line(index: Index, directory: Directory) -> bool:
    """Whether the index holds what the database shows, nothing waits and nothing is left lying about."""
    return held(index) == directory.listings() and not index.is_behind() and not debris(index)


@contextmanager
def bases() -> Iterator[list[Path | None]]:
    """What each generation that is written meanwhile is made from; None for a rebuild."""
    seen: list[Path | None] = []

    def spy(folder: Path, origin: Origin, listings: Iterable[Listing], base: Base | None = None, applied: Cursor = BEGINNING) -> str:
        seen.append(base and base.place)
        return write_generation(folder, origin, listings, base, applied)

    with mock.patch.object(index_module, "write_generation", spy):
        yield seen


def test_an_index_that_is_not_there_is_built_and_what_waited_is_applied(another: Callable[[], Index], directory: Directory) -> None:
    index = another()
    with pytest.raises(IndexUnavailable):
        current_name(index.folder)
    assert index.follow() == SIZE
    assert in_line(index, directory)
    assert len(held(index)) == SIZE


def test_nothing_waiting_changes_nothing(index: Index) -> None:
    before = current_name(index.folder)
    assert index.follow() == 0
    assert current_name(index.folder) == before


def test_what_was_changed_added_and_withdrawn_is_in_the_next_generation(index: Index, directory: Directory) -> None:
    directory.change(1, name="Renamed")
    directory.add(SIZE)
    directory.withdraw(2)
    with bases() as written:
        assert index.follow() == 3
    assert written != [None]
    found = held(index)
    assert found[service_id(1)].name == "Renamed"
    assert service_id(SIZE) in found
    assert service_id(2) not in found
    assert in_line(index, directory)


def test_a_service_paused_stays_and_one_made_public_again_comes_back(index: Index, directory: Directory) -> None:
    directory.withdraw(1)
    directory.change(2, status=Status.TEMPORARILY_CLOSED.value)
    index.follow()
    directory.change(1, status=Status.ACTIVE.value)
    index.follow()
    assert held(index)[service_id(2)].status == "temporarily closed"
    assert in_line(index, directory)
    assert len(held(index)) == SIZE


def test_rows_replayed_do_no_harm(index: Index, directory: Directory) -> None:
    directory.change(1, name="Renamed")
    directory.withdraw(2)
    index.follow()
    directory.mark([1, 2, 2, 1])
    assert index.follow() == 4
    assert in_line(index, directory)


def test_a_row_for_a_service_that_does_not_exist_is_cleared(index: Index, directory: Directory) -> None:
    directory.mark([999])
    assert index.follow() == 1
    assert in_line(index, directory)


def test_many_changes_at_once_are_a_rebuild(index: Index, directory: Directory) -> None:
    directory.mark(range(SIZE))
    with bases() as written:
        index.follow()
    assert written == [None]
    assert in_line(index, directory)


def test_more_rows_than_are_read_at_once_are_all_applied(index: Index, directory: Directory) -> None:
    with mock.patch.object(index_module, "ROWS_AT_ONCE", 2):
        for number in range(5):
            directory.change(number, name=f"Renamed {number}")
        assert index.follow() == 5
    assert in_line(index, directory)


def test_the_last_service_may_go(index: Index, directory: Directory) -> None:
    for number in range(SIZE):
        directory.withdraw(number)
    index.follow()
    assert held(index) == {}
    assert in_line(index, directory)


def test_a_rebuild_says_how_many_there_are_and_clears_what_it_applied(index: Index, directory: Directory) -> None:
    directory.withdraw(1)
    assert index.rebuild() == SIZE - 1
    assert in_line(index, directory)


@contextmanager
def lock_taken(index: Index) -> Iterator[None]:
    """Another process is writing."""
    with (index.folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_who_finds_the_lock_taken_leaves_at_once_and_changes_nothing(index: Index, directory: Directory) -> None:
    before = current_name(index.folder)
    directory.change(1, name="Renamed")
    with lock_taken(index):
        assert index.follow() == 0
        assert index.rebuild() == -1
    assert (current_name(index.folder), index.is_behind()) == (before, True)
    assert index.follow() == 1
    assert in_line(index, directory)


def after(method: str, act: Callable[[], object]) -> mock._patch[object]:
    """Let something happen once, at the end of a method, while the lock is still held."""
    real, waiting = getattr(Index, method), [act]

    def then(self: Index, *args: object) -> object:
        result = real(self, *args)
        if waiting:
            waiting.pop()()
        return result

    return mock.patch.object(Index, method, then)


@pytest.mark.parametrize("act", ["follow", "rebuild"])
@pytest.mark.parametrize("at", ["_rebuild", "_catch_up", "_unread", "_is_usable"])
def test_a_change_made_while_another_holds_the_lock_is_picked_up_when_it_lets_go(
    index: Index, directory: Directory, another: Callable[[], Index], act: str, at: str
) -> None:
    def change() -> None:
        directory.change(1, name="Renamed meanwhile")
        assert another().follow() == 0

    directory.mark(range(SIZE))
    if act == "follow":
        (index.folder / "CURRENT").unlink()  # so that it starts over
    with after(at, change):
        getattr(index, act)()
    assert held(index)[service_id(1)].name == "Renamed meanwhile"
    assert in_line(index, directory)


def test_many_threads_that_write_and_follow_leave_nothing_unindexed(
    index: Index, directory: Directory, another: Callable[[], Index]
) -> None:
    def work(number: int) -> int:
        own, applied = another(), 0
        for turn in range(3):
            directory.change(number, name=f"Club {number}, turn {turn}")
            applied += own.follow()
        return applied

    with ThreadPoolExecutor(4) as pool:
        applied = sum(pool.map(work, range(4)))
    assert applied == 12
    assert in_line(index, directory)
    assert {held(index)[service_id(number)].name for number in range(4)} == {f"Club {number}, turn 2" for number in range(4)}


ACTS = st.sampled_from(["change", "change", "add", "withdraw", "restore", "follow", "follow", "mark", "rebuild", "break"])


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=st.lists(st.tuples(ACTS, st.integers(0, SIZE - 1)), min_size=3, max_size=14))
def test_after_any_writes_and_follows_the_index_equals_one_built_anew(
    index: Index, directory: Directory, known: Extents, tmp_path: Path, acts: list[tuple[str, int]]
) -> None:
    random.seed()  # hypothesis holds it, and Whoosh draws the names of its files from it
    for act, number in acts:
        do(act, number, index, directory)
    index.follow()
    assert in_line(index, directory)
    anew = index_in(tmp_path / "anew", directory.engine, known)
    anew.rebuild()
    assert held(index) == held(anew)


def do(act: str, number: int, index: Index, directory: Directory) -> None:
    """One act of an editor, an officer or bad luck."""
    if act in ("follow", "rebuild"):
        getattr(index, act)()
    elif act == "withdraw":
        directory.withdraw(number)
    elif act == "restore":
        directory.change(number, status=Status.ACTIVE.value)
    elif act == "mark":
        directory.mark([number, number])
    elif act == "break":
        shutil.rmtree(index.folder / current_name(index.folder), ignore_errors=True)
        index._snapshot = None
    elif act == "add":
        directory.add(next_number(directory))
    else:
        directory.change(number, name=f"Renamed {monotonic()}")


def next_number(directory: Directory) -> int:
    known = directory.listings()
    return next(number for number in range(SIZE, 10_000) if service_id(number) not in known)


def test_people_who_search_while_the_index_changes_never_meet_an_error(index: Index, directory: Directory, known: Extents) -> None:
    searcher, stop, turns = little_borough.searcher(known), threading.Event(), [0] * 3

    def search(number: int) -> None:
        while not stop.is_set():
            snapshot = index.snapshot()
            results = find(searcher, snapshot, SearchQuery(text="lunch club"), Asked("en", MOMENT, set))
            names = {hit.listing.name for hit in results.hits}
            assert len(names) == 10
            assert results.total >= SIZE - 1
            turns[number] += 1

    with ThreadPoolExecutor(3) as pool:
        found = [pool.submit(search, number) for number in range(3)]
        for turn in range(1_000):
            if turn >= 12 and (min(turns) > 3 or any(each.done() for each in found)):
                break
            directory.change(turn % SIZE, name=f"Turned {turn}")
            index.rebuild() if turn % 5 == 4 else index.follow()
            sleep(0.02)
        stop.set()
    assert [each.result() for each in found] == [None] * 3, "none met an error"
    assert min(turns) > 3
    assert in_line(index, directory)


def test_a_reader_has_one_generation_from_beginning_to_end(index: Index, directory: Directory) -> None:
    snapshot = index.snapshot()
    directory.change(1, name="Renamed")
    index.follow()
    names = {each.name for _, each in snapshot.generation.inverted.listings()}
    assert "Club 1" in names
    assert "Renamed" not in names
    assert index.snapshot() is not snapshot
    assert index.snapshot() is index.snapshot()


def test_words_of_a_listing_that_is_gone_are_spelt_right_no_longer(index: Index, directory: Directory) -> None:
    directory.change(1, description="Zorbing for beginners")
    index.follow()
    assert index.snapshot().lexicon.knows("zorbing")
    directory.change(1, description="Nothing much")
    index.rebuild()
    assert not index.snapshot().lexicon.knows("zorbing")


def settled(index: Index) -> None:
    """Wait for what goes on in the background."""
    with index._mending:
        pass


def test_an_index_that_cannot_be_opened_says_so_and_is_mended_in_the_background(index: Index, directory: Directory) -> None:
    shutil.rmtree(index.folder)
    index._snapshot = None
    with pytest.raises(IndexUnavailable):
        index.snapshot()
    settled(index)
    assert in_line(index, directory)


def test_damage_of_any_kind_met_while_mending_is_logged_and_the_next_time_mends(index: Index, directory: Directory) -> None:
    told: list[object] = []
    with mock.patch.object(threading, "excepthook", told.append), mock.patch.object(index, "follow", side_effect=BadZipFile("no columns")):
        index.mend()
        settled(index)
    assert told == [], "the thread broke off"
    shutil.rmtree(index.folder)
    index.mend()
    settled(index)
    assert in_line(index, directory)


def test_an_index_that_failed_while_it_was_read_is_opened_again_and_mended_where_it_is_broken(index: Index, directory: Directory) -> None:
    before = index.snapshot()
    index.distrust()
    settled(index)
    assert index.snapshot() is not before
    (index.folder / current_name(index.folder) / "columns.arrays").write_bytes(b"")
    index.distrust()
    settled(index)
    assert in_line(index, directory)


def test_one_line_says_how_the_index_stands(index: Index, directory: Directory) -> None:
    directory.withdraw(1)
    assert index.status() == f"generation {current_name(index.folder)}: {SIZE} listings of {SIZE - 1} public services, 1 changes wait"
    (index.folder / "CURRENT").unlink()
    assert index.status().startswith("unusable (no index at ")
    assert index.status().endswith(f"{SIZE - 1} public services")


SECRETS = ("Rosehill", "9 Hidden Lane", "ZZ3 1AA", "53.43211")


def test_nothing_of_a_confidential_place_reaches_the_index(index: Index, directory: Directory) -> None:
    with writing(directory.engine) as session:
        (place,) = session.scalars(select(ServiceAtLocation).where(ServiceAtLocation.service_id == service_id(1)))
        place.location.is_confidential = True
        place.location.name, place.location.latitude = "Rosehill", 53.43211
        place.location.addresses[0].address_1, place.location.addresses[0].postal_code = "9 Hidden Lane", "ZZ3 1AA"
        mark_changed(session, [service_id(1)])
    index.follow()
    generation = index.snapshot().generation
    spelt = [word for spellings in generation.inverted.spellings for word in spellings.words]
    told = [repr(held(index)), *spelt, repr(generation.columns.sites.tolist())]
    assert [secret for secret in SECRETS if any(secret.casefold() in text.casefold() for text in told)] == []
    assert {"rosehill", "hidden", "zz3"}.isdisjoint(spelt)
    (site,) = held(index)[service_id(1)].sites
    assert site.is_confidential


def put_back(index: Index, older: Path) -> None:
    """An older copy of its folder takes the place of an index."""
    shutil.rmtree(index.folder)
    shutil.copytree(older, index.folder)


def test_an_older_copy_follows_from_where_it_was(index: Index, directory: Directory, tmp_path: Path) -> None:
    older = shutil.copytree(index.folder, tmp_path / "older")
    directory.change(0, name="Something else")
    index.follow()
    put_back(index, older)
    assert index.is_behind()
    with bases() as written:
        assert index.follow() == 1
    assert written != [None]
    assert in_line(index, directory)


def test_a_copy_that_is_older_than_the_rows_that_are_kept_is_not_opened_and_following_builds_it_anew(
    index: Index, directory: Directory, tmp_path: Path, stopped_clock: datetime
) -> None:
    older = shutil.copytree(index.folder, tmp_path / "older")
    directory.change(0, name="Something else")
    directory.change(1, name="Another thing")
    index.follow()
    with clock.stopped_at(stopped_clock + timedelta(days=15)), writing(directory.engine) as session:
        assert purge_changes(session) == SIZE + 1, "all but the newest"
    assert in_line(index, directory)
    put_back(index, older)
    with pytest.raises(IndexUnavailable, match="away for too long"):
        index.snapshot()
    settled(index)
    with bases() as written:
        index.follow()
    assert written in ([None], []), "what was mended in the background need not be built again"
    assert in_line(index, directory)


def test_an_index_that_is_newer_than_a_database_put_back_is_built_anew(
    index: Index, directory: Directory, known: Extents, tmp_path: Path
) -> None:
    older = tmp_path / "older.sqlite3"
    with closing(sqlite3.connect(str(directory.engine.url.database))) as connection:
        connection.execute(f"VACUUM INTO '{older}'")
    directory.change(0, name="Lost when the older database was put back")
    index.follow()
    back = Directory(open_engine(f"sqlite:///{older}"))
    for turn in range(3):  # numbers of rows are given again, and go beyond what was read
        back.change(1, name=f"After that {turn}")
    other = index_in(index.folder, back.engine, known)
    assert other.is_behind()
    other.follow()
    assert in_line(other, back)
    assert held(other)[service_id(0)].name == "Club 0"
    back.engine.dispose()
