"""Files of arrays, texts in them and postings: what was written is read, nothing else is taken, and nothing that is open changes."""

from __future__ import annotations

import string
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.arrays import files
from portal.search.arrays.bits import counted, packed, unpacked
from portal.search.arrays.changes import Changes
from portal.search.arrays.files import read_arrays, write_arrays
from portal.search.arrays.texts import Blobs, Texts, joined, sorted_texts
from portal.search.spellings import Spellings

ARRAYS = {
    "numbers": np.arange(12, dtype=np.int32).reshape(3, 4),
    "none": np.zeros((0, 5)),
    "words": np.array(["a", "longer", "اردو"]),
    "flags": np.array([True, False]),
}


@pytest.mark.parametrize("mapped_from", [0, 10_000_000])
def test_arrays_are_read_as_they_were_written_and_cannot_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mapped_from: int
) -> None:
    monkeypatch.setattr(files, "MAPPED_FROM", mapped_from)
    write_arrays(tmp_path / "some.arrays", ARRAYS)
    found = read_arrays(tmp_path / "some.arrays")
    assert list(found) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)
    with pytest.raises(ValueError, match="read-only"):
        found["numbers"][0, 0] = 7


OBJECTS = b'[["it", "|O", [1], 0]]'
NO_FILES = (b"", b"x" * 100, f"{3:16}[[7".encode(), f"{len(OBJECTS):16}".encode() + OBJECTS + bytes(200))


@pytest.mark.parametrize("content", NO_FILES)
def test_what_is_no_file_of_arrays_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "some.arrays").write_bytes(content)
    with pytest.raises(ValueError, match=r"."):
        read_arrays(tmp_path / "some.arrays")


@given(st.lists(st.text(max_size=6), max_size=40, unique=True))
def test_texts_are_found_by_number_by_name_and_by_how_they_begin(some: list[str]) -> None:
    known = sorted(some)
    texts = Texts("it", sorted_texts("it", known))
    assert list(texts) == known
    assert [texts.find(text) for text in known] == list(range(len(known)))
    for text in ("", "a", "zz", *(text[:1] for text in known)):
        assert [texts[at] for at in texts.beginning_with(text)] == [other for other in known if other.startswith(text)]
        assert (texts.find(text) is not None) == (text in known)


@given(st.lists(st.binary(max_size=9), max_size=9))
def test_bytes_are_found_by_number(some: list[bytes]) -> None:
    blobs = Blobs("it", joined("it", some))
    assert [blobs[at] for at in range(len(blobs))] == some


@given(st.integers(0, 200), st.integers(1, 9), st.randoms(use_true_random=False))
def test_columns_packed_count_what_they_counted_before(rows: int, columns: int, chance: object) -> None:
    drawn = np.random.default_rng(chance.randrange(1_000))  # type: ignore[attr-defined]
    table, some = drawn.random((rows, columns)) < 0.4, drawn.random(rows) < 0.5
    bits = packed(table)
    np.testing.assert_array_equal(counted(bits, some), table[some].sum(axis=0))
    for column in range(columns):
        np.testing.assert_array_equal(unpacked(bits[column], rows), table[:, column])


@given(st.sets(st.text(string.ascii_lowercase[:4], min_size=1, max_size=7), max_size=40), st.text(string.ascii_lowercase[:5], max_size=8))
def test_words_close_to_another_are_those_that_each_letter_says(known: set[str], word: str) -> None:
    from rapidfuzz.distance import OSA

    spellings = Spellings.of(dict.fromkeys(known, 1))
    for most in (1, 2):
        near = {other: OSA.distance(word, other) for other in known}
        assert spellings.close_to(word, most) == {other: distance for other, distance in near.items() if distance <= most}


def test_of_changes_the_latest_of_each_listing_counts_and_those_after_a_generation_can_be_told() -> None:
    from little_borough import listing

    first, other, third = listing("First"), listing("Other"), listing("Third")
    changes = Changes().followed_by([first, other], [], "1a").followed_by([third], [first.id], "1b")
    assert (changes.listings, changes.gone) == ((other, third), (first.id,))
    assert {change.id for change in changes.after("1a").held} == {first.id, third.id}
    again = changes.followed_by([first], [first.id], "1c")
    assert (set(again.listings), again.gone) == ({first, other, third}, ())
