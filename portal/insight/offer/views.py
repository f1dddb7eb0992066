"""Commissioners' pages of the core offer: what every area should have and where it is still to come; written, changed, taken back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from flask_limiter import Limiter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import person_of
from portal.accounts.queries import names_of
from portal.accounts.signing.views import this_member
from portal.db import reading, writing
from portal.editing.council.fields import number_in, version_of
from portal.errors import Conflict, IndexUnavailable, NotFound
from portal.i18n.text import locale
from portal.insight.facts import Facts
from portal.insight.figures import Figures
from portal.insight.offer import operations
from portal.insight.offer.forms import PromiseForm, promise_form
from portal.insight.offer.operations import AlreadyPromised
from portal.insight.offer.promises import Promise, kept
from portal.insight.offer.queries import get_promise, list_done, list_promises
from portal.insight.offer.wording import said
from portal.taxonomy.terms import Taxonomy
from portal.ui.caching import never, onward

WRITES: Final = "60 per minute"
MOST_NAMED: Final = 12  # areas that are named under a promise; its own page has all


@dataclass(frozen=True)
class OfferRoom:
    """The database, the figures of services, and what needs are called."""

    engine: Engine
    figures: Figures
    taxonomy: Taxonomy


def install(app: Flask, of_language: str, room: OfferRoom, limiter: Limiter) -> None:
    """Serve these pages."""
    app.extensions["offer"] = room
    limited, both = limiter.limit(WRITES, methods=["POST"]), ["GET", "POST"]
    views = Blueprint("offer", __name__)
    views.add_url_rule("/insight/core-offer", "offer", offer)
    views.add_url_rule("/insight/core-offer/add", "add", limited(add), methods=both)
    views.add_url_rule("/insight/core-offer/history", "history", history)
    views.add_url_rule("/insight/core-offer/<uuid:promise_id>", "promise", promise)
    views.add_url_rule("/insight/core-offer/<uuid:promise_id>/change", "change", limited(change), methods=both)
    views.add_url_rule("/insight/core-offer/<uuid:promise_id>/take-back", "take_back", limited(take_back), methods=["POST"])
    app.register_blueprint(views, url_prefix=of_language)


def offer() -> Response:
    """Every promise, and the areas that do not have it yet."""
    room, facts = _room(), _facts()
    with reading(room.engine) as session:
        found = list_promises(session)
    order = {need: number for number, need in enumerate(room.taxonomy.needs)}
    found.sort(key=lambda it: order.get(it.promise.need, len(order)))
    standing = [(it, kept(it.promise, facts) if facts else None) for it in found]
    return never(_page("offer/offer.html", standing=standing, facts=facts, today=clock.today(), MOST_NAMED=MOST_NAMED))


def promise(promise_id: uuid.UUID) -> Response:
    """One promise, area by area. Raises `NotFound`."""
    room, facts = _room(), _facts()
    with reading(room.engine) as session:
        it = get_promise(session, promise_id)
        who = _names(session, [it.changed_by])
    return never(_page("offer/promise.html", it=it, kept=kept(it.promise, facts) if facts else None, who=who))


def add() -> Response:
    """A new promise."""
    form = promise_form(_room().taxonomy, None, request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _form(form)
    if not form.validate():
        return _form(form, status=422)
    try:
        with writing(_room().engine) as session:
            operations.add(session, form.promise, this_member().acted_by)
    except AlreadyPromised:
        return _form(_refused(form), status=409)
    return onward(url_for("offer.offer"))


def change(promise_id: uuid.UUID) -> Response:
    """Another number, other conditions, another need. Raises `NotFound`."""
    room = _room()
    if request.method == "GET":
        with reading(room.engine) as session:
            it = get_promise(session, promise_id)
        form = promise_form(room.taxonomy, it.promise)
        form.version.data = str(it.version)
        return _form(form, promise_id)
    form = promise_form(room.taxonomy, None, request.form)
    return _changed(promise_id, form) if form.validate() else _form(form, promise_id, status=422)


def take_back(promise_id: uuid.UUID) -> Response:
    """A promise is no longer made. When somebody changed it meanwhile, it is shown as it is now."""
    try:
        with writing(_room().engine) as session:
            operations.remove(session, promise_id, number_in(request.form.get("version", "")), this_member().acted_by)
    except Conflict:
        return onward(url_for("offer.promise", promise_id=promise_id))
    except NotFound:
        pass  # somebody else took it back: it is as they wish
    return onward(url_for("offer.offer"))


def history() -> Response:
    """What was promised, changed and taken back, by whom and when."""
    with reading(_room().engine) as session:
        done = list_done(session)
        who = _names(session, (it.acted_by for it in done))
    return never(_page("offer/history.html", done=done, who=who))


def _changed(promise_id: uuid.UUID, form: PromiseForm) -> Response:
    """After a change; or the form again, with all that was typed, where somebody else was quicker."""
    room = _room()
    try:
        with writing(room.engine) as session:
            operations.change(session, promise_id, version_of(form.version), form.promise, this_member().acted_by)
    except AlreadyPromised:
        return _form(_refused(form), promise_id, status=409)
    except NotFound:
        return _form(form, status=409, is_gone=True)
    except Conflict:
        with reading(room.engine) as session:
            now = get_promise(session, promise_id)
        form.version.data = str(now.version)
        return _form(form, promise_id, status=409, now=now.promise)
    return onward(url_for("offer.promise", promise_id=promise_id))


def _form(
    form: PromiseForm, promise_id: uuid.UUID | None = None, *, status: int = 200, now: Promise | None = None, is_gone: bool = False
) -> Response:
    response = never(_page("offer/form.html", form=form, promise_id=promise_id, now=now, is_gone=is_gone))
    response.status_code = status
    return response


def _refused(form: PromiseForm) -> PromiseForm:
    form.refuse_twice()
    return form


def _page(template: str, **shown: object) -> str:
    room = _room()
    return render_template(
        template, localities=room.figures.ground.areas.localities, taxonomy=room.taxonomy, said=partial(said, locale()), **shown
    )


def _facts() -> Facts | None:
    """What every service amounts to today; None while the index is away."""
    try:
        return _room().figures.facts(clock.today())
    except IndexUnavailable:
        return None


def _names(session: Session, acted_by: Iterable[str]) -> dict[str, str]:
    ids = {person: each for each in acted_by if (person := person_of(each))}
    return {ids[person_id]: name for person_id, name in names_of(session, ids).items()}


def _room() -> OfferRoom:
    room: OfferRoom = current_app.extensions["offer"]
    return room
