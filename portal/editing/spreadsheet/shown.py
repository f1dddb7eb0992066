"""What pages show of a plan: the rows that are not as they were, what is wrong first, and of each text only the lines that change. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

import msgspec

from portal.editing.spreadsheet.plan import Difference, Fate, Plan, PlannedRow

A_PAGE: Final = 10  # rows
LONGEST: Final = 400  # letters of one text
_BETWEEN: Final = re.compile(r"\n|(?<=[.!?]) ")
_ORDER: Final = (Fate.WRONG, Fate.CHANGED, Fate.NEW)


class Change(msgspec.Struct, frozen=True):
    """Lines that go and lines that come, in one place of a text; where there is more than a page shows, an ellipsis."""

    was: str
    now: str


class ShownDifference(msgspec.Struct, frozen=True):
    """One column that changes. `is_meanwhile`: somebody else changed it after the file was taken."""

    heading: str
    changes: tuple[Change, ...]
    is_meanwhile: bool


class ShownMistake(msgspec.Struct, frozen=True):
    """What cannot be taken, as plain text in the language of whoever looked."""

    heading: str
    sentence: str


class ShownRow(msgspec.Struct, frozen=True):
    """One row, with all that its page says of it."""

    number: int
    name: str
    fate: Fate
    mistakes: tuple[ShownMistake, ...] = ()
    differences: tuple[ShownDifference, ...] = ()


def show(plan: Plan) -> list[ShownRow]:
    """The rows that pages show, in their order."""
    return [_shown(row) for row in sorted((row for row in plan.rows if row.fate in _ORDER), key=lambda row: _ORDER.index(row.fate))]


def page_of(asked: str, rows: int) -> tuple[int, int]:
    """The page that was asked for, or the nearest there is, and how many pages these rows are. Pages count from 1."""
    pages = max((rows + A_PAGE - 1) // A_PAGE, 1)
    return min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1, pages


def changes_of(difference: Difference) -> tuple[Change, ...]:
    """What goes and what comes, line by line or sentence by sentence, without what stays between."""
    was, now = (_BETWEEN.split(text) for text in (difference.was, difference.now))
    return tuple(_changes(was, now, "\n" if "\n" in difference.was + difference.now else " "))


def _shown(row: PlannedRow) -> ShownRow:
    mistakes = tuple(ShownMistake(it.heading, it.sentence.unescape()) for it in row.mistakes)
    differences = tuple(ShownDifference(it.column.heading, changes_of(it), it.is_meanwhile) for it in row.differences)
    return ShownRow(row.number, row.name, row.fate, mistakes, differences)


def _changes(was: list[str], now: list[str], between: str) -> Iterator[Change]:
    for kind, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Change(_cut(between.join(was[a:b])), _cut(between.join(now[c:d])))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
