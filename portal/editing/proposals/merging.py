"""Three records in (what somebody wrote from, what they wrote, what is live now), what became of each field out. Pure.

Parts are compared by what they say: their ids do not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portal.directory.record import FIELDS, ServiceRecord, changed_fields, with_fields


class Fate(StrEnum):
    """Whose change a field holds. In a conflict both changed it, each to something else."""

    UNCHANGED = "unchanged"
    MINE = "mine"
    THEIRS = "theirs"
    SAME = "same"
    CONFLICT = "conflict"


def compare_three(base: ServiceRecord, mine: ServiceRecord, live: ServiceRecord) -> Mapping[str, Fate]:
    """The fate of every field, in the order of the record."""
    by_me = set(changed_fields(base, mine))
    is_alone = base == live  # nobody else wrote meanwhile, as it mostly is
    by_them, apart = (set[str](), by_me) if is_alone else (set(changed_fields(base, live)), set(changed_fields(mine, live)))
    return {name: _fate(name in by_me, name in by_them, name in apart) for name in FIELDS}


def _fate(by_me: bool, by_them: bool, is_apart: bool) -> Fate:
    if by_me and by_them:
        return Fate.CONFLICT if is_apart else Fate.SAME
    if by_me:
        return Fate.MINE
    return Fate.THEIRS if by_them else Fate.UNCHANGED


def proposed(fates: Mapping[str, Fate]) -> tuple[str, ...]:
    """The fields that would change what is live."""
    return tuple(name for name, fate in fates.items() if fate in (Fate.MINE, Fate.CONFLICT))


def conflicts(fates: Mapping[str, Fate]) -> tuple[str, ...]:
    """The fields for which somebody has to choose."""
    return tuple(name for name, fate in fates.items() if fate is Fate.CONFLICT)


def merged(mine: ServiceRecord, live: ServiceRecord, fates: Mapping[str, Fate]) -> ServiceRecord:
    """What is live, with my changes on it."""
    return with_fields(live, mine, proposed(fates))
