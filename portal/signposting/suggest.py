"""The policy: needs in order and what there is for each in, which services a plan shows out. Pure and deterministic.

Different needs are all served before any is served twice; a service that meets several counts for all of them. At most
`MOST_SERVICES`, and at most `MOST_FOR_ONE` for a need. What is first of all for something that nobody told us of, such as a
team for people after a stroke, comes only where nothing else serves the need. Needs with services that there is no room for
keep a way to them, so that no need is left unserved while something serves it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from typing import Final

from portal.advice.page import ADVICE, Page, Pages
from portal.assessment.needs import Revealed
from portal.search.menu import Offer
from portal.search.results import Hit
from portal.signposting.plan import More, Suggestion

MOST_SERVICES: Final = 10  # Lancashire's "top 10 menu": what an adviser reads out and a person keeps in mind
MOST_FOR_ONE: Final = 3
MOST_PAGES: Final = 5
_NAMED: Final = 3  # a listing counts for the needs that it names first


def choose(revealed: Sequence[Revealed], offers: Mapping[str, Offer], special: Set[str] = frozenset()) -> tuple[Suggestion, ...]:
    """Services in the order of the needs that brought them. `special` are needs that only those who have them look for."""
    chosen: dict[uuid.UUID, Suggestion] = {}
    wanted = {each.need for each in revealed}
    unwanted = special - wanted
    ranked = [
        (each, sorted(offers[each.need].hits, key=partial(_strangeness, each, wanted, unwanted)))
        for each in revealed
        if each.need in offers
    ]
    for most in range(1, MOST_FOR_ONE + 1):
        for each, hits in ranked:
            fitting = [hit for hit in hits if hit.listing.needs[0] in wanted]
            _serve(each, hits if most == 1 else fitting, most, chosen)
    return tuple(chosen.values())


def _strangeness(each: Revealed, wanted: Set[str], unwanted: Set[str], hit: Hit) -> tuple[bool, bool, bool]:
    """What puts a service behind others: not what was meant by its name; for something else first; or for something special that
    nobody told us of, as hospital transport and counselling after an assault are.
    """
    name, needs = hit.listing.name.casefold(), hit.listing.needs
    sought = [word for told in each.told if told.option for word in told.option.seek]
    return bool(sought) and not any(word in name for word in sought), needs[0] not in wanted, not unwanted.isdisjoint(needs[:2])


def _serve(each: Revealed, hits: Sequence[Hit], most: int, chosen: dict[uuid.UUID, Suggestion]) -> None:
    """Bring a need up to `most` services, if there is room: one that meets it in any way, and further ones that are there for it."""
    for hit in hits:
        suggestion = chosen.get(hit.listing.id)
        if suggestion and each not in suggestion.revealed and each.need in hit.listing.needs[:_NAMED]:
            chosen[hit.listing.id] = replace(suggestion, revealed=(*suggestion.revealed, each))
    serving = sum(each in one.revealed and (most == 1 or one.hit.listing.needs[0] == each.need) for one in chosen.values())
    new = next((hit for hit in hits if hit.listing.id not in chosen), None)
    if serving < most and new and len(chosen) < MOST_SERVICES:
        chosen[new.listing.id] = Suggestion(new, (each,))


def left_over(revealed: Iterable[Revealed], offers: Mapping[str, Offer], chosen: Iterable[Suggestion]) -> tuple[More, ...]:
    """Needs that something meets, but nothing of what was chosen."""
    served = {each.need for suggestion in chosen for each in suggestion.revealed}
    wanted = dict.fromkeys(each.need for each in revealed if each.need not in served)
    return tuple(More(need, offers[need].total) for need in wanted if need in offers and offers[need].total)


def unmet(revealed: Iterable[Revealed], offers: Mapping[str, Offer]) -> tuple[str, ...]:
    """Needs that nothing here meets."""
    return tuple(dict.fromkeys(each.need for each in revealed if each.need in offers and not offers[each.need].total))


def choose_pages(needs: Iterable[str], pages: Pages, language: str) -> tuple[Page, ...]:
    """Advice for needs in their order, each the page that is most about it."""
    every = [pages.get_page(ADVICE, slug, language) for slug in pages.advice_slugs]
    found: dict[str, Page] = {}
    for need in needs:
        about = [(list(page.needs).index(it), page) for page in every for it in page.needs if it.id == need]
        if about:
            page = min(about, key=lambda pair: (pair[0], pair[1].slug))[1]
            found.setdefault(page.slug, page)
    return tuple(found.values())[:MOST_PAGES]
