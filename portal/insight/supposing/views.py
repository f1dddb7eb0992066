"""The page of what if: two forms by GET, and what would change. Nothing is stored: the address is all there is of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from flask import Blueprint, Flask, Response, current_app, render_template, request
from werkzeug.datastructures import MultiDict

from portal import clock
from portal.db import reading
from portal.errors import IndexUnavailable
from portal.i18n.request import keep_arguments
from portal.i18n.text import locale
from portal.insight.desk.wording import words
from portal.insight.facts import Facts
from portal.insight.supposing.forms import AddForm, RemoveForm, add_form
from portal.insight.supposing.queries import Named, list_named
from portal.insight.supposing.room import SupposingRoom
from portal.insight.supposing.showing import Shown, shown
from portal.insight.what_if import what_if
from portal.ui.caching import never

ADD: Final = "add"
REMOVE: Final = "remove"
_ASKED: Final = ("act", "need", "also", "where", "how", "hours", "ticks", "speaks", "service")


@dataclass(frozen=True)
class Answer:
    """What would be, or services to choose from where several are meant; neither where what was asked is not clear."""

    shown: Shown | None = None
    service: Named | None = None
    meant: tuple[Named, ...] = ()


class Asked:
    """What the address asks: to add or to remove, and both forms, that of the other act empty."""

    def __init__(self, given: MultiDict[str, str], room: SupposingRoom) -> None:
        self.act = given.get("act", "") if given.get("act") in (ADD, REMOVE) else ""
        names = {slug: locality.name for slug, locality in room.figures.ground.areas.localities.items()}
        spoken = {code: locale().languages.get(code, name) for code, name in room.languages.items()}
        self.adding: AddForm = add_form(room.taxonomy, names, spoken, given if self.act == ADD else None)
        self.removing = RemoveForm(given if self.act == REMOVE else None)

    @cached_property
    def is_valid(self) -> bool:
        """Whether there is something to work out."""
        return bool(self.act) and (self.adding.validate() if self.act == ADD else self.removing.validate())


def install(app: Flask, of_language: str, room: SupposingRoom) -> None:
    """Serve this page."""
    app.extensions["supposing"] = room
    views = Blueprint("supposing", __name__)
    views.add_url_rule("/insight/what-if", "supposing", supposing)
    app.register_blueprint(views, url_prefix=of_language)


def supposing() -> Response:
    """One service more, or one less, and what would change."""
    room: SupposingRoom = current_app.extensions["supposing"]
    asked = Asked(request.args, room)
    keep_arguments({name: request.args.getlist(name)[:20] for name in _ASKED if name in request.args})
    try:
        facts = room.figures.facts(clock.today())
        answer = _answer(room, facts, asked) if asked.is_valid else Answer()
    except IndexUnavailable:
        facts, answer = None, Answer()
    known = {"localities": room.figures.ground.areas.localities, "taxonomy": room.taxonomy, **words(locale())}
    response = never(render_template("supposing/what_if.html", asked=asked, facts=facts, answer=answer, **known))
    response.status_code = 503 if facts is None else 422 if asked.adding.errors or asked.removing.errors else 200
    return response


def _answer(room: SupposingRoom, facts: Facts, asked: Asked) -> Answer:
    """What would be. Raises `IndexUnavailable`."""
    demand = room.figures.demand(clock.today())
    if asked.act == ADD:
        return Answer(shown(what_if(facts, demand, adding=[asked.adding.imagined])))
    with reading(room.engine) as session:
        meant = list_named(session, facts, asked.removing.service.data or "")
    if not meant:
        asked.removing.refuse()
    if len(meant) != 1:
        return Answer(meant=meant)
    return Answer(shown(what_if(facts, demand, removing=[meant[0].id])), meant[0])
