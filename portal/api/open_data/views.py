"""The page of open data, the same for everybody, with nothing from anywhere else on it."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, render_template

from portal.api.formats.offers import CHANGES, FLAT, OPENAPI, PACKAGE
from portal.api.open_data.reference import addresses, parameters
from portal.api.oruk.parameter import MOST_PER_PAGE, ROOT
from portal.ui.caching import public


def install(app: Flask, of_language: str, base_url: str, most_a_minute: int) -> None:
    """Serve the page. `base_url` is where the site is public; `most_a_minute` is how often one program may ask."""
    pages = Blueprint("open_data", __name__)
    pages.add_url_rule("/open-data", "open_data", lambda: _open_data(base_url, most_a_minute))
    app.register_blueprint(pages, url_prefix=of_language)


def _open_data(base_url: str, most_a_minute: int) -> Response:
    page = render_template(
        "api/open_data.html",
        root=ROOT,
        base_url=base_url,
        most_a_minute=most_a_minute,
        most_per_page=MOST_PER_PAGE,
        flat=FLAT.path,
        package=PACKAGE.path,
        changes=CHANGES.path,
        openapi=OPENAPI.path,
        addresses=addresses(),
        parameters=parameters(),
    )
    return public(page)
