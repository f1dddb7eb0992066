"""`localities.geojson` without its shapes: the file in; which localities there are, and how old their boundaries, out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from portal.errors import ContentError


@dataclass(frozen=True)
class Locality:
    """A part of the borough to which the council gave a name. `codes` are its wards or LSOAs, `lads` the authorities that it lies in."""

    slug: str
    name: str
    codes: tuple[str, ...] = ()
    lads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collection:
    """The localities in the pack's order, and where their boundaries come from."""

    name: str
    boundary_date: date
    source: str
    localities: dict[str, Locality]

    @property
    def borough(self) -> str:
        """The name that people know the whole by; empty where it has none and is called by its several authorities."""
        return "" if ", " in self.name else self.name.removesuffix(" localities")


class _Feature(msgspec.Struct):
    properties: Locality


class _File(msgspec.Struct):
    name: str
    boundary_date: date
    source: str
    features: list[_Feature]


def read_collection(path: Path) -> Collection:
    """Read the file, passing over its shapes. Raises `ContentError`, naming the key, for what is missing or wrong."""
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise ContentError(f"{path} cannot be read: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        raise ContentError(f"{path}: {error}.") from error
    localities = {feature.properties.slug: feature.properties for feature in file.features}
    if len(localities) < len(file.features):
        raise ContentError(f"{path}: two localities have one slug.")
    return Collection(file.name, file.boundary_date, file.source, localities)
