"""How lines of history are chained: the same bytes for ever, whatever the database, and every field of a line is in its hash."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from portal.history.chain import FIELDS, START, Link, canonical

LINE: dict[str, Any] = {
    "id": 7,
    "resource_type": "service",
    "resource_id": uuid.UUID("8c1f2b1e-0000-4000-8000-000000000001"),
    "action": "updated",
    "changes": {"name": ["Lunch club", "کھانا \u200c£2.50"], "maximum_age": [None, 18.5], "phone": [[], [{"number": "01632 960001"}]]},
    "acted_by": "person:1",
    "reason": "",
    "acted_at": datetime(2026, 11, 24, 10, 30, tzinfo=UTC),
}
OTHER = {
    "id": 8,
    "resource_type": "organization",
    "resource_id": uuid.UUID(int=2),
    "action": "withdrawn",
    "changes": {},
    "acted_by": "person:2",
    "reason": "closed",
    "acted_at": datetime(2026, 11, 24, 10, 30, 0, 1, tzinfo=UTC),
}


def test_a_line_has_the_same_hash_for_ever() -> None:
    first = Link(0, START).next(LINE)
    assert str(first) == "1:e09cb693fb125ef4e5d0a1e8e6c1b936f15b34425dd79511aace0f5e8da4e06e"
    assert first.next(OTHER).position == 2


def test_a_line_is_written_in_one_way() -> None:
    assert canonical({"b": LINE["acted_at"], "a": LINE["resource_id"], "c": {"y": 1, "x": "é"}}) == (
        '{"a":"8c1f2b1e-0000-4000-8000-000000000001","b":"2026-11-24T10:30:00.000000+00:00","c":{"x":"\\u00e9","y":1}}'
    )
    elsewhere = LINE["acted_at"].astimezone(timezone(timedelta(hours=5)))
    assert Link(0, START).next({**LINE, "acted_at": elsewhere}) == Link(0, START).next(LINE), "the same moment"


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_in_the_hash(field: str) -> None:
    assert Link(0, START).next({**LINE, field: OTHER[field]}).chained != Link(0, START).next(LINE).chained


def test_the_place_and_the_line_before_are_in_the_hash() -> None:
    hashes = {Link(0, START).next(LINE).chained, Link(1, START).next(LINE).chained, Link(0, "1" * 64).next(LINE).chained}
    assert len(hashes) == 3


def test_no_two_lines_are_written_alike() -> None:
    """Text that looks like the fields beside it stays inside its quotes."""
    sly = {**LINE, "action": 'updated","acted_by":"person:2', "acted_by": ""}
    assert canonical(sly) != canonical({**LINE, "acted_by": "person:2"})


def test_what_is_no_value_of_a_line_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"changes": {"name": b"bytes"}})


def test_a_place_is_read_as_it_is_printed() -> None:
    place = Link(0, START).next(LINE)
    assert Link.read(f" {place}\n") == place


@pytest.mark.parametrize(
    "text", ["", "7", ":", f"7:{'g' * 64}", f"-1:{START}", f"7:{'a' * 63}", f"7:{'A' * 64}", f"٧:{START}", f"{'9' * 30}:{START}"]
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="POSITION:HASH"):
        Link.read(text)
