"""What search engines are told: `/robots.txt`, a sitemap that lists the sitemaps, and one for each language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from flask import Flask, Response, abort, url_for

from portal import clock
from portal.advice.page import ADVICE, SITE_SLUGS
from portal.db import reading
from portal.directory.queries import list_public_dates
from portal.insight.locality.queries import localities_changed
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
        *(f"advice.{slug.replace('-', '_')}" for slug in SITE_SLUGS),
    }
)
Entry = tuple[str, date | None]


def install(app: Flask, holdings: Holdings) -> None:
    """Serve `/robots.txt`, `/sitemap.xml` and `/sitemap-<language>.xml`."""
    base = holdings.directory_room.base_url

    def robots() -> Response:
        barred = "".join(f"Disallow: /*/{path}\n" for path in ("search", "list", "exit", "services/*/report"))
        return public(Response(f"User-agent: *\n{barred}Sitemap: {base}/sitemap.xml\n", mimetype="text/plain"))

    def sitemap() -> Response:
        rows = "".join(f"<sitemap><loc>{base}/sitemap-{code}.xml</loc></sitemap>" for code in holdings.pack.languages)
        return public(_xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'))

    def of_language(code: str) -> Response:
        if code not in holdings.pack.languages:
            abort(404)
        rows = "".join(_row(base, entry) for entry in _entries(holdings, code))
        return public(_xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'))

    app.add_url_rule("/robots.txt", "sitemap.robots", robots)
    app.add_url_rule("/sitemap.xml", "sitemap.sitemap", sitemap)
    app.add_url_rule("/sitemap-<code>.xml", "sitemap.of_language", of_language)


def _xml(text: str) -> Response:
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', mimetype="application/xml")


def _row(base: str, entry: Entry) -> str:
    address, day = entry
    changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
    return f"<url><loc>{escape(base + address)}</loc>{changed}</url>"


def _entries(holdings: Holdings, code: str) -> Iterator[Entry]:
    """Every page for search engines in a language, with the day of its last change where one is known."""
    for endpoint in sorted(INDEXED - {"localities.locality", "directory.service", "directory.organization", "advice.page"}):
        yield url_for(endpoint, lang_code=code), None
    pages = holdings.advice_room.library.on(clock.today())
    for (kind, slug, language), page in sorted(pages.by_name.items(), key=lambda item: item[0]):
        if kind == ADVICE and language == code:
            yield url_for("advice.page", slug=slug, lang_code=code), page.reviewed_on
    with reading(holdings.engine) as session:
        dates = list_public_dates(session, clock.today())
        places = localities_changed(session, holdings.index, list(holdings.areas.localities))
    for slug, day in places.items():
        yield url_for("localities.locality", slug=slug, lang_code=code), day
    for service_id, changed_at in dates:
        yield url_for("directory.service", service_id=service_id, lang_code=code), changed_at.date() if changed_at else None
