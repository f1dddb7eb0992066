"""A locality as schema.org has it: what its page shows in, one graph of the page, the place and what it lies in out."""

from __future__ import annotations

from markupsafe import Markup

from portal.localities.answer import Place
from portal.localities.collection import Locality
from portal.ui.linked_data import filled, graph, web_page


def linked_locality(locality: Locality, middle: Place | None, borough: str, page: tuple[str, str]) -> Markup:
    """The graph. `middle` is where the locality lies, None where that is not known; `page` the address and language of its own page."""
    address, language = page
    place = {
        "@type": "Place",
        "@id": f"{address}#place",
        "name": locality.name,
        "url": address,
        "containedInPlace": {"@type": "AdministrativeArea", "name": borough},
        "geo": filled({"@type": "GeoCoordinates", "latitude": middle.latitude, "longitude": middle.longitude}) if middle else None,
    }
    return graph([web_page(address, locality.name, language, f"{address}#place"), place])
