"""The page that tells those who keep listings how often people find them."""

from __future__ import annotations

import uuid

from flask import Blueprint, Flask, Response, render_template, request

from portal.accounts.signing.views import this_member
from portal.db import reading
from portal.editing.desk.views import desk_room
from portal.editing.figures.queries import get_figures
from portal.typed import whole_number
from portal.ui.caching import never


def install(app: Flask, of_language: str) -> None:
    """Serve the page."""
    views = Blueprint("figures", __name__)
    views.add_url_rule("/my-listings/<uuid:organization_id>/figures", "figures", figures)
    app.register_blueprint(views, url_prefix=of_language)


def figures(organization_id: uuid.UUID) -> Response:
    """How often the listings of one organization were shown, opened and called, and what people looked for."""
    room = desk_room()
    page = whole_number(request.args.get("page", "1")) or 1
    with reading(room.engine) as session:
        found = get_figures(session, this_member(), organization_id, list(room.taxonomy.needs), page)
    return never(render_template("figures/figures.html", figures=found, needs=room.taxonomy.needs))
