"""The shapes that `portal areas build` is given, read: GeoJSON of wards or LSOAs in, each by its code, valid, out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.errors import SourceError
from portal.localities.area_sources import Remarks, is_in_britain, read_text
from portal.localities.shapes import Area, read_area


@dataclass(frozen=True)
class Zone:
    """A ward or LSOA. `lad` is its authority, by code or by name; `file` says which of the files it came from."""

    code: str
    name: str
    lad: str
    area: Area
    file: Path


def read_zones(paths: Sequence[Path], remarks: Remarks) -> dict[str, Zone]:
    """Wards and LSOAs by code, mended where their shape was invalid. Raises `SourceError` for what is no such GeoJSON."""
    found: dict[str, Zone] = {}
    for path in paths:
        for number, feature in enumerate(_features(path), 1):
            zone, is_mended = _zone(path, number, feature)
            if zone.code in found:
                raise SourceError(f"{path}: {zone.code} ({zone.name}) is in the boundaries twice.")
            found[zone.code] = zone
            if is_mended:
                remarks.mended.append(f"{zone.name} ({zone.code})")
    return found


def _features(path: Path) -> list[object]:
    try:
        raw = json.loads(read_text(path))
    except ValueError as error:
        raise SourceError(f"{path} is not GeoJSON: {error}.") from error
    features = raw.get("features") if isinstance(raw, dict) else None
    if not isinstance(features, list) or not features:
        raise SourceError(f"{path} is not GeoJSON with a list of features.")
    return features


def _zone(path: Path, number: int, feature: object) -> tuple[Zone, bool]:
    raw = feature if isinstance(feature, dict) else {}
    properties = raw.get("properties")
    named = {key: str(value).strip() for key, value in properties.items()} if isinstance(properties, dict) else {}
    if not named.get("code") or not named.get("name"):
        raise SourceError(f"{path}, feature {number}: it must have the properties code, name and lad.")
    try:
        area, is_mended = read_area(raw.get("geometry"))
    except ValueError as error:
        raise SourceError(f"{path}, {named['name']} ({named['code']}): {error}.") from error
    west, south, east, north = area.bounds
    if not (is_in_britain(south, west) and is_in_britain(north, east)):
        raise SourceError(f"{path}, {named['name']}: its positions are not longitudes and latitudes (WGS84) in the British Isles.")
    return Zone(named["code"].upper(), named["name"], named.get("lad", ""), area, path), is_mended
