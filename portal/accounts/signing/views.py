"""Who is signed in, for the pages of every desk; and how a browser becomes signed in. The pages themselves are in the folders beside."""

from __future__ import annotations

import re
import uuid
from typing import Final

from flask import Flask, Response, abort, current_app, g, request, url_for
from werkzeug.exceptions import HTTPException

from portal.accounts.audiences import Level, Member
from portal.accounts.queries import get_person
from portal.accounts.signing import sessions
from portal.accounts.signing.cookies import Cookie, give, read, take
from portal.accounts.signing.devices import device_name
from portal.accounts.signing.room import SigningRoom
from portal.accounts.signing.ways import find_ways
from portal.db import reading, writing
from portal.ui.caching import onward

_PATH: Final = re.compile(r"/(?!/)[\w./-]{1,300}", re.ASCII)
_ACCOUNT: Final = "signing.account"
_OFFERS: Final = "people.offers"  # what somebody was asked to do and has not answered; a page of another room


def install(app: Flask, room: SigningRoom) -> None:
    """Let pages know who is signed in."""
    app.extensions["signing"] = room


def signing_room() -> SigningRoom:
    """What `install` was given."""
    room: SigningRoom = current_app.extensions["signing"]
    return room


def find_this_member() -> Member | None:
    """Who is signed in on this device, if anybody. Read once a request."""
    if "member" not in g:
        g.member = _member_of(token_of(Cookie.SIGN_IN))
    member: Member | None = g.member
    return member


def this_member() -> Member:
    """Who is signed in, on a page that only members see."""
    member = find_this_member()
    if member is None:
        abort(403)
    return member


def token_of(cookie: Cookie) -> str:
    """The token that this browser carries; empty for none."""
    return read(request, cookie, is_secure=signing_room().is_secure)


def enter(person_id: uuid.UUID, level: Level, leads_to: str) -> Response:
    """Sign a person in, under a token that nobody had before, and on to the page that was wanted. Raises `NotFound` for who has left."""
    with writing(signing_room().engine) as session:
        person = get_person(session, person_id)
        sessions.forget(session, token_of(Cookie.SIGN_IN))
        token = sessions.start(session, person.id, level, this_device())
    return entered(token, leads_to)


def entered(token: str, leads_to: str) -> Response:
    """On, with the token of a sign-in that has just begun; what led up to it is taken away."""
    g.member = _member_of(token)
    room, response = signing_room(), onward(where_to(this_member(), leads_to))
    give(response, Cookie.SIGN_IN, token, is_secure=room.is_secure)
    for cookie in (Cookie.ASKED, Cookie.CEREMONY):
        take(response, cookie, is_secure=room.is_secure)
    return response


def where_to(member: Member, leads_to: str) -> str:
    """Where somebody goes once signed in: the second step, what waits for their answer, what they wanted, or their desk."""
    wanted = own_page(leads_to)
    if member.level is Level.LINK:
        return url_for("signing.second", then=wanted or None)
    with reading(signing_room().engine) as session:
        person, ways = get_person(session, member.id), find_ways(session, member.id)
    if ways.is_passkey_only and not ways.passkeys:
        return url_for(_ACCOUNT, _anchor="passkeys")
    offers = [*(one.accepted_at for one in person.grants), *(one.accepted_at for one in person.memberships)]
    if None in offers and _OFFERS in current_app.view_functions:
        return url_for(_OFFERS)
    if wanted:
        return wanted
    desks = current_app.extensions["desk links"]()
    return url_for(desks[0].endpoint if desks else _ACCOUNT)


def own_page(wanted: str) -> str:
    """`wanted` where it is the path of a page of this site, which somebody may be led to once they are signed in; empty otherwise."""
    if not _PATH.fullmatch(wanted):
        return ""
    try:
        endpoint, _ = current_app.url_map.bind("localhost").match(wanted, "GET")
    except HTTPException:
        return ""
    return wanted if endpoint == _ACCOUNT or not str(endpoint).startswith("signing.") else ""


def then() -> str:
    """The page of ours that the address says to go on to; empty for none."""
    return own_page(request.args.get("then", ""))


def this_device() -> str:
    """What people call the device that asks."""
    return device_name(request.user_agent.string)


def _member_of(token: str) -> Member | None:
    if not token:
        return None
    room = signing_room()
    with reading(room.engine) as session:
        member = sessions.find_member(session, token)
        is_due = member is not None and sessions.is_to_be_seen(session, member)
    if member is not None and is_due:
        with writing(room.engine) as session:
            sessions.mark_seen(session, member)
    return member
