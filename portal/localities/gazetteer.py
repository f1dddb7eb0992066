"""The localities pack read: a folder with `localities.geojson`, `postcodes.csv` and `places.csv` in, one frozen `Gazetteer` out.

It is read once by each worker and shared by its threads. Shapes are not read here: what draws or measures them asks `boundaries`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from portal.errors import ContentError
from portal.localities.answer import Place
from portal.localities.collection import Locality, read_collection
from portal.localities.entries import Listed, list_entries, read_places
from portal.localities.names import NameIndex, index_names
from portal.localities.postcode_file import load_postcodes
from portal.localities.postcodes import PostcodeTable

__all__ = ["Gazetteer", "Locality", "load_gazetteer"]


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """All that is needed to tell what place a person means. `localities` by slug, in the pack's order."""

    name: str
    boundary_date: date
    source: str
    localities: Mapping[str, Locality]
    postcodes: PostcodeTable
    names: NameIndex

    @cached_property
    def locality_places(self) -> Mapping[str, Place]:
        """Each locality as a place, by slug; without those that are nowhere, having neither postcodes nor a middle."""
        places = (place for namesakes in self.names.places.values() for place in namesakes)
        return {place.locality: place for place in places if place.kind == "locality" and place.locality}


def load_gazetteer(folder: Path) -> Gazetteer:
    """Read the pack. Raises `ContentError`, naming the file and the place in it, for what is missing or wrong."""
    collection = read_collection(folder / "localities.geojson")
    try:
        postcodes = load_postcodes(folder / "postcodes.csv", list(collection.localities))
        places = read_places(folder / "places.csv", collection.localities)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ContentError(f"{folder}: {error}.") from error
    return Gazetteer(
        name=collection.name,
        boundary_date=collection.boundary_date,
        source=collection.source,
        localities=MappingProxyType(collection.localities),
        postcodes=postcodes,
        names=index_names(list_entries(Listed(collection, postcodes, places))),
    )
