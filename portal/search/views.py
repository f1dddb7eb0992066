"""The results page: the question in the address in, ranked services out, with the urgent card first when it is called for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from flask import Blueprint, Flask, Response, current_app, g, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.db import writing
from portal.directory.counting import Counts
from portal.directory.queries import find_public
from portal.directory.visitors import is_by_person
from portal.errors import IndexUnavailable, PortalError
from portal.i18n.request import LanguageLink, keep_arguments, language_links, page_language
from portal.i18n.scripts import written_in
from portal.i18n.text import in_language
from portal.localities.boundaries import Boundaries
from portal.search import wording
from portal.search.advice import AdviceFinder
from portal.search.cards import card_of
from portal.search.fallback import find_in_database
from portal.search.find import Asked, Searcher, find
from portal.search.index import Index
from portal.search.maps import map_of
from portal.search.misses import count_miss
from portal.search.query import MILES, SearchQuery
from portal.search.results import SearchResults
from portal.standby import reading_now
from portal.taxonomy.words import words
from portal.ui.caching import own
from portal.urgent.cards import Card as UrgentCard
from portal.urgent.views import UrgentRoom

MOST_URGENT = 2
MOST_BESIDE = 3
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class SearchRoom:
    """What the views of search share."""

    searcher: Searcher
    index: Index
    engine: Engine
    urgent: UrgentRoom
    advice: AdviceFinder
    boundaries: Boundaries
    counts: Counts
    secret: str


def install(app: Flask, of_language: str, room: SearchRoom) -> None:
    """Serve the results page."""
    app.extensions["search"] = room
    views = Blueprint("search", __name__)
    views.add_url_rule("/search", "results", results)
    app.register_blueprint(views, url_prefix=of_language)


def search_room() -> SearchRoom:
    """What `install` was given."""
    room: SearchRoom = current_app.extensions["search"]
    return room


def results() -> Response:
    """One page of services for the question in the address."""
    room = search_room()
    query = SearchQuery.from_args(request.args, room.searcher.taxonomy)
    keep_arguments(query.to_args())
    found = answer(room, query)
    now = clock.local_now()
    page = render_template(
        "search/results.html",
        results=found,
        query=query,
        cards=[card_of(hit, now, found.here) for hit in found.hits],
        nearest=[card_of(hit, now, found.here) for hit in found.nearest],
        taxonomy=room.searcher.taxonomy,
        localities=room.searcher.extents.gazetteer.localities.values(),
        wording=wording,
        miles=MILES,
        link=lambda other: url_for("search.results", **other.to_args()),
        **_around(room, found, now.date()),
    )
    _count(room, found)
    g.found = found.total
    return own(page)


def _around(room: SearchRoom, found: SearchResults, day: date) -> dict[str, object]:
    """What a page of results shows beside its list."""
    query = found.query
    urgent = urgent_cards(room, query.text, found)
    return {
        "urgent": urgent,
        "is_sensitive": bool(urgent) or room.searcher.taxonomy.is_sensitive((*query.need, *found.question.said.needs)),
        "advice": room.advice.find(found.question.said, query.need, page_language().code, day),
        "map": map_of(room.boundaries, room.searcher.extents, found),
        "offered": _other_languages(query.text),
    }


def _other_languages(text: str) -> list[tuple[LanguageLink, Markup]]:
    """This page in the languages whose script the question is written in, where it is not the page's own; each asks in its own words."""
    written = written_in(text)
    if page_language().code in written:
        return []
    return [
        (link, in_language(link.code, "Search in %(language)s?", language=link.name)) for link in language_links() if link.code in written
    ]


def answer(room: SearchRoom, query: SearchQuery) -> SearchResults:
    """From the index; from the database while the index is away."""
    with reading_now(room.engine) as session:
        asked = Asked(page_language().code, clock.local_now(), lambda ids: find_public(session, ids))
        try:
            return find(room.searcher, room.index.snapshot(), query, asked)
        except IndexUnavailable:
            room.index.distrust()
            return find_in_database(room.searcher, session, query, asked)


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
    cards = [card_of(hit, now, found.here) for hit in found.hits[:MOST_BESIDE]]
    html = render_template(
        "search/beside.html",
        cards=cards,
        query=query,
        results=found,
        taxonomy=room.searcher.taxonomy,
        wording=wording,
    )
    return Markup(html)  # noqa: S704 - a template of ours, escaped


def urgent_cards(room: SearchRoom, text: str, found: SearchResults) -> Sequence[UrgentCard]:
    """Cards that the words of the question call for, gravest first, whether typed rightly or mended."""
    heard = {kind for said in {words(text), found.question.said.read} for kind in room.urgent.listening.hear(said)}
    kinds = sorted(heard, key=list(room.urgent.cards).index)
    return [room.urgent.cards[kind] for kind in kinds[:MOST_URGENT]]


def _count(room: SearchRoom, found: SearchResults) -> None:
    if found.query.text and not found.total:
        _count_miss(room, found)
    if is_by_person(request.method, request.headers):
        shown = [hit.listing for hit in (*found.hits, *found.nearest)]
        room.counts.shown(shown, (*found.query.need, *found.question.needs))


def _count_miss(room: SearchRoom, found: SearchResults) -> None:
    try:
        with writing(room.engine) as session:
            count_miss(session, found, room.secret)
    except SQLAlchemyError as error:  # a count is not worth an error page
        log.warning("a miss was not counted", reason=type(error).__name__)
