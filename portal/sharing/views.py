"""My list: kept, noted, printed, shared and cleared, without an account. The list comes in a cookie and goes out in one.

Nothing of it stays here. A change answers with 303, so that Back and a second tap do no harm; what does not fit answers with the
page, the reason in words, and what was typed.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from sqlalchemy import Engine

from portal import clock
from portal.directory.queries import find_public
from portal.errors import NotFound
from portal.i18n.request import keep_arguments
from portal.i18n.text import gettext
from portal.sharing.cookie import KEPT_FOR, cookie_name, fits, seal, unseal
from portal.sharing.entries import Entry, list_entries
from portal.sharing.forms import KeepForm, NoteForm, note_form
from portal.sharing.link import read_ids, write_ids
from portal.sharing.my_list import MOST_SERVICES, MyList
from portal.standby import reading_now
from portal.taxonomy.terms import Taxonomy
from portal.ui.caching import never
from portal.ui.qr import qr_code


@dataclass(frozen=True)
class SharingRoom:
    """What the views of my list share. `base_url` is the site's public address, which shared links begin with."""

    engine: Engine
    taxonomy: Taxonomy
    secret_key: str
    base_url: str

    @property
    def is_secure(self) -> bool:
        """Whether the site is on https."""
        return self.base_url.startswith("https://")


def install(app: Flask, of_language: str, room: SharingRoom) -> None:
    """Serve the list and the forms that change it."""
    app.extensions["sharing"] = room
    views = Blueprint("sharing", __name__)
    views.add_url_rule("/list", "my_list", my_list)
    views.add_url_rule("/list/shared", "shared", shared)
    for change in (keep, drop, note, clear):
        views.add_url_rule(f"/list/{change.__name__}", change.__name__, change, methods=["POST"])
    app.register_blueprint(views, url_prefix=of_language)


def sharing_room() -> SharingRoom:
    """What `install` was given."""
    room: SharingRoom = current_app.extensions["sharing"]
    return room


def my_list() -> Response:
    """The list on this phone."""
    return _page(_kept())


def shared() -> Response:
    """Somebody else's list, by its link: to read, and to keep."""
    service_ids = read_ids(request.args.get("s", ""))
    keep_arguments({"s": write_ids(service_ids)})
    entries = _entries(MyList().keeping(service_ids))
    mine = _kept().service_ids
    page = render_template(
        "sharing/shared.html",
        entries=entries,
        unkept=[entry.service_id for entry in entries if entry.card and entry.service_id not in mine],
        here=url_for("sharing.shared", s=write_ids(service_ids)),
        today=clock.today(),
    )
    response = never(page)
    response.status_code = 200 if entries else 404
    return response


def keep() -> Response:
    """Put services at the end of the list. Raises `NotFound` when none of them is public."""
    form = KeepForm(request.form)
    service_ids = _public(form.service.data if form.validate() else ())
    changed = _kept().keeping(service_ids)
    if not _fits(changed):
        return _page(_kept(), refused=service_ids)
    return _saved(changed, form.back.data or _place_of(service_ids[0]))


def drop() -> Response:
    """Take services off the list."""
    form = KeepForm(request.form)
    changed = _kept()
    for service_id in form.service.data if form.validate() else ():
        changed = changed.without(service_id)
    return _saved(changed, url_for("sharing.my_list"))


def note() -> Response:
    """Keep a note about a service. Raises `NotFound` when it is neither on the list nor public."""
    posted = KeepForm(request.form)
    service_ids = posted.service.data[:1] if posted.validate() else ()
    before = _kept()
    if not set(service_ids) & set(before.service_ids):
        service_ids = _public(service_ids)
    service_id = service_ids[0]
    form = note_form(service_id, posted=request.form)
    changed = before.noting(service_id, form.note.data or "")
    if form.validate() and not _fits(changed):
        form.note.errors = [gettext("There is no room for this note. Make it shorter, or remove a service or another note.")]
    if form.errors:
        return _page(before.keeping([service_id]), noted=form)
    return _saved(changed, _place_of(service_id))


def clear() -> Response:
    """Forget the list."""
    return _saved(MyList(), url_for("sharing.my_list"))


def kept_entries() -> tuple[Entry, ...]:
    """What is on the list of whoever asks."""
    return _entries(_kept())


def _page(kept: MyList, refused: Sequence[uuid.UUID] = (), noted: NoteForm | None = None) -> Response:
    """The list; with status 422 and the reason when a change was refused."""
    entries = _entries(kept)
    forms = {entry.service_id: note_form(entry.service_id, entry.kept.note) for entry in entries}
    if noted is not None:
        forms[noted.service.data[0]] = noted
    link = _link(entries)
    page = render_template(
        "sharing/my_list.html",
        entries=entries,
        forms=forms,
        noted=noted,
        refused=_entries(MyList().keeping(refused)),
        most=MOST_SERVICES,
        link=link,
        code=qr_code(link) if link else "",
        today=clock.today(),
    )
    response = never(page)
    response.status_code = 422 if refused or noted else 200
    return response


def _link(entries: Sequence[Entry]) -> str:
    open_ids = [entry.service_id for entry in entries if entry.card]
    return sharing_room().base_url + url_for("sharing.shared", s=write_ids(open_ids)) if open_ids else ""


def _entries(kept: MyList) -> tuple[Entry, ...]:
    room = sharing_room()
    if not kept.kept:
        return ()
    with reading_now(room.engine) as session:
        return list_entries(session, room.taxonomy, kept, clock.local_now())


def _public(service_ids: Sequence[uuid.UUID]) -> tuple[uuid.UUID, ...]:
    with reading_now(sharing_room().engine) as session:
        public = find_public(session, service_ids)
    if not public:
        raise NotFound("no such service to keep")
    return tuple(service_id for service_id in service_ids if service_id in public)


def _kept() -> MyList:
    room = sharing_room()
    return unseal(request.cookies.get(cookie_name(room.is_secure)), room.secret_key, clock.today())


def _fits(changed: MyList) -> bool:
    return not changed.is_over_full and fits(seal(changed, sharing_room().secret_key, clock.today()))


def _place_of(service_id: uuid.UUID) -> str:
    return url_for("sharing.my_list", _anchor=f"s-{service_id}")


def _saved(changed: MyList, then: str) -> Response:
    room = sharing_room()
    response = never(make_response(redirect(then, 303)))
    name = cookie_name(room.is_secure)
    if not changed.kept:
        response.delete_cookie(name, secure=room.is_secure, httponly=True, samesite="Lax")
        return response
    sealed = seal(changed, room.secret_key, clock.today())
    response.set_cookie(name, sealed, max_age=KEPT_FOR, secure=room.is_secure, httponly=True, samesite="Lax")
    return response
