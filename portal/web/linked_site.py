"""The site as schema.org has it: the pack in, one graph of the site, its search and the council that runs it out."""

from __future__ import annotations

from markupsafe import Markup

from portal.pack import Pack
from portal.ui.linked_data import filled, graph

WORDS = "search_term_string"


def linked_site(pack: Pack, address: str, search_address: str, language: str) -> Markup:
    """The graph of the home page: `address` is its own, `search_address` that of the results, to which the question is added."""
    council = f"{address}#council"
    line = pack.front_door
    site = {
        "@type": "WebSite",
        "@id": f"{address}#site",
        "name": pack.site,
        "url": address,
        "inLanguage": language,
        "publisher": {"@id": council},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search_address}?q={{{WORDS}}}"},
            "query-input": f"required name={WORDS}",
        },
    }
    publisher = {
        "@type": "GovernmentOrganization",
        "@id": council,
        "name": pack.council,
        "url": pack.website,
        "address": pack.address,
        "areaServed": {"@type": "AdministrativeArea", "name": pack.borough},
        "contactPoint": filled({"@type": "ContactPoint", "name": line.name, "telephone": line.number, "email": line.email}),
    }
    return graph([site, publisher])
