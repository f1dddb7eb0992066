"""Signing in and out: a link asked for and used, or a passkey. Whatever is typed, pages and work are the same for everybody."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_limiter import Limiter

from portal.accounts.addresses import normal
from portal.accounts.audiences import Level
from portal.accounts.signing import passkeys, sessions
from portal.accounts.signing.account import views as account
from portal.accounts.signing.asking import Entry, Refused, ask, find_link, use_digits, use_link
from portal.accounts.signing.codes import in_groups
from portal.accounts.signing.cookies import Cookie, give, take
from portal.accounts.signing.forms import AddressForm, DigitsForm
from portal.accounts.signing.second import views as second
from portal.accounts.signing.views import enter, find_this_member, signing_room, then, token_of
from portal.clock import LONDON
from portal.config import LOOPBACK
from portal.db import reading, writing
from portal.i18n.request import keep_address_quiet, page_language
from portal.i18n.text import gettext
from portal.sealing import is_token
from portal.ui.caching import never, onward

ASKS: Final = "10 per minute; 100 per day"  # from one address of the network
TRIES: Final = "20 per minute; 200 per day"
CHALLENGES: Final = "30 per minute; 1000 per day"  # the page itself asks for one, where the browser offers passkeys in its field


def install(app: Flask, of_language: str, limiter: Limiter) -> None:
    """Serve the pages of signing in, and of one's own account; `signing.views` holds their room."""
    views = Blueprint("signing", __name__)
    both, tried = ["GET", "POST"], limiter.limit(TRIES, methods=["POST"])
    app.jinja_env.filters.update(in_groups=in_groups, in_london=lambda moment: moment.astimezone(LONDON))
    views.add_url_rule("/sign-in", "sign_in", limiter.limit(ASKS, methods=["POST"])(sign_in), methods=both)
    views.add_url_rule("/sign-in/sent", "sent", tried(sent), methods=both)
    views.add_url_rule("/sign-in/link/<token>", "link", tried(link), methods=both)
    views.add_url_rule("/sign-in/passkey/options", "passkey_options", limiter.limit(CHALLENGES)(passkey_options), methods=["POST"])
    views.add_url_rule("/sign-in/passkey", "use_passkey", tried(use_passkey), methods=["POST"])
    views.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
    views.add_url_rule("/signed-out", "signed_out", signed_out)
    second.add_to(views, limiter)
    account.add_to(views, limiter)
    app.register_blueprint(views, url_prefix=of_language)


def sign_in() -> Response:
    """Ask for a link, or use a passkey."""
    room, form = signing_room(), AddressForm(request.form)
    if request.method == "GET":
        return _to_own_address() or _sign_in_page(form)
    if not form.validate():
        return _sign_in_page(form, 422)
    with writing(room.engine) as session:
        token = ask(session, room, normal(form.email.data or ""), page_language().code, then())
    response = onward(url_for("signing.sent"))
    give(response, Cookie.ASKED, token, is_secure=room.is_secure)
    return response


def sent() -> Response:
    """That a message is on its way; and its six digits, typed here."""
    room, form = signing_room(), DigitsForm(request.form)
    if request.method == "GET":
        return _sent_page(form)
    if not form.validate():
        return _sent_page(form, 422)
    with writing(room.engine) as session:
        found = use_digits(session, room, token_of(Cookie.ASKED), form.read)
    if isinstance(found, Entry):
        return enter(found.person_id, Level.LINK, found.leads_to)
    if found is Refused.OVER:
        return _over_page()
    form.digits.errors = [gettext("These are not the digits of our newest e-mail. Look at it again, and type all six.")]
    return _sent_page(form, 422)


def link(token: str) -> Response:
    """A link: by GET it changes nothing, ever. A button in the browser that asked; in any other, digits to type there."""
    keep_address_quiet()
    room, browser = signing_room(), token_of(Cookie.ASKED)
    if not is_token(token):
        return _over_page()
    if request.method == "POST" and browser:
        with writing(room.engine) as session:
            entry = use_link(session, token, browser)
        if entry is not None:
            return enter(entry.person_id, Level.LINK, entry.leads_to)
    with reading(room.engine) as session:
        found = find_link(session, token, browser)
    return never(render_template("accounts/signing/link.html", link=found, token=token)) if found else _over_page()


def passkey_options() -> Response:
    """A challenge for this browser, as the options that its script needs."""
    room = signing_room()
    with writing(room.engine) as session:
        begun = passkeys.begin_use(session, room)
    return account.options_page(begun)


def use_passkey() -> Response:
    """Sign in by what the browser's passkey has answered."""
    room = signing_room()
    with writing(room.engine) as session:
        person_id = passkeys.use(session, room, token_of(Cookie.CEREMONY), request.form.get("credential", ""))
    if person_id is not None:
        return enter(person_id, Level.PASSKEY, then())
    problem = gettext("We could not sign you in with that passkey. Try again, or ask for a link by e-mail.")
    return _sign_in_page(AddressForm(), 422, problem)


def sign_out() -> Response:
    """Sign out on this device. Anybody may, also whose sign-in is over."""
    room, member = signing_room(), find_this_member()
    if member is not None:
        with writing(room.engine) as session:
            sessions.end(session, member.id, member.sign_in)
    response = onward(url_for("signing.signed_out"))
    for cookie in Cookie:
        take(response, cookie, is_secure=room.is_secure)
    return response


def signed_out() -> Response:
    """That they are signed out."""
    return never(render_template("accounts/signing/signed_out.html"))


def _to_own_address() -> Response | None:
    """The site under its own name, for who came by another of this machine's: passkeys belong to a name."""
    own, here = signing_room().host, urlsplit(f"//{request.host}").hostname
    if own == here or not {own, here} <= LOOPBACK:
        return None
    return onward(signing_room().address + request.full_path.removesuffix("?"))


def _sign_in_page(form: AddressForm, status: int = 200, problem: str = "") -> Response:
    room = signing_room()
    html = render_template("accounts/signing/sign_in.html", form=form, then=then(), has_passkeys=room.has_passkeys, problem=problem)
    response = never(html)
    response.status_code = status
    return response


def _sent_page(form: DigitsForm, status: int = 200) -> Response:
    is_folder = signing_room().carriers.is_folder("email")
    response = never(render_template("accounts/signing/sent.html", form=form, is_folder=is_folder))
    response.status_code = status
    return response


def _over_page() -> Response:
    """One page for every link and ask that is good for nothing: used, late, superseded or never ours."""
    response = never(render_template("accounts/signing/over.html"))
    response.status_code = 410
    return response
