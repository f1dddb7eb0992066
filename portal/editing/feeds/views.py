"""The reviewer's pages of feeds: what waits, each beside what is here, and the decision, which can be made again."""

from __future__ import annotations

import uuid
from typing import Any, Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from flask_limiter import Limiter

from portal import clock
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.directory.feeds.models import Reason, State
from portal.directory.feeds.operations import Choice, Decision, decide
from portal.directory.feeds.queries import A_PAGE, SideBySide, get_side_by_side, list_doubtful, list_feeds
from portal.editing.feeds.room import FeedsRoom
from portal.editing.feeds.showing import beside
from portal.editing.feeds.wording import CHOICES, EFFECTS, PROBLEMS, REASONS
from portal.editing.saying import Speech
from portal.errors import Conflict
from portal.history import Act
from portal.i18n.request import keep_arguments
from portal.i18n.text import locale
from portal.ui.caching import never, onward

DECIDES: Final = "60 per minute; 2000 per day"
LAST_PAGE: Final = 999


def install(app: Flask, of_language: str, room: FeedsRoom, limiter: Limiter) -> None:
    """Serve these pages."""
    app.extensions["feeds"] = room
    limited = limiter.limit(DECIDES, methods=["POST"])
    views = Blueprint("feeds", __name__)
    views.add_url_rule("/feeds", "waiting", waiting)
    views.add_url_rule("/feeds/<uuid:key>", "listing", limited(listing), methods=["GET", "POST"])
    app.register_blueprint(views, url_prefix=of_language)


def feeds_room() -> FeedsRoom:
    """What `install` was given."""
    room: FeedsRoom = current_app.extensions["feeds"]
    return room


def waiting() -> Response:
    """Each feed and how it is; what waits, or of what ours was kept."""
    state = State.OURS if request.args.get("state") == State.OURS else State.WAITING
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    with reading(feeds_room().engine) as session:
        feeds, (found, total) = list_feeds(session), list_doubtful(session, state, page)
    count = max(1, -(-total // A_PAGE))
    page = min(page, count)
    keep_arguments(_arguments(state, page))
    shown: dict[str, Any] = {"feeds": feeds, "found": found, "total": total, "page": page, "count": count, "state": state}
    at = lambda wanted, number=1: url_for("feeds.waiting", **_arguments(wanted, number))  # noqa: E731 - a name for the template
    return never(render_template("feeds/waiting.html", **shown, at=at, REASONS=REASONS, PROBLEMS=PROBLEMS, done=_done()))


def listing(key: uuid.UUID) -> Response:
    """One listing of a feed beside ours, and the decision."""
    room, member = feeds_room(), this_member()
    with reading(room.engine) as session:
        it = get_side_by_side(session, key)
    choice = next((each for each in _choices(it) if each == request.form.get("choice")), None)
    if request.method == "GET" or choice is None:
        return _page(it, "" if request.method == "GET" else "choice")
    try:
        with writing(room.engine) as session:
            act = Act(f"feed: {choice.value}", member.acted_by)
            decide(session, room.options, act, Decision(key, choice, request.form.get("lock", "")))
    except Conflict:
        with reading(room.engine) as session:
            return _page(get_side_by_side(session, key), "meanwhile")
    return onward(url_for("feeds.waiting", done=choice.value))


def _page(it: SideBySide, problem: str) -> Response:
    """Both, side by side. `problem` is `choice`, `meanwhile` or empty; of what is settled nothing is asked any more."""
    choices = _choices(it)
    asked = problem if choices else ""
    speech = Speech(feeds_room().options.taxonomy, locale(), clock.today())
    shown = {"it": it, "lines": beside(it, speech), "choices": choices, "problem": asked}
    response = never(render_template("feeds/listing.html", **shown, REASONS=REASONS, CHOICES=CHOICES, EFFECTS=EFFECTS))
    response.status_code = (422 if problem == "choice" else 409) if asked else 409 if problem else 200
    return response


def _choices(it: SideBySide) -> tuple[Choice, ...]:
    """What there is to choose: one listing cannot be shown beside itself, and nothing can be chosen of one that is settled."""
    if it.about.state == State.TAKEN:
        return ()
    return (Choice.THEIRS, Choice.OURS) if it.about.reason == Reason.CHANGED_HERE else tuple(Choice)


def _arguments(state: State, page: int) -> dict[str, Any]:
    given = {"state": state.value if state is State.OURS else "", "page": page if page > 1 else 0}
    return {name: value for name, value in given.items() if value}


def _done() -> str:
    given = request.args.get("done", "")
    return given if given in set(Choice) else ""
