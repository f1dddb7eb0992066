"""Pages of places: the borough with its localities, and one locality with what is there, by kind of help.

Counts are those of a search from that locality, so that a link shows as many as it promised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from flask import Blueprint, Flask, Response, current_app, render_template

from portal import clock
from portal.council.standing import Standing
from portal.errors import IndexUnavailable, NotFound
from portal.localities.answer import Place
from portal.localities.outlines import draw
from portal.search.columns import Columns
from portal.search.maps import WIDTH, Map
from portal.search.open_now import open_at
from portal.search.reach import reach
from portal.search.views import SearchRoom, search_room
from portal.taxonomy.terms import Group, Need
from portal.ui.caching import public


@dataclass(frozen=True)
class NeedCount:
    """A need and how many services meet it here."""

    need: Need
    count: int


@dataclass(frozen=True)
class Here:
    """What there is at a place: per group its needs with counts, services in all, and how many are open now; empty without an index."""

    groups: tuple[tuple[Group, tuple[NeedCount, ...]], ...] = ()
    total: int = 0
    open_now: int = 0


def install(app: Flask, of_language: str, standing: Standing) -> None:
    """Serve the pages of the borough and its localities, with the council's words about them."""
    app.extensions["words about localities"] = standing
    views = Blueprint("localities", __name__)
    views.add_url_rule("/localities", "borough", borough)
    views.add_url_rule("/localities/<slug>", "locality", locality)
    app.register_blueprint(views, url_prefix=of_language)


def borough() -> Response:
    """Every locality, and everything there is by kind of help."""
    room = search_room()
    return public(
        render_template("search/borough.html", here=_here(room, None), map=Map(draw(room.boundaries, WIDTH), None, ()), **_shared(room))
    )


def locality(slug: str) -> Response:
    """One locality: its outline and what is there, by kind of help."""
    room = search_room()
    known = room.searcher.extents.gazetteer.localities.get(slug)
    if known is None:
        raise NotFound(f"no locality {slug!r}")
    start = room.searcher.extents.gazetteer.locality_places[slug]
    drawn = Map(draw(room.boundaries, WIDTH), slug, ())
    standing: Standing = current_app.extensions["words about localities"]
    words = standing.place(slug)
    return public(render_template("search/locality.html", locality=known, here=_here(room, start), map=drawn, words=words, **_shared(room)))


def _shared(room: SearchRoom) -> dict[str, object]:
    gazetteer = room.searcher.extents.gazetteer
    return {"localities": gazetteer.localities.values(), "boundary_date": gazetteer.boundary_date, "source": gazetteer.source}


def _here(room: SearchRoom, start: Place | None) -> Here:
    try:
        columns = room.index.snapshot().generation.columns
    except IndexUnavailable:
        return Here()
    return _count(room, columns, start, clock.local_now())


def _count(room: SearchRoom, columns: Columns, start: Place | None, moment: datetime) -> Here:
    rows = columns.shown(moment.date()) & reach(columns, start, room.searcher.extents.numbers(start), None).counts
    counts = dict(zip(room.searcher.taxonomy.needs, (columns.needs[rows] > 0).sum(axis=0).tolist(), strict=True))
    groups = []
    for group in room.searcher.taxonomy.groups.values():
        needs = room.searcher.taxonomy.needs_by_group[group.id]
        met = tuple(NeedCount(need, counts[need.id]) for need in needs if counts[need.id])
        if met:
            groups.append((group, met))
    return Here(tuple(groups), int(rows.sum()), int(np.sum(rows & open_at(columns, moment))))
