"""The reviewer's desk: what waits, one proposal, and the decision on it; whom the council trusts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from flask_limiter import Limiter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Member
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.editing.proposals import operations
from portal.editing.proposals.queries import get_proposal, is_trusted, list_to_look_at, list_waiting, list_waiting_since, turnaround
from portal.editing.proposals.seen import ProposalView
from portal.editing.reviewing.deciding import LONGEST_REASON, Posted, check, decision, elsewhere, first_look, read, to_see_again
from portal.editing.reviewing.paging import part_of, places_of
from portal.editing.reviewing.showing import count_late, names_in, proposer_of, queue, wholes
from portal.editing.reviewing.trusting import find_organization, list_trusted
from portal.editing.saying import Speech
from portal.errors import Conflict, NotFound, Refused
from portal.i18n.request import keep_arguments
from portal.i18n.text import locale
from portal.taxonomy.terms import Taxonomy
from portal.typed import lines
from portal.ui.caching import never, onward

DECIDES: Final = "60 per minute; 2000 per day"  # from one address, behind which a whole council may sit
A_PAGE: Final = 25
LAST_PAGE: Final = 999
MOST_PARTS: Final = 4_000  # fields of one page of a large import
LONG: Final = 300  # services of which publishing takes longer than people expect of a page
LARGEST: Final = 2 * 1024 * 1024


@dataclass(frozen=True)
class ReviewingRoom:
    """What these pages are given."""

    engine: Engine
    taxonomy: Taxonomy


def install(app: Flask, of_language: str, room: ReviewingRoom, limiter: Limiter) -> None:
    """Serve these pages."""
    app.extensions["reviewing"] = room
    views = Blueprint("reviewing", __name__)
    limited = limiter.limit(DECIDES, methods=["POST"])
    views.add_url_rule("/review", "waiting", waiting)
    views.add_url_rule("/review/<uuid:proposal_id>", "proposal", limited(proposal), methods=["GET", "POST"])
    views.add_url_rule("/review/trusted", "trusted", trusted)
    views.add_url_rule("/review/trusted/<uuid:organization_id>", "trust", limited(trust), methods=["GET", "POST"])
    app.register_blueprint(views, url_prefix=of_language)


def reviewing_room() -> ReviewingRoom:
    """What `install` was given."""
    room: ReviewingRoom = current_app.extensions["reviewing"]
    return room


def speech() -> Speech:
    """How records are said on this page."""
    return Speech(reviewing_room().taxonomy, locale(), clock.today())


def waiting() -> Response:
    """What waits, and what was published by those who are trusted."""
    member = this_member()
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    with reading(reviewing_room().engine) as session:
        since = list_waiting_since(session)
        found, after = list_waiting(session, A_PAGE, (page - 1) * A_PAGE), list_to_look_at(session, A_PAGE)
        usual = turnaround(session)
    keep_arguments({"page": page} if page > 1 else {})
    return never(
        render_template(
            "reviewing/queue.html",
            member=member,
            shown=queue(found, clock.now()),
            total=len(since),
            late=count_late(since, clock.now()),
            after=queue(after, clock.now()),
            usual=usual,
            page=page,
            count=-(-len(since) // A_PAGE),
        )
    )


def proposal(proposal_id: uuid.UUID) -> Response:
    """One proposal, field by field; what was decided of it."""
    member, room = this_member(), reviewing_room()
    if request.method == "GET":
        with reading(room.engine) as session:
            return _page(session, member, get_proposal(session, proposal_id, places_of(request.args.get("page", ""))))
    request.max_form_parts, request.max_content_length, request.max_form_memory_size = MOST_PARTS, LARGEST, LARGEST
    with reading(room.engine) as session:
        view = get_proposal(session, proposal_id)
        posted = read(view, request.form)
        if "page" in request.form:
            return _page(session, member, view, posted)
        act = ACTS.get(request.form.get("act", ""), _publish)
        posted = check(view, posted) if act is _publish else posted
        if posted.missing or (act is _give_back and not posted.reason):
            return _page(session, member, view, posted)
    try:
        with writing(room.engine) as session:
            act(session, member, view, posted)
    except (Conflict, Refused) as error:
        with reading(room.engine) as session:
            return _page(session, member, get_proposal(session, proposal_id), posted, error)
    return onward(url_for("reviewing.proposal", proposal_id=proposal_id))


def _publish(session: Session, member: Member, view: ProposalView, posted: Posted) -> None:
    operations.approve(session, member, view.id, posted.lock, decision(view, posted))


def _give_back(session: Session, member: Member, view: ProposalView, posted: Posted) -> None:
    operations.return_to_editor(session, member, view.id, posted.lock, posted.reason)


def _confirm(session: Session, member: Member, view: ProposalView, posted: Posted) -> None:
    operations.confirm_contacts(session, member, view.id, posted.lock)


def _looked_at(session: Session, member: Member, view: ProposalView, posted: Posted) -> None:
    operations.look_at(session, member, view.id, posted.lock)


ACTS: Final[dict[str, Callable[[Session, Member, ProposalView, Posted], None]]] = {
    "publish": _publish,
    "return": _give_back,
    "confirm": _confirm,
    "looked-at": _looked_at,
}


def _page(session: Session, member: Member, view: ProposalView, posted: Posted | None = None, error: Exception | None = None) -> Response:
    """The page of a proposal; with what was posted, when it has to be looked at again, or another page of it is wanted."""
    is_turned = "page" in request.form
    again = to_see_again(view, posted) if posted and not is_turned else ()
    part = part_of(view, request.form.get("page") or request.form.get("at") or request.args.get("page", ""), again)
    keep_arguments({"page": part.page} if part.page > 1 else {})
    shown: dict[str, Any] = {
        "view": view,
        "part": part,
        "wholes": wholes(session, view, part.services, speech()),
        "proposer": proposer_of(session, view),
        "names": names_in(session, view),
        "is_mine": view.proposed_by == member.id,
        "is_first": view.decided_by == member.id,
        "posted": posted or first_look(view),
        "elsewhere": elsewhere(view, posted or first_look(view), part.services),
        "is_asked": posted is not None and not is_turned,
        "is_long": part.total > LONG,
        "error": error,
        "longest": LONGEST_REASON,
    }
    response = never(render_template("reviewing/proposal.html", **shown))
    response.status_code = 200 if posted is None or is_turned else 409 if error else 422
    return response


def trusted() -> Response:
    """Organizations whose people publish at once."""
    with reading(reviewing_room().engine) as session:
        return never(render_template("reviewing/trusted.html", organizations=list_trusted(session)))


def trust(organization_id: uuid.UUID) -> Response:
    """Let one publish at once, or no longer, with a reason."""
    room, member = reviewing_room(), this_member()
    with reading(room.engine) as session:
        name, was = find_organization(session, organization_id), is_trusted(session, organization_id)
    if name is None:
        raise NotFound(f"no organization {organization_id}")
    reason = lines(request.form.get("reason", ""), LONGEST_REASON)
    error = ""
    if request.method == "POST" and reason:
        try:
            with writing(room.engine) as session:
                operations.set_trusted(session, member, organization_id, request.form.get("trusted") == "yes", reason)
            return onward(url_for("reviewing.trusted"))
        except Refused:
            error = "own"
    elif request.method == "POST":
        error = "reason"
    page = never(render_template("reviewing/trust.html", name=name, was=was, reason=reason, error=error, organization_id=organization_id))
    page.status_code = 422 if error else 200
    return page
