"""The public pages of the borough and of each locality. They are the same for everybody.

Without the index or the database they say less, and nothing wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.council.standing import Standing
from portal.directory.queries import Helper, find_public, list_helpers
from portal.errors import IndexUnavailable, NotFound
from portal.i18n.request import page_language
from portal.insight.locality.linked_data import linked_locality
from portal.insight.locality.missing import Missing, Needing, missing_in
from portal.insight.locality.people import people_of
from portal.insight.locality.week import Week, week_in
from portal.localities.collection import Locality
from portal.localities.outlines import draw
from portal.search.areas import Extents
from portal.search.based import based_in, count_based, list_organizations_based_in
from portal.search.generation import Generation
from portal.search.here import Here, count_here
from portal.search.maps import WIDTH, Map
from portal.search.views import SearchRoom
from portal.standby import reading_now
from portal.ui.caching import public
from portal.ui.qr import qr_code

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class LocalityRoom:
    """What pages of localities are made from."""

    search: SearchRoom
    standing: Standing
    needing: Needing
    borough: str
    base_url: str


@dataclass(frozen=True)
class Part:
    """A locality, and how many services have a place in it; None while the index is away."""

    locality: Locality
    based: int | None


@dataclass(frozen=True)
class Around:
    """What the index and the database say of a locality: empty where they are away. `based`: services with a place in it.

    `missing` is None where nobody can tell.
    """

    here: Here = field(default_factory=Here)
    based: int = 0
    missing: Missing | None = None
    week: Week = field(default_factory=Week)
    helpers: tuple[Helper, ...] = ()


def install(app: Flask, of_language: str, room: LocalityRoom) -> None:
    """Serve the pages of the borough and its localities."""
    app.extensions["localities"] = room
    views = Blueprint("localities", __name__)
    views.add_url_rule("/localities", "borough", borough)
    views.add_url_rule("/localities/<slug>", "locality", locality)
    app.register_blueprint(views, url_prefix=of_language)


def borough() -> Response:
    """Every locality with how much is based there, and everything there is by kind of help."""
    room = _room()
    here, parts = _whole(room.search, clock.local_now())
    drawing = Map(draw(room.search.boundaries, WIDTH), None, ())
    return public(render_template("insight/borough.html", here=here, parts=parts, map=drawing))


def locality(slug: str) -> Response:
    """One locality: what there is by kind of help, the coming week, who is at home there, and what the council says."""
    room = _room()
    gazetteer = room.search.searcher.extents.gazetteer
    known = gazetteer.localities.get(slug)
    if known is None:
        return _moved(room.search.searcher.extents, slug)
    address = room.base_url + url_for("localities.locality", slug=slug)
    page = render_template(
        "insight/locality.html",
        locality=known,
        around=_around(room, slug, clock.local_now()),
        map=Map(draw(room.search.boundaries, WIDTH), slug, ()),
        people=people_of(room.needing.table, slug),
        taxonomy=room.search.searcher.taxonomy,
        words=room.standing.place(slug),
        gazetteer=gazetteer,
        address=address,
        qr=qr_code(address),
        data=linked_locality(known, gazetteer.locality_places.get(slug), room.borough, (address, page_language().code)),
        today=clock.today(),
    )
    return public(page)


def _room() -> LocalityRoom:
    room: LocalityRoom = current_app.extensions["localities"]
    return room


def _moved(extents: Extents, slug: str) -> Response:
    """On from the address of a former locality to what lies there now; to all localities where it was split."""
    now = extents.former.get(slug)
    if not now:
        raise NotFound(f"no locality {slug!r}")
    address = url_for("localities.locality", slug=next(iter(now))) if len(now) == 1 else url_for("localities.borough")
    return public(make_response(redirect(address, 301)))


def _whole(room: SearchRoom, moment: datetime) -> tuple[Here, list[Part]]:
    localities = room.searcher.extents.gazetteer.localities.values()
    try:
        columns = room.index.snapshot().generation.columns
    except IndexUnavailable:
        return Here(), [Part(locality, None) for locality in localities]
    based = count_based(columns, columns.shown(moment.date()), len(localities))
    parts = [Part(locality, number) for locality, number in zip(localities, based, strict=True)]
    return count_here(columns, room.searcher, None, moment), parts


def _around(place_room: LocalityRoom, slug: str, moment: datetime) -> Around:
    room = place_room.search
    try:
        generation = room.index.snapshot().generation
    except IndexUnavailable:
        return Around()
    extents = room.searcher.extents
    number, columns = extents.localities.index(slug), generation.columns
    start = extents.gazetteer.locality_places.get(slug)
    here = count_here(columns, room.searcher, start, moment) if start else Here()
    based = int((based_in(columns, number) & columns.shown(moment.date())).sum())
    around = Around(here, based, missing_in(columns, extents, place_room.needing, slug, moment.date()))
    try:
        week, helpers = _named(room, generation, number, moment)
    except IndexUnavailable:
        room.index.distrust()
    except SQLAlchemyError as error:  # nobody can say what is public now, so nothing is named
        log.warning("the services of a locality are not named", reason=type(error).__name__)
    else:
        return replace(around, week=week, helpers=helpers)
    return around


def _named(room: SearchRoom, generation: Generation, number: int, moment: datetime) -> tuple[Week, tuple[Helper, ...]]:
    columns = generation.columns
    with reading_now(room.engine) as session:
        week = week_in(generation, number, moment, lambda ids: find_public(session, ids))
        at_home = list_organizations_based_in(columns, columns.shown(moment.date()), number)
        return week, tuple(list_helpers(session, at_home))
