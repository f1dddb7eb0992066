"""What programs look for by themselves: whom to tell of a hole in the site (RFC 9116), how a browser's own search box asks it, and
which interfaces there are (RFC 9727).
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from flask import Flask, Response, url_for

from portal import clock
from portal.api.formats.offers import OFFERS, OPENAPI
from portal.api.oruk.parameter import ROOT as ORUK
from portal.i18n.request import page_language
from portal.pack import Pack
from portal.ui.caching import public

HALF_A_YEAR: Final = timedelta(days=183)
LONGEST_NAME: Final = 16  # letters that OpenSearch has room for
LONGEST_WHOLE_NAME: Final = 48
CATALOG: Final = "/.well-known/api-catalog"
CATALOG_TYPE: Final = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
SEARCH_TYPE: Final = "application/opensearchdescription+xml"


def install(app: Flask, of_language: str, pack: Pack, base_url: str) -> None:
    """Serve `/.well-known/security.txt`, the list of interfaces, and a search description in each language.

    `base_url` is where the site is public.
    """

    def security() -> Response:
        return public(Response(security_text(pack, base_url, clock.today()), mimetype="text/plain"))

    def finder() -> Response:
        address = f"{base_url}{url_for('search.results')}"
        return public(Response(search_description(pack, address, page_language().code), mimetype=SEARCH_TYPE))

    def catalog() -> Response:
        response = public(Response(json.dumps(api_catalog(pack, base_url)), content_type=CATALOG_TYPE))
        response.headers["Link"] = f'<{base_url}{CATALOG}>; rel="api-catalog"'
        return response

    app.add_url_rule("/.well-known/security.txt", "well_known.security", security)
    app.add_url_rule(CATALOG, "well_known.catalog", catalog)
    app.add_url_rule(f"{of_language}/opensearch.xml", "well_known.finder", finder)


def security_text(pack: Pack, base_url: str, today: date) -> str:
    """The file; what it says holds for half a year, and is the same all day."""
    told = pack.security or pack.front_door.email
    contact = told if told.startswith("https://") else f"mailto:{told}" if told else f"{base_url}/en/contact"
    lines = {
        "Contact": contact,
        "Expires": f"{datetime.combine(today + HALF_A_YEAR, time(), UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages": "en",
        "Canonical": f"{base_url}/.well-known/security.txt",
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items())


def api_catalog(pack: Pack, base_url: str) -> dict[str, Any]:
    """Every interface as a set of links (RFC 9264): where it is, what describes it to programs and to people, its licence."""
    about = {
        "service-desc": [{"href": f"{base_url}{OPENAPI.path}", "type": OPENAPI.media_type}],
        "service-doc": [{"href": f"{base_url}/en/open-data", "type": "text/html"}],
        "license": [{"href": pack.licence.url}],
    }
    interface = {"anchor": f"{base_url}{ORUK}/", **about}
    others = [{"anchor": f"{base_url}{offer.path}", **about} for offer in OFFERS if offer is not OPENAPI]
    items = [{"href": each["anchor"]} for each in (interface, *others)]
    return {"linkset": [{"anchor": f"{base_url}{CATALOG}", "item": items}, interface, *others]}


def search_description(pack: Pack, address: str, language: str) -> str:
    """OpenSearch 1.1: `address` is that of the results, to which the question is added."""
    rows = (
        f"<ShortName>{escape(_short(pack.site))}</ShortName>",
        f"<LongName>{escape(pack.site[:LONGEST_WHOLE_NAME])}</LongName>",
        f"<Description>{escape(f'{pack.site}, {pack.council}')}</Description>",
        f"<Language>{escape(language)}</Language>",
        "<InputEncoding>UTF-8</InputEncoding>",
        f'<Url type="text/html" rel="results" template={quoteattr(address + "?q={searchTerms}")}/>',
    )
    inner = "".join(rows)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">{inner}</OpenSearchDescription>'


def _short(site: str) -> str:
    """As many whole words of a name as there is room for."""
    if len(site) <= LONGEST_NAME:
        return site
    return site[: LONGEST_NAME + 1].rpartition(" ")[0] or site[:LONGEST_NAME]
