"""Services and organizations as schema.org has them: what a page shows in, one graph with the page itself out.

Only properties that the vocabulary allows on each type; nothing empty; nothing of a confidential place; no number of a person.
"""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup

from portal.directory.models import Organization
from portal.directory.opening import Hours
from portal.directory.pages import ServicePage, Venue
from portal.ui.linked_data import filled, graph, web_page

DAYS: Final = dict(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))


def linked_service(page: ServicePage, address: str, organization_address: str, language: str) -> Markup:
    """The graph of a service's page; `address` is the page's own."""
    listing = page.listing
    provider = {**_organization(organization_address), "name": listing.organization}
    venues = [_place(f"{address}#place-{number}", venue) for number, venue in enumerate(page.venues) if not venue.site.is_confidential]
    this_page = web_page(address, listing.name, language, f"{address}#service")
    if listing.assured_on:
        this_page["lastReviewed"] = listing.assured_on.isoformat()
    return graph([this_page, _service(page, address, provider["@id"], venues), provider, *venues])


def linked_organization(organization: Organization, address: str, language: str) -> Markup:
    """The graph of an organization's page; `address` is the page's own."""
    theirs = {
        **_organization(address),
        "name": organization.name,
        "description": organization.description if organization.description != organization.name else "",
        "email": organization.email,
        "telephone": [phone.number for phone in organization.phones if phone.contact_id is None],
        "sameAs": organization.website,
        "identifier": [
            filled({"@type": "PropertyValue", "propertyID": it.identifier_type or it.identifier_scheme, "value": it.identifier})
            for it in organization.identifiers
        ],
    }
    return graph([web_page(address, organization.name, language, theirs["@id"]), theirs])


def _organization(address: str) -> dict[str, Any]:
    """What every page calls an organization whose own page is at `address`."""
    return {"@type": "Organization", "@id": f"{address}#organization", "url": address}


def _service(page: ServicePage, address: str, organization: str, venues: list[dict[str, Any]]) -> dict[str, Any]:
    listing = page.listing
    channel = {
        "@type": "ServiceChannel",
        "serviceUrl": page.url,
        "servicePhone": filled({"@type": "ContactPoint", "telephone": listing.phone}) if listing.phone else None,
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
        "audience": filled({"@type": "PeopleAudience", "suggestedMinAge": listing.minimum_age, "suggestedMaxAge": listing.maximum_age}),
        "availableChannel": filled(channel),
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
        "address": filled({"@type": "PostalAddress", "streetAddress": street, "postalCode": site.postcode, "addressCountry": "GB"}),
        "geo": filled({"@type": "GeoCoordinates", "latitude": site.latitude, "longitude": site.longitude}),
        "openingHoursSpecification": _hours(site.hours),
    }


def _hours(hours: Hours) -> list[dict[str, Any]]:
    """Weekly sessions; schema.org has no word for every second week or the second Tuesday."""
    return [
        filled(
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
