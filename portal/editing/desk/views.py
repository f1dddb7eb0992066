"""The editor's desk: what waits for whoever keeps a listing, and the button that says that it is still right."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from flask_limiter import Limiter

from portal import clock
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.editing.desk.queries import get_desk
from portal.editing.desk.room import DeskRoom
from portal.editing.freshness.operations import confirm as confirm_services
from portal.editing.proposals.queries import turnaround
from portal.editing.saying import STATUSES
from portal.editing.writing.rows import number_of
from portal.errors import NotFound
from portal.typed import whole_number
from portal.ui.caching import never, onward

WRITES: Final = "240 per minute"  # from one address: an office may share one
MOST_AT_ONCE: Final = 50


def install(app: Flask, of_language: str, room: DeskRoom, limiter: Limiter) -> None:
    """Serve the desk."""
    app.extensions["desk"] = room
    app.jinja_env.globals.update(status_names=STATUSES, row_number=number_of)
    views = Blueprint("desk", __name__)
    views.add_url_rule("/my-listings", "home", home)
    views.add_url_rule("/my-listings/still-right", "confirm", limiter.limit(WRITES)(confirm), methods=["POST"])
    app.register_blueprint(views, url_prefix=of_language)


def desk_room() -> DeskRoom:
    """What `install` was given."""
    room: DeskRoom = current_app.extensions["desk"]
    return room


def home() -> Response:
    """Every listing of this member's, and what each waits for."""
    member = this_member()
    with reading(desk_room().engine) as session:
        desk = get_desk(session, member, _page(), clock.today())
        days = turnaround(session).days
    done = request.args.get("done", "")
    return never(render_template("editing/home.html", desk=desk, days=days, today=clock.today(), done=done, member=member))


def confirm() -> Response:
    """These services are right as they are. Raises `NotFound` for any that is not this member's."""
    try:
        chosen = [uuid.UUID(each) for each in request.form.getlist("service")[:MOST_AT_ONCE]]
    except ValueError as error:
        raise NotFound("no such service") from error
    with writing(desk_room().engine) as session:
        confirm_services(session, this_member(), chosen)
    return onward(url_for("desk.home", done="right", page=_page() if _page() > 1 else None, _anchor=f"s-{chosen[0]}" if chosen else None))


def _page() -> int:
    return whole_number(request.values.get("page", "1")) or 1
