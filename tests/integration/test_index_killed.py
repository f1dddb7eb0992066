"""A process that follows is killed outright at any step, or stopped while it holds the lock: searches go on, and the next follow heals."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from little_directory import SIZE, Directory, debris, held, index_in, service_id

from portal.db import open_engine
from portal.search import generation, inverted
from portal.search import index as index_module
from portal.search.areas import Extents
from portal.search.arrays import deriving
from portal.search.columns import Columns
from portal.search.index import Index

KILLED, LEFT = -signal.SIGKILL, 0


@pytest.fixture
def index(directory: Directory, known: Extents, tmp_path: Path) -> Index:
    made = index_in(tmp_path / "index", directory.engine, known)
    made.follow()
    directory.mark([0])
    made.follow()  # so that there is an older generation to go
    return made


def kill(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_before(owner: object, name: str, call: int = 1) -> None:
    """This process is killed when it comes to its n-th call of a function."""
    real, calls = getattr(owner, name), iter(range(1, 1_000))

    def fatal(*args: object, **options: object) -> object:
        return kill() if next(calls) == call else real(*args, **options)

    setattr(owner, name, fatal)


def kill_after(owner: object, name: str) -> None:
    """This process is killed when a function has done its work."""
    real = getattr(owner, name)
    setattr(owner, name, lambda *args, **options: (real(*args, **options), kill()))


POINTS: dict[str, Callable[[], object]] = {
    "before the lock is looked for": lambda: kill_before(index_module.fcntl, "flock"),
    "with the lock just taken": lambda: kill_after(index_module.fcntl, "flock"),
    "with the folder just made": lambda: kill_before(generation, "link_base"),
    "with files linked": lambda: kill_after(generation, "link_base"),
    "while listings are written": lambda: (kill_before(inverted, "document", 2), kill_before(deriving, "document", 2)),
    "with listings written": lambda: kill_after(generation, "arrays_of_listings"),
    "while columns are saved": lambda: kill_after(Columns, "save"),
    "before the manifest": lambda: kill_before(generation, "_seal"),
    "with some files synced": lambda: kill_before(generation, "sync", 3),
    "with the manifest written": lambda: kill_after(generation, "_seal"),
    "with the folder in its place": lambda: kill_after(Path, "rename"),
    "before the pointer moves": lambda: kill_before(Path, "replace"),
    "with the pointer moved": lambda: kill_after(Path, "replace"),
    "before older generations go": lambda: kill_before(generation, "_prune"),
    "while older generations go": lambda: kill_before(generation.shutil, "rmtree"),
    "before it knows how far it has read": lambda: kill_before(index_module, "read_on"),
    "before it looks for more": lambda: kill_before(index_module, "list_unread", 2),
    "after it let go": lambda: kill_before(index_module, "list_unread", 3),
}


def start(act: Callable[[], object]) -> int:
    """The id of a process that does this."""
    child = os.fork()
    if not child:
        try:
            act()
            os._exit(LEFT)
        finally:
            os._exit(1)
    return child


def end_of(child: int) -> int:
    """What becomes of a process: `LEFT`, or the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def follow_and_be_killed(index: Index, known: Extents, point: Callable[[], object]) -> int:
    """Let another process follow, with its own connections, and be killed there."""

    def act() -> None:
        own = index_in(index.folder, open_engine(str(index._engine.url)), known)
        point()
        own.follow()

    return end_of(start(act))


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS.keys())
def test_whenever_it_is_killed_the_next_follow_heals(
    index: Index, directory: Directory, known: Extents, point: Callable[[], object]
) -> None:
    before = held(index)
    directory.change(1, name="Renamed")
    directory.change(3, name="Renamed too")
    directory.withdraw(2)
    assert follow_and_be_killed(index, known, point) == KILLED
    assert held(index) in (before, directory.listings()), "what people see is one whole generation or the other"
    index.follow()
    assert held(index) == directory.listings()
    assert held(index)[service_id(1)].name == "Renamed"
    directory.change(5, name="The next edit")
    index.follow()
    assert (index.is_behind(), debris(index)) == (False, [])


@pytest.mark.parametrize("point", ["while listings are written", "with the folder in its place", "before the pointer moves"])
def test_a_first_build_that_is_killed_leaves_room_for_the_next(directory: Directory, known: Extents, tmp_path: Path, point: str) -> None:
    index = index_in(tmp_path / "index", directory.engine, known)
    assert follow_and_be_killed(index, known, POINTS[point]) == KILLED
    assert index.follow() == SIZE
    assert held(index) == directory.listings()
    directory.change(1, name="Renamed")
    index.follow()
    assert (index.is_behind(), debris(index)) == (False, [])


def test_killed_again_and_again_leaves_no_more_behind_than_killed_once(index: Index, directory: Directory, known: Extents) -> None:
    for turn, point in enumerate(("with the manifest written", "with the folder in its place", "before older generations go") * 2):
        directory.change(turn, name=f"Turn {turn}")
        assert follow_and_be_killed(index, known, POINTS[point]) == KILLED
    directory.change(7, name="The next edit")
    index.follow()
    assert held(index) == directory.listings()
    directory.change(6, name="The next edit")
    index.follow()
    assert (index.is_behind(), debris(index)) == (False, [])


def test_a_process_stopped_with_the_lock_keeps_others_waiting_for_nothing_and_its_end_frees_them(
    index: Index, directory: Directory, known: Extents
) -> None:
    directory.change(1, name="Renamed")
    started, told = os.pipe()
    child = os.fork()
    if not child:
        with suppress(BaseException), index_in(index.folder, open_engine(str(index._engine.url)), known)._lock() as has_it:
            os.write(told, b"1" if has_it else b"0")
            signal.pause()
        os._exit(1)
    try:
        assert os.read(started, 1) == b"1"
        os.kill(child, signal.SIGSTOP)
        assert index.follow() == 0
        assert (held(index)[service_id(1)].name, index.is_behind()) == ("Club 1", True)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(started)
        os.close(told)
    assert index.follow() == 1
    assert held(index) == directory.listings()


def test_two_processes_that_follow_at_once_share_the_work_and_leave_none(index: Index, directory: Directory, known: Extents) -> None:
    def act() -> None:
        own = index_in(index.folder, open_engine(str(index._engine.url)), known)
        theirs = Directory(own._engine)
        for turn in range(4):
            theirs.change(3, name=f"Theirs {turn}")
            own.follow()

    child = start(act)
    for turn in range(4):
        directory.change(4, name=f"Ours {turn}")
        index.follow()
    assert end_of(child) == LEFT
    assert (held(index)[service_id(3)].name, held(index)[service_id(4)].name) == ("Theirs 3", "Ours 3")
    assert held(index) == directory.listings()
    assert (index.is_behind(), debris(index)) == (False, [])
