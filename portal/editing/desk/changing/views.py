"""Pages of changing one listing, or writing a new one: step by step, each saved as it is sent; a look at the whole; sent for review."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any, Final

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_limiter import Limiter
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.directory.record import ServiceRecord
from portal.editing.desk.changing.showing import checked, coming, sections
from portal.editing.desk.subject import Subject, discard, get_new_subject, get_subject, save, send, take_back
from portal.editing.desk.views import WRITES, desk_room
from portal.editing.proposals.queries import turnaround
from portal.editing.writing.page import Writing
from portal.editing.writing.rows import Posted
from portal.editing.writing.steps import BY_ID, CLOSING, STEPS, Step, step_after
from portal.editing.writing.times import preview
from portal.errors import Conflict, NotFound, Refused
from portal.i18n.request import page_language
from portal.typed import lines
from portal.ui.caching import never, onward

MOST_PARTS: Final = 600  # fields of a page with many times
LONGEST_NOTE: Final = 500
SAVE, LOOK = "save", "look"


def install(app: Flask, of_language: str, limiter: Limiter) -> None:
    """Serve these pages, for services that are there (`changing`) and for new ones (`adding`)."""
    steps = f"<any({','.join(BY_ID)}):step_id>"
    one_step, whole = limiter.limit(WRITES, methods=["POST"])(step), limiter.limit(WRITES, methods=["POST"])(check)
    for name, start in (("changing", "/my-listings/<uuid:service_id>"), ("adding", "/my-listings/new/<uuid:organization_id>")):
        views = Blueprint(name, __name__)
        views.add_url_rule(start, "overview", overview)
        views.add_url_rule(f"{start}/{steps}", "step", one_step, methods=["GET", "POST"])
        views.add_url_rule(f"{start}/check", "check", whole, methods=["GET", "POST"])
        views.add_url_rule(f"{start}/sent", "sent", sent)
        views.add_url_rule(f"{start}/discard", "discard", throw_away, methods=["POST"])
        if name == "changing":
            views.add_url_rule(f"{start}/take-back", "take_back", go_on, methods=["POST"])
        app.register_blueprint(views, url_prefix=of_language)


def overview(service_id: uuid.UUID | None = None, organization_id: uuid.UUID | None = None) -> Response:
    """Everything that can be changed, as it is now; for a new one the step that comes next."""
    with reading(desk_room().engine) as session:
        subject = _subject(session, service_id, organization_id)
    if subject.is_new and subject.draft_id is None:
        return onward(_url(subject, "step", step_id=STEPS[0].id))
    return _page("editing/overview.html", subject, sections=sections(subject, desk_room().taxonomy, clock.local_now()))


def step(step_id: str, service_id: uuid.UUID | None = None, organization_id: uuid.UUID | None = None) -> Response:
    """One step. What can be understood is saved whichever button is pressed; "Save" goes on."""
    with reading(desk_room().engine) as session:
        subject = _subject(session, service_id, organization_id)
    here = BY_ID[step_id]
    if subject.is_new and here is CLOSING:
        raise NotFound("a new service cannot be closed")
    if request.method == "GET":
        return _step_page(subject, here, _writing(subject, here))
    request.max_form_parts = MOST_PARTS
    act = request.form.get("do", SAVE)
    page = _done(subject, here, act)
    is_sound = page.validate()
    if is_sound:
        _save(subject, page.result())
    if act == SAVE and is_sound:
        return onward(_after(subject, here))
    if act == LOOK and is_sound:
        return onward(_url(subject, "step", step_id=here.id, _anchor="said"))
    if act in (SAVE, LOOK):
        return _step_page(subject, here, page, 422)
    return _step_page(subject, here, _done(subject, here, act))  # not judged: somebody is still writing


def check(service_id: uuid.UUID | None = None, organization_id: uuid.UUID | None = None) -> Response:
    """The whole listing as it will be, with what changes and what could be better; posted, it is sent for review."""
    if request.method == "GET":
        return _check_page(service_id, organization_id)
    try:
        with writing(desk_room().engine) as session:
            subject = _subject(session, service_id, organization_id)
            outcome = send(session, this_member(), subject, lines(request.form.get("note", ""), LONGEST_NOTE))
    except (Refused, Conflict) as error:
        return _check_page(service_id, organization_id, type(error).__name__)
    return onward(_url(subject, "sent", state=outcome.state, held="yes" if outcome.held else None))


def _check_page(service_id: uuid.UUID | None, organization_id: uuid.UUID | None, problem: str = "") -> Response:
    room, now = desk_room(), clock.local_now()
    with reading(room.engine) as session:
        subject = _subject(session, service_id, organization_id)
        if subject.is_new and subject.draft_id is None:
            return onward(_url(subject, "step", step_id=STEPS[0].id))
        values: dict[str, Any] = {"checked": checked(session, room, subject), "days": turnaround(session).days}
    values |= {"sections": sections(subject, room.taxonomy, now), "dates": coming(subject.record, now), "needs_by_id": room.taxonomy.needs}
    return _page("editing/check.html", subject, 409 if problem else 200, problem=problem, note=request.form.get("note", ""), **values)


def sent(service_id: uuid.UUID | None = None, organization_id: uuid.UUID | None = None) -> Response:
    """It was sent, or is live already: what happens next, and when."""
    with reading(desk_room().engine) as session:
        subject = _subject(session, service_id, organization_id)
        days = turnaround(session).days
    return _page("editing/sent.html", subject, days=days, is_live=request.args.get("state") == "approved", is_held="held" in request.args)


def throw_away(service_id: uuid.UUID | None = None, organization_id: uuid.UUID | None = None) -> Response:
    """Throw the draft away."""
    with writing(desk_room().engine) as session:
        subject = _subject(session, service_id, organization_id)
        discard(session, this_member(), subject)
    return onward(_home(subject, done="discarded"))


def go_on(service_id: uuid.UUID) -> Response:
    """Take back what waits, and go on with it."""
    try:
        with writing(desk_room().engine) as session:
            subject = get_subject(session, this_member(), service_id)
            take_back(session, this_member(), subject)
    except (Conflict, Refused):
        return onward(_home(subject, done="late"))
    return onward(url_for("changing.overview", service_id=service_id))


def _subject(session: Session, service_id: uuid.UUID | None, organization_id: uuid.UUID | None) -> Subject:
    if service_id is not None:
        return get_subject(session, this_member(), service_id)
    if organization_id is None:
        raise NotFound("neither a service nor an organization")
    return get_new_subject(session, this_member(), organization_id)


def _writing(subject: Subject, here: Step, posted: Posted | None = None) -> Writing:
    return here.page(subject.record, desk_room().offer(page_language().code), posted)


def _done(subject: Subject, here: Step, act: str) -> Writing:
    """The page as posted, with what its button did."""
    page = _writing(subject, here, request.form)
    if act not in (SAVE, LOOK):
        page.do(act)
    return page


def _save(subject: Subject, record: ServiceRecord) -> None:
    """Save a draft; none begins with a page that changed nothing."""
    if record == subject.record:
        return
    with writing(desk_room().engine) as session:
        save(session, this_member(), subject, record)


def _after(subject: Subject, here: Step) -> str:
    """Where "Save" leads: to the look at the whole, or for somebody new to the next step."""
    following = step_after(here) if subject.is_new else None
    return _url(subject, "step", step_id=following.id) if following else _url(subject, "check")


def _url(subject: Subject, page: str, **values: Any) -> str:
    if subject.is_new:
        return url_for(f"adding.{page}", organization_id=subject.organization_id, **values)
    return url_for(f"changing.{page}", service_id=subject.service_id, **values)


def _home(subject: Subject, **values: Any) -> str:
    """The desk that somebody came from: their own listings, or for the council all that are due."""
    return url_for("desk.home", **values) if this_member().edits(subject.organization_id) else url_for("due.due")


def _step_page(subject: Subject, here: Step, page: Writing, status: int = 200) -> Response:
    number = STEPS.index(here) + 1 if here in STEPS else 0
    values = {"step": here, "page": page, "number": number, "count": len(STEPS), "moment": clock.local_now(), "preview": preview}
    return _page(f"editing/steps/{here.id}.html", subject, status, **values)


def _page(template: str, subject: Subject, status: int = 200, **values: Any) -> Response:
    frame = {"subject": subject, "to": partial(_url, subject), "home": _home(subject), "now": clock.local_now()}
    frame["is_own"] = is_own = this_member().edits(subject.organization_id)
    frame["may_take_back"] = is_own or (subject.waiting is not None and subject.waiting.proposed_by == this_member().id)
    response = never(render_template(template, **frame, **values))
    response.status_code = status
    return response
