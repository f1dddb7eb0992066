"""What localities of earlier versions are called now: versions in; each former name, and those of today that lie on its ground, out.

Listings go on naming areas as they were. One that covers a locality that was split covers all its parts, and one of a locality that was
merged covers the whole that it went into: nobody who was covered is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import shapely

from portal.localities.collection import Locality
from portal.localities.versions import AreaVersion, Versions

ON_ITS_GROUND: Final = 0.1  # share of a former locality's ground from which it lies in one of today; less is the edge of a new drawing


def former_names(versions: Versions, current: AreaVersion) -> Mapping[str, frozenset[str]]:
    """Names, slugs and codes of former localities, folded, that are none of today's → slugs of `current`, one or more."""
    known = {name for locality in current.localities.values() for name in names_of(locality)}
    found: dict[str, frozenset[str]] = {}
    for version in versions.every[: versions.every.index(current)]:  # of one name that two had, the later stands
        for locality in version.localities.values():
            names = [name for name in names_of(locality) if name not in known]
            if names and (slugs := frozenset(_now(version, locality, current))):
                found |= dict.fromkeys(names, slugs)
    return MappingProxyType(found)


def names_of(locality: Locality) -> Iterator[str]:
    """By what listings may call a locality, folded: its slug, its name, and the code of the ward or LSOA that it is, if it is one."""
    yield locality.slug.casefold()
    yield locality.name.casefold()
    if len(locality.codes) == 1:
        yield locality.codes[0].casefold()


def _now(version: AreaVersion, locality: Locality, current: AreaVersion) -> Iterator[str]:
    ground = version.boundaries.areas[locality.slug]
    for slug in current.boundaries.localities_across(ground):
        if shapely.intersection(ground, current.boundaries.areas[slug]).area >= ON_ITS_GROUND * ground.area:
            yield slug
