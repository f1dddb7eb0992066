"""Columns carried over from one generation to the next are the same, array by array, as if every listing had been read anew."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import fields, replace
from datetime import date, time
from pathlib import Path

import little_borough
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from little_borough import covering, listing, origin, site

from portal.directory.listing import Listing
from portal.directory.opening import Closure, Hours, Pattern
from portal.search.columns import Columns, build_columns
from portal.search.generation import Base, Origin, current_name, open_generation, write_generation

DAY = date(2026, 3, 1)
KINDS: tuple[dict[str, object], ...] = (
    {"sites": (site(little_borough.NORTH),), "needs": ("falls",)},
    {"languages": ("yi",), "is_free": True, "needs": ("falls",), "weights": (80,)},
    {"hours": Hours((Pattern(weekday=1, opens=time(19), closes=time(21)),), (Closure(DAY, DAY),)), "assured_on": DAY},
    {"areas": covering("north"), "how": ("phone",)},
    {},
)
STEPS = st.lists(
    st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["gone", *range(len(KINDS))]), st.sampled_from("abÉz")), max_size=6),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def made_with(tmp_path_factory: pytest.TempPathFactory) -> Origin:
    return origin(little_borough.extents(tmp_path_factory.mktemp("localities")))


def _id(number: int) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, str(number))


def _listing(number: int, kind: int, letter: str) -> Listing:
    return replace(listing(f"{letter} club", **KINDS[kind]), id=_id(number))


def same(found: Columns, wanted: Columns) -> None:
    for column in fields(Columns):
        left, right = getattr(found, column.name), getattr(wanted, column.name)
        assert left.dtype == right.dtype, column.name
        np.testing.assert_array_equal(left, right, err_msg=column.name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(steps=STEPS)
def test_any_changes_one_after_the_other(tmp_path: Path, made_with: Origin, steps: list[list[tuple[int, int | str, str]]]) -> None:
    folder = tmp_path / "index"
    shutil.rmtree(folder, ignore_errors=True)
    write_generation(folder, made_with, [_listing(number, number % len(KINDS), "m") for number in range(8)])
    for step in steps:
        last = {number: (kind, letter) for number, kind, letter in step}
        gone = [_id(number) for number, (kind, _) in last.items() if kind == "gone"]
        put = [_listing(number, kind, letter) for number, (kind, letter) in last.items() if isinstance(kind, int)]
        write_generation(folder, made_with, put, Base(folder / current_name(folder), gone))
        found = open_generation(folder, current_name(folder), made_with)
        same(found.columns, build_columns(found.inverted.listings(), found.size, made_with.taxonomy, made_with.extents))
