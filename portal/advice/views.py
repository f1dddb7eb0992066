"""The advice pages, the pages about the site, and the list of languages. They are whole without the database and the index."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from markupsafe import Markup

from portal import clock
from portal.advice.current import CurrentLibrary
from portal.advice.easy_read import URGENT, EasyRead, get_easy_read
from portal.advice.page import ADVICE, SITE, SITE_SLUGS, Page, Pages
from portal.advice.rendering import InnerLink, resolve_links
from portal.i18n.languages import SOURCE
from portal.i18n.request import keep_arguments, language_links, page_language
from portal.ui.caching import public

_HERE: Final = re.compile(r"/[^/\\\s][^\\\s]{0,2000}")


@dataclass(frozen=True)
class AdviceRoom:
    """What these views are given: the pages, and what shows services for some needs beside one of them."""

    library: CurrentLibrary
    beside: Callable[[Sequence[str]], Markup]

    @property
    def pages(self) -> Pages:
        """The pages as they are today."""
        return self.library.on(clock.today())

    def get_page(self, kind: str, slug: str) -> Page:
        """A page in the language of the request, or in English. Raises `NotFound`."""
        return self.pages.get_page(kind, slug, page_language().code)


def install(app: Flask, of_language: str, room: AdviceRoom) -> None:
    """Serve the pages below `of_language`."""
    app.extensions["advice"] = room
    views = Blueprint("advice", __name__)
    for slug in SITE_SLUGS:
        views.add_url_rule(f"/{slug}", _endpoint(slug), site, defaults={"slug": slug})
    views.add_url_rule("/languages", "languages", languages)
    views.add_url_rule("/advice", "advice", advice)
    views.add_url_rule("/advice/<slug>", "page", page)
    views.add_url_rule("/easy-read", "easy_reads", easy_reads)
    views.add_url_rule("/easy-read/<slug>", "easy_read", easy_read)
    app.register_blueprint(views, url_prefix=of_language)


def _endpoint(slug: str) -> str:
    return slug.replace("-", "_")


def _room() -> AdviceRoom:
    room: AdviceRoom = current_app.extensions["advice"]
    return room


def site(slug: str) -> Response:
    """A page about the site itself."""
    return _show(_room().get_page(SITE, slug))


def languages() -> Response:
    """Every language of the site, as plain links to the page that somebody came from."""
    here = request.args.get("here", "")
    here = here if _HERE.fullmatch(here) else ""
    keep_arguments({"here": here} if here else {})
    links = [replace(link, url=f"/{link.code}{here or '/'}") for link in language_links()]
    return public(render_template("advice/languages.html", links=links))


def advice() -> Response:
    """Every advice page, by group of needs."""
    return public(render_template("advice/advice.html", shelves=_room().pages.list_shelves(page_language().code)))


def page(slug: str) -> Response:
    """One advice page."""
    return _show(_room().get_page(ADVICE, slug))


def easy_reads() -> Response:
    """Every Easy Read page."""
    pages = sorted(_room().library.easy_reads.values(), key=lambda page: page.title)
    return public(render_template("advice/easy_reads.html", pages=pages))


def easy_read(slug: str) -> Response:
    """One page in short sentences with pictures."""
    page = get_easy_read(_room().library.easy_reads, slug)
    texts = {line: resolve_links(line.text, _address) for part in page.parts for line in part.lines}
    whole = url_for(page.endpoint, slug=slug) if page.endpoint == "advice.page" else url_for(page.endpoint)
    return public(render_template("advice/easy_read.html", page=page, texts=texts, whole=whole, is_sensitive=_is_sensitive(page)))


def _is_sensitive(page: EasyRead) -> bool:
    whole = _room().pages.by_name.get((ADVICE, page.slug, SOURCE))
    return page.slug == URGENT or (whole is not None and whole.is_sensitive)


def _show(page: Page) -> Response:
    room = _room()
    html = render_template(
        "advice/page.html",
        page=page,
        body=resolve_links(page.body, _address),
        beside=room.beside([need.id for need in page.needs]),
        has_easy_read=page.slug in room.library.easy_reads,
    )
    return public(html)


def _address(link: InnerLink) -> str:
    match link.kind:
        case "page":
            return url_for("advice.page", slug=link.name)
        case "site":
            return url_for(f"advice.{_endpoint(link.name)}")
        case "need":
            return url_for("search.results", need=link.name)
        case "advice":
            return url_for("advice.advice")
        case "urgent":
            return url_for("urgent.urgent")
        case _:
            return url_for("home.home")
