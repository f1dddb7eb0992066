"""What a typed place amounts to: a `Place`, an honest choice (`Ambiguous`), or something that we do not know (`Unknown`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

MOST_CHOICES: Final = 6  # more than fit one glance on a phone are no help

Kind = Literal["postcode", "sector", "district", "locality", "street", "place"]


@dataclass(frozen=True)
class Place:
    """Somewhere that we know.

    `label` is its tidy spelling and reads back as this same place. Positions are degrees, WGS84. `locality` is a slug, or None
    where the place lies outside the borough or over several localities. `reach` is how far, in miles, most of it lies from its
    position: 0 for a point.
    """

    kind: Kind
    label: str
    latitude: float
    longitude: float
    locality: str | None = None
    reach: float = 0.0


@dataclass(frozen=True)
class Ambiguous:
    """Several places, or one that we are not sure of, likeliest first; at least one and at most `MOST_CHOICES`. `text` as typed."""

    text: str
    choices: tuple[Place, ...]


@dataclass(frozen=True)
class Unknown:
    """Nothing that we know. `text` is what was typed, tidied and bounded, to give back in its box."""

    text: str


# An answer on its way: a place; several to choose from; `()` for a postcode of nowhere, after which no more is tried; None for "not so".
Found = Place | tuple[Place, ...] | None
