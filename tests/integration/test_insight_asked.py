"""What people asked for, as it may be shown: whole quarters that are over, and nothing that tells one hidden count from another."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from portal import tally
from portal.config import CHECKOUT
from portal.db import Base, open_engine, reading, writing
from portal.insight.asked import Asked, find_asked
from portal.insight.periods import Quarter
from portal.localities.versions import Versions, load_versions
from portal.tally import Subject, Tally

LOCALITIES = CHECKOUT / "content" / "demo" / "localities"
MISSED, PLANNED = "search missed", "plan need"
SUMMER, AUTUMN = Quarter(2026, 2), Quarter(2026, 3)
IN_AUTUMN, IN_WINTER = date(2026, 7, 2), date(2026, 10, 2)  # the first days on which each is reported
CELLS = [(need, place) for need in ("falls", "food") for place in ("eastmoor", "")]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = open_engine("sqlite://")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def versions() -> Versions:
    return load_versions(LOCALITIES)


def asked(engine: Engine, versions: Versions, counts: Mapping[Subject, int], *days: date) -> list[Asked]:
    """What is found on these days where these are all counts."""
    with writing(engine) as session:
        session.execute(delete(Tally))
        tally.add(session, {subject: count for subject, count in counts.items() if count})
    with reading(engine) as session:
        return [find_asked(session, versions, versions.on(day), day) for day in days]


def test_a_quarter_is_added_up_once_it_is_over_and_small_counts_are_not_there(engine: Engine, versions: Versions) -> None:
    counts = {
        Subject(date(2026, 4, 1), MISSED, "falls", "eastmoor"): 6,
        Subject(date(2026, 6, 30), MISSED, "falls", "eastmoor"): 7,
        Subject(date(2026, 7, 1), MISSED, "falls", "eastmoor"): 500,
        Subject(date(2026, 3, 31), MISSED, "falls", "eastmoor"): 500,
        Subject(date(2026, 5, 5), MISSED, "food", "eastmoor"): 9,
        Subject(date(2026, 5, 5), MISSED, "food", ""): 22,
        Subject(date(2026, 5, 5), PLANNED, "food", "westcroft"): 13,
        Subject(date(2026, 5, 5), "search missed, text", "abc", ""): 50,
    }
    found, day_before = asked(engine, versions, counts, IN_AUTUMN, date(2026, 7, 1))
    assert found == Asked(SUMMER, {("eastmoor", "falls"): 15, ("", "food"): 20}, {("westcroft", "food"): 15})
    assert day_before.quarter == Quarter(2026, 1), "counts of its last day may still be written"


def test_the_same_is_said_on_every_day_until_the_next_quarter_is_over(engine: Engine, versions: Versions) -> None:
    counts = {Subject(date(2026, 4, 2 + day), PLANNED, "falls", "eastmoor"): 1 for day in range(20)}
    counts |= {Subject(date(2026, 7, 2 + day), PLANNED, "falls", "eastmoor"): 3 for day in range(20)}
    found = asked(engine, versions, counts, IN_AUTUMN, date(2026, 8, 1), date(2026, 10, 1), IN_WINTER)
    assert found[0] == found[1] == found[2]
    assert [each.planned["eastmoor", "falls"] for each in found] == [20, 20, 20, 60]


def test_nothing_is_said_of_a_quarter_that_had_other_localities(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "localities"
    shutil.copytree(LOCALITIES, folder)
    shutil.copytree(LOCALITIES, folder / "versions" / "2026-07-01")
    found = asked(engine, load_versions(folder), {Subject(date(2026, 5, 5), MISSED, "falls", "eastmoor"): 50}, IN_AUTUMN, IN_WINTER)
    assert found == [Asked(), Asked(AUTUMN)]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[Subject, int], dict[Subject, int]]:
    """Two sets of counts that differ only where a quarter has nine or fewer of something."""
    one: dict[Subject, int] = {}
    other: dict[Subject, int] = {}
    for kind in (MISSED, PLANNED):
        for need, place in CELLS:
            for quarter in (SUMMER, AUTUMN):
                subjects = [Subject(month, kind, need, place) for month in quarter.months]
                hidden = draw(st.booleans())
                first = draw(st.lists(st.integers(0, 3 if hidden else 40), min_size=3, max_size=3))
                second = draw(st.lists(st.integers(0, 3), min_size=3, max_size=3)) if sum(first) < 10 else first
                one |= dict(zip(subjects, first, strict=True))
                other |= dict(zip(subjects, second, strict=True))
    return one, other


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(both=worlds())
def test_nobody_can_tell_two_hidden_counts_apart_whatever_they_read(
    engine: Engine, versions: Versions, both: tuple[dict[Subject, int], dict[Subject, int]]
) -> None:
    days = (IN_AUTUMN, date(2026, 9, 15), IN_WINTER)
    first, second = (asked(engine, versions, world, *days) for world in both)
    assert first == second
    assert all(count >= 10 and count % 5 == 0 for found in first for counts in (found.missed, found.planned) for count in counts.values())
