"""`/api/changes.atom`, `/api/services.csv`, `/api/open-referral-uk.zip` and `/api/openapi.json`, open to everybody without a key.

What was written since somebody last asked says the head of the change log, as for the Open Referral addresses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, request, send_file
from sqlalchemy.orm import Session

from portal import clock
from portal.api.changes.atom import Feed, atom
from portal.api.changes.queries import Mark, list_changed, read_mark
from portal.api.description.document import document
from portal.api.formats.offers import CHANGES, FLAT, OPENAPI, PACKAGE, Offer
from portal.api.formats.room import FormatsRoom, all_records, whole_services
from portal.api.oruk.room import tag_of
from portal.api.oruk.views import kept_for_a_minute, open_to_programs
from portal.api.package.flat import lines
from portal.api.package.kept import kept
from portal.api.package.tables import datapackage
from portal.api.package.tabular import write_package
from portal.api.problems import Unanswerable
from portal.standby import reading_copy

MOST_CHANGES: Final = 50


def install(app: Flask, room: FormatsRoom) -> None:
    """Put the addresses into `app`."""
    pages = Blueprint("formats", __name__)
    pages.add_url_rule(CHANGES.path, "changes", lambda: _changes(room))
    pages.add_url_rule(FLAT.path, "flat", lambda: _file(room, FLAT, _write_flat))
    pages.add_url_rule(PACKAGE.path, "package", lambda: _file(room, PACKAGE, _write_package))
    described = json.dumps(document(room.oruk.pack, room.oruk.base_url)).encode()
    pages.add_url_rule(OPENAPI.path, "openapi", lambda: _described(described))
    open_to_programs(pages, room.oruk)
    app.register_blueprint(pages)


def _changes(room: FormatsRoom) -> Response:
    before = _asked_before()
    with reading_copy(room.oruk.engine) as session:
        tag = tag_of(session, room.oruk, request.full_path)
        if request.if_none_match.contains_weak(tag):
            return kept_for_a_minute(Response(status=HTTPStatus.NOT_MODIFIED), tag)
        found = list_changed(session, before, MOST_CHANGES + 1)
    changes, is_more = found[:MOST_CHANGES], len(found) > MOST_CHANGES
    address = f"{room.oruk.base_url}{CHANGES.path}"
    pack = room.oruk.pack
    feed = Feed(
        address=address,
        page=f"{address}?before={before}" if before else address,
        next_page=f"{address}?before={changes[-1].mark}" if is_more else "",
        about=f"{room.oruk.base_url}/en/open-data",
        title=f"{pack.site}: what changed",
        author=pack.council,
        licence_name=pack.licence.name,
        licence_url=pack.licence.url,
        updated=changes[0].mark.changed_at if changes else clock.now(),
    )
    return kept_for_a_minute(Response("".join(atom(feed, changes, room.oruk.base_url)), mimetype=CHANGES.media_type), tag)


def _asked_before() -> Mark | None:
    """The place to go on from. Raises `Unanswerable` (400) for a parameter or a place that is none."""
    [parameter] = CHANGES.parameters
    _refuse_unknown(CHANGES)
    text = request.args.get(parameter.name)
    if text is None:
        return None
    mark = read_mark(text)
    if mark is None or len(request.args.getlist(parameter.name)) > 1:
        detail = "This place cannot be read. Follow the link `next` of a page, or leave it out."
        raise Unanswerable(HTTPStatus.BAD_REQUEST, detail, parameter=parameter.name)
    return mark


def _refuse_unknown(offer: Offer) -> None:
    known = tuple(parameter.name for parameter in offer.parameters)
    for name in request.args:
        if name not in known:
            raise Unanswerable(
                HTTPStatus.BAD_REQUEST, "There is no such parameter at this address. Leave it out.", parameter=name[:60], allowed=known
            )


Write = Callable[[Path, Session, FormatsRoom], None]


def _file(room: FormatsRoom, offer: Offer, write: Write) -> Response:
    """A file as it is since the directory last changed; a part of it where a part is asked for."""
    _refuse_unknown(offer)
    with reading_copy(room.oruk.engine) as session:
        tag = tag_of(session, room.oruk, offer.path)
        if request.if_none_match.contains(tag):
            return kept_for_a_minute(Response(status=HTTPStatus.NOT_MODIFIED), tag, is_weak=False)
        path = kept(room.folder, offer.file_name, tag, lambda unfinished: write(unfinished, session, room))
    response = send_file(path, offer.media_type, as_attachment=True, download_name=offer.file_name, conditional=True, etag=tag)
    return kept_for_a_minute(response, tag, is_weak=False)


def _described(text: bytes) -> Response:
    _refuse_unknown(OPENAPI)
    response = kept_for_a_minute(Response(text, mimetype=OPENAPI.media_type), hashlib.sha256(text).hexdigest()[:32], is_weak=False)
    response.make_conditional(request)
    return response


def _write_flat(path: Path, session: Session, room: FormatsRoom) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines(whole_services(session, room), room.oruk.base_url))


def _write_package(path: Path, session: Session, room: FormatsRoom) -> None:
    write_package(path, all_records(session, room), datapackage(room.oruk.pack, room.oruk.base_url))
