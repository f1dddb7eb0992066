"""The second step after a link: whoever has a passkey or an app uses it, whoever has neither sets one up."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template, request
from flask_limiter import Limiter

from portal.accounts.audiences import Level
from portal.accounts.signing import apps, sessions
from portal.accounts.signing.forms import DigitsForm
from portal.accounts.signing.views import entered, find_this_member, signing_room, then, this_member, where_to
from portal.accounts.signing.ways import Ways, find_ways
from portal.db import reading, writing
from portal.i18n.text import gettext
from portal.ui.caching import never, onward

TRIES: Final = "30 per day"  # of codes, for one person: somebody who reads their mail must not try them all


def add_to(views: Blueprint, limiter: Limiter) -> None:
    """Add this page."""
    tried = limiter.limit(TRIES, methods=["POST"], key_func=_person)
    views.add_url_rule("/sign-in/second", "second", tried(second), methods=["GET", "POST"])


def second() -> Response:
    """Show a second time who you are."""
    room, member, form = signing_room(), this_member(), DigitsForm(request.form)
    if member.level is not Level.LINK:
        return onward(where_to(member, then()))
    with reading(room.engine) as session:
        ways = find_ways(session, member.id)
    if request.method == "GET" or not ways.takes_codes:
        return _page(ways, form)
    return _try(ways, form) if form.validate() else _page(ways, form, 422)


def _try(ways: Ways, form: DigitsForm) -> Response:
    """Sign in by the digits; the fifth wrong ones end what the link began."""
    room, member, token = signing_room(), this_member(), ""
    with writing(room.engine) as session:
        left = sessions.count_try(session, member)
        if left is not None and apps.use_digits(session, room, member.id, form.read):
            token = sessions.step_up(session, member, Level.CODE)
        elif not left:
            sessions.end(session, member.id, member.sign_in)
    if token:
        return entered(token, then())
    if not left:
        response = never(render_template("accounts/signing/over.html"))
        response.status_code = 410
        return response
    form.digits.errors = [gettext("These are not the digits that your app shows now. Wait for new ones, and type all six.")]
    return _page(ways, form, 422)


def _page(ways: Ways, form: DigitsForm, status: int = 200) -> Response:
    has_passkeys = signing_room().has_passkeys
    response = never(render_template("accounts/signing/second.html", ways=ways, form=form, then=then(), has_passkeys=has_passkeys))
    response.status_code = status
    return response


def _person() -> str:
    member = find_this_member()
    return f"second step of {member.id}" if member else "second step of nobody"
