"""The council editor's desk, how what they wrote was before, and putting it back; and what pages of this desk share."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import person_of
from portal.accounts.queries import names_of
from portal.accounts.signing.views import this_member
from portal.advice.money import financial_year
from portal.council import operations
from portal.council.content import Content
from portal.council.models import Kind
from portal.council.queries import Entry, get_entry, list_entries, list_versions
from portal.db import reading, writing
from portal.editing.council.amounts import missing
from portal.editing.council.fields import number_in
from portal.editing.council.room import CouncilRoom
from portal.editing.council.wording import ACTS, STATES, TONES, Difference, differences
from portal.errors import Conflict, Refused
from portal.ui.caching import never, onward

CONFLICT: Final = 409


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else saved while this person wrote: who and when, and how what was typed differs from it."""

    who: str
    entry: Entry
    parts: tuple[Difference, ...]


def install(app: Flask, of_language: str, room: CouncilRoom) -> None:
    """Serve the desk."""
    app.extensions["council"] = room
    app.jinja_env.globals.update(banner_tones=TONES, banner_states=STATES, council_acts=ACTS)
    views = Blueprint("council", __name__)
    views.add_url_rule("/council", "desk", desk)
    views.add_url_rule("/council/history/<uuid:entry_id>", "history", history)
    views.add_url_rule("/council/history/<uuid:entry_id>/put-back", "put_back", put_back, methods=["POST"])
    app.register_blueprint(views, url_prefix=of_language)


def council_room() -> CouncilRoom:
    """What `install` was given."""
    room: CouncilRoom = current_app.extensions["council"]
    return room


def desk() -> Response:
    """What there is to look after, and what waits."""
    room, today = council_room(), clock.today()
    with reading(room.engine) as session:
        banners = list_entries(session, Kind.BANNER)
    pages = room.library.on(today).by_name
    html = render_template(
        "council/desk.html",
        banners=banners,
        today=today,
        this_year=financial_year(today),
        missing=missing(room.money, room.standing.facts, financial_year(today)),
        due=sum(page.review_by < today for (_, _, language), page in pages.items() if language == "en"),
        without=[place for place in room.localities.values() if not room.standing.place(place.slug).about],
    )
    return never(html)


def history(entry_id: uuid.UUID) -> Response:
    """How something that the council wrote was, act by act."""
    with reading(council_room().engine) as session:
        entry = get_entry(session, entry_id)
        versions = list_versions(session, entry)
        who = names(session, (version.acted_by for version in versions))
    parts = {version.line_id: differences(version.before, version.after) for version in versions}
    return never(render_template("council/history.html", entry=entry, versions=versions, who=who, parts=parts))


def put_back(entry_id: uuid.UUID) -> Response:
    """Make it say again what it said. Raises `NotFound` for a version that was not."""
    line, version = (number_in(request.form.get(name, "")) for name in ("line", "version"))
    try:
        written(lambda session: operations.put_back(session, entry_id, line, version, this_member().acted_by))
    except Refused:
        return onward(url_for("banners.look", entry_id=entry_id))
    return onward(url_for("council.history", entry_id=entry_id))


def written(act: Callable[[Session], object]) -> bool:
    """Do an act in a transaction of its own, and let this process know at once; False when somebody else was quicker."""
    room = council_room()
    try:
        with writing(room.engine) as session:
            act(session)
    except Conflict:
        return False
    room.standing.refresh()
    return True


def meanwhile(entry: Entry | None, typed: Content) -> Meanwhile | None:
    """What there is now beside what was typed; None where there is nothing."""
    if entry is None:
        return None
    with reading(council_room().engine) as session:
        who = names(session, [entry.changed_by]).get(entry.changed_by, "")
    return Meanwhile(who, entry, differences(entry.content, typed))


def names(session: Session, acted_by: Iterable[str]) -> dict[str, str]:
    """Names of people as the history knows them ("person:<id>"); who has left is not in it."""
    ids = {person: each for each in acted_by if (person := person_of(each))}
    return {ids[person_id]: name for person_id, name in names_of(session, ids).items()}


def form_page(html: str, status: int) -> Response:
    """A page with a form, which nobody keeps."""
    response = never(html)
    response.status_code = status
    return response
