"""The language of a request: the first part of its path, and nothing else; never a guess from a browser or from what was typed.

`install` teaches an application: Babel and its catalogues, `lang_code` in and out of URLs, and the words that every template
needs (`_`, `ngettext`, `pgettext`, `page_language`, `language_links`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Babel
from werkzeug.local import LocalProxy

from portal.i18n import text
from portal.i18n.checked import load_checked
from portal.i18n.languages import LANGUAGES, SOURCE, Language, choose

DOMAIN = "portal"


LIKELY = 3
LONGEST_HERE = 1_500


@dataclass(frozen=True)
class LanguageLink:
    """A language and this page in it."""

    code: str
    name: str
    direction: str
    url: str
    current: bool


def install(app: Flask, offered: tuple[str, ...], translations: Path) -> None:
    """Teach `app` its languages. `offered` are codes in the pack's order. Raises `ContentError` for one that is not ours."""
    app.extensions["languages"] = choose(offered)
    checked = load_checked(translations)
    app.jinja_env.globals["is_draft"] = lambda part: checked.is_draft(page_language().code, part)
    Babel(
        app,
        default_locale=SOURCE,
        default_domain=DOMAIN,
        default_translation_directories=str(translations),
        default_timezone="Europe/London",
        locale_selector=lambda: _locale_of(page_language().code),
    )
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    app.jinja_env.globals["page_language"] = LocalProxy(page_language)  # for macros that are imported without context
    app.jinja_env.globals.update(_=text.gettext, gettext=text.gettext, ngettext=text.ngettext, pgettext=text.pgettext, LANGUAGES=LANGUAGES)
    app.context_processor(_of_every_page)


def read_catalogues(app: Flask) -> None:
    """Read what every language says now, where it would else be read when a page is first asked for in it."""
    offered: tuple[Language, ...] = app.extensions["languages"]
    for language in offered:
        with app.test_request_context(f"/{language.code}/"):
            text.locale()


@cache
def _locale_of(code: str) -> Locale:
    """Each page asks; reading a code anew takes longer than all of a page's words."""
    return Locale.parse(code)


def _of_every_page() -> dict[str, object]:
    links = language_links()
    return {"page_language": page_language(), "language_links": links, "likely_links": likely_links(links)}


def page_language() -> Language:
    """The language of the page being made; English outside a request."""
    if not has_request_context():
        return LANGUAGES[SOURCE]
    known: Language | None = g.get("page_language")
    if known is None:
        code = g.get("lang_code") or request.path.split("/", 2)[1]  # an address that no page has still begins with a language
        offered: tuple[Language, ...] = current_app.extensions["languages"]
        known = g.page_language = next((language for language in offered if language.code == code), LANGUAGES[SOURCE])
    return known


def language_links() -> tuple[LanguageLink, ...]:
    """This page in every language of the site; the home page where this one has no address of its own."""
    current = page_language().code
    offered: tuple[Language, ...] = current_app.extensions["languages"]
    rest = _rest()
    return tuple(LanguageLink(it.code, it.name, it.direction, f"/{it.code}{rest}", it.code == current) for it in offered)


def likely_links(links: Sequence[LanguageLink]) -> tuple[LanguageLink, ...]:
    """Those of `language_links` for the head of a page: its own language, and the likeliest others of the pack."""
    others = [link for link in links if not link.current][:LIKELY]
    return tuple(link for link in links if link.current or link in others)


def _rest() -> str:
    """This page's path and query after its language, which are the same in every language; found out once for each page."""
    known: str | None = g.get("rest")
    if known is None:
        code = page_language().code
        known = g.rest = _here_in(code).removeprefix(f"/{code}")
    return known


def _here_in(code: str) -> str:
    if request.endpoint is None or request.method not in ("GET", "HEAD") or "lang_code" not in g:
        return url_for("home.home", lang_code=code)
    return url_for(request.endpoint, **{**g.get("kept_arguments", {}), **(request.view_args or {}), "lang_code": code})


def here() -> str:
    """This page's path and query after its language, for links to it in any other; empty for the home page and beyond measure."""
    if g.get("is_quiet"):
        return ""
    rest = _rest()
    return "" if rest == "/" or len(rest) > LONGEST_HERE else rest


def keep_arguments(arguments: Mapping[str, Any]) -> None:
    """Say which arguments of this request the same page in another language needs: read and bounded, not as they came."""
    g.kept_arguments = dict(arguments)
    g.pop("rest", None)


def keep_address_quiet() -> None:
    """Say that the address of this page opens something: it goes into no other address."""
    g.is_quiet = True


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "lang_code" in values:
        g.lang_code = values.pop("lang_code")
        g.pop("page_language", None)


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if "lang_code" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang_code"):
        values["lang_code"] = page_language().code
