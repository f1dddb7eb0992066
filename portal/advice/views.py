"""The advice pages, the pages about the site, and the list of languages. Nothing here needs the database or the index."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, render_template, url_for

from portal.advice.page import ADVICE, SITE, Page, Pages
from portal.advice.rendering import InnerLink, resolve_links
from portal.i18n.request import page_language
from portal.pack import Pack
from portal.ui.caching import public


@dataclass(frozen=True)
class AdviceRoom:
    """What these views are given."""

    pages: Pages
    pack: Pack


def install(app: Flask, of_language: str, room: AdviceRoom) -> None:
    """Serve the pages below `of_language`."""
    views = Blueprint("advice", __name__)

    @views.get("/about")
    def about() -> Response:
        return _show(room.pages.get_page(SITE, "about", page_language().code))

    @views.get("/privacy")
    def privacy() -> Response:
        return _show(room.pages.get_page(SITE, "privacy", page_language().code))

    @views.get("/accessibility")
    def accessibility() -> Response:
        return _show(room.pages.get_page(SITE, "accessibility", page_language().code))

    @views.get("/contact")
    def contact() -> Response:
        return _show(room.pages.get_page(SITE, "contact", page_language().code))

    @views.get("/languages")
    def languages() -> Response:
        return public(render_template("advice/languages.html"))

    @views.get("/advice")
    def advice() -> Response:
        return public(render_template("advice/advice.html", shelves=room.pages.list_shelves(page_language().code)))

    @views.get("/advice/<slug>")
    def page(slug: str) -> Response:
        return _show(room.pages.get_page(ADVICE, slug, page_language().code))

    app.register_blueprint(views, url_prefix=of_language)


def _show(page: Page) -> Response:
    return public(render_template("advice/page.html", page=page, body=resolve_links(page.body, _address)))


def _address(link: InnerLink) -> str:
    match link.kind:
        case "page":
            return url_for("advice.page", slug=link.name)
        case "site":
            return url_for(f"advice.{link.name}")
        case "need":
            return url_for("search.results", need=link.name)
        case "advice":
            return url_for("advice.advice")
        case "urgent":
            return url_for("urgent.urgent")
        case _:
            return url_for("home.home")
