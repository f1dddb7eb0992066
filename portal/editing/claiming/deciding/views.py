"""Pages of those who decide on claims: the council's reviewers, and those who keep an organization's listings already."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_limiter import Limiter

from portal import clock
from portal.accounts.audiences import Member
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.directory.days import working_days
from portal.directory.models import Organization
from portal.editing.claiming.deciding import operations
from portal.editing.claiming.forms import ReasonForm
from portal.editing.claiming.queries import A_PAGE, get_claim, list_asked, list_waiting
from portal.editing.claiming.views import claiming_room
from portal.errors import Conflict, NotFound, Refused
from portal.i18n.request import keep_arguments
from portal.ui.caching import never, onward

DECIDES: Final = "60 per minute; 2000 per day"
LAST_PAGE: Final = 999
LATE: Final = 5  # working days
DONE: Final = frozenset({"yes", "no", "over"})


def install(app: Flask, of_language: str, limiter: Limiter) -> None:
    """Serve these pages."""
    limited, both = limiter.limit(DECIDES, methods=["POST"]), ["GET", "POST"]
    app.jinja_env.filters["working_days"] = lambda moment: working_days(clock.day_of(moment), clock.today())
    views = Blueprint("claims", __name__)
    views.add_url_rule("/claims", "waiting", waiting)
    views.add_url_rule("/claims/<uuid:claim_id>", "claim", limited(claim), methods=both)
    theirs = Blueprint("joining", __name__)
    theirs.add_url_rule("/organizations/<uuid:organization_id>/claims", "claims", limited(claims), methods=both)
    app.register_blueprint(views, url_prefix=of_language)
    app.register_blueprint(theirs, url_prefix=of_language)


def waiting() -> Response:
    """What waits for the council, the longest waiting first."""
    room, page = claiming_room(), min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    with reading(room.engine) as session:
        found, total = list_waiting(session, room.sender, page)
    keep_arguments({"page": page} if page > 1 else {})
    shown = {"claims": found, "total": total, "page": min(page, max(1, -(-total // A_PAGE))), "count": -(-total // A_PAGE), "late": LATE}
    return never(render_template("claiming/waiting.html", **shown, done=_done()))


def claim(claim_id: uuid.UUID) -> Response:
    """One claim, what speaks for it, and the decision."""
    member, form = this_member(), ReasonForm(request.form)
    act = request.form.get("act", "")
    if request.method == "GET" or act not in ("accept", "decline"):
        return _page(claim_id, member, ReasonForm())
    if act == "decline" and not form.validate():
        return _page(claim_id, member, form, 422)
    try:
        _decide(claim_id, member, form if act == "decline" else None)
    except (Conflict, Refused) as error:
        return _page(claim_id, member, form, 409, type(error).__name__)
    return onward(url_for("claims.waiting", done="yes" if act == "accept" else "no"))


def claims(organization_id: uuid.UUID) -> Response:
    """Who asks to keep these listings too, for those who keep them."""
    member, room = this_member(), claiming_room()
    if not member.edits(organization_id):
        raise NotFound(f"no organization {organization_id} of theirs")
    if request.method == "POST":
        return onward(url_for("joining.claims", organization_id=organization_id, done=_answer(member)))
    with reading(room.engine) as session:
        organization = session.get_one(Organization, organization_id)
        asked = list_asked(session, room.sender, organization_id)
        return never(render_template("claiming/joining.html", organization=organization, asked=asked, done=_done()))


def _answer(member: Member) -> str:
    """Write the answer of somebody who keeps the listings; how it went."""
    room, is_yes = claiming_room(), request.form.get("answer") == "yes"
    try:
        with writing(room.engine) as session:
            operations.answer_as_keeper(session, room.sender, member, _id("claim"), is_yes=is_yes)
    except Conflict:
        return "over"
    return "yes" if is_yes else "no"


def _decide(claim_id: uuid.UUID, member: Member, form: ReasonForm | None) -> None:
    """Decline with a reason, or accept; "organization" names one that is here after all."""
    room = claiming_room()
    with writing(room.engine) as session:
        if form is not None:
            operations.decline(session, room.sender, member, claim_id, form.reason.data)
        else:
            known = _id("organization") if request.form.get("organization") else None
            operations.accept(session, room.sender, member, claim_id, known)


def _page(claim_id: uuid.UUID, member: Member, form: ReasonForm, status: int = 200, problem: str = "") -> Response:
    room = claiming_room()
    with reading(room.engine) as session:
        view = get_claim(session, room.sender, claim_id)
    is_mine = bool(view.told and view.told.email == member.email)
    response = never(render_template("claiming/deciding.html", it=view, form=form, is_mine=is_mine, problem=problem))
    response.status_code = status
    return response


def _id(name: str) -> uuid.UUID:
    """The id that a form names. Raises `NotFound` for what is none."""
    try:
        return uuid.UUID(request.form.get(name, ""))
    except ValueError as error:
        raise NotFound("no such id") from error


def _done() -> str:
    given = request.args.get("done", "")
    return given if given in DONE else ""
