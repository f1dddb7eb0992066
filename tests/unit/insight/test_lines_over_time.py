"""Lines over time: months that nobody remembered are gaps, areas of other boundaries are not joined, those only renamed go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from portal.insight.facts import EVERY
from portal.insight.monthly.lines import MOST, Remembered, draw_part, follow, part_months
from portal.insight.monthly.wording import short_names
from portal.localities.collection import Collection, Locality
from portal.localities.versions import AreaVersion, Versions

APRIL = date(2027, 4, 1)


def version(starts_on: date | None, ends_on: date | None, ground: dict[str, tuple[str, ...]]) -> AreaVersion:
    """Localities of these wards."""
    made = AreaVersion(Path("nowhere"), starts_on, ends_on)
    places = {slug: Locality(slug, slug.title(), codes, ()) for slug, codes in ground.items()}
    made.__dict__["collection"] = cast("Collection", Held(places))
    return made


@dataclass
class Held:
    localities: dict[str, Any] = field(default_factory=dict)


BEFORE = version(None, date(2027, 3, 31), {"shore": ("a", "b"), "hill": ("c",), "marsh": ("d",), "moor": ("e",)})
AFTER = version(APRIL, None, {"east": ("a",), "hill": ("b", "c"), "fen": ("d",), "moor": ("e",)})
VERSIONS = Versions((BEFORE, AFTER))


def month(year: int, number: int, key: str = "") -> Remembered:
    return Remembered(date(year, number, 1), date(year, number, 3), key, 100, 1)


def test_months_are_told_under_the_areas_of_their_day_the_newest_first() -> None:
    months = [month(2027, 2), month(2027, 3), month(2027, 4, "2027-04-01"), month(2027, 5, "of nobody")]
    assert [(it.key, [each.month.month for each in some]) for it, some in part_months(months, VERSIONS)] == [
        ("2027-04-01", [4]),
        ("", [2, 3]),
    ]
    assert part_months([], VERSIONS) == []


@pytest.mark.parametrize(
    ("chosen", "before", "after"),
    [
        (["moor"], ("moor",), ("moor",)),
        (["fen"], ("marsh",), ("fen",)),  # only renamed: the same ground
        (["marsh"], ("marsh",), ("fen",)),
        (["shore"], ("shore",), ()),  # divided: nothing goes on
        (["east"], (), ("east",)),
        (["hill"], ("hill",), ("hill",)),  # the name is the same: both are shown, each under its own day
        (["moor", "east"], ("moor",), ("east", "moor")),
    ],
)
def test_an_area_is_followed_as_long_as_it_is_the_same_ground(chosen: list[str], before: tuple[str, ...], after: tuple[str, ...]) -> None:
    assert follow(chosen, BEFORE, VERSIONS) == before
    assert follow(chosen, AFTER, VERSIONS) == after


def test_a_month_that_nobody_remembered_is_a_gap_in_the_line_and_no_row() -> None:
    months = (month(2026, 11), month(2027, 1))
    values = {(date(2026, 11, 1), "moor"): 3.0, (date(2027, 1, 1), "moor"): 5.0}
    part = draw_part(BEFORE, months, ["moor"], values)
    assert part.axis == (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))
    assert part.lines == (("moor", (3.0, None, 5.0)),)
    assert part.months == months


def test_no_more_lines_than_can_be_told_apart_and_all_areas_where_none_is_chosen() -> None:
    assert len(draw_part(BEFORE, (month(2027, 1),), ["a", "b", "c", "d", "e"], {}).lines) == MOST
    assert draw_part(BEFORE, (month(2027, 1),), [], {(date(2027, 1, 1), EVERY): 9.0}).lines == ((EVERY, (9.0,)),)


def test_names_beside_lines_have_room_and_differ() -> None:
    assert short_names(["Eastmoor", "Old Town"]) == ["Eastmoor", "Old Town"]
    cut = short_names(["St Mary's North", "St Mary's South", "Hill"])
    assert len(set(cut)) == 3
    assert max(map(len, cut)) <= 8
