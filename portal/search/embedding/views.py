"""Services near a place, for the frame of another site; and a public page that makes the words that such a site copies.

The framed page sets no cookie, runs no script and counts nobody. It never lists, nor names, what is dangerous to be seen reading:
for such a need, and for urgent words, it leads to urgent help and to the site itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from portal import clock
from portal.i18n.request import keep_arguments
from portal.localities.place import Ambiguous, Place
from portal.search import wording
from portal.search.cards import card_of
from portal.search.query import SearchQuery
from portal.search.results import SearchResults
from portal.search.views import SearchRoom, answer, search_room, urgent_cards
from portal.ui.caching import never, public

MOST: Final = 5


@dataclass(frozen=True)
class Snippets:
    """What another site copies: `frame` shows services in its page, `link` leads here. `preview` is the address of what is framed."""

    frame: Markup
    link: Markup
    preview: str


def install(app: Flask, of_language: str, base_url: str) -> None:
    """Serve both pages. `base_url` is the public address, which the snippets name."""
    app.extensions["address for other sites"] = base_url
    views = Blueprint("embedding", __name__)
    views.add_url_rule("/embed", "framed", framed)
    views.add_url_rule("/embed/make", "make", make)
    app.register_blueprint(views, url_prefix=of_language)


def framed() -> Response:
    """A few services for the place and need in the address: the same for everybody."""
    room, query = search_room(), _query()
    found = answer(room, query)
    now = clock.local_now()
    page = render_template(
        "embedding/framed.html",
        results=found,
        query=query,
        is_hushed=_is_hushed(room, query, found),
        cards=[card_of(hit, now, found.here) for hit in found.hits[:MOST]],
        taxonomy=room.searcher.taxonomy,
        wording=wording,
    )
    return public(page)


def make() -> Response:
    """Choose a place and a need, and copy what shows them."""
    room, query = search_room(), _query()
    taxonomy, place = room.searcher.taxonomy, room.searcher.where(query)[1]
    is_asked = bool(request.args)
    is_unknown = query.place != "" and not isinstance(place, Place)
    label = place.label if isinstance(place, Place) else ""
    keep_arguments(_arguments(query))
    page = public(
        render_template(
            "embedding/make.html",
            query=query,
            is_unknown=is_unknown,
            choices=place.choices if isinstance(place, Ambiguous) else (),
            snippets=_snippets(query, label) if is_asked and not is_unknown else None,
            needs=[need for need in taxonomy.needs.values() if not need.is_sensitive],
            localities=room.searcher.extents.gazetteer.localities.values(),
        )
    )
    page.status_code = 422 if is_unknown else 200
    return never(page) if is_unknown else page


def _query() -> SearchQuery:
    """What the address asks: `near`, one `need`, and `q` for words; whatever else it holds is left out."""
    given = request.args
    asked = MultiDict([("q", given.get("q", "")), ("place", given.get("near", "")), ("need", given.get("need", ""))])
    return SearchQuery.from_args(asked, search_room().searcher.taxonomy)


def _is_hushed(room: SearchRoom, query: SearchQuery, found: SearchResults) -> bool:
    """Whether to show nothing of what was asked: it is urgent, or nobody should be seen reading about it."""
    asked = (*query.need, *found.question.said.needs)
    return bool(urgent_cards(room, query.text, found)) or room.searcher.taxonomy.is_sensitive(asked)


def _arguments(query: SearchQuery) -> dict[str, Any]:
    given = {"near": query.place, "need": next(iter(query.need), "")}
    return {name: value for name, value in given.items() if value}


def _snippets(query: SearchQuery, label: str) -> Snippets:
    base_url: str = current_app.extensions["address for other sites"]
    taxonomy = search_room().searcher.taxonomy
    query = query if not taxonomy.is_sensitive(query.need) else replace(query, need=())
    preview = url_for("embedding.framed", **_arguments(query))
    words = wording.near(label)
    frame = Markup('<iframe src="{}" title="{}" width="100%" height="640" loading="lazy" referrerpolicy="no-referrer"></iframe>')
    link = Markup('<a href="{}">{}</a>')
    arguments: dict[str, Any] = query.to_args()
    results = url_for("search.results", **arguments)
    return Snippets(frame.format(f"{base_url}{preview}", words), link.format(f"{base_url}{results}", words), preview)
