"""The ten services to read out at one place: a `Menu` out of what plans are made from, needs in order and where the caller is.

Chosen as a plan's are: different needs before any is served twice. Nothing about the caller goes in, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.assessment.needs import Revealed
from portal.localities.answer import Place
from portal.signposting.making import Signposts, find_offers
from portal.signposting.plan import Suggestion
from portal.signposting.suggest import choose, unmet


@dataclass(frozen=True)
class Menu:
    """At most ten services for `needs` at `here` (None for the whole borough), and which needs nothing here meets.

    `has_services` is false while services cannot be looked for.
    """

    here: Place | None
    needs: tuple[str, ...]
    services: tuple[Suggestion, ...]
    unmet: tuple[str, ...]
    has_services: bool


def make_menu(signposts: Signposts, needs: Sequence[str], here: Place | None) -> Menu:
    """The menu today."""
    offers = find_offers(signposts, needs, here)
    wanted = [Revealed(need, ()) for need in needs]
    return Menu(here, tuple(needs), choose(wanted, offers or {}, signposts.special), unmet(wanted, offers or {}), offers is not None)
