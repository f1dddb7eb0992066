"""A place in several columns of a file, as many lists have it (name, street, town, postcode): cells in, one line of Places out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from portal.editing.spreadsheet.parts import read_venue, write_venue

PLACES: Final = "venues"


@dataclass(frozen=True)
class PlacePart:
    """A column that holds one part of a place. `field` is the part's of a `VenueEntry`."""

    key: str
    heading: str
    field: str
    also: tuple[str, ...]


PARTS: Final = (
    PlacePart("place_name", "Place: name", "name", ("venue name", "name of venue", "building", "place name", "location name")),
    PlacePart("place_street", "Place: street", "address", ("street", "address line 1", "address 1", "street address", "address1")),
    PlacePart("place_town", "Place: town", "city", ("town", "city", "town or city", "post town")),
    PlacePart("place_postcode", "Place: postcode", "postcode", ("postcode", "post code", "postal code", "zip")),
)


def line_of(places: str, told: Mapping[str, str]) -> str:
    """What the column Places would say: `places` as it stands, with the parts told by key. Raises `Unclear`."""
    said = {part.field: " ".join(told.get(part.key, "").split()) for part in PARTS}
    if not any(said.values()) or "\n" in places.strip():
        return places
    venue = read_venue(places.strip()) if places.strip() else read_venue("")
    return write_venue(msgspec.structs.replace(venue, **{field: text.replace("|", "/") for field, text in said.items() if text}))
