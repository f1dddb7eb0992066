"""Whether a listing may be there already: a record and its neighbours in, those that look the same out. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from portal.directory.record import ServiceRecord
from portal.taxonomy.words import words

SAME_OWNER: Final = 85  # of 100: how alike names are within one organization
SAME_PLACE: Final = 78  # at one postcode, whoever runs it
MOST_TWINS: Final = 3


@dataclass(frozen=True)
class Neighbour:
    """Another service: of the same organization, or at one of the same places."""

    id: uuid.UUID
    name: str
    organization: str
    is_ours: bool


def twins(record: ServiceRecord, neighbours: Iterable[Neighbour]) -> tuple[Neighbour, ...]:
    """Those that are likely the same, the likeliest first."""
    name = " ".join(words(record.name))
    if not name:
        return ()
    found = [(fuzz.token_sort_ratio(name, " ".join(words(each.name))), each) for each in neighbours]
    near = [(score, each) for score, each in found if score >= (SAME_OWNER if each.is_ours else SAME_PLACE)]
    return tuple(each for _score, each in sorted(near, key=lambda one: (-one[0], one[1].name))[:MOST_TWINS])
