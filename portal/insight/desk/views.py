"""The commissioners' pages: where to look first, then need beside provision as a table, a map, a comparison and a file.

Never kept by browsers, for they change with the day.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request, url_for

from portal import clock
from portal.directory.freshness import HIDDEN_MONTHS
from portal.errors import IndexUnavailable
from portal.i18n.request import keep_arguments
from portal.i18n.text import locale
from portal.insight.contents import HUB, PAGES
from portal.insight.desk.choosing import Choice, choice_in, find_need, rows_of
from portal.insight.desk.numbers import Number
from portal.insight.desk.room import InsightRoom
from portal.insight.desk.shading import shade
from portal.insight.desk.sheet import as_csv
from portal.insight.desk.wording import words
from portal.insight.lacking import lacking
from portal.insight.matrix import Matrix
from portal.insight.reaching import NEAR_MILES
from portal.localities.outlines import draw
from portal.search.maps import WIDTH
from portal.ui.caching import never

FEWEST: Final = 2  # localities side by side
MOST_FIRST: Final = 5  # gaps that the first page names


def install(app: Flask, of_language: str, room: InsightRoom) -> None:
    """Serve these pages, and let every page of insight list the others."""
    app.extensions["insight"] = room
    views = Blueprint("insight", __name__)
    views.add_url_rule("/insight", "hub", hub)
    views.add_url_rule("/insight/matrix", "matrix", matrix)
    views.add_url_rule("/insight/matrix.csv", "sheet", sheet)
    views.add_url_rule("/insight/map", "shaded", shaded)
    views.add_url_rule("/insight/compare", "compare", compare)
    views.add_url_rule("/insight/method", "method", method)
    views.register_error_handler(IndexUnavailable, away)
    app.register_blueprint(views, url_prefix=of_language)
    app.jinja_env.globals["insight_pages"] = PAGES
    app.jinja_env.globals["insight_hub"] = HUB


def hub() -> Response:
    """Where commissioners begin: where most is missing, as long as it can be counted, and every page of insight with what it answers."""
    try:
        _room, found = read_matrix()
    except IndexUnavailable:
        return never(render_template("insight/hub.html"))
    return page("insight/hub.html", found, lacking=lacking(found.cells.values()), most=MOST_FIRST)


def matrix() -> Response:
    """Localities by the needs of one group, showing one number."""
    room, found = read_matrix()
    choice = choice_in(request.args, room.taxonomy)
    keep_arguments(choice.arguments())
    needs = room.taxonomy.needs_by_group[choice.group]
    rows = rows_of(found, room.localities, needs, choice)
    return page("insight/matrix.html", found, choice=choice, needs=needs, rows=rows, at=_at("insight.matrix", choice))


def sheet() -> Response:
    """All of it, as a file."""
    room, found = read_matrix()
    response = never(make_response(as_csv(found, room.localities, room.taxonomy, room.need)))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="need-and-provision-{found.day}.csv"'
    return response


def shaded() -> Response:
    """One number of one need, on the map and in the table behind it."""
    room, found = read_matrix()
    need = find_need(request.args, room.taxonomy)
    choice = choice_in({**request.args, "group": need.group, "sort": need.id}, room.taxonomy)
    kept = {"need": need.id, **choice.arguments(group="", sort="")}
    keep_arguments(kept)
    cells = {cell.locality: cell for cell in found.of_need(need.id)}
    drawn = shade(draw(room.areas.boundaries, WIDTH), cells, choice.number, is_rate=choice.is_rate)
    return page("insight/map.html", found, choice=choice, need=need, shaded=drawn)


def compare() -> Response:
    """The needs of one group and who lives there, for some localities side by side."""
    room, found = read_matrix()
    choice = choice_in(request.args, room.taxonomy)
    asked = request.args.getlist("with")
    chosen = [room.localities[slug] for slug in room.localities if slug in asked]
    keep_arguments({**choice.arguments(sort="", most=""), "with": [each.slug for each in chosen]})
    needs = room.taxonomy.needs_by_group[choice.group]
    is_wrong = "group" in request.args and len(chosen) < FEWEST
    shown = {"chosen": chosen, "measures": list(room.need.sources), "is_wrong": is_wrong, "is_shown": len(chosen) >= FEWEST}
    return page("insight/compare.html", found, choice=choice, needs=needs, **shown)


def method() -> Response:
    """How all of it is worked out, in words."""
    _room, found = read_matrix()
    return page("insight/method.html", found, near=round(NEAR_MILES), hidden_months=HIDDEN_MONTHS)


def insight_room() -> InsightRoom:
    """What these pages are given."""
    room: InsightRoom = current_app.extensions["insight"]
    return room


def read_matrix() -> tuple[InsightRoom, Matrix]:
    """Need beside provision, today. Raises `IndexUnavailable`."""
    room = insight_room()
    return room, room.figures.matrix(clock.today())


def page(template: str, found: Matrix, **shown: object) -> Response:
    """A page of figures, with the words for them and what they are counted from."""
    room = insight_room()
    known = {"matrix": found, "room": room, "Number": Number, **words(locale())}
    return never(render_template(template, **known, **shown))


def away(_error: IndexUnavailable) -> Response:
    """What a page of insight answers while the index is away: when to come back."""
    return never(make_response(render_template("insight/away.html"), 503))


def _at(endpoint: str, choice: Choice) -> object:
    return lambda **changes: url_for(endpoint, **choice.arguments(**changes))
