"""A few services for some needs, as a piece of another page: need ids in, safe HTML out, empty when search cannot answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import render_template
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.errors import PortalError
from portal.search import wording
from portal.search.cards import card_of
from portal.search.query import SearchQuery
from portal.search.views import SearchRoom, answer

MOST_BESIDE: Final = 3


def services_beside(room: SearchRoom, needs: Sequence[str]) -> Markup:
    """The best few services for `needs` in the whole area, and the way to all of them."""
    query = SearchQuery(need=tuple(needs))
    try:
        found = answer(room, query) if needs else None
    except (PortalError, SQLAlchemyError):
        return Markup("")  # the page is whole without it
    if found is None or not found.hits:
        return Markup("")
    now = clock.local_now()
    cards = [card_of(hit, now) for hit in found.hits[:MOST_BESIDE]]
    html = render_template(
        "search/beside.html",
        cards=cards,
        query=query,
        results=found,
        taxonomy=room.searcher.taxonomy,
        wording=wording,
        today=now.date(),
    )
    return Markup(html)  # noqa: S704 - a template of ours, escaped
