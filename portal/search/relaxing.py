"""Wider questions: a query in, what would come if one thing were let go out, each with its true count.

One thing at a time, most helpful first: further away, then the narrowest filters, then anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from portal.localities.answer import Place
from portal.search.query import GROUPS, MILES, SearchQuery
from portal.search.reach import REACH_MILES
from portal.search.results import Relaxation

MOST: Final = 4
FURTHER: Final = ("wider", "within")  # each step is worth a line only if it brings more than the one before


def relaxations(query: SearchQuery, here: Place | None, total: int, count: Callable[[SearchQuery], int]) -> tuple[Relaxation, ...]:
    """At most `MOST` wider questions that bring more than `total`."""
    counted = (Relaxation(kind, wider, count(wider)) for kind, wider in _wider(query, here))
    found: dict[SearchQuery, Relaxation] = {}
    furthest = total
    for relaxation in counted:
        if relaxation.count > (furthest if relaxation.kind in FURTHER else total):
            found.setdefault(relaxation.query, relaxation)
            furthest = relaxation.count if relaxation.kind in FURTHER else furthest
        if len(found) == MOST:
            break
    return tuple(found.values())


def _wider(query: SearchQuery, here: Place | None) -> Iterator[tuple[str, SearchQuery]]:
    if query.within:
        yield from (
            ("wider", replace(query, within=further, page=1)) for further in MILES if int(query.within) < int(further) <= REACH_MILES
        )
        yield "within", query.without("within")
    yield from ((group, query.without(group)) for group in GROUPS if getattr(query, group))
    if here is not None and query.place:
        yield "place", replace(query, place="", within="", page=1)
    if len(query.narrowed) > 1:
        yield "all", SearchQuery(text=query.text, place=query.place)
