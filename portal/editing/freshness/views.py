"""Pages of freshness: the link of a reminder, for whoever has it; what is due, for the council; a number for text messages.

A link changes nothing by GET. What it shows is public already; what it can do is to say that it is right.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from flask_limiter import Limiter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.directory.freshness import Stage
from portal.directory.queries import find_public
from portal.editing.freshness import operations
from portal.editing.freshness.forms import RANG, AnswersForm, CallForm, MobileForm
from portal.editing.freshness.published import Published, list_published
from portal.editing.freshness.queries import PAGE, Wanted, count_due, list_due, list_due_of, list_organizations_due
from portal.editing.freshness.reminding import find_mobile
from portal.errors import NotFound
from portal.i18n.request import keep_address_quiet, keep_arguments
from portal.i18n.text import marked
from portal.sharing.asking.room import Sender
from portal.signposting.advising.texting import mobile_number
from portal.taxonomy.terms import Taxonomy
from portal.typed import uuid_in, whole_number
from portal.ui.caching import never, onward

ANSWERS: Final = "10 per minute; 100 per day"  # from one address
LAST_PAGE: Final = 999
STAGES: Final = {  # in the order of the ladder
    Stage.ASK: marked("Over 6 months"),
    Stage.ASK_AGAIN: marked("Over 9 months"),
    Stage.MARKED: marked("Over a year"),
    Stage.HIDDEN: marked("Over 15 months: not in our search"),
}


@dataclass(frozen=True)
class FreshnessRoom:
    """What these pages are given. `areas` are names of localities by slug; `sends_texts` whether a gateway is set."""

    engine: Engine
    sender: Sender
    taxonomy: Taxonomy
    areas: Mapping[str, str]
    sends_texts: bool


def install(app: Flask, of_language: str, room: FreshnessRoom, limiter: Limiter) -> None:
    """Serve these pages."""
    app.extensions["freshness"] = room
    views = Blueprint("freshness", __name__)
    limited = limiter.limit(ANSWERS, methods=["POST"])
    views.add_url_rule("/still-right/<token>", "still_right", limited(still_right), methods=["GET", "POST"])
    views.add_url_rule("/still-right/<token>/thanks", "thanks", thanks)
    views.add_url_rule("/account/texts", "texts", limited(texts), methods=["GET", "POST"])
    app.register_blueprint(views, url_prefix=of_language)
    desk = Blueprint("due", __name__)
    desk.add_url_rule("/due", "due", due)
    desk.add_url_rule("/due/<uuid:service_id>", "call", call, methods=["GET", "POST"])
    app.register_blueprint(desk, url_prefix=of_language)


def _room() -> FreshnessRoom:
    room: FreshnessRoom = current_app.extensions["freshness"]
    return room


def still_right(token: str) -> Response:
    """What we publish of what is due, and a question about each; the answers."""
    keep_address_quiet()
    room = _room()
    with reading(room.engine) as session:
        opened = operations.find_opened(session, token)
        if opened is None:
            return _over()
        published = list_published(session, room.taxonomy, opened.service_ids, clock.local_now())
    form = AnswersForm({it.listing.id: it.listing.name for it in published}, request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        with writing(room.engine) as session:
            answered = operations.answer(session, room.sender, token, form.answers())
        return onward(_after(token, form)) if answered else _over()
    return _page(token, published, form)


def _after(token: str, form: AnswersForm) -> str:
    """On to thanks; to signing in where nothing was said but that something has changed."""
    answers = form.answers()
    if form.wants_to_change and not answers.right and not answers.closed:
        return url_for("signing.sign_in", then=_to_change())
    return url_for("freshness.thanks", token=token)


def _to_change() -> str | None:
    """Where somebody who keeps listings changes them."""
    return url_for("desk.home") if "desk.home" in current_app.view_functions else None


def _page(token: str, published: Sequence[Published], form: AnswersForm) -> Response:
    page = never(render_template("freshness/still_right.html", token=token, published=published, form=form, now=clock.local_now()))
    page.status_code = 422 if form.errors else 200
    return page


def _over() -> Response:
    """One page for every link that does not open."""
    page = never(render_template("freshness/over.html"))
    page.status_code = 404
    return page


def thanks(token: str) -> Response:
    """What was answered is done; a page of its own, so that loading it again sends nothing twice."""
    keep_address_quiet()
    room = _room()
    with reading(room.engine) as session:
        opened = operations.find_opened(session, token)
    if opened is None:
        return _over()
    return never(render_template("freshness/thanks.html", token=token, left=len(opened.service_ids), change=_to_change()))


def texts() -> Response:
    """Whether reminders come to a mobile as well."""
    room, member = _room(), this_member()
    form = MobileForm(request.form)
    if request.method == "POST" and form.validate():
        with writing(room.engine) as session:
            operations.set_mobile(session, room.sender.secret, member, mobile_number(form.number.data or ""))
        return onward(url_for("freshness.texts"))
    if request.method == "GET":
        with reading(room.engine) as session:
            form.number.data = find_mobile(session, room.sender.secret, member.id)
    page = never(render_template("freshness/texts.html", form=form, sends_texts=room.sends_texts))
    page.status_code = 422 if form.errors else 200
    return page


def due() -> Response:
    """Everything that somebody should confirm, by stage, organization and area."""
    room = _room()
    wanted = _wanted(room)
    keep_arguments({name: value for name, value in _arguments(wanted).items() if value})
    with reading(room.engine) as session:
        counted = count_due(session, wanted=wanted)
        services = list_due(session, wanted=wanted)
        organizations = list_organizations_due(session)
    total = counted[wanted.stage] if wanted.stage else sum(counted.values())
    return never(
        render_template(
            "freshness/due.html",
            services=services,
            counted=counted,
            total=total,
            count=max(1, -(-total // PAGE)),
            wanted=wanted,
            organizations=organizations,
            at_page=lambda page: url_for("due.due", **{**_arguments(wanted), "page": page}),
            stages=STAGES,
            areas=room.areas,
        )
    )


def call(service_id: uuid.UUID) -> Response:
    """What we publish of one service and the number to ring; what came of the call."""
    room, form = _room(), CallForm(request.form)
    if request.method == "POST" and form.validate():
        with writing(room.engine) as session:
            _note(session, service_id, form)
        return onward(url_for("due.due"))
    with reading(room.engine) as session:
        if not find_public(session, [service_id]):
            raise NotFound(f"no public service {service_id}")
        [published] = list_published(session, room.taxonomy, [service_id], clock.local_now())
        waiting = next(iter(list_due_of(session, [service_id])), None)
    page = never(render_template("freshness/call.html", it=published, due=waiting, form=form, now=clock.local_now()))
    page.status_code = 422 if form.errors else 200
    return page


def _note(session: Session, service_id: uuid.UUID, form: CallForm) -> None:
    if form.outcome.data == RANG:
        operations.confirm_by_council(session, this_member(), service_id, _room().sender.pack.council)
    else:
        operations.note_call(session, this_member(), service_id, form.note.data or "")


def _wanted(room: FreshnessRoom) -> Wanted:
    """What the address asks for; what it cannot mean is left out."""
    given = request.args
    return Wanted(
        stage=next((stage for stage in Stage if stage == given.get("stage")), None),
        organization_id=uuid_in(given.get("organization", "")),
        area=given.get("area", "") if given.get("area") in room.areas else "",
        is_unkept=given.get("nobody") == "yes",
        page=min(whole_number(given.get("page", "1")) or 1, LAST_PAGE),
    )


def _arguments(wanted: Wanted) -> dict[str, object]:
    return {
        "stage": wanted.stage.value if wanted.stage else None,
        "organization": str(wanted.organization_id) if wanted.organization_id else None,
        "area": wanted.area or None,
        "nobody": "yes" if wanted.is_unkept else None,
        "page": wanted.page if wanted.page > 1 else None,
    }
