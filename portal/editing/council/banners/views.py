"""Banners: written as a draft, looked at as readers will see them, put up, taken down."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_limiter import Limiter

from portal import clock
from portal.accounts.signing.views import this_member
from portal.council import operations
from portal.council.banners import Banner, Obstacle, State
from portal.council.queries import Entry, get_banner
from portal.db import reading
from portal.editing.council.banners.forms import BannerForm, banner_form
from portal.editing.council.fields import number_in, version_of
from portal.editing.council.views import CONFLICT, council_room, form_page, meanwhile, written
from portal.errors import Refused
from portal.i18n.request import page_language
from portal.i18n.text import lazy_gettext as _
from portal.ui.caching import onward

WRITES: Final = "60 per minute"
WHY_NOT: Final = {
    Obstacle.WITHOUT_WORDS: _("It has no words in English yet. Write them first."),
    Obstacle.ENDS_BEFORE: _("Its last day comes before its first. Change one of them."),
    Obstacle.TOO_LONG: _("A notice shows for 60 days at most. Choose an earlier last day."),
    Obstacle.OVER: _("Its last day has passed. Choose a later one."),
    Obstacle.TOO_MANY: _(
        "Two other notices show on some of these days, and more than two at once nobody reads. Take one down first, or choose other days."
    ),
}


def install(app: Flask, of_language: str, limiter: Limiter) -> None:
    """Serve these pages."""
    limit = limiter.limit(WRITES, methods=["POST"])
    views = Blueprint("banners", __name__)
    views.add_url_rule("/council/notices/new", "write", limit(write), methods=["GET", "POST"])
    views.add_url_rule("/council/notices/<uuid:entry_id>", "look", look)
    views.add_url_rule("/council/notices/<uuid:entry_id>/change", "change", limit(change), methods=["GET", "POST"])
    views.add_url_rule("/council/notices/<uuid:entry_id>/put-up", "put_up", limit(put_up), methods=["POST"])
    views.add_url_rule("/council/notices/<uuid:entry_id>/take-down", "take_down", limit(take_down), methods=["POST"])
    views.add_url_rule("/council/notices/<uuid:entry_id>/draft", "draft", limit(draft), methods=["POST"])
    app.register_blueprint(views, url_prefix=of_language)


def write() -> Response:
    """A new banner."""
    form = _form(None)
    if request.method == "POST" and form.validate():
        made: list[uuid.UUID] = []
        written(lambda session: made.append(operations.draft(session, form.banner, this_member().acted_by)))
        return onward(url_for("banners.look", entry_id=made[0]))
    return _form_page(form)


def change(entry_id: uuid.UUID) -> Response:
    """Other words for a banner that is not up. What somebody else saved meanwhile is shown beside what was typed."""
    entry, banner = _found(entry_id)
    if banner.state is State.UP:
        return onward(url_for("banners.look", entry_id=entry_id))
    form = _form(banner)
    if request.method == "GET":
        form.version.data = str(entry.version)
    elif form.validate():
        by, version = this_member().acted_by, version_of(form.version)
        if written(lambda session: operations.redraft(session, get_banner(session, entry_id)[0], form.banner, version, by)):
            return onward(url_for("banners.look", entry_id=entry_id))
        entry, _banner = _found(entry_id)
        form.version.data = str(entry.version)
        return _form_page(form, entry, is_late=True)
    return _form_page(form, entry)


def look(entry_id: uuid.UUID) -> Response:
    """The banner as readers will see it, in this language and in the others."""
    return _look_page(entry_id)


def put_up(entry_id: uuid.UUID) -> Response:
    """Show it, as it was looked at."""
    version, by = number_in(request.form.get("version", "")), this_member().acted_by
    try:
        is_up = written(lambda session: operations.put_up(session, entry_id, version, by))
    except operations.NotUp as refused:
        return _look_page(entry_id, refused.obstacle, status=CONFLICT)
    return onward(url_for("banners.look", entry_id=entry_id)) if is_up else _look_page(entry_id, is_late=True, status=CONFLICT)


def take_down(entry_id: uuid.UUID) -> Response:
    """Show it no more."""
    is_down = written(lambda session: operations.take_down(session, entry_id, this_member().acted_by))
    return onward(url_for("banners.look", entry_id=entry_id)) if is_down else _look_page(entry_id, is_late=True, status=CONFLICT)


def draft(entry_id: uuid.UUID) -> Response:
    """A draft to take the place of a banner that is up."""
    made: list[uuid.UUID] = []
    try:
        written(lambda session: made.append(operations.draft_instead(session, entry_id, this_member().acted_by)))
    except Refused:
        return onward(url_for("banners.change", entry_id=entry_id))
    return onward(url_for("banners.change", entry_id=made[0]))


def _found(entry_id: uuid.UUID) -> tuple[Entry, Banner]:
    with reading(council_room().engine) as session:
        return get_banner(session, entry_id)


def _form(banner: Banner | None) -> BannerForm:
    room, posted = council_room(), request.form if request.method == "POST" else None
    return banner_form(room.pack.languages, room.localities, posted, banner)


def _form_page(form: BannerForm, entry: Entry | None = None, *, is_late: bool = False) -> Response:
    late = meanwhile(entry, form.banner) if is_late else None
    others = [code for code in form.languages if code != "en"]
    html = render_template("council/banner_form.html", form=form, entry=entry, others=others, meanwhile=late)
    return form_page(html, CONFLICT if is_late else 422 if form.errors else 200)


def _look_page(entry_id: uuid.UUID, obstacle: Obstacle | None = None, *, is_late: bool = False, status: int = 200) -> Response:
    room, (entry, banner) = council_room(), _found(entry_id)
    here = page_language().code
    html = render_template(
        "council/banner.html",
        entry=entry,
        banner=banner,
        said=banner.said_in(here),
        others=[(code, banner.said_in(code)) for code in room.pack.languages if code != here and banner.words.get(code)],
        without=[code for code in room.pack.languages if not banner.words.get(code)],
        place=room.localities.get(banner.place),
        why_not=WHY_NOT[obstacle] if obstacle else "",
        is_late=is_late,
        today=clock.today(),
    )
    return form_page(html, status)
