"""What every locality should have, and which have it: a promise and the facts of services in, how many each locality has out. Pure.

A service counts where people can use it (see `insight.reaching`) and where all that the promise asks for is true of the one service:
two services, one free and one step-free, keep no promise of a free, step-free one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from portal.insight.facts import Facts

MOST: Final = 20  # services that can be promised


class Condition(StrEnum):
    """What a service can be asked to be, in the order in which it is said. `LOCAL`: it names the locality, or is in it or near."""

    LOCAL = "local"
    FREE = "free"
    STEP_FREE = "step-free"
    EVENING = "evening"


@dataclass(frozen=True)
class Promise:
    """At least `minimum` services, 1 to `MOST`, for a need (its id in the taxonomy), each of which meets all `conditions`."""

    need: str
    minimum: int = 1
    conditions: frozenset[Condition] = field(default_factory=frozenset)

    @property
    def said(self) -> tuple[Condition, ...]:
        """Its conditions in the order in which they are said."""
        return tuple(condition for condition in Condition if condition in self.conditions)


@dataclass(frozen=True)
class Kept:
    """How a promise stands: services `found` in each locality, by slug, in the pack's order."""

    promise: Promise
    found: Mapping[str, int]

    @property
    def short(self) -> tuple[str, ...]:
        """Localities that have fewer than promised, those that have least first."""
        return tuple(sorted((slug for slug, number in self.found.items() if number < self.promise.minimum), key=self.found.__getitem__))


def kept(promise: Promise, facts: Facts) -> Kept:
    """How the promise stands in each locality. A need that the taxonomy does not know (any more) is found nowhere."""
    if promise.need not in facts.needs:
        return Kept(promise, dict.fromkeys(facts.localities, 0))
    meeting = facts.meets[:, [facts.needs.index(promise.need)]] & facts.covers
    for condition in promise.said:
        match condition:
            case Condition.LOCAL:
                meeting = meeting & facts.local
            case Condition.FREE:
                meeting = meeting & facts.free[:, None]
            case Condition.STEP_FREE:
                meeting = meeting & facts.step_free[:, None]
            case Condition.EVENING:
                meeting = meeting & facts.evening
    return Kept(promise, dict(zip(facts.localities, meeting.sum(axis=0).tolist(), strict=True)))
