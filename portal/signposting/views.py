"""The plan page: the answers of this sitting in, what to do next out. Counts what was needed, once, and says nothing of who."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

import structlog
from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from portal import clock, tally
from portal.assessment.answers import Answers
from portal.assessment.definition import HELP
from portal.assessment.keeping import Sitting
from portal.assessment.room import keep, this_sitting
from portal.db import reading, writing
from portal.directory.queries import find_closed_service
from portal.i18n.request import page_language
from portal.search import wording
from portal.search.cards import card_of
from portal.signposting.making import Signposts, make_plan
from portal.signposting.plan import Plan
from portal.ui.caching import never, onward

KIND_NEED = "plan need"
KIND_MADE = "plan made"
KIND_WENT = "plan went"
WENT = ("done", "no-help", "no-entry")
log = structlog.get_logger(__name__)


def install(app: Flask, of_language: str, signposts: Signposts) -> None:
    """Serve the plan."""
    app.extensions["signposting"] = signposts
    views = Blueprint("signposting", __name__)
    views.add_url_rule("/plan", "plan", plan)
    views.add_url_rule("/plan/went", "went", went, methods=["POST"])
    app.register_blueprint(views, url_prefix=of_language)


def signposts() -> Signposts:
    """What `install` was given."""
    given: Signposts = current_app.extensions["signposting"]
    return given


def plan_of(answers: Answers) -> Plan:
    """The plan for these answers, in the page's language."""
    return make_plan(signposts(), answers, page_language().code)


def plan() -> Response:
    """The plan of this sitting."""
    sitting = this_sitting()
    if sitting is None:
        return onward(url_for("assessment.ended"))
    if HELP not in sitting.answers.chosen:
        return onward(url_for("assessment.start"))
    made = plan_of(sitting.answers)
    now = clock.local_now()
    page = never(
        render_template(
            "signposting/plan.html",
            plan=made,
            results=made,
            sitting=sitting,
            changed=_changed(made, sitting),
            cards={one.hit.listing.id: card_of(one.hit, now) for one in made.services},
            today=now.date(),
            taxonomy=signposts().searcher.taxonomy,
            wording=wording,
        )
    )
    shown = tuple(one.hit.listing.id for one in made.services)
    if not (sitting.is_counted or sitting.is_aloud):
        _count(made)
    seen = replace(sitting, is_counted=True, shown=shown)
    return keep(page, seen) if seen != sitting else page


@dataclass(frozen=True)
class Changed:
    """What is different since a kept plan was opened before: services that are `new`, and names of those that are `gone`."""

    new: frozenset[uuid.UUID]
    gone: tuple[str, ...]


def _changed(made: Plan, sitting: Sitting) -> Changed | None:
    if not sitting.before:
        return None
    now = {one.hit.listing.id for one in made.services}
    away = [service_id for service_id in sitting.before if service_id not in now]
    with reading(signposts().engine) as session:
        gone = [closed.name for service_id in away if (closed := find_closed_service(session, service_id))]
    new = frozenset(now - set(sitting.before))
    return Changed(new, tuple(gone)) if new or gone else None


def went() -> Response:
    """How a step or a service went, as the person says."""
    sitting = this_sitting()
    if sitting is None:
        return onward(url_for("assessment.ended"))
    item, how = request.form.get("item", ""), request.form.get("how", "")
    steps = dict(sitting.steps)
    if how in WENT and item in _items(sitting):
        steps[item] = how
        _count_went(how)
    else:
        steps.pop(item, None)
    return keep(onward(url_for("signposting.plan", _anchor=f"i-{item}")), replace(sitting, steps=steps))


def _items(sitting: Sitting) -> set[str]:
    """Ids of everything on the plan that can be tried."""
    made = plan_of(sitting.answers)
    return {"own", *(step.id for step in (*made.steps, *made.self_help)), *(str(one.hit.listing.id) for one in made.services)}


def _count(made: Plan) -> None:
    locality = made.here.locality if made.here and made.here.locality else ""
    try:
        with writing(signposts().engine) as session:
            tally.count(session, KIND_MADE, "", locality)
            for need in dict.fromkeys(each.need for each in made.needs):
                tally.count(session, KIND_NEED, need, locality)
    except SQLAlchemyError as error:  # a count is not worth an error page
        log.warning("needs were not counted", reason=type(error).__name__)


def _count_went(how: str) -> None:
    try:
        with writing(signposts().engine) as session:
            tally.count(session, KIND_WENT, how)
    except SQLAlchemyError as error:
        log.warning("an outcome was not counted", reason=type(error).__name__)
