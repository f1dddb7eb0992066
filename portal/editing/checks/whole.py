"""All checks of a listing before it is sent: a record and what is around it in, hints and an honest preview of being found out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.directory.record import ServiceRecord
from portal.editing.checks.findable import Asked, findable
from portal.editing.checks.hint import Hint
from portal.editing.checks.missing import missing
from portal.editing.checks.reading import reading
from portal.editing.checks.shapes import shapes
from portal.editing.checks.twins import Neighbour, twins
from portal.editing.proposals.flags import Flag, flag
from portal.editing.writing.steps import BY_ID


@dataclass(frozen=True)
class Surroundings:
    """What the checks compare with. `suggested` are needs that the listing's words speak of; `hears` is search's own ear."""

    neighbours: Iterable[Neighbour]
    questions: Mapping[str, Sequence[str]]
    suggested: Sequence[str]
    hears: Callable[[str], Sequence[str]]
    knows_postcode: Callable[[str], bool]


@dataclass(frozen=True)
class Checked:
    """What the checks found. `flags` are what a reviewer will look at twice."""

    hints: tuple[Hint, ...]
    flags: tuple[Flag, ...]
    twins: tuple[Neighbour, ...]
    asked: tuple[Asked, ...]


def check(record: ServiceRecord, live: ServiceRecord | None, around: Surroundings) -> Checked:
    """Look a record over. Twins are looked for where the name is new."""
    hints = (*missing(record), *reading(record), *shapes(record, around.knows_postcode))
    is_renamed = live is None or live.name != record.name
    return Checked(
        hints=hints,
        flags=flag(record, live),
        twins=twins(record, around.neighbours) if is_renamed else (),
        asked=findable(record.needs, around.suggested, around.questions, around.hears),
    )


def step_of(field: str) -> str:
    """The step on which a field of a record is written."""
    return next((step.id for step in BY_ID.values() if field in step.fields), "about")
