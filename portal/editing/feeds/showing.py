"""Two listings side by side, in words: theirs and ours in, one line for each field out, with what differs marked."""

from __future__ import annotations

from dataclasses import dataclass

from portal.directory.feeds.queries import SideBySide
from portal.directory.record import ServiceRecord, changed_fields
from portal.editing.saying import LABELS, Line, Speech, filled_fields, say_field
from portal.i18n.text import LazyString

_EMPTY = ServiceRecord(name="")


@dataclass(frozen=True)
class Beside:
    """One field of both; `differs`: they do not say the same."""

    label: LazyString
    ours: tuple[Line, ...]
    theirs: tuple[Line, ...]
    differs: bool


def beside(it: SideBySide, speech: Speech) -> tuple[Beside, ...]:
    """Every field in which either says something: those that differ first, each in the order of a record."""
    ours = it.ours or _EMPTY
    different = frozenset(changed_fields(ours, it.theirs))
    said = [(name, say_field(ours, name, speech), say_field(it.theirs, name, speech)) for name in filled_fields([ours, it.theirs])]
    lines = [Beside(LABELS[name], mine, theirs, name in different and mine != theirs) for name, mine, theirs in said]
    return tuple(sorted(lines, key=lambda line: not line.differs))
