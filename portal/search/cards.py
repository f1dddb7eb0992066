"""A hit as a card shows it: when it is on next and where, put together from its hours; no words of any language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.directory.freshness import Freshness, freshness
from portal.directory.listing import Site
from portal.directory.opening import Hours, Opening, is_open, is_round_the_clock, next_opening
from portal.localities.answer import Place
from portal.search.results import Hit


@dataclass(frozen=True)
class Card:
    """A hit as it is on a `day`: its next `opening` at `site` (None for both where unknown), whether it is on now, and how fresh it is.

    `covers` is what the place asked about is called, where the service comes to all of it; else empty.
    """

    hit: Hit
    day: date
    covers: str
    site: Site | None
    opening: Opening | None
    is_open: bool
    is_round_the_clock: bool
    freshness: Freshness
    other_sites: int


def card_of(hit: Hit, moment: datetime, here: Place | None = None) -> Card:
    """The card at local `moment`, for a question about `here`."""
    listing = hit.listing
    hours = _hours(hit)
    return Card(
        hit=hit,
        day=moment.date(),
        covers=here.label if hit.covers and here else "",
        site=hit.site,
        opening=next_opening(hours, moment),
        is_open=is_open(hours, moment),
        is_round_the_clock=is_round_the_clock(hours),
        freshness=freshness(listing.assured_on, moment.date()),
        other_sites=max(0, len(listing.sites) - 1),
    )


def _hours(hit: Hit) -> Hours:
    if hit.site is not None and hit.site.hours.patterns:
        return hit.site.hours
    return hit.listing.hours
