"""Closing one's own account: what goes and what stays, then done. Only for who has just signed in, as for all that cannot be undone."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_limiter import Limiter

from portal.accounts.people.closing.forms import CloseForm
from portal.accounts.people.closing.operations import Closing, close_own
from portal.accounts.people.closing.queries import find_ending
from portal.accounts.people.views import people_room, with_status
from portal.accounts.signing.cookies import Cookie, take
from portal.accounts.signing.views import signing_room, this_member
from portal.db import reading, writing
from portal.ui.caching import never, onward

STATUS = {Closing.STALE: 422, Closing.LAST: 409}


def install(app: Flask, of_language: str, limiter: Limiter) -> None:
    """Serve these pages."""
    views = Blueprint("closing", __name__)
    limited = limiter.limit("20 per minute", methods=["POST"])
    views.add_url_rule("/account/close", "close", limited(close), methods=["GET", "POST"])
    views.add_url_rule("/account/closed", "closed", closed)
    app.register_blueprint(views, url_prefix=of_language)


def close() -> Response:
    """What closing means; posted with its tick, done."""
    form = CloseForm(request.form)
    if request.method == "GET":
        return _page(form)
    if not form.validate():
        return _page(form, 422)
    with writing(people_room().engine) as session:
        outcome = close_own(session, people_room().sender, this_member())
    return _signed_out() if outcome is Closing.DONE else _page(form, STATUS[outcome])


def closed() -> Response:
    """That it is closed. It says nothing of anybody, so anybody may see it."""
    return never(render_template("accounts/people/closed.html"))


def _page(form: CloseForm, status: int = 200) -> Response:
    with reading(people_room().engine) as session:
        ending = find_ending(session, this_member())
    return with_status(render_template("accounts/people/close.html", ending=ending, form=form), status)


def _signed_out() -> Response:
    response = onward(url_for("closing.closed"))
    for cookie in Cookie:
        take(response, cookie, is_secure=signing_room().is_secure)
    return response
