"""Somebody's own account: name and language, ways in, and where they are signed in."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_limiter import Limiter

from portal.accounts.audiences import Level
from portal.accounts.queries import get_person
from portal.accounts.signing import apps, operations, passkeys, sessions
from portal.accounts.signing.apps import NewApp
from portal.accounts.signing.cookies import Cookie, give
from portal.accounts.signing.forms import AppForm, DetailsForm, details_form
from portal.accounts.signing.passkeys import LONGEST_NAME, Begun
from portal.accounts.signing.views import entered, signing_room, then, this_device, this_member, token_of
from portal.accounts.signing.ways import find_ways, may_change
from portal.db import reading, writing
from portal.errors import NotFound
from portal.i18n.text import gettext
from portal.typed import one_line
from portal.ui.caching import never, onward
from portal.ui.qr import qr_code


def add_to(views: Blueprint, limiter: Limiter) -> None:
    """Add these pages."""
    limited = limiter.limit("20 per minute")
    views.add_url_rule("/account", "account", account, methods=["GET", "POST"])
    views.add_url_rule("/account/passkeys/options", "new_passkey_options", limited(new_passkey_options), methods=["POST"])
    views.add_url_rule("/account/passkeys", "add_passkey", limited(add_passkey), methods=["POST"])
    views.add_url_rule("/account/passkeys/rename", "rename_passkey", rename_passkey, methods=["POST"])
    views.add_url_rule("/account/passkeys/remove", "remove_passkey", remove_passkey, methods=["POST"])
    views.add_url_rule("/account/app", "app", limiter.limit("20 per minute", methods=["POST"])(app), methods=["GET", "POST"])
    views.add_url_rule("/account/app/remove", "remove_app", remove_app, methods=["POST"])
    views.add_url_rule("/account/devices/end", "end_device", end_device, methods=["POST"])
    views.add_url_rule("/account/devices/end-all", "end_devices", end_devices, methods=["POST"])


def account() -> Response:
    """What we know of you, how you sign in, and where."""
    room, member = signing_room(), this_member()
    if request.method == "GET":
        return _account_page(details_form(room.pack.languages, name=member.name, language=member.language))
    form = details_form(room.pack.languages, request.form)
    if not form.validate():
        return _account_page(form, status=422)
    with writing(room.engine) as session:
        operations.change_details(session, member, form.name.data or "", form.language.data)
    return onward(url_for("signing.account"))


def new_passkey_options() -> Response:
    """A challenge with which this browser makes a passkey, as the options that its script needs."""
    room, member = signing_room(), this_member()
    with writing(room.engine) as session:
        if not may_change(session, member, find_ways(session, member.id)):
            abort(403)
        begun = passkeys.begin_adding(session, room, member)
    return options_page(begun)


def options_page(begun: Begun) -> Response:
    """The options of a ceremony, and the cookie that binds it to this browser."""
    response = never(Response(begun.options, mimetype="application/json"))
    give(response, Cookie.CEREMONY, begun.token, is_secure=signing_room().is_secure)
    return response


def add_passkey() -> Response:
    """Add the passkey that this browser has made."""
    room, member = signing_room(), this_member()
    answer = operations.Answer(token_of(Cookie.CEREMONY), request.form.get("credential", ""), this_device())
    with writing(room.engine) as session:
        token = operations.add_passkey(session, room, member, answer)
    if token:
        return entered(token, then())
    if member.level is Level.LINK:
        return onward(url_for("signing.second", then=then() or None))
    return _refused(gettext("We could not add that passkey. Try again."))


def rename_passkey() -> Response:
    """Call a passkey something else."""
    name = one_line(request.form.get("name", ""), LONGEST_NAME)
    with writing(signing_room().engine) as session:
        if name and not passkeys.rename(session, this_member().id, _id("passkey"), name):
            raise NotFound("no such passkey of this member")
    return onward(url_for("signing.account", _anchor="passkeys"))


def remove_passkey() -> Response:
    """Take a passkey away."""
    with writing(signing_room().engine) as session:
        is_gone = operations.remove_passkey(session, signing_room(), this_member(), _id("passkey"))
    return onward(url_for("signing.account", _anchor="passkeys")) if is_gone else _refused(_not_now())


def app() -> Response:
    """Set up an app that makes codes: its secret, and its first code."""
    room, member, form = signing_room(), this_member(), AppForm(request.form)
    with reading(room.engine) as session:
        ways = find_ways(session, member.id)
        is_allowed = not ways.is_passkey_only and may_change(session, member, ways)
    if not is_allowed:
        return onward(url_for("signing.second" if member.level is Level.LINK else "signing.account"))
    new = apps.offer(room, member, form.sealed.data or "")
    if request.method == "GET" or not form.validate():
        return _app_page(form, new)
    with writing(room.engine) as session:
        token = operations.set_up_app(session, room, member, form.sealed.data or "", form.read)
    if token:
        return entered(token, then())
    form.digits.errors = [gettext("These are not the digits that the app shows now. Wait for new ones, and type all six.")]
    return _app_page(form, new)


def remove_app() -> Response:
    """Take the app away."""
    with writing(signing_room().engine) as session:
        is_gone = operations.remove_app(session, signing_room(), this_member())
    return onward(url_for("signing.account", _anchor="app")) if is_gone else _refused(_not_now())


def end_device() -> Response:
    """Sign out on one other device."""
    member = this_member()
    with writing(signing_room().engine) as session:
        sessions.end(session, member.id, one_line(request.form.get("device", ""), 64))
    return onward(url_for("signing.account", _anchor="devices"))


def end_devices() -> Response:
    """Sign out everywhere, here too."""
    with writing(signing_room().engine) as session:
        sessions.end_all(session, this_member().id)
    return onward(url_for("signing.signed_out"))


def _account_page(form: DetailsForm, problem: str = "", status: int = 200) -> Response:
    room, member = signing_room(), this_member()
    with reading(room.engine) as session:
        ways = find_ways(session, member.id)
        may = may_change(session, member, ways)
        devices = sessions.list_devices(session, member.id)
        email = get_person(session, member.id).email
    shown = {"ways": ways, "may_change": may, "devices": devices, "email": email, "has_passkeys": room.has_passkeys}
    response = never(render_template("accounts/signing/account.html", form=form, member=member, problem=problem, **shown))
    response.status_code = status
    return response


def _refused(problem: str) -> Response:
    member = this_member()
    return _account_page(details_form(signing_room().pack.languages, name=member.name, language=member.language), problem, 422)


def _not_now() -> str:
    return gettext("We did not remove it. It may be your only way in, or you signed in more than 10 minutes ago.")


def _app_page(form: AppForm, new: NewApp) -> Response:
    form.sealed.data = new.sealed
    response = never(render_template("accounts/signing/app.html", form=form, new=new, qr=qr_code(new.address), member=this_member()))
    response.status_code = 200 if request.method == "GET" else 422
    return response


def _id(name: str) -> uuid.UUID:
    """An id that was posted. Raises `NotFound` for what is none."""
    try:
        return uuid.UUID(request.form.get(name, ""))
    except ValueError as error:
        raise NotFound(f"no {name}") from error
