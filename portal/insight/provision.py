"""What there is for one need in one locality, in figures. Pure.

Services are public facts and are counted exactly: each once, however many places or sessions it has. Only those that searches show
today are counted (see `directory.freshness`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Provision:
    """What there is.

    `covers`: services that people here can use (see `reaching`). `local`: those of them that are theirs in particular, because they name
    the locality or because people can go to them here or near; the others come, ring or write to the whole borough alike.
    `based`: services with a place in the locality. `places`: places offered, which people can go to in the locality; a service with two
    counts two. `hours`: hours a week in which those places are open, over the coming four weeks, closures left out.
    `free`, `step_free`, `evening` (still on after 17.30), `weekend`, `remote` (they come to your home, or are by phone or online) and
    `in_languages` (in another language than English): how many of `covers` say so. `languages`: of `covers`, by code of the pack.
    """

    covers: int = 0
    local: int = 0
    based: int = 0
    places: int = 0
    hours: float = 0.0
    free: int = 0
    step_free: int = 0
    evening: int = 0
    weekend: int = 0
    remote: int = 0
    in_languages: int = 0
    languages: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


NOTHING = Provision()
