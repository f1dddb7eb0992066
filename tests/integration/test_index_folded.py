"""A new base is made while searches and edits go on: nothing is lost, nothing is there twice, and ended at any moment it leaves no harm."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from little_directory import SIZE, Directory, debris, held, index_in, service_id

from portal.db import open_engine
from portal.search import folding, generation
from portal.search import index as index_module
from portal.search.areas import Extents
from portal.search.generation import current_name
from portal.search.index import Index


@pytest.fixture(autouse=True)
def soon() -> object:
    """Folding is due after two changes."""
    with mock.patch.object(folding, "FEWEST_CHANGES", 2), mock.patch.object(folding, "MOST_CHANGES", 2):
        yield


@pytest.fixture
def index(directory: Directory, known: Extents, tmp_path: Path) -> Index:
    """An index in which a listing was renamed, one added and one is gone since its base was written."""
    made = index_in(tmp_path / "index", directory.engine, known)
    made.follow()
    directory.change(1, name="Renamed", description="Zorbing")
    directory.add(SIZE)
    directory.withdraw(2)
    made.follow()
    return made


def changes(index: Index) -> int:
    return len(index.snapshot().generation.changes.held)


def in_line(index: Index, directory: Directory) -> bool:
    return held(index) == directory.listings() and not index.is_behind() and not debris(index)


def rows_with(index: Index, word: str) -> list[str]:
    """Names of the listings that hold a word."""
    model = index.snapshot().generation.inverted
    return sorted(model.listing(int(row)).name for row in model.worth(word).rows)


def test_what_changed_is_in_the_new_base_and_found_as_before(index: Index, directory: Directory) -> None:
    before, wanted = index.snapshot().generation, rows_with(index, "lunch")
    assert (changes(index), rows_with(index, "zorbing")) == (3, ["Renamed"])
    assert index.fold()
    after = index.snapshot().generation
    assert (changes(index), after.base.size >= SIZE, after.applied) == (0, True, before.applied)
    assert after.base is not before.base
    assert (rows_with(index, "zorbing"), rows_with(index, "lunch")) == (["Renamed"], wanted)
    assert in_line(index, directory)


def test_a_new_base_is_what_an_index_made_anew_would_be(index: Index, directory: Directory, known: Extents, tmp_path: Path) -> None:
    index.fold()
    anew = index_in(tmp_path / "anew", directory.engine, known)
    anew.rebuild()
    for word in ("lunch", "club", "zorbing", "number7", "renamed", "friends"):
        assert rows_with(index, word) == rows_with(anew, word)
    assert held(index) == held(anew)


def test_with_little_changed_the_base_stays(index: Index) -> None:
    before = current_name(index.folder)
    with mock.patch.object(folding, "FEWEST_CHANGES", 3):
        assert not index.fold()
    assert current_name(index.folder) == before


def meanwhile(act: Callable[[], object]) -> mock._patch[object]:
    """Let something happen when the new base is made and not yet taken up."""

    def both(place: Path) -> None:
        folding.make_base(place)
        act()

    return mock.patch.object(index_module, "make_base_apart", both)


def test_edits_go_on_meanwhile_and_none_is_lost_or_there_twice(index: Index, directory: Directory) -> None:
    def edit() -> None:
        directory.change(1, name="Renamed again", description="Zorbing twice")
        directory.change(3, name="Another", description="Zorbing too")
        directory.withdraw(SIZE)
        directory.change(2, status="active")
        assert index.follow() == 4
        assert rows_with(index, "zorbing") == ["Another", "Renamed again"]

    with meanwhile(edit):
        assert index.fold()
    assert rows_with(index, "zorbing") == ["Another", "Renamed again"]
    assert changes(index) == 4
    assert service_id(SIZE) not in held(index)
    assert held(index)[service_id(2)].name == "Club 2"
    assert in_line(index, directory)


def test_a_rebuild_meanwhile_wins(index: Index, directory: Directory) -> None:
    def rebuild() -> None:
        directory.change(4, name="Rebuilt")
        index.rebuild()

    with meanwhile(rebuild):
        assert not index.fold()
    assert held(index)[service_id(4)].name == "Rebuilt"
    assert in_line(index, directory)


def test_of_two_one_folds(index: Index, directory: Directory, known: Extents) -> None:
    other = index_in(index.folder, directory.engine, known)
    with meanwhile(lambda: other.fold() and pytest.fail("two at once")):
        assert index.fold()
    assert in_line(index, directory)


def test_readers_keep_what_they_have_open(index: Index) -> None:
    snapshot = index.snapshot()
    index.fold()
    shutil.rmtree(snapshot.generation.folder)
    assert {each.name for _, each in snapshot.generation.inverted.listings()} >= {"Renamed", "Club 5"}


def kill(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


POINTS: dict[str, Callable[[], None]] = {
    "before it begins": lambda: setattr(index_module, "begin", kill),
    "with files linked": lambda: setattr(index_module, "make_base_apart", kill),
    "while Whoosh writes": lambda: setattr(folding.inverted, "document", kill),
    "before the arrays": lambda: setattr(folding, "write_base_arrays", kill),
    "with the base made": lambda: setattr(index_module, "take_up", kill),
    "while it is taken up": lambda: setattr(generation, "_seal", kill),
    "before the pointer moves": lambda: setattr(generation, "_point", kill),
    "before older generations go": lambda: setattr(generation, "_prune", kill),
}


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS.keys())
def test_whenever_it_is_killed_nothing_is_lost_and_the_next_one_heals(
    index: Index, directory: Directory, known: Extents, point: Callable[[], None]
) -> None:
    child = os.fork()
    if not child:
        own = index_in(index.folder, open_engine(str(index._engine.url)), known)
        index_module.make_base_apart = folding.make_base  # so that it is this process that is killed
        point()
        own.fold()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert held(index) == directory.listings()
    directory.change(5, name="Later")
    index.follow()
    assert held(index) == directory.listings()
    index.fold()
    for number in (6, 7, 8):  # enough for a second, which clears away what the first left
        directory.change(number, name=f"Later {number}")
    index.follow()
    assert index.fold()
    assert changes(index) == 0
    assert in_line(index, directory)
