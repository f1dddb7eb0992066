"""Rows of a form that people add and take away without script: their names on the page, out of what was posted. Pure.

A row's fields are named "v0-2-opens": what it belongs to, its number, its field; a hidden "v0-rows" names each row that is there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol, TypeVar

from werkzeug.datastructures import MultiDict
from wtforms import Form

MOST_ROWS: Final = 12  # of one kind, on one page
MOST_DIGITS: Final = 3
Posted = MultiDict[str, str]
AnyForm = TypeVar("AnyForm", bound=Form)


class Entry(Protocol):
    """A part of a record, which keeps the id of the row that it comes from."""

    @property
    def id(self) -> uuid.UUID | None:
        """The row's id; None for a new part."""


AnyEntry = TypeVar("AnyEntry", bound=Entry)


def prefixes(posted: Posted, key: str, mark: str = "") -> list[str]:
    """The beginnings of the fields of each row that was posted, in the order of the page, at most `MOST_ROWS`."""
    typed = [number for number in posted.getlist(f"{key}-{mark}rows") if number.isascii() and number.isdecimal()]
    numbers = dict.fromkeys(number for number in typed if len(number) <= MOST_DIGITS)
    return [f"{key}-{mark}{number}-" for number in numbers][:MOST_ROWS]


def rows_of(
    entries: Sequence[AnyEntry], empty: AnyEntry, key: str, make: Callable[[AnyEntry, str, Posted | None], AnyForm], posted: Posted | None
) -> list[AnyForm]:
    """A row for each entry, or for each row that was posted, made from the entry whose id it names, or from an `empty` one."""
    if posted is None:
        return [make(each, f"{key}-{number}-", None) for number, each in enumerate(entries)]
    known: dict[uuid.UUID | None, AnyEntry] = {each.id: each for each in entries if each.id}
    found = [(posted_id(posted, at), at) for at in prefixes(posted, key)]
    return [make(known.get(part, empty), at, posted) for part, at in found]


def number_of(form: Form) -> str:
    """The number of a row on the page: "2" of "v0-2-" and of "v0-g2-"."""
    return str(getattr(form, "_prefix", "")).rstrip("-").rpartition("-")[2].removeprefix("g")


def without_row(rows: list[AnyForm], number: str) -> list[AnyForm]:
    """The rows but the one of this number."""
    return [row for row in rows if number_of(row) != number]


def next_number(forms: Iterable[Form]) -> int:
    """A number that no row has."""
    return max((int(number_of(form)) for form in forms), default=-1) + 1


def posted_id(posted: Posted, prefix: str) -> uuid.UUID | None:
    """The id of the part that a row was made from, if it names one."""
    try:
        return uuid.UUID(posted.get(f"{prefix}id", ""))
    except ValueError:
        return None
