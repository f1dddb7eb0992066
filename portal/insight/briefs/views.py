"""Briefs on paper: the page that lists them, and each as a file."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app, g, make_response, render_template

from portal import clock
from portal.errors import IndexUnavailable, NotFound
from portal.i18n.text import locale
from portal.insight.briefs.document import Brief, to_pdf
from portal.insight.briefs.ground import Ground
from portal.insight.briefs.writing import of_borough, of_locality
from portal.insight.figures import Figures
from portal.taxonomy.terms import Taxonomy
from portal.ui.caching import never


@dataclass(frozen=True)
class BriefsRoom:
    """The figures, what needs are called, and how the borough and the site are."""

    figures: Figures
    taxonomy: Taxonomy
    borough: str
    site: str


def install(app: Flask, of_language: str, room: BriefsRoom) -> None:
    """Serve these pages."""
    app.extensions["briefs"] = room
    views = Blueprint("briefs", __name__)
    views.add_url_rule("/insight/brief", "briefs", briefs)
    views.add_url_rule("/insight/brief/borough.pdf", "borough", borough)
    views.add_url_rule("/insight/brief/areas/<slug>.pdf", "area", area)
    views.register_error_handler(IndexUnavailable, away)
    app.register_blueprint(views, url_prefix=of_language)


def briefs() -> Response:
    """The borough and each area, to choose from."""
    return never(render_template("briefs/briefs.html", localities=_room().figures.ground.areas.localities, is_away=False))


def borough() -> Response:
    """The brief of the borough."""
    return _file(of_borough(_ground()), "borough")


def area(slug: str) -> Response:
    """The brief of a locality. Raises `NotFound`."""
    ground = _ground()
    if slug not in ground.localities:
        raise NotFound(f"no locality {slug}")
    return _file(of_locality(ground, slug), slug)


def away(_error: IndexUnavailable) -> Response:
    """What is answered while the index is away."""
    localities = _room().figures.ground.areas.localities
    return never(make_response(render_template("briefs/briefs.html", localities=localities, is_away=True), 503))


def _file(brief: Brief, name: str) -> Response:
    response = make_response(to_pdf(brief))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="brief-{name}-{clock.today()}.pdf"'
    return never(response)


def _ground() -> Ground:
    room, today = _room(), clock.today()
    return Ground(
        matrix=room.figures.matrix(today),
        whole=room.figures.facts(today).provision(),
        need=room.figures.ground.areas.need,
        localities=room.figures.ground.areas.localities,
        taxonomy=room.taxonomy,
        borough=room.borough,
        site=room.site,
        locale=locale(),
        language=g.lang_code,
    )


def _room() -> BriefsRoom:
    room: BriefsRoom = current_app.extensions["briefs"]
    return room
