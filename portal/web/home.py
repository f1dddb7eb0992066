"""The home page: one question, eight needs as words, three honest numbers; and `/`, which leads to it."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Flask, Response, redirect, render_template, url_for

from portal import clock
from portal.errors import IndexUnavailable
from portal.i18n.request import page_language
from portal.ui.caching import public
from portal.web.holdings import Holdings
from portal.web.linked_site import linked_site

QUARTER = timedelta(days=92)
SHOWN_NEEDS = ("falls", "loneliness", "carer-support", "food", "low-mood", "memory-worries", "housing-advice", "home-care")


def install(app: Flask, of_language: str, holdings: Holdings, base_url: str) -> None:
    """Serve the home page. `base_url` is where the site is public."""
    views = Blueprint("home", __name__)
    taxonomy = holdings.taxonomy

    @views.get("/")
    def home() -> Response:
        needs = [taxonomy.needs[need] for need in SHOWN_NEEDS if need in taxonomy.needs]
        home_address, search_address = (base_url + url_for(endpoint) for endpoint in ("home.home", "search.results"))
        data = linked_site(holdings.standing.pack, home_address, search_address, page_language().code)
        figures = _figures(holdings)
        return public(render_template("web/home.html", needs=needs, groups=taxonomy.groups, figures_here=figures, data=data))

    app.register_blueprint(views, url_prefix=of_language)
    app.add_url_rule("/", "root", lambda: redirect(url_for("home.home", lang_code=holdings.pack.languages[0])))


def _figures(holdings: Holdings) -> tuple[int, int] | None:
    """(services, of them checked this quarter), or None while the index is away: numbers are honest or absent."""
    try:
        columns = holdings.index.snapshot().generation.columns
    except IndexUnavailable:
        return None
    since = (clock.today() - QUARTER).toordinal()
    shown = columns.shown(clock.today())
    return int(shown.sum()), int((shown & (columns.assured >= since)).sum())
