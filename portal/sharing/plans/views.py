"""A plan to keep: on paper, in a file, in a message, or here under a code; opened again, and deleted at once.

Everything answers for this phone's sitting only. A code is asked for by POST, is never in an address, and wrong ones are few.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request, url_for
from flask_limiter import Limiter
from markupsafe import Markup
from sqlalchemy import Engine

from portal import clock
from portal.assessment.definition import HELP
from portal.assessment.keeping import Sitting
from portal.assessment.views import assessment_room, end, keep, this_sitting
from portal.db import writing
from portal.i18n.text import gettext
from portal.i18n.untranslated import without_signs
from portal.localities.place import place as find_place
from portal.mail import Carriers, Message, post_once
from portal.pack import Pack
from portal.search.cards import card_of
from portal.sharing.asking.operations import withdraw
from portal.sharing.asking.queries import is_at_front_door
from portal.sharing.asking.views import asking_room
from portal.sharing.plans.document import Document, to_text
from portal.sharing.plans.forms import LASTS, CodeForm, KeepForm, SendForm
from portal.sharing.plans.kept import read_code, shown
from portal.sharing.plans.operations import delete_plan, keep_plan, list_requests, open_plan
from portal.sharing.plans.pdf import to_pdf
from portal.sharing.plans.posting import to_message
from portal.sharing.plans.writing import Writer
from portal.signposting.advising.texting import mobile_number, short_text
from portal.signposting.counting import count_front_door, locality_of
from portal.signposting.plan import Plan, Suggestion
from portal.signposting.views import plan_of
from portal.ui.caching import never, onward

GUESSES: Final = "10 per minute; 60 per day"  # of a code, from one address
SENDINGS: Final = "5 per minute; 30 per day"
_LINE: Final = re.compile(r"<p\b.*?</p>", re.DOTALL)


@dataclass(frozen=True)
class PlansRoom:
    """What these views are given; `address` is the site's public one."""

    engine: Engine
    pack: Pack
    address: str
    secret: str
    carriers: Carriers


def install(app: Flask, of_language: str, room: PlansRoom, limiter: Limiter) -> None:
    """Serve what is done with a plan."""
    app.extensions["plans"] = room
    app.jinja_env.filters["code_in_groups"] = shown
    views = Blueprint("plans", __name__)
    for name in ("next-steps.pdf", "next-steps-large.pdf", "next-steps.txt"):
        views.add_url_rule(f"/plan/{name}", name.replace("-", "_").replace(".", "_"), download, defaults={"name": name})
    views.add_url_rule("/plan/keep", "keep_it", keep_it, methods=["GET", "POST"])
    views.add_url_rule("/plan/open", "open_it", limiter.limit(GUESSES, methods=["POST"])(open_it), methods=["GET", "POST"])
    views.add_url_rule("/plan/send", "send", limiter.limit(SENDINGS, methods=["POST"])(send), methods=["GET", "POST"])
    views.add_url_rule("/plan/sent", "sent", sent)
    views.add_url_rule("/plan/delete", "delete", delete, methods=["POST"])
    app.register_blueprint(views, url_prefix=of_language)


def plans_room() -> PlansRoom:
    """What `install` was given."""
    room: PlansRoom = current_app.extensions["plans"]
    return room


def download(name: str) -> Response:
    """The plan as a file."""
    sitting = _with_plan()
    if sitting is None:
        return onward(url_for("assessment.ended"))
    document = _document(sitting)
    if name.endswith(".txt"):
        response = make_response(to_text(document))
        response.mimetype = "text/plain"
    else:
        response = make_response(to_pdf(document, is_large="large" in name))
        response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return never(response)


def keep_it() -> Response:
    """For how long to keep it; and, once it is kept, its code."""
    sitting = _with_plan()
    if sitting is None:
        return onward(url_for("assessment.ended"))
    form = KeepForm(request.form)
    if request.method == "POST" and form.validate():
        with writing(plans_room().engine) as session:
            kept = keep_plan(session, sitting, plans_room().secret, LASTS[form.days.data])
        return keep(onward(url_for("plans.keep_it")), kept)
    return _page("plans/keep.html", form, sitting=sitting)


def open_it() -> Response:
    """A kept plan, by its code."""
    form = CodeForm(request.form)
    if request.method == "GET" or not form.validate():
        return _page("plans/open.html", form)
    room = plans_room()
    with writing(room.engine) as session:
        sitting = open_plan(session, read_code(form.code.data or ""), room.secret)
        if sitting and is_at_front_door(session, list_requests(session, sitting)):
            locality = locality_of(find_place(sitting.answers.place, assessment_room().gazetteer))
            sitting = replace(sitting, counted=count_front_door(session, locality, sitting.counted))
    if sitting is None:
        form.code.errors = [gettext("We cannot open a plan with this code. Check it. It may also have come to its end.")]
        return _page("plans/open.html", form)
    return keep(onward(url_for("signposting.plan")), sitting)


def send() -> Response:
    """Send the plan once, to an e-mail address or a mobile phone."""
    sitting = _with_plan()
    if sitting is None:
        return onward(url_for("assessment.ended"))
    form = SendForm(request.form)
    if request.method == "GET" or not form.validate():
        return _page("plans/send.html", form, carriers=plans_room().carriers)
    message = _message(sitting, form.to.data or "")
    with writing(plans_room().engine) as session:
        post_once(session, plans_room().secret, message, form.once.data or "")
    return onward(url_for("plans.sent"))


def sent() -> Response:
    """It is on its way."""
    return never(render_template("plans/sent.html", carriers=plans_room().carriers))


def delete() -> Response:
    """Delete the kept plan and the answers, now; and take back what was asked with it, which nobody could find again."""
    sitting = this_sitting()
    response = onward(url_for("assessment.ended"))
    if sitting is not None:
        with writing(plans_room().engine) as session:
            for request_id in list_requests(session, sitting):
                withdraw(session, asking_room().sender, request_id)
            delete_plan(session, sitting)
        end(response)
    return response


def _with_plan() -> Sitting | None:
    sitting = this_sitting()
    return sitting if sitting and HELP in sitting.answers.chosen else None


def _page(template: str, form: KeepForm | CodeForm | SendForm, **more: object) -> Response:
    is_refused = request.method == "POST"
    response = never(render_template(template, form=form, **more))
    response.status_code = 422 if is_refused else 200
    return response


def _document(sitting: Sitting) -> Document:
    plan = plan_of(sitting.answers)
    return _writer(plan).write(plan)


def _writer(plan: Plan) -> Writer:
    return Writer(plans_room().pack, partial(_lines_of, plan))


def _lines_of(plan: Plan, suggestion: Suggestion) -> list[str]:
    """What a page says of a service, without its tags."""
    now = clock.local_now()
    html = render_template("plans/lines.html", card=card_of(suggestion.hit, now, plan.here))
    return [" ".join(without_signs(Markup(line).striptags()).split()) for line in _LINE.findall(html)]  # noqa: S704 - our own, and its tags go


def _message(sitting: Sitting, to: str) -> Message:
    plan = plan_of(sitting.answers)
    if "@" not in to:
        return Message(
            "sms", mobile_number(to), "", short_text([one.hit.listing for one in plan.services], plans_room().pack, plans_room().address)
        )
    document = _writer(plan).write(plan)
    return to_message(document, to, plans_room().pack.brand)
