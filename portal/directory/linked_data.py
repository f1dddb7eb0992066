"""JSON-LD as schema.org has it: the view of a service page in, one `@graph` of WebPage, Service, Organization and Places out.

Only properties that the vocabulary allows on each type; nothing empty; nothing of a confidential place.
"""

from __future__ import annotations

import json
from typing import Any, Final

from markupsafe import Markup

from portal.directory.opening import Hours
from portal.directory.pages import ServicePage, Venue

CONTEXT: Final = "https://schema.org"
DAYS: Final = dict(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))
_UNSAFE: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def linked_data(page: ServicePage, address: str, organization_address: str, language: str) -> Markup:
    """The graph as text for a `<script type="application/ld+json">`; `address` is the page's own."""
    listing = page.listing
    organization = {"@type": "Organization", "@id": organization_address, "name": listing.organization, "url": organization_address}
    venues = [_place(f"{address}#place-{number}", venue) for number, venue in enumerate(page.venues) if not venue.site.is_confidential]
    web_page = {
        "@type": "WebPage",
        "@id": address,
        "name": listing.name,
        "inLanguage": language,
        "mainEntity": {"@id": f"{address}#service"},
    }
    if listing.assured_on:
        web_page["lastReviewed"] = listing.assured_on.isoformat()
    graph = [web_page, _service(page, address, organization_address, venues), organization, *venues]
    text = json.dumps({"@context": CONTEXT, "@graph": [_filled(node) for node in graph]}, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE))  # noqa: S704 - no "<", ">" or "&" is left in it


def _service(page: ServicePage, address: str, organization: str, venues: list[dict[str, Any]]) -> dict[str, Any]:
    listing = page.listing
    channel = {
        "@type": "ServiceChannel",
        "serviceUrl": page.url,
        "servicePhone": _filled({"@type": "ContactPoint", "telephone": listing.phone}) if listing.phone else None,
        "serviceLocation": [{"@id": venue["@id"]} for venue in venues],
        "availableLanguage": [code for code, _ in page.languages if code],
    }
    return {
        "@type": "Service",
        "@id": f"{address}#service",
        "name": listing.name,
        "description": listing.summary,
        "provider": {"@id": organization},
        "areaServed": list(page.area_names),
        "audience": _filled({"@type": "PeopleAudience", "suggestedMinAge": listing.minimum_age, "suggestedMaxAge": listing.maximum_age}),
        "availableChannel": _filled(channel),
        "hoursAvailable": _hours(listing.hours),
        "offers": {"@type": "Offer", "price": 0, "priceCurrency": "GBP"} if listing.is_free else None,
    }


def _place(identity: str, venue: Venue) -> dict[str, Any]:
    site = venue.site
    street = ", ".join(line for line in site.address.split(", ") if line != site.postcode)
    return {
        "@type": "Place",
        "@id": identity,
        "name": site.name,
        "address": _filled({"@type": "PostalAddress", "streetAddress": street, "postalCode": site.postcode, "addressCountry": "GB"}),
        "geo": _filled({"@type": "GeoCoordinates", "latitude": site.latitude, "longitude": site.longitude}),
        "openingHoursSpecification": _hours(site.hours),
    }


def _hours(hours: Hours) -> list[dict[str, Any]]:
    """Weekly sessions; schema.org has no word for every second week or the second Tuesday."""
    return [
        _filled(
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": DAYS[pattern.weekday],
                "opens": pattern.opens.strftime("%H:%M"),
                "closes": pattern.closes.strftime("%H:%M"),
                "validFrom": pattern.first.isoformat() if pattern.first else None,
                "validThrough": pattern.last.isoformat() if pattern.last else None,
            }
        )
        for pattern in hours.patterns
        if pattern.weekday is not None and not pattern.ordinal and pattern.interval == 1 and pattern.opens and pattern.closes
    ]


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    """The node without what is empty; empty itself if nothing but its type is left."""
    kept = {key: value for key, value in node.items() if value not in (None, "", [], {})}
    return kept if set(kept) - {"@type"} else {}
