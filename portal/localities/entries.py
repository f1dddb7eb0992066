"""What can be found by name: the pack's localities, postcodes and `places.csv` in, entries for the index of names out.

A village outside the borough belongs to no locality; it is told from its namesakes by the locality that it is near.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import numpy as np

from portal.errors import ContentError
from portal.localities.answer import Kind, Place
from portal.localities.collection import Collection, Locality
from portal.localities.distance import miles_to
from portal.localities.names import Named
from portal.localities.postcodes import PostcodeTable

COLUMNS: Final = ("name", "kind", "lat", "long", "locality")
KINDS: Final = frozenset({"locality", "street", "place"})


@dataclass(frozen=True)
class Listed:
    """Everything in the pack that has a name."""

    collection: Collection
    postcodes: PostcodeTable
    places: tuple[Place, ...]


def read_places(path: Path, localities: Mapping[str, Locality]) -> tuple[Place, ...]:
    """Read `places.csv`. Raises `ContentError`, naming the line, for a kind, position or locality that is none."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            raise ContentError(f"{path}: the column {sorted(missing)[0]!r} is missing.")
        places = []
        for row in reader:
            try:
                places.append(_place(row, localities))
            except (ValueError, TypeError) as error:
                raise ContentError(f"{path}, line {reader.line_num}: {error}.") from error
    return tuple(places)


def list_entries(listed: Listed) -> Iterator[Named]:
    """Every name: localities, the borough and its authorities, then villages, landmarks and streets."""
    localities = list(_localities(listed))
    yield from localities
    yield from _authorities(listed)
    yield from _others(listed, [entry.place for entry in localities])


def _place(row: dict[str, str], localities: Mapping[str, Locality]) -> Place:
    kind, locality = row["kind"], row["locality"]
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is none of the kinds {', '.join(sorted(KINDS))}")
    if locality and locality not in localities:
        raise ValueError(f"{locality!r} is no locality's slug")
    return Place(cast("Kind", kind), row["name"], float(row["lat"]), float(row["long"]), locality or None)


def _localities(listed: Listed) -> Iterator[Named]:
    """Each where the pack puts its middle, or else amid its postcodes. "Overton (Wyre)" is known as "Overton" too."""
    middles = {place.locality: place for place in listed.places if place.kind == "locality"}
    for slug, locality in listed.collection.localities.items():
        extent = listed.postcodes.extent([slug])
        if middle := middles.get(slug) or extent:
            place = Place("locality", locality.name, middle.latitude, middle.longitude, slug, extent.reach if extent else 0.0)
            yield Named(locality.name.split(" (", 1)[0], place, home=", ".join(locality.lads) or listed.collection.borough)


def _authorities(listed: Listed) -> Iterator[Named]:
    """The borough, and the authorities that it spans: each too large for one locality, and put at the town of its name."""
    members = {listed.collection.borough: list(listed.collection.localities)} if listed.collection.borough else {}
    for slug, locality in listed.collection.localities.items():
        for lad in locality.lads:
            members.setdefault(lad, []).append(slug)
    towns = {place.label: place for place in listed.places if place.kind == "place"}
    for name, slugs in members.items():
        if extent := listed.postcodes.extent(slugs):
            middle = towns.get(name) or extent
            yield Named(name, Place("place", name, middle.latitude, middle.longitude, None, extent.reach))


def _others(listed: Listed, localities: list[Place]) -> Iterator[Named]:
    latitudes = np.array([place.latitude for place in localities])
    longitudes = np.array([place.longitude for place in localities])
    for place in listed.places:
        if place.kind == "locality":
            continue
        if place.locality:
            yield Named(place.label, place, listed.collection.localities[place.locality].name)
        elif localities:
            nearest = int(np.argmin(miles_to(place.latitude, place.longitude, latitudes, longitudes)))
            yield Named(place.label, place, f"near {localities[nearest].label}")
