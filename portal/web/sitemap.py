"""What search engines are told: `/robots.txt`, a sitemap that lists the sitemaps, and some for each language.

Each page is told with its address in every other language and, where it is known, the day of its last change. A sitemap holds so many
addresses at most that it stays far below what engines read; each is written while it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import chain
from typing import Final
from xml.sax.saxutils import escape

from flask import Flask, Response, abort, url_for

from portal import clock
from portal.advice.page import ADVICE, SITE_SLUGS
from portal.directory.queries import list_organization_dates, list_public_dates
from portal.i18n.languages import SOURCE
from portal.insight.locality.queries import localities_changed
from portal.standby import reading_copy
from portal.ui.caching import public
from portal.web.holdings import Holdings

INDEXED: Final = frozenset(
    {
        "home.home",
        "urgent.urgent",
        "localities.borough",
        "localities.locality",
        "directory.service",
        "directory.organization",
        "advice.advice",
        "advice.page",
        "open_data.open_data",
        *(f"advice.{slug.replace('-', '_')}" for slug in SITE_SLUGS),
    }
)
_OF_RECORDS: Final = ("localities.locality", "directory.service", "directory.organization", "advice.page")
MOST_PAGES: Final = 5_000  # in one sitemap; engines read 50,000 and 50 MB
NAMESPACES: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
BARRED: Final = ("search", "list", "exit", "services/*/report")
Entry = tuple[str, date | None, tuple[str, ...]]  # an address after its language, its last change, the languages that have it


def install(app: Flask, holdings: Holdings) -> None:
    """Serve `/robots.txt`, `/sitemap.xml`, `/sitemap-<language>.xml` and, where one is not enough, `/sitemap-<language>-<number>.xml`."""
    base = holdings.directory_room.base_url
    languages = holdings.pack.languages

    def robots() -> Response:
        barred = "".join(f"Disallow: /*/{path}\n" for path in BARRED)
        return public(Response(f"User-agent: *\n{barred}Sitemap: {base}/sitemap.xml\n", mimetype="text/plain"))

    def sitemap() -> Response:
        others = _of_every_language(holdings)
        numbers = {code: 1 + (len(others) + len(_advice(holdings, code)) - 1) // MOST_PAGES for code in languages}
        names = [name for code, number in numbers.items() for name in (code, *(f"{code}-{more}" for more in range(2, number + 1)))]
        rows = "".join(f"<sitemap><loc>{escape(base)}/sitemap-{name}.xml</loc></sitemap>" for name in names)
        return public(_xml([f"<sitemapindex {NAMESPACES}>{rows}</sitemapindex>"]))

    def of_language(code: str, number: int = 1) -> Response:
        if code not in languages or number < 1:
            abort(404)
        entries = [*_advice(holdings, code), *_of_every_language(holdings)][MOST_PAGES * (number - 1) : MOST_PAGES * number]
        if not entries:
            abort(404)
        return public(_xml(chain([f"<urlset {NAMESPACES}>"], (_row(base, code, entry) for entry in entries), ["</urlset>"])))

    app.add_url_rule("/robots.txt", "sitemap.robots", robots)
    app.add_url_rule("/sitemap.xml", "sitemap.sitemap", sitemap)
    app.add_url_rule("/sitemap-<code>.xml", "sitemap.of_language", of_language)
    app.add_url_rule("/sitemap-<code>-<int:number>.xml", "sitemap.of_language", of_language)


def _xml(parts: Iterable[str]) -> Response:
    return Response(chain(['<?xml version="1.0" encoding="UTF-8"?>\n'], parts), mimetype="application/xml")


def _row(base: str, code: str, entry: Entry) -> str:
    address, day, languages = entry
    changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
    others = "".join(f'<xhtml:link rel="alternate" hreflang="{it}" href="{escape(f"{base}/{it}{address}")}"/>' for it in languages)
    return f"<url><loc>{escape(f'{base}/{code}{address}')}</loc>{changed}{others}</url>"


def _advice(holdings: Holdings, code: str) -> list[Entry]:
    """Pages of advice that are written in a language; each is reviewed on a day."""
    pages = holdings.advice_room.library.on(clock.today()).by_name
    ours = holdings.pack.languages
    return [
        (_path("advice.page", slug=slug), page.reviewed_on, tuple(it for it in ours if (kind, slug, it) in pages))
        for (kind, slug, language), page in sorted(pages.items(), key=lambda item: item[0])
        if kind == ADVICE and language == code
    ]


def _of_every_language(holdings: Holdings) -> list[Entry]:
    """All other pages for search engines; their words are in every language, or marked where they are not."""
    with reading_copy(holdings.engine) as session:
        services = list_public_dates(session, clock.today())
        organizations = list_organization_dates(session, clock.today())
        places = localities_changed(session, holdings.index, list(holdings.areas.localities))
    known: list[tuple[str, date | None]] = [
        *((_path(endpoint), None) for endpoint in sorted(INDEXED - {*_OF_RECORDS})),
        *((_path("localities.locality", slug=slug), day) for slug, day in places.items()),
        *((_path("directory.organization", organization_id=key), changed_at and changed_at.date()) for key, changed_at in organizations),
        *((_path("directory.service", service_id=key), changed_at and changed_at.date()) for key, changed_at in services),
    ]
    return [(address, day, holdings.pack.languages) for address, day in known]


def _path(endpoint: str, **values: object) -> str:
    """A page's address after its language."""
    return url_for(endpoint, lang_code=SOURCE, **values).removeprefix(f"/{SOURCE}")  # type: ignore[arg-type]  # as Flask's own
