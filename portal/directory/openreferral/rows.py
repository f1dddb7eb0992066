"""The shapes that pass between the steps of a load: what a source says (`RawRow`), what is kept (`Row`), what to say of it (`Finding`)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final, NamedTuple

Progress = Callable[[int, int, str], None]  # done, total (0 when nobody knows), what is being done
Value = str | int | float | bool | date | datetime | time | uuid.UUID | list[str]


LONGEST_SHOWN: Final = 500  # letters of a value in a report


class Action(StrEnum):
    """What was done about something odd: put right, left out, or only worth knowing."""

    MENDED = "mended"
    REFUSED = "refused"
    NOTED = "noted"


class Remark(NamedTuple):
    """One thing to tell an officer, in one plain sentence."""

    action: Action
    words: str


class Cleaned(NamedTuple):
    """A value fit to keep (None: nothing to keep) and what to say of the way there."""

    value: Value | None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class RawRow:
    """One object of a source as its sender wrote it. `id` is None where there is nothing to make one from.

    `where` is the row or file as an officer would look it up, `listing` the name of the listing it belongs to, and `record`
    the number of the outermost object it came in.
    """

    table: str
    id: uuid.UUID | None
    values: dict[str, object]
    where: str
    listing: str
    record: int


@dataclass(frozen=True, slots=True)
class Row:
    """A clean row: `values` by column, without the id and without what is empty. `needs` and links are still to be checked."""

    table: str
    id: uuid.UUID
    values: dict[str, Value]
    source: str
    where: str
    listing: str
    record: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something mended, refused or worth knowing. `field` is empty where it speaks of a whole row."""

    source: str
    where: str
    record_id: str
    listing: str
    field: str
    action: Action
    before: str
    after: str
    words: str


@dataclass(frozen=True)
class Source:
    """Everything read from one place. `made_ids` counts ids that were not UUIDs, `unkept` the fields that have no column, by name.

    `is_own` marks the pack's listings: they are at home here, and what they leave out they mean to leave out.
    """

    name: str
    rows: list[RawRow]
    made_ids: int = 0
    unkept: Counter[str] = field(default_factory=Counter)
    is_own: bool = False


def mended(value: Value | None, words: str) -> Cleaned:
    """A value that was put right."""
    return Cleaned(value, (Remark(Action.MENDED, words),))


def refused(words: str) -> Cleaned:
    """Nothing to keep."""
    return Cleaned(None, (Remark(Action.REFUSED, words),))


def finding_of(row: RawRow | Row, source: str, about: tuple[str, object, object], remark: Remark) -> Finding:
    """A finding on `row`; `about` is (field, value before, value after)."""
    field_name, before, after = about
    return Finding(
        source, row.where, str(row.id or ""), row.listing, field_name, remark.action, _shown(before), _shown(after), remark.words
    )


def _shown(value: object) -> str:
    if value is None:
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict) else str(value)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
