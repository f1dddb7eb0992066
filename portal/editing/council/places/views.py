"""Words about localities: which have some, and the words of one in one language."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_limiter import Limiter

from portal.accounts.signing.views import this_member
from portal.council.content import PlaceWords
from portal.council.models import Kind
from portal.council.operations import Based, save
from portal.council.queries import Entry, find_entry, list_entries
from portal.db import reading
from portal.editing.council.fields import version_of
from portal.editing.council.places.forms import PlaceForm, place_form
from portal.editing.council.views import CONFLICT, council_room, form_page, meanwhile, written
from portal.errors import NotFound
from portal.i18n.languages import LANGUAGES
from portal.localities.collection import Locality
from portal.ui.caching import never, onward

WRITES: Final = "60 per minute"


def install(app: Flask, of_language: str, limiter: Limiter) -> None:
    """Serve these pages."""
    limit = limiter.limit(WRITES, methods=["POST"])
    views = Blueprint("places", __name__)
    views.add_url_rule("/council/places", "places", places)
    views.add_url_rule("/council/places/<slug>/<code>", "words", limit(words), methods=["GET", "POST"])
    app.register_blueprint(views, url_prefix=of_language)


def places() -> Response:
    """Every locality, and in which languages there are words about it."""
    room = council_room()
    with reading(room.engine) as session:
        entries = {entry.name: entry for entry in list_entries(session, Kind.LOCALITY)}
    found = [(place, entries.get(place.slug), _content(entries.get(place.slug))) for place in room.localities.values()]
    return never(render_template("council/places.html", places=found, codes=room.pack.languages))


def words(slug: str, code: str) -> Response:
    """The words about one locality in one language. Raises `NotFound` for a locality or a language that is not there."""
    room = council_room()
    if slug not in room.localities or code not in room.pack.languages:
        raise NotFound(f"no locality {slug!r} in {code!r}")
    place, entry = room.localities[slug], _entry(slug)
    form = place_form(code, _content(entry), request.form if request.method == "POST" else None)
    if request.method == "GET":
        form.version.data = str(entry.version if entry else 0)
    elif form.validate():
        based = Based(Kind.LOCALITY, slug, version_of(form.version), this_member().acted_by)
        if written(lambda session: save(session, based, form.words)):
            return onward(url_for("places.places", _anchor=slug))
        return _late(form, place)
    return _page(form, place, entry, 422 if form.errors else 200)


def _late(form: PlaceForm, place: Locality) -> Response:
    """The form again, beside what somebody else saved meanwhile."""
    entry = _entry(place.slug)
    form.version.data = str(entry.version if entry else 0)
    return _page(form, place, entry, CONFLICT)


def _page(form: PlaceForm, place: Locality, entry: Entry | None, status: int) -> Response:
    late = meanwhile(entry, form.words) if status == CONFLICT else None
    language = LANGUAGES[form.language]
    html = render_template(
        "council/place.html", form=form, place=place, entry=entry, language=language, codes=council_room().pack.languages, meanwhile=late
    )
    return form_page(html, status)


def _entry(slug: str) -> Entry | None:
    with reading(council_room().engine) as session:
        return find_entry(session, Kind.LOCALITY, slug)


def _content(entry: Entry | None) -> PlaceWords:
    return entry.content if entry and isinstance(entry.content, PlaceWords) else PlaceWords()
