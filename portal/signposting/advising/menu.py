"""The ten services to read out at one place: a `Menu` out of what plans are made from, needs in order and where the caller is.

Chosen as a plan's are: different needs before any is served twice. Nothing about the caller goes in, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.assessment.needs import Revealed
from portal.db import reading
from portal.directory.queries import find_public
from portal.errors import IndexUnavailable
from portal.localities.answer import Place
from portal.search.menu import Diner, Offer, menu
from portal.signposting.making import Signposts
from portal.signposting.plan import Suggestion
from portal.signposting.suggest import choose, unmet

PREFERS: Final = (("cost", "free"),)
log = structlog.get_logger(__name__)


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
    offers = _offers(signposts, needs, here)
    wanted = [Revealed(need, ()) for need in needs]
    return Menu(here, tuple(needs), choose(wanted, offers or {}), unmet(wanted, offers or {}), offers is not None)


def _offers(signposts: Signposts, needs: Sequence[str], here: Place | None) -> Mapping[str, Offer] | None:
    """What there is for each need; None while that cannot be asked."""
    try:
        with reading(signposts.engine) as session:
            diner = Diner(here, clock.today(), PREFERS, lambda ids: find_public(session, ids))
            return menu(signposts.searcher, signposts.index.snapshot().generation, needs, diner)
    except IndexUnavailable:
        signposts.index.distrust()
    except SQLAlchemyError as error:
        log.warning("a menu cannot be made", reason=type(error).__name__)
    return None
