"""The pages of whoever asks: whom, what they may see and until when; a look at exactly that; sent once; how it stands, and back.

Nothing is kept before "Send": what is typed goes from page to page in the forms themselves, by POST, and is checked anew each time.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from flask_limiter import Limiter

from portal import clock
from portal.assessment.cookie import read_token
from portal.assessment.definition import HELP
from portal.assessment.forms import ABOUT_STRENGTHS
from portal.assessment.keeping import Sitting, find_sitting, save_sitting
from portal.assessment.views import assessment_room, this_sitting
from portal.db import reading, writing
from portal.directory.days import working_day_after
from portal.errors import NotFound
from portal.i18n.request import page_language
from portal.sealing import is_token, new_token
from portal.sharing.asking.draft import MOST_IN_A_DAY, MOST_RECIPIENTS, Draft
from portal.sharing.asking.forms import AskForm, Offer, ask_form
from portal.sharing.asking.operations import ANSWERED_WITHIN, withdraw
from portal.sharing.asking.operations import ask as send_requests
from portal.sharing.asking.queries import Asked, count_lately, list_asked, was_sent
from portal.sharing.asking.recipients import FRONT_DOOR, list_recipients
from portal.sharing.asking.room import AskingRoom
from portal.sharing.asking.shared import Told
from portal.sharing.plans.kept import shown
from portal.signposting.counting import count_front_door
from portal.signposting.views import plan_of
from portal.ui.caching import never, onward

SENDINGS: Final = "10 per minute; 50 per day"  # of requests, from one address
JUST_NOW: Final = timedelta(minutes=10)  # for so long the page that says how it stands begins with "Sent"


def install(app: Flask, of_language: str, room: AskingRoom, limiter: Limiter) -> None:
    """Serve these pages."""
    app.extensions["asking"] = room
    app.jinja_env.globals["about_strengths"] = ABOUT_STRENGTHS
    views = Blueprint("asking", __name__)
    views.add_url_rule("/plan/ask", "ask", ask, methods=["GET", "POST"])
    views.add_url_rule("/plan/ask/check", "check", check, methods=["GET", "POST"])
    views.add_url_rule("/plan/ask/send", "send", limiter.limit(SENDINGS)(send), methods=["POST"])
    views.add_url_rule("/plan/asked", "asked", asked)
    views.add_url_rule("/plan/asked/withdraw", "take_back", take_back, methods=["POST"])
    app.register_blueprint(views, url_prefix=of_language)


def asking_room() -> AskingRoom:
    """What `install` was given."""
    room: AskingRoom = current_app.extensions["asking"]
    return room


def ask() -> Response:
    """Whom to ask, and what they may see. Posted, it is the way back from the page that shows it: as typed, and not yet judged."""
    sitting = this_sitting()
    if sitting is None or HELP not in sitting.answers.chosen:
        return onward(url_for("assessment.ended"))
    return _form_page(ask_form(_offer(sitting), request.form if request.method == "POST" else None))


def check() -> Response:
    """Exactly what they will see."""
    sitting = this_sitting()
    if request.method == "GET" or sitting is None:
        return onward(url_for("asking.ask"))
    form = ask_form(_offer(sitting), request.form)
    return _consent_page(form) if form.validate() else _form_page(form, 422)


def send() -> Response:
    """Send it, once. What is not what was shown, since something changed in between, is shown again."""
    sitting, token = this_sitting(), request.form.get("once", "")
    if sitting is None:
        return onward(url_for("asking.ask"))
    with reading(asking_room().engine) as session:
        if is_token(token) and was_sent(session, token, request.form.getlist("to")):
            return onward(url_for("asking.asked"))
    form = ask_form(_offer(sitting), request.form)
    if not form.validate():
        return _form_page(form, 422)
    draft = form.draft(clock.today())
    if not is_token(token) or request.form.get("mark") != draft.mark:
        return _consent_page(form, is_changed=True)
    _send(draft, token)
    return onward(url_for("asking.asked"))


def _send(draft: Draft, token: str) -> None:
    """Requests, the plan that they are found with and the sitting that knows its code: all in one transaction, or nothing."""
    room = asking_room()
    phone = read_token(request, is_secure=assessment_room().is_secure)
    with writing(room.engine) as session:
        sent = send_requests(session, room.sender, draft, token)
        sitting = find_sitting(session, phone)  # as it is now: another tap may have given it a code
        if sitting is None:
            raise NotFound("the sitting has ended")
        if sent and any(one.is_front_door for one in draft.recipients):
            sitting = replace(sitting, counted=count_front_door(session, draft.locality, sitting.counted))
        if sent:
            save_sitting(session, phone, room.keeper(session, sitting, sent))


def asked() -> Response:
    """How every request of this plan stands, and the code with which to see it."""
    sitting = this_sitting()
    if sitting is None:
        return onward(url_for("assessment.ended"))
    found = _asked(sitting)[::-1]
    just_now = clock.now() - JUST_NOW
    is_new = any(one.is_open and one.asked_at > just_now for one in found)
    code = shown(sitting.code) if sitting.code else ""
    return never(render_template("asking/asked.html", asked=found, code=code, is_new=is_new))


def take_back() -> Response:
    """Withdraw one request. Raises `NotFound` for one that is not of this plan."""
    room, sitting = asking_room(), this_sitting()
    if sitting is None:
        return onward(url_for("assessment.ended"))
    try:
        request_id = uuid.UUID(request.form.get("request", ""))
    except ValueError as error:
        raise NotFound("no such request") from error
    with writing(room.engine) as session:
        if request_id not in room.requests_of(session, sitting):
            raise NotFound("no such request of this plan")
        withdraw(session, room.sender, request_id)
    return onward(url_for("asking.asked", _anchor=f"r-{request_id}"))


def _offer(sitting: Sitting) -> Offer:
    """What there is to choose from for this sitting, now."""
    room, rules = asking_room(), assessment_room()
    plan = plan_of(sitting.answers)
    with reading(room.engine) as session:
        before = room.requests_of(session, sitting)
        waiting = {one.organization_id for one in list_asked(session, room.sender, before) if one.is_open}
        every = list_recipients(session, room.sender.pack, [one.hit.listing for one in plan.services])
        left = MOST_IN_A_DAY - count_lately(session, before)
    return Offer(
        recipients=tuple(one for one in every if one.organization_id not in waiting),
        told=Told(sitting.answers, plan, rules.assessment, rules.taxonomy),
        left=left,
        language=page_language().code,
        asked=tuple(one.name for one in every if one.organization_id in waiting),
    )


def _asked(sitting: Sitting) -> tuple[Asked, ...]:
    room = asking_room()
    with reading(room.engine) as session:
        return list_asked(session, room.sender, room.requests_of(session, sitting))


def _form_page(form: AskForm, status: int = 200) -> Response:
    carriers = asking_room().carriers
    html = render_template("asking/ask.html", form=form, offer=form.offer, most=MOST_RECIPIENTS, days=ANSWERED_WITHIN, carriers=carriers)
    response = never(html)
    response.status_code = status
    return response


def _consent_page(form: AskForm, *, is_changed: bool = False) -> Response:
    """The page on which somebody agrees; its token makes "Send" happen once."""
    today = clock.today()
    draft = form.draft(today)
    response = never(
        render_template(
            "asking/check.html",
            form=form,
            draft=draft,
            once=new_token(),
            answer_by=working_day_after(today, ANSWERED_WITHIN),
            is_changed=is_changed,
            has_organizations=any(one.key != FRONT_DOOR for one in draft.recipients),
        )
    )
    response.status_code = 409 if is_changed else 200
    return response
