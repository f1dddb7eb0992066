"""What a page shows of a plan: some of its rows, what is wrong first, and of each text only the lines that change. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from portal.editing.spreadsheet.plan import Difference, Fate, Plan, PlannedRow

A_PAGE: Final = 10  # rows
LONGEST: Final = 400  # letters of one text
_BETWEEN: Final = re.compile(r"\n|(?<=[.!?]) ")
_ORDER: Final = (Fate.WRONG, Fate.CHANGED, Fate.NEW)


@dataclass(frozen=True)
class Change:
    """Lines that go and lines that come, in one place of a text; `is_cut` where there is more than a page shows."""

    was: str
    now: str
    is_cut: bool = False


@dataclass(frozen=True)
class Shown:
    """One page of rows that are not as they were. Pages count from 1."""

    rows: tuple[PlannedRow, ...]
    page: int
    pages: int


def show(plan: Plan, page: str) -> Shown:
    """The page that was asked for, or the nearest there is."""
    rows = sorted((row for row in plan.rows if row.fate in _ORDER), key=lambda row: _ORDER.index(row.fate))
    pages = max((len(rows) + A_PAGE - 1) // A_PAGE, 1)
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Shown(tuple(rows[(number - 1) * A_PAGE : number * A_PAGE]), number, pages)


def changes_of(difference: Difference) -> list[Change]:
    """What goes and what comes, line by line or sentence by sentence, without what stays between."""
    was, now = (_BETWEEN.split(text) for text in (difference.was, difference.now))
    return list(_changes(was, now, "\n" if "\n" in difference.was + difference.now else " "))


def _changes(was: list[str], now: list[str], between: str) -> Iterator[Change]:
    for kind, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind != "equal":
            old, new = between.join(was[a:b]), between.join(now[c:d])
            yield Change(_cut(old), _cut(new), max(len(old), len(new)) > LONGEST)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
