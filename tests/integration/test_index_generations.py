"""Generations on disk: whole or not there. Any damage is `IndexUnavailable` and nothing else; a failed write changes nothing."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import little_borough
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from little_borough import listing, origin, site

from portal.directory.listing import Translation
from portal.errors import IndexUnavailable
from portal.search import generation
from portal.search.areas import Extents
from portal.search.arrays import deriving
from portal.search.columns import Columns
from portal.search.generation import Base, Generation, Origin, current_name, open_generation, write_generation

LISTINGS = [
    listing(f"Club {number}", needs=("falls",), words=f"number{number}", sites=(site(little_borough.NORTH),)) for number in range(5)
]
MORE = listing("Extra", words="extra")


@pytest.fixture(scope="module")
def made_with(known: Extents) -> Origin:
    return origin(known)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, made_with: Origin) -> Path:
    """An index of one generation. Copy it, or leave it as it was."""
    folder = tmp_path_factory.mktemp("whole") / "index"
    write_generation(folder, made_with, LISTINGS)
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return shutil.copytree(whole, tmp_path / "index")


def opened(folder: Path, made_with: Origin) -> Generation:
    return open_generation(folder, current_name(folder), made_with)


def names(found: Generation) -> list[str]:
    return sorted(each.name for _, each in found.inverted.listings())


def current(folder: Path) -> Path:
    return folder / current_name(folder)


def test_what_is_written_is_read(folder: Path, made_with: Origin) -> None:
    found = opened(folder, made_with)
    assert {each.id: each for _, each in found.inverted.listings()} == {each.id: replace(each, words="") for each in LISTINGS}
    assert found.columns.live.tolist() == [True] * len(LISTINGS)
    (spellings,) = found.inverted.spellings
    assert [spellings.count(word) for word in ("club", "number3", "friends", "nothing")] == [5, 1, 5, 0]
    assert found.inverted.listing(0) == dict(found.inverted.listings())[0]


def test_an_index_of_nothing_is_an_index(tmp_path: Path, made_with: Origin) -> None:
    write_generation(tmp_path, made_with, [])
    found = opened(tmp_path, made_with)
    assert (names(found), found.size, list(found.inverted.spellings[0].words)) == ([], 0, [])


@pytest.mark.parametrize("between", ["\n", "\u2028", "\t", " "])
def test_a_word_is_found_wherever_a_name_in_another_language_breaks(tmp_path: Path, made_with: Origin, between: str) -> None:
    told = replace(LISTINGS[1], translations=(Translation("ro", f"Ceai{between}prieteni", "Ceai cald"),))
    spoken = replace(LISTINGS[0], words="prieteni")
    for listings in ([spoken, told], [told, spoken]):
        write_generation(tmp_path, made_with, listings)
        found = opened(tmp_path, made_with)
        rows, worth, _ = found.inverted.worth("prieteni")
        assert sorted(found.inverted.listing(int(row)).name for row in rows) == ["Club 0", "Club 1"]
        assert (worth > 0).all()
        assert [found.inverted.listing(int(row)).name for row in found.inverted.worth("ceai").rows] == ["Club 1"]


def test_listings_are_put_in_place_of_themselves_and_others_taken_out(folder: Path, made_with: Origin) -> None:
    base = current(folder)
    changed = replace(LISTINGS[1], summary="Now on Fridays", words="friday")
    write_generation(folder, made_with, [changed, MORE], Base(base, [LISTINGS[0].id, MORE.id]))
    found = opened(folder, made_with)
    assert names(found) == ["Club 1", "Club 2", "Club 3", "Club 4", "Extra"]
    assert [each.summary for _, each in found.inverted.listings() if each.id == changed.id] == ["Now on Fridays"]
    rows = found.inverted.worth("friday").rows
    assert [found.inverted.listing(int(row)).name for row in rows] == ["Club 1"]
    assert len(found.inverted.worth("number0").rows) == len(found.inverted.worth("number1").rows) == 0


def test_the_generation_that_another_was_made_from_stays_as_it_was(folder: Path, made_with: Origin) -> None:
    base = current(folder)
    before = {file.name: file.read_bytes() for file in base.iterdir()}
    write_generation(folder, made_with, [replace(LISTINGS[0], name="Changed")], Base(base, [each.id for each in LISTINGS[1:]]))
    assert names(opened(folder, made_with)) == ["Changed"]
    assert {file.name: file.read_bytes() for file in base.iterdir()} == before
    assert names(open_generation(folder, base.name, made_with)) == [each.name for each in LISTINGS]


def test_only_the_generation_before_is_kept(folder: Path, made_with: Origin) -> None:
    for number in range(4):
        write_generation(folder, made_with, [], Base(current(folder), [LISTINGS[number].id]))
    kept = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
    assert len(kept) == 2
    assert kept[-1] == current_name(folder)


def test_a_reader_keeps_what_it_opened_after_it_was_deleted_or_cut_short(folder: Path, made_with: Origin) -> None:
    found, place = opened(folder, made_with), current(folder)
    for file in place.iterdir():
        with file.open("r+b") as spoilt:
            spoilt.truncate(10)
    shutil.rmtree(place)
    assert names(found) == [each.name for each in LISTINGS]
    assert len(found.inverted.worth("club").rows) == len(LISTINGS)


FILES = ("manifest.json", "base.arrays", "delta.arrays", "changes.json", "columns.arrays", ".toc", ".seg")


def file_of(folder: Path, ending: str) -> Path:
    (found,) = (file for file in current(folder).iterdir() if file.name.endswith(ending))
    return found


def test_these_are_all_the_files_that_matter(whole: Path) -> None:
    others = [file for file in current(whole).iterdir() if not file.name.endswith(FILES)]
    assert [(file.name, file.stat().st_size) for file in others] == [("MAIN_WRITELOCK", 0)]


@pytest.mark.parametrize("ending", FILES)
def test_a_generation_without_one_of_its_files_is_not_opened(folder: Path, made_with: Origin, ending: str) -> None:
    file_of(folder, ending).unlink()
    with pytest.raises(IndexUnavailable):
        opened(folder, made_with)


def test_a_lock_file_of_whoosh_is_not_missed(folder: Path, made_with: Origin) -> None:
    (current(folder) / "MAIN_WRITELOCK").unlink()
    assert names(opened(folder, made_with)) == [each.name for each in LISTINGS]


@contextmanager
def spoilt(file: Path, content: bytes) -> Iterator[None]:
    before = file.read_bytes()
    file.write_bytes(content)
    try:
        yield
    finally:
        file.write_bytes(before)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ending=st.sampled_from(FILES), share=st.floats(0, 1, exclude_max=True))
def test_a_file_that_was_cut_short_is_not_opened(whole: Path, made_with: Origin, ending: str, share: float) -> None:
    file = file_of(whole, ending)
    content = file.read_bytes()
    with spoilt(file, content[: int(len(content) * share)]), pytest.raises(IndexUnavailable):
        opened(whole, made_with)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ending=st.sampled_from(FILES), share=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_a_changed_byte_is_noticed_wherever_it_lies(whole: Path, made_with: Origin, ending: str, share: float, bits: int) -> None:
    file = file_of(whole, ending)
    content = bytearray(file.read_bytes())
    content[int(len(content) * share)] ^= bits
    with spoilt(file, bytes(content)):
        if ending == "manifest.json":  # of the manifest only the time of writing can change unnoticed, and it decides nothing
            try:
                assert names(opened(whole, made_with)) == [each.name for each in LISTINGS]
            except IndexUnavailable:
                return
        else:
            with pytest.raises(IndexUnavailable):
                opened(whole, made_with)


MANIFESTS = (b"", b"[]", b"null", b"7", b"{}", b'{"files": []}', b'{"files": {}, "made_with": 1}', b"\xff\xfe", b"[" * 100_000)


@pytest.mark.parametrize("content", MANIFESTS, ids=lambda content: content[:20].decode("latin-1"))
def test_a_manifest_that_is_none_is_not_believed(folder: Path, made_with: Origin, content: bytes) -> None:
    file_of(folder, "manifest.json").write_bytes(content)
    with pytest.raises(IndexUnavailable):
        opened(folder, made_with)


def test_a_manifest_that_names_files_outside_is_not_believed(folder: Path, made_with: Origin) -> None:
    file = file_of(folder, "manifest.json")
    manifest = json.loads(file.read_text())
    manifest["files"]["../../../../../../etc/passwd"] = "0" * 64
    file.write_text(json.dumps(manifest))
    with pytest.raises(IndexUnavailable, match="damaged"):
        opened(folder, made_with)


def test_the_manifest_of_another_generation_does_not_fit(folder: Path, made_with: Origin) -> None:
    older = current(folder)
    write_generation(folder, made_with, [MORE], Base(older))
    shutil.copy(older / "manifest.json", current(folder) / "manifest.json")
    with pytest.raises(IndexUnavailable):
        opened(folder, made_with)


def test_files_of_another_generation_do_not_fit(folder: Path, made_with: Origin) -> None:
    older = current(folder)
    write_generation(folder, made_with, [MORE])
    shutil.copy(older / "columns.arrays", current(folder) / "columns.arrays")
    with pytest.raises(IndexUnavailable, match=r"damaged: columns\.arrays"):
        opened(folder, made_with)


POINTERS = {
    "empty": "",
    "blank": " \n",
    "a word": "nonsense",
    "a missing generation": "18ea58038abf678f",
    "this folder": ".",
    "the folder above": "..",
    "a way round": "../{folder}/{name}",
    "a way through": "{name}/../{name}",
    "an absolute path": "{path}/{name}",
    "another system": "..\\{name}",
    "NUL": "{name}\0",
    "two lines": "{name}\n{name}",
    "far too long": "a" * 100_000,
    "a hidden folder": ".{name}",
}


@pytest.mark.parametrize("pointer", POINTERS.values(), ids=POINTERS.keys())
def test_a_pointer_names_a_generation_of_this_folder_or_nothing(folder: Path, made_with: Origin, pointer: str) -> None:
    name = current_name(folder)
    for above in (folder, folder.parent):  # so that whoever follows a wrong way finds something there
        for file in (folder / name).iterdir():
            shutil.copy(file, above)
    shutil.copytree(folder / name, folder / f".{name}")
    (folder / "CURRENT").write_text(pointer.format(name=name, folder=folder.name, path=folder))
    with pytest.raises(IndexUnavailable):
        opened(folder, made_with)


def test_a_pointer_that_is_not_text_or_not_a_file_or_not_there_points_nowhere(folder: Path) -> None:
    (folder / "CURRENT").write_bytes(b"\xff\xfe")
    with pytest.raises(IndexUnavailable):
        current_name(folder)
    (folder / "CURRENT").unlink()
    with pytest.raises(IndexUnavailable):
        current_name(folder)
    (folder / "CURRENT").mkdir()
    with pytest.raises(IndexUnavailable):
        current_name(folder)


def test_a_pointer_written_by_hand_with_a_new_line_is_understood(folder: Path, made_with: Origin) -> None:
    (folder / "CURRENT").write_text(f"{current_name(folder)}\n")
    assert opened(folder, made_with).size == len(LISTINGS)


def test_an_older_copy_that_is_whole_is_opened(folder: Path, made_with: Origin, tmp_path: Path) -> None:
    older = shutil.copytree(folder, tmp_path / "older")
    write_generation(folder, made_with, [MORE], Base(current(folder)))
    shutil.rmtree(folder)
    shutil.copytree(older, folder)
    assert names(opened(folder, made_with)) == [each.name for each in LISTINGS]


def test_a_generation_made_with_other_terms_or_places_is_not_opened(folder: Path, made_with: Origin) -> None:
    taxonomy = made_with.taxonomy
    fewer = replace(taxonomy, needs={need: taxonomy.needs[need] for need in list(taxonomy.needs)[1:]})
    turned = replace(taxonomy, needs=dict(reversed(taxonomy.needs.items())))
    elsewhere = replace(made_with.extents, borough_names=frozenset({"elsewhere"}))
    for other in (Origin(fewer, made_with.extents), Origin(turned, made_with.extents), Origin(taxonomy, elsewhere)):
        with pytest.raises(IndexUnavailable, match="other content"):
            opened(folder, other)


def full_disk(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def on_call(number: int, real: Callable[..., object]) -> Callable[..., object]:
    """`real`, whose call of this number finds the disk full."""
    calls = iter(range(1, 1_000))
    return lambda *args, **options: full_disk() if next(calls) == number else real(*args, **options)


STEPS: dict[str, Callable[[], mock._patch[object]]] = {
    "linking files": lambda: mock.patch.object(generation.os, "link", full_disk),
    "writing listings": lambda: mock.patch.object(deriving, "document", full_disk),
    "writing columns": lambda: mock.patch.object(Columns, "save", full_disk),
    "writing the manifest": lambda: mock.patch.object(generation, "_seal", full_disk),
    "syncing a file": lambda: mock.patch.object(generation, "sync", on_call(1, generation.sync)),
    "syncing the folder": lambda: mock.patch.object(generation, "sync", on_call(6, generation.sync)),
    "naming it": lambda: mock.patch.object(generation, "_point", full_disk),
    "moving it": lambda: mock.patch.object(Path, "rename", full_disk),
    "moving the pointer": lambda: mock.patch.object(Path, "replace", full_disk),
}


def assert_nothing_happened(folder: Path, made_with: Origin, before: str) -> None:
    """The present generation is current, and after the next write nothing else is left than it and its successor."""
    assert current_name(folder) == before
    assert names(opened(folder, made_with)) == [each.name for each in LISTINGS]
    assert not [entry for entry in folder.iterdir() if entry.is_dir() and entry.name.startswith(".")]
    after = write_generation(folder, made_with, [MORE], Base(current(folder)))
    assert names(opened(folder, made_with)) == [*(each.name for each in LISTINGS), "Extra"]
    kept = {entry.name for entry in folder.iterdir()}
    assert len(kept) == 3
    assert kept >= {"CURRENT", after}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())
def test_a_disk_that_fills_up_at_any_step_leaves_the_present_generation(
    folder: Path, made_with: Origin, step: Callable[[], mock._patch[object]]
) -> None:
    before = current_name(folder)
    with step(), pytest.raises(OSError, match="No space left"):
        write_generation(folder, made_with, [MORE], Base(current(folder), [LISTINGS[0].id]))
    assert_nothing_happened(folder, made_with, before)


def written_with_files_no_larger_than(size: int, write: Callable[[], object]) -> str:
    """What becomes of `write` in a process of its own, in which files cannot grow beyond `size` bytes."""
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        try:
            write()
        except OSError as error:
            os._exit(error.errno or 0)
        finally:
            os._exit(0)
    return errno.errorcode.get(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "")


@pytest.mark.parametrize("size", [0, 100, 1_000, 4_000])
def test_files_that_cannot_grow_leave_the_present_generation(folder: Path, made_with: Origin, size: int) -> None:
    before = current_name(folder)
    outcome = written_with_files_no_larger_than(
        size, lambda: write_generation(folder, made_with, [MORE], Base(current(folder), [LISTINGS[0].id]))
    )
    assert outcome == "EFBIG"
    assert_nothing_happened(folder, made_with, before)


def test_a_listing_that_cannot_be_read_leaves_the_present_generation(folder: Path, made_with: Origin) -> None:
    def broken() -> Iterator[object]:
        yield MORE
        raise RuntimeError("the database went away")

    before = current_name(folder)
    with pytest.raises(RuntimeError, match="went away"):
        write_generation(folder, made_with, broken(), Base(current(folder)))  # type: ignore[arg-type]
    assert_nothing_happened(folder, made_with, before)


def test_the_folder_that_must_be_written_need_not_exist(tmp_path: Path, made_with: Origin) -> None:
    write_generation(tmp_path / "a" / "b", made_with, LISTINGS)
    assert opened(tmp_path / "a" / "b", made_with).size == len(LISTINGS)
