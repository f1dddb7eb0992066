"""Where names are, for a pack that is being built: localities and a list of place names in, rows of `places.csv` out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from portal.localities.area_sources import PlaceName, Postcode
from portal.localities.collection import read_collection
from portal.localities.distance import Floats, miles_to
from portal.localities.entries import read_places
from portal.localities.membership import Ground, Membership
from portal.localities.shapes import Area

AROUND: Final = 2.0  # miles beyond the borough in which people's places are still known by name
MILES_A_DEGREE: Final = 69.2  # of latitude

PlaceRow = tuple[str, str, float, float, str]  # name, kind, latitude, longitude, slug


def list_middles(membership: Membership, ground: Ground, areas: Sequence[Area]) -> Iterator[PlaceRow]:
    """Where each locality is: at the postcode nearest to the middle of its postcodes, and so among its people."""
    members: dict[str, list[Postcode]] = {locality.slug: [] for locality in membership.localities}
    for postcode in ground.postcodes:
        if slug := membership.slug_of(postcode):
            members[slug].append(postcode)
    for locality, area in zip(membership.localities, areas, strict=True):
        inside = area.representative_point()
        latitude, longitude = _amid(members[locality.slug]) or (inside.y, inside.x)
        yield locality.name, "locality", latitude, longitude, locality.slug


def _amid(postcodes: Sequence[Postcode]) -> tuple[float, float] | None:
    if not postcodes:
        return None
    latitudes = np.array([postcode.latitude for postcode in postcodes])
    longitudes = np.array([postcode.longitude for postcode in postcodes])
    nearest = postcodes[int(np.argmin(miles_to(float(latitudes.mean()), float(longitudes.mean()), latitudes, longitudes)))]
    return nearest.latitude, nearest.longitude


def list_former(folders: Iterable[Path], membership: Membership, names: Sequence[PlaceName]) -> Iterator[PlaceName]:
    """Localities of earlier versions whose names are gone, where they were: people and their kept plans go on calling places by them.

    Raises `ContentError` for a folder that cannot be read.
    """
    known = {name.name.casefold() for name in names} | {locality.name.casefold() for locality in membership.localities}
    for folder in folders:
        localities = read_collection(folder / "localities.geojson").localities
        for place in read_places(folder / "places.csv", localities):
            if place.kind == "locality" and place.label.casefold() not in known:
                known.add(place.label.casefold())
                yield PlaceName(place.label, place.latitude, place.longitude, "")


def list_named(names: Sequence[PlaceName], membership: Membership, areas: Sequence[Area]) -> Iterator[PlaceRow]:
    """Names in the borough or just around it, each with the locality it stands in, if any."""
    if not names:
        return
    degrees = np.array([(name.longitude, name.latitude) for name in names])
    homes = np.full(len(names), -1)
    found = shapely.STRtree(areas).query(shapely.points(degrees), predicate="intersects")
    homes[found[0][::-1]] = found[1][::-1]
    for name, home, is_near in zip(names, homes.tolist(), _near(degrees, areas), strict=True):
        if is_near:
            slug = membership.localities[home].slug if home >= 0 else ""
            yield name.name, "place", name.latitude, name.longitude, slug


def _near(degrees: Floats, areas: Sequence[Area]) -> list[bool]:
    """Whether each position is in the borough or within `AROUND` of it, measured on a map that is flat and true at its middle."""
    narrowing = float(np.cos(np.radians(degrees[:, 1].mean())))
    miles = np.array([narrowing, 1.0]) * MILES_A_DEGREE
    borough = shapely.transform(shapely.union_all(areas), lambda degrees: degrees * miles)
    shapely.prepare(borough)
    near = np.asarray(shapely.dwithin(borough, shapely.points(degrees * miles), AROUND))
    return [bool(one) for one in near]
