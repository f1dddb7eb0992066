"""Two people at one record: whose change each field holds; and how long decisions take."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.directory.record import FIELDS, PhoneEntry, ServiceRecord, changed_fields, with_fields
from portal.directory.soundness import unstorable
from portal.editing.proposals.merging import Fate, compare_three, conflicts, merged, proposed
from portal.editing.proposals.turnaround import turnaround_of, working_days

BASE = ServiceRecord(name="Club", fees="1", phones=(PhoneEntry("01632 960001", id=uuid.UUID(int=1)),))


@pytest.mark.parametrize(
    ("mine", "live", "fate"),
    [("1", "1", Fate.UNCHANGED), ("2", "1", Fate.MINE), ("1", "2", Fate.THEIRS), ("2", "2", Fate.SAME), ("2", "3", Fate.CONFLICT)],
)
def test_whose_change_a_field_holds(mine: str, live: str, fate: Fate) -> None:
    assert compare_three(BASE, replace(BASE, fees=mine), replace(BASE, fees=live))["fees"] is fate


def test_a_part_that_lost_its_id_is_no_change() -> None:
    bare = replace(BASE, phones=(PhoneEntry("01632 960001"),))
    assert changed_fields(BASE, bare) == ()
    assert set(compare_three(BASE, bare, BASE).values()) == {Fate.UNCHANGED}


texts = st.fixed_dictionaries({name: st.sampled_from(["", "a", "b"]) for name in ("description", "fees", "alert", "wait_time")})


@given(texts, texts, texts)
def test_what_is_merged_has_every_change_of_both_and_mine_where_they_differ(
    base: dict[str, str], mine: dict[str, str], live: dict[str, str]
) -> None:
    first, second, third = (replace(BASE, **each) for each in (base, mine, live))
    fates = compare_three(first, second, third)
    found = merged(second, third, fates)
    assert list(fates) == list(FIELDS)
    for name in texts_of(base):
        wanted = mine if mine[name] != base[name] else live
        assert getattr(found, name) == wanted[name]
    assert set(conflicts(fates)) <= set(proposed(fates))
    assert changed_fields(third, found) == proposed(fates)
    assert with_fields(third, second, proposed(fates)) == found


def texts_of(values: dict[str, str]) -> tuple[str, ...]:
    return tuple(values)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), 0),
        (date(2026, 11, 20), date(2026, 11, 22), 0),
        (date(2026, 11, 20), date(2026, 11, 24), 2),
        (date(2026, 12, 24), date(2026, 12, 29), 1),  # Christmas on a Friday, Boxing Day moved to the Monday
    ],
)
def test_working_days(first: date, last: date, days: int) -> None:
    assert working_days(first, last) == days


def test_usually_is_said_from_ten_decisions_on() -> None:
    asked, decided = datetime(2026, 11, 20, 23, 30, tzinfo=UTC), datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    assert turnaround_of([(asked, decided)] * 9).days is None
    assert (turnaround_of([(asked, decided)] * 10).days, turnaround_of([(asked, decided)] * 10).decisions) == (3, 10)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"status": "gone"}, "status"),
        ({"minimum_age": -1.0}, "minimum_age"),
        ({"maximum_age": float("nan")}, "maximum_age"),
        ({"description": "a\0b"}, "description"),
        ({"description": "\ud800"}, "description"),
        ({"description": "x" * 60_000}, "description"),
        ({"needs": ("food", "food")}, "needs"),
        ({"phones": (PhoneEntry(" "),)}, "phones"),
    ],
)
def test_what_the_directory_has_no_room_for_is_named(changes: dict[str, object], field: str) -> None:
    assert unstorable(replace(BASE, **changes)) == (field,)
    assert unstorable(BASE) == ()
