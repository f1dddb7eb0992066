"""What a plan is: frozen, ids and listings only. Templates and documents put it into words."""

from __future__ import annotations

from dataclasses import dataclass

from portal.advice.page import Page
from portal.assessment.needs import Revealed, Told
from portal.localities.answer import Place
from portal.search.results import Hit
from portal.signposting.steps import SmallStep
from portal.urgent.cards import Card


@dataclass(frozen=True)
class Suggestion:
    """A service, and what it was chosen for: needs in order, each with the answers that told of it."""

    hit: Hit
    revealed: tuple[Revealed, ...]

    @property
    def because(self) -> tuple[Told, ...]:
        """The answers, each once."""
        return tuple(dict.fromkeys(told for each in self.revealed for told in each.told))

    @property
    def is_for_carer(self) -> bool:
        """Whether it was chosen for whoever helps."""
        return self.revealed[0].is_for_carer


@dataclass(frozen=True)
class More:
    """A need with services that there was no room for."""

    need: str
    count: int


@dataclass(frozen=True)
class Plan:
    """Everything that was found for somebody; the front door is no part of it, since it is always there.

    `own_step` in their own words. `has_services` is false while services cannot be looked for. `unmet` are needs that nothing
    here meets. `needs` are all that the answers revealed, `outcomes` those of the Care Act that they bear on.
    """

    here: Place | None
    needs: tuple[Revealed, ...]
    outcomes: tuple[str, ...]
    urgent: tuple[Card, ...] = ()
    own_step: str = ""
    steps: tuple[SmallStep, ...] = ()
    self_help: tuple[SmallStep, ...] = ()
    services: tuple[Suggestion, ...] = ()
    more: tuple[More, ...] = ()
    unmet: tuple[str, ...] = ()
    advice: tuple[Page, ...] = ()
    has_services: bool = True
    is_for_carer: bool = False
