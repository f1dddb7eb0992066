"""What the frame of every page needs: the pack, the links of bar and footer, the council's banners and the style in its colours."""

from __future__ import annotations

import colorsys
import gzip
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

import brotli
from flask import Flask, Response, request, url_for

from portal.advice.easy_read import URGENT
from portal.council.banners import Said
from portal.council.standing import Standing
from portal.i18n.request import LanguageLink, here, language_links, page_language
from portal.pack import Pack
from portal.ui.assets import COLOURED, Assets, load_assets
from portal.web.headers import A_YEAR
from portal.web.sitemap import INDEXED

DARKER = 0.7
PALE = 0.92
LINKED: Final = {
    "home": "home.home",
    "urgent": "urgent.urgent",
    "exit": "leaving.leave",
    "my_list": "sharing.my_list",
    "advice": "advice.advice",
    "about": "advice.about",
    "privacy": "advice.privacy",
    "accessibility": "advice.accessibility",
    "contact": "advice.contact",
    "open_data": "open_data.open_data",
    "sign_in": "signing.sign_in",
    "using": "advice.using_this_site",
    "finder": "well_known.finder",
    "languages": "advice.languages",
}
WITH_BANNERS: Final = INDEXED - {"urgent.urgent"} | {"search.results"}


def install(app: Flask, pack: Pack, standing: Standing, base_url: str) -> None:
    """Give templates the frame, and serve the style in the council's colours at names that change with them.

    Pages have the front door's number as the council wrote it; urgent help keeps to the pack alone, and never asks `standing`.
    """
    assets = coloured_assets(pack)

    def style(name: str) -> Response:
        return _sheet(assets.text(name), request.accept_encodings.best_match(["br", "gzip"]))

    for name in COLOURED:
        app.add_url_rule(assets.url(name), "frame.style", style, defaults={"name": name})

    def frame() -> dict[str, object]:
        shown = pack if _is_urgent() else standing.pack
        return {"pack": shown, "frame_links": _links(), "alternates": _alternates(base_url)}

    def banners(place: str) -> Sequence[Said]:
        return standing.banners(page_language().code, place) if request.endpoint in WITH_BANNERS else ()

    app.context_processor(frame)
    app.jinja_env.globals["council_banners"] = banners


def _is_urgent() -> bool:
    """Whether this is urgent help, whole or in Easy Read, which must not depend on anything that can break."""
    arguments = request.view_args or {}
    return request.endpoint == "urgent.urgent" or (request.endpoint == "advice.easy_read" and arguments.get("slug") == URGENT)


def _alternates(base_url: str) -> list[LanguageLink]:
    """This page in every language, for search engines; nothing for a page that is not for them."""
    if request.endpoint not in INDEXED:
        return []
    return [replace(link, url=f"{base_url}{link.url}") for link in language_links()]


@dataclass(frozen=True)
class FrameLinks:
    """Addresses that bar and footer lead to, in the page's language. `languages` is the choice of another, for this page."""

    home: str
    urgent: str
    exit: str
    my_list: str
    advice: str
    about: str
    privacy: str
    accessibility: str
    contact: str
    open_data: str
    sign_in: str
    using: str
    finder: str
    languages: str


@cache
def _links_in(language: str) -> FrameLinks:
    """The same on every page of a language."""
    return FrameLinks(**{name: url_for(endpoint, lang_code=language) for name, endpoint in LINKED.items()})


def _links() -> FrameLinks:
    links, page = _links_in(page_language().code), here()
    return replace(links, languages=url_for("advice.languages", here=page)) if page else links


def coloured_assets(pack: Pack) -> Assets:
    """The built files, with the site's own style in the colours of this council."""
    return _in_brand(pack.brand)


@cache
def _in_brand(colour: str) -> Assets:
    return load_assets().in_colours(brand_stylesheet(colour))


def _sheet(text: str, encoding: str | None) -> Response:
    """A style sheet as a browser that has never been here takes it, kept for good."""
    response = Response(_encoded(text, encoding), mimetype="text/css")
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


@lru_cache(maxsize=8)
def _encoded(text: str, encoding: str | None) -> bytes:
    """As small as it gets, once for each worker: no request waits for it twice."""
    if encoding == "br":
        return bytes(brotli.compress(text.encode(), quality=11))
    return gzip.compress(text.encode(), 9, mtime=0) if encoding == "gzip" else text.encode()


def brand_stylesheet(colour: str) -> str:
    """Custom properties for `#rrggbb`: itself, a darker and a pale one of the same hue."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    dark = _hex(*colorsys.hls_to_rgb(hue, light * DARKER, saturation))
    pale = _hex(*colorsys.hls_to_rgb(hue, PALE, min(saturation, 0.35)))
    return f":root{{--brand:{colour};--brand-dark:{dark};--brand-pale:{pale}}}"


def _hex(*channels: float) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
