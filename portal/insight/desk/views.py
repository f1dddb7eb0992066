"""The commissioners' pages: one list of them first. Never kept by browsers, for they change with the day."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, render_template

from portal.insight.contents import HUB, PAGES
from portal.ui.caching import never


def install(app: Flask, of_language: str) -> None:
    """Serve these pages, and let every page of insight list the others."""
    views = Blueprint("insight", __name__)
    views.add_url_rule("/insight", "hub", hub)
    app.register_blueprint(views, url_prefix=of_language)
    app.jinja_env.globals["insight_pages"] = PAGES
    app.jinja_env.globals["insight_hub"] = HUB


def hub() -> Response:
    """Where commissioners begin: every page of insight, with what it answers."""
    return never(render_template("insight/hub.html"))
