"""What a phone keeps for when it has no connection: the pack of a locality, the phone's own list, and a page that tells of both.

Script asks for all of it, and only when somebody presses a button (`ui/frontend/js/keep.js`); without script none of it is offered.
Packs are the same for everybody. The list is the phone's own and is kept nowhere else. Pages of people who are signed in, answers
and plans have no way in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import structlog
from flask import Blueprint, Flask, Response, abort, current_app, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.council.standing import Standing
from portal.db import reading
from portal.directory.queries import find_public
from portal.errors import IndexUnavailable, NotFound
from portal.i18n.request import page_language
from portal.i18n.text import gettext, locale, ngettext
from portal.localities.collection import Locality
from portal.search.views import SearchRoom
from portal.sharing.entries import Entry
from portal.sharing.offline.choosing import Kept, KeptService, list_kept, parts_of
from portal.sharing.offline.packing import File, Pack, Told, files_for, fitting, write
from portal.sharing.views import kept_entries
from portal.ui.assets import Assets
from portal.ui.caching import never, public
from portal.ui.filters import long_date, number

WORKER: Final = "/worker.js"
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class OfflineRoom:
    """What packs are made from. `files` by the direction of writing; `headers` are those of every page of the site."""

    search: SearchRoom
    standing: Standing
    files: Mapping[str, Mapping[str, File]]
    headers: Mapping[str, str]
    worker: str


@dataclass(frozen=True)
class AreaChoice:
    """A locality to choose, and whether it is the likeliest."""

    slug: str
    name: str
    is_likely: bool


def open_room(search: SearchRoom, standing: Standing, assets: Assets, headers: Mapping[str, str]) -> OfflineRoom:
    """The room; pages load `assets`."""
    files = {direction: files_for(direction, assets) for direction in ("ltr", "rtl")}
    return OfflineRoom(search, standing, files, headers, assets.text("worker.js"))


def install(app: Flask, of_language: str, room: OfflineRoom) -> None:
    """Serve packs, the page that tells of them, and the worker that opens them."""
    app.extensions["offline"] = room
    views = Blueprint("offline", __name__)
    views.add_url_rule("/on-this-phone", "on_this_phone", on_this_phone)
    views.add_url_rule("/on-this-phone/list", "kept_list", kept_list)
    views.add_url_rule("/on-this-phone/areas/<slug>", "pack", pack)
    app.register_blueprint(views, url_prefix=of_language)
    app.add_url_rule(WORKER, "offline.worker", worker)
    app.jinja_env.globals["areas_to_keep"] = areas_to_keep


def areas_to_keep(entries: Iterable[Entry] = ()) -> list[AreaChoice]:
    """Every locality in order; the likeliest is that in which most of the services on this list stand."""
    extents = _room().search.searcher.extents
    sites = [entry.card.site for entry in entries if entry.card and entry.card.site]
    found = [extents.locality_at(site.postcode, extents.position(site)) for site in sites if not site.is_confidential]
    known = [slug for slug in found if slug]
    likely = max(known, key=known.count, default=None)
    return [AreaChoice(it.slug, it.name, it.slug == likely) for it in extents.gazetteer.localities.values()]


def on_this_phone() -> Response:
    """What is kept, and how to delete it: script writes it into the page."""
    return public(render_template("offline/on_this_phone.html", is_kept=False))


def kept_list() -> Response:
    """My list as it is kept: to read, without forms."""
    return never(render_template("offline/list.html", entries=kept_entries(), today=clock.today(), is_kept=True))


def pack(slug: str) -> Response:
    """The pack of a locality. Raises `NotFound`; 503 while nobody can say what is public."""
    room = _room()
    locality = room.search.searcher.extents.gazetteer.localities.get(slug)
    if locality is None:
        raise NotFound(f"no locality {slug!r}")
    try:
        whole = _fitting(room, locality, _services(room, slug))
    except (IndexUnavailable, SQLAlchemyError) as error:
        log.warning("a locality cannot be kept", reason=type(error).__name__)
        abort(503)
    return public(Response(whole, mimetype="application/json"))


def worker() -> Response:
    """The script that stands between pages and network. It lies at the root, because that is how far it reaches."""
    return public(Response(_room().worker, mimetype="text/javascript"))


def _room() -> OfflineRoom:
    room: OfflineRoom = current_app.extensions["offline"]
    return room


def _services(room: OfflineRoom, slug: str) -> Kept:
    search = room.search
    generation = search.index.snapshot().generation

    def public_now(ids: Sequence[UUID]) -> Collection[UUID]:
        with reading(search.engine) as session:
            return find_public(session, ids)

    return list_kept(generation, search.searcher.extents, slug, clock.today(), public_now)


def _fitting(room: OfflineRoom, locality: Locality, there: Kept) -> bytes:
    """The pack with as many of the services as there is room for, the first ones first. No others are read."""
    template = current_app.jinja_env.get_template("offline/service.html").make_module({"page_language": page_language()})
    page = url_for("localities.locality", slug=locality.slug)
    shared = _shared(room, locality, page)
    services: list[KeptService] = []
    markup: dict[UUID, str] = {}

    def written() -> Iterator[str]:
        for it in there.services:
            services.append(it)
            markup[it.listing.id] = vars(template)["service"](it)
            yield markup[it.listing.id]

    def listed(count: int) -> str:
        parts = parts_of(services[:count], room.search.searcher.taxonomy)
        return render_template("offline/locality.html", parts=parts, written=markup, count=count, total=there.total, **shared)

    bare = _pack(room, locality, {page: listed(0)}, shared)
    count = fitting(written(), len(write(bare)))
    full = replace(bare, pages={**bare.pages, page: listed(count)})
    return write(replace(full, told=_told(locality, count, len(write(full)))))


def _shared(room: OfflineRoom, locality: Locality, page: str) -> dict[str, object]:
    """What templates of kept pages are given."""
    cards = tuple(room.search.urgent.cards.values())
    words = room.standing.place(locality.slug)
    return {"is_kept": True, "locality": locality, "page": page, "today": clock.today(), "cards": cards, "words": words}


def _pack(room: OfflineRoom, locality: Locality, pages: Mapping[str, str], shared: Mapping[str, object]) -> Pack:
    language = page_language()
    templates = {url_for("urgent.urgent"): "offline/urgent.html", url_for("offline.on_this_phone"): "offline/on_this_phone.html"}
    return Pack(
        language=language.code,
        direction=language.direction,
        area=locality.slug,
        list_at=url_for("sharing.my_list"),
        told=_told(locality, 0, 0),
        headers=room.headers,
        otherwise=render_template("offline/elsewhere.html", **shared),
        pages={**pages, **{address: render_template(template, **shared) for address, template in templates.items()}},
        files=room.files[language.direction],
    )


def _told(locality: Locality, count: int, size: int) -> Told:
    """`size` in bytes."""
    return Told(
        title=gettext("%(place)s is kept on this phone", place=locality.name),
        what=ngettext(
            "What is kept: urgent help, your list and %(num)s service.", "What is kept: urgent help, your list and %(num)s services.", count
        ),
        saved=gettext("Saved on %(date)s.", date=long_date(locale(), clock.today())),
        size=gettext("It takes up about %(size)s KB.", size=number(locale(), round(size / 1000))),
    )
