"""What is measured of a listing: a record in, what it lacks and whether it is plain out. Pure.

Whoever changes what counts as complete or plain raises `RULE`, and every listing is measured anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal.directory.record import ServiceRecord
from portal.editing.checks.missing import Part, missing_parts
from portal.editing.checks.reading import reading
from portal.editing.quality.placing import Ground

RULE: Final = 1


class Measure(StrEnum):
    """Which listings a number counts. All but `ALL` and `UNMEASURED` are something to put right."""

    ALL = "all"
    WORK = "work"
    UNCHECKED = "unchecked"
    INCOMPLETE = "incomplete"
    HARD = "hard"
    BROKEN = "broken"
    REPORTED = "reported"
    UNKEPT = "unkept"
    UNMEASURED = "unmeasured"


@dataclass(frozen=True)
class Measured:
    """What reading a listing gave."""

    missing: tuple[Part, ...]
    is_plain: bool
    places: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether it has every part."""
        return not self.missing


def measure(record: ServiceRecord, ground: Ground) -> Measured:
    """Read a listing. One without a description is not described, plainly or otherwise."""
    is_plain = bool(record.description.strip()) and next(reading(record), None) is None
    return Measured(missing_parts(record), is_plain, ground.places_of(record))


def rule_of(ground: Ground) -> str:
    """The name of the rule that listings are measured by now."""
    return f"{RULE}-{ground.mark}"
