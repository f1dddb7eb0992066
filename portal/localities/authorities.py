"""The names of local authorities: areas that carry only an authority's code in; its name, learnt from the files themselves, out. Pure.

LSOAs are named after their authority ("Burnley 007A"), and lists of place names say which authority each place is in. Listings say
"Burnley", never "E07000117": without the name nothing that covers the whole authority could be told to cover a locality in it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import shapely

from portal.localities.area_sources import PlaceName, Remarks
from portal.localities.zones import Zone

_CODE: Final = re.compile(r"[A-Z]\d{8}")
_STATISTICAL: Final = re.compile(r"(.+) \d{3}[A-Z]?")


def name_authorities(zones: Mapping[str, Zone], names: Iterable[PlaceName], remarks: Remarks) -> dict[str, str]:
    """The name of each authority by what the boundaries call it. Warns of codes for which no file has a name."""
    lads = {zone.lad for zone in zones.values() if zone.lad}
    found = {lad: lad for lad in lads if not _CODE.fullmatch(lad)} | _from_places(zones.values(), names) | _from_lsoas(zones.values())
    if nameless := sorted(lads - found.keys()):
        remarks.warnings.append(
            f"No file names the authority {', '.join(nameless)}: listings that cover it by name will not be found to. "
            "Give the boundaries of its LSOAs as well, or a file of place names with the column lad."
        )
    return found


def _from_lsoas(zones: Iterable[Zone]) -> dict[str, str]:
    return {zone.lad: match[1] for zone in zones if (match := _STATISTICAL.fullmatch(zone.name))}


def _from_places(zones: Iterable[Zone], names: Iterable[PlaceName]) -> dict[str, str]:
    """By what most places inside each authority say."""
    every = list(zones)
    said = [name for name in names if name.lad]
    if not said:
        return {}
    points = shapely.points([name.longitude for name in said], [name.latitude for name in said])
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for place, area in shapely.STRtree([zone.area for zone in every]).query(points, predicate="intersects").T.tolist():
        votes[every[area].lad][said[place].lad] += 1
    return {lad: counted.most_common(1)[0][0] for lad, counted in votes.items()}
