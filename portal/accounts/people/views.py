"""What somebody is asked to do, and their yes or no; and what all pages of people share."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from flask_limiter import Limiter, RouteLimit

from portal.accounts.audiences import PASSKEY_ONLY, Level
from portal.accounts.people.offers import find_offer
from portal.accounts.people.operations import accept, decline
from portal.accounts.people.queries import list_offers
from portal.accounts.people.room import PeopleRoom
from portal.accounts.people.wording import ROLES, WORK
from portal.accounts.signing.views import find_this_member, this_member
from portal.db import reading, writing
from portal.errors import NotFound
from portal.ui.caching import never, onward

INVITATIONS: Final = "20 per hour"  # of one person, from wherever they are
SENT: Final = 303
DONE: Final = frozenset({"yes", "no", "over", "asked", "back", "removed", "left", "taken", "gone", "begun", "helped", "refused"})


def install(app: Flask, of_language: str, room: PeopleRoom) -> None:
    """Serve the offers."""
    app.extensions["people"] = room
    app.jinja_env.globals.update(role_names=ROLES, role_work=WORK)
    views = Blueprint("people", __name__)
    views.add_url_rule("/account/offers", "offers", offers, methods=["GET", "POST"])
    app.register_blueprint(views, url_prefix=of_language)


def people_room() -> PeopleRoom:
    """What `install` was given."""
    room: PeopleRoom = current_app.extensions["people"]
    return room


def done() -> str:
    """What was just done, for the page that comes after; empty for anything else in the address."""
    given = request.args.get("done", "")
    return given if given in DONE else ""


def limit_invitations(limiter: Limiter) -> RouteLimit:
    """The limit on asking people, common to all pages that do: an account that was taken over is no machine for sending mail."""
    return limiter.shared_limit(
        INVITATIONS,
        "invitations",
        key_func=lambda: str(this_member().id),
        methods=["POST"],
        exempt_when=lambda: find_this_member() is None,
        override_defaults=False,
        deduct_when=lambda response: response.status_code == SENT,
    )


def posted_id(name: str) -> uuid.UUID:
    """The id that a form names. Raises `NotFound` for what is none."""
    try:
        return uuid.UUID(request.form.get(name, ""))
    except ValueError as error:
        raise NotFound("no such id") from error


def with_status(html: str, status: int = 200) -> Response:
    """A page that nobody keeps, with its status."""
    response = never(html)
    response.status_code = status
    return response


def offers() -> Response:
    """What they are asked; posted, their answer to one."""
    if request.method == "POST":
        return onward(url_for("people.offers", done=_answer()))
    member = this_member()
    with reading(people_room().engine) as session:
        waiting = list_offers(session, member.id)
    closed = PASSKEY_ONLY if member.level is not Level.PASSKEY else frozenset()
    return never(render_template("accounts/people/offers.html", offers=waiting, closed=closed, done=done()))


def _answer() -> str:
    """Write the answer down; how it went."""
    offer, member, room = find_offer(request.form.get("offer", "")), this_member(), people_room()
    answer = request.form.get("answer", "")
    if offer is None or answer not in ("yes", "no"):
        return "over"
    with writing(room.engine) as session:
        is_said = accept(session, room.sender, member, offer) if answer == "yes" else decline(session, member, offer)
    return answer if is_said else "over"
