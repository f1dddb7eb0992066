"""What search engines are told: `/robots.txt`, a sitemap that lists the sitemaps, and some for each language.

Each page is told with its address in every other language and, where it is known, the day of its last change. A sitemap holds so many
addresses at most that it stays far below what engines read; only those are read for it, and it is written while it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final
from xml.sax.saxutils import escape

from flask import Flask, Response, abort, url_for
from sqlalchemy.orm import Session

from portal import clock
from portal.advice.page import ADVICE, SITE_SLUGS
from portal.directory.queries import count_shown, list_organization_dates, list_public_dates
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


@dataclass(frozen=True)
class _Part:
    """Some of the addresses of a sitemap: how many there are, and those of a slice."""

    count: int
    entries: Callable[[slice], Iterable[Entry]]


def install(app: Flask, holdings: Holdings) -> None:
    """Serve `/robots.txt`, `/sitemap.xml`, `/sitemap-<language>.xml` and, where one is not enough, `/sitemap-<language>-<number>.xml`."""
    base = holdings.directory_room.base_url
    languages = holdings.pack.languages

    def robots() -> Response:
        barred = "".join(f"Disallow: /*/{path}\n" for path in BARRED)
        return public(Response(f"User-agent: *\n{barred}Sitemap: {base}/sitemap.xml\n", mimetype="text/plain"))

    def sitemap() -> Response:
        with reading_copy(holdings.engine) as session:
            others = sum(part.count for part in _of_every_language(session, holdings))
        numbers = {code: 1 + (others + len(_advice(holdings, code)) - 1) // MOST_PAGES for code in languages}
        names = [name for code, number in numbers.items() for name in (code, *(f"{code}-{more}" for more in range(2, number + 1)))]
        rows = "".join(f"<sitemap><loc>{escape(base)}/sitemap-{name}.xml</loc></sitemap>" for name in names)
        return public(_xml([f"<sitemapindex {NAMESPACES}>{rows}</sitemapindex>"]))

    def of_language(code: str, number: int = 1) -> Response:
        if code not in languages or number < 1:
            abort(404)
        with reading_copy(holdings.engine) as session:
            parts = [_known(_advice(holdings, code)), *_of_every_language(session, holdings)]
            entries = list(_some(parts, MOST_PAGES * (number - 1), MOST_PAGES * number))
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


def _of_every_language(session: Session, holdings: Holdings) -> list[_Part]:
    """All other pages for search engines; their words are in every language, or marked where they are not."""
    today, languages = clock.today(), holdings.pack.languages
    places = localities_changed(session, holdings.index, list(holdings.areas.localities))
    services, organizations = count_shown(session, today)

    def of_organizations(some: slice) -> Iterable[Entry]:
        for key, changed_at in list_organization_dates(session, today, some):
            yield _path("directory.organization", organization_id=key), changed_at and changed_at.date(), languages

    def of_services(some: slice) -> Iterable[Entry]:
        for key, changed_at in list_public_dates(session, today, some):
            yield _path("directory.service", service_id=key), changed_at and changed_at.date(), languages

    return [
        _known([(_path(endpoint), None, languages) for endpoint in sorted(INDEXED - {*_OF_RECORDS})]),
        _known([(_path("localities.locality", slug=slug), day, languages) for slug, day in places.items()]),
        _Part(organizations, of_organizations),
        _Part(services, of_services),
    ]


def _known(entries: Sequence[Entry]) -> _Part:
    return _Part(len(entries), entries.__getitem__)


def _some(parts: Iterable[_Part], first: int, end: int) -> Iterator[Entry]:
    """Of all entries, one part after another, those from `first` to before `end`: no others are read."""
    for part in parts:
        if first < part.count and end > 0:
            yield from part.entries(slice(max(first, 0), min(end, part.count)))
        first, end = first - part.count, end - part.count


def _path(endpoint: str, **values: object) -> str:
    """A page's address after its language."""
    return url_for(endpoint, lang_code=SOURCE, **values).removeprefix(f"/{SOURCE}")  # type: ignore[arg-type]  # as Flask's own
