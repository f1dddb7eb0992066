"""What a listing said before, for those who keep it and those who look after all; bringing a version back."""

from __future__ import annotations

import uuid

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_limiter import Limiter
from sqlalchemy.orm import Session

from portal.accounts.audiences import Audience, Member, Role, may_see
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.directory.records import Recorded, get_record
from portal.editing.proposals import operations
from portal.editing.proposals.draft import Draft, DraftedService
from portal.editing.proposals.models import Kind
from portal.editing.reviewing.deciding import LONGEST_REASON
from portal.editing.reviewing.past.reading import compare_versions, list_past
from portal.editing.reviewing.views import DECIDES, reviewing_room, speech
from portal.errors import Conflict, NotFound, Refused
from portal.i18n.request import page_language
from portal.typed import lines
from portal.ui.caching import never, onward


def install(app: Flask, of_language: str, limiter: Limiter) -> None:
    """Serve these pages."""
    views = Blueprint("past", __name__)
    limited = limiter.limit(DECIDES, methods=["POST"])
    views.add_url_rule("/services/<uuid:service_id>/history", "versions", versions)
    views.add_url_rule("/services/<uuid:service_id>/history/<int:number>", "version", limited(version), methods=["GET", "POST"])
    app.register_blueprint(views, url_prefix=of_language)


def versions(service_id: uuid.UUID) -> Response:
    """Every version, the newest first."""
    with reading(reviewing_room().engine) as session:
        live = _theirs(session, this_member(), service_id)
        past = list_past(session, live)
    return never(render_template("reviewing/versions.html", live=live, past=past, is_reviewer=_reviews(this_member())))


def version(service_id: uuid.UUID, number: int) -> Response:
    """One version beside what is live, and bringing it back: a reviewer publishes it, an editor proposes it."""
    member, room = this_member(), reviewing_room()
    reason, error = lines(request.form.get("reason", ""), LONGEST_REASON), ""
    with reading(room.engine) as session:
        _theirs(session, member, service_id)
        found, live, rows = compare_versions(session, service_id, number, speech())
    if request.method == "POST" and reason:
        try:
            with writing(room.engine) as session:
                proposal_id = _bring_back(session, member, live, number, reason)
            return onward(_after(member, service_id, proposal_id))
        except (Conflict, Refused):
            error = "conflict"
    elif request.method == "POST":
        error = "reason"
    shown = {"live": live, "version": found, "rows": rows, "reason": reason, "error": error, "is_reviewer": _reviews(member)}
    page = never(render_template("reviewing/version.html", **shown))
    page.status_code = 422 if error else 200
    return page


def _theirs(session: Session, member: Member, service_id: uuid.UUID) -> Recorded:
    live = get_record(session, service_id)
    if not may_see(Audience.COUNCIL, member) and not member.edits(live.organization_id):
        raise NotFound(f"no service {service_id} of this person")
    return live


def _reviews(member: Member) -> bool:
    return member.has(Role.REVIEWER)


def _bring_back(session: Session, member: Member, live: Recorded, number: int, reason: str) -> uuid.UUID:
    if _reviews(member):
        return operations.restore_version(session, member, live.service_id, number, reason).proposal_id
    record = compare_versions(session, live.service_id, number, speech())[0].record
    services = (DraftedService(live.service_id, record),)
    draft = operations.save_draft(session, member, Draft(live.organization_id, Kind.CHANGE, services, language=page_language().code))
    return operations.propose(session, member, draft.id, reason).proposal_id


def _after(member: Member, service_id: uuid.UUID, proposal_id: uuid.UUID) -> str:
    if _reviews(member):
        return url_for("reviewing.proposal", proposal_id=proposal_id)
    return url_for("past.versions", service_id=service_id)
