"""The plan page: the answers of this sitting in, what to do next out. Counts what was needed, once, and says nothing of who."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import structlog
from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal import clock
from portal.assessment.answers import Answers
from portal.assessment.definition import HELP
from portal.assessment.keeping import Sitting
from portal.assessment.views import keep, this_sitting
from portal.db import reading, writing
from portal.directory.queries import find_closed_service
from portal.i18n.request import page_language
from portal.search import wording
from portal.search.cards import card_of
from portal.signposting.counting import GOOD_WEEK, SERVICE, STEP, WEEK, WENT, Said, count_plan, count_said, locality_of
from portal.signposting.making import Signposts, make_plan
from portal.signposting.plan import Plan
from portal.ui.caching import never, onward

T = TypeVar("T")
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
    page = never(_written(made, sitting))
    shown = tuple(one.hit.listing.id for one in made.services)
    if not (sitting.is_counted or sitting.is_aloud):
        _count(partial(count_plan, plan=made))
    seen = replace(sitting, is_counted=True, shown=shown)
    return keep(page, seen) if seen != sitting else page


def _written(made: Plan, sitting: Sitting) -> str:
    now = clock.local_now()
    return render_template(
        "signposting/plan.html",
        plan=made,
        sitting=sitting,
        changed=_changed(made, sitting),
        asks_of_week=asks_of_week(sitting),
        cards={one.hit.listing.id: card_of(one.hit, now, made.here) for one in made.services},
        taxonomy=signposts().searcher.taxonomy,
        wording=wording,
    )


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
    made, steps, counted = plan_of(sitting.answers), dict(sitting.steps), sitting.counted
    steps.pop(item, None)
    if said := _said(made, sitting, item, how):
        steps[item] = how
        counted = _count(partial(count_said, said=said, locality=locality_of(made.here), marks=counted)) or counted
    return keep(onward(url_for("signposting.plan", _anchor=f"i-{item}")), replace(sitting, steps=steps, counted=counted))


def _said(made: Plan, sitting: Sitting, item: str, how: str) -> Said | None:
    """What is said of something that stands on the plan; nothing for any other, or for words that we did not offer."""
    if item == GOOD_WEEK:
        return Said(item, how) if how in WEEK and asks_of_week(sitting) else None
    steps = {"own", *(step.id for step in (*made.steps, *made.self_help))}
    services = {str(one.hit.listing.id) for one in made.services}
    if how not in WENT or item not in steps | services:
        return None
    return Said(item, how, SERVICE if item in services else STEP)


def asks_of_week(sitting: Sitting) -> bool:
    """Whether to ask if the good week that somebody described has come about: of those who come back to their plan."""
    return sitting.is_returned and bool(sitting.answers.texts.get("better"))


def _count(act: Callable[[Session], T]) -> T | None:
    try:
        with writing(signposts().engine) as session:
            return act(session)
    except SQLAlchemyError as error:  # a count is not worth an error page
        log.warning("not counted", reason=type(error).__name__)
        return None
