"""The map beside the list: results and the pack's outlines in, what to draw out. Nothing is asked of anybody else's map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from portal.localities.boundaries import Boundaries
from portal.localities.outlines import Drawing, draw
from portal.search.areas import Extents
from portal.search.results import SearchResults

WIDTH: Final = 400


@dataclass(frozen=True)
class Pin:
    """The number of a card in the list, where its site is."""

    number: int
    x: int
    y: int


@dataclass(frozen=True)
class Map:
    """A drawing, which locality the question is about, and the pins that lie on it."""

    drawing: Drawing
    here: str | None
    pins: tuple[Pin, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Which cards of the list have a pin."""
        return tuple(pin.number for pin in self.pins)


def map_of(boundaries: Boundaries, extents: Extents, results: SearchResults) -> Map | None:
    """The map of one page of results; None when nothing on it has a place."""
    drawing = draw(boundaries, WIDTH)
    pins: list[Pin] = []
    for number, hit in enumerate(results.hits, start=1):
        position = extents.position(hit.site) if hit.site and "in-person" in hit.listing.how else None
        if position is None:
            continue
        x, y = drawing.project(*position)
        if 0 <= x <= drawing.width and 0 <= y <= drawing.height:
            pins.append(Pin(number, x, y))
    return Map(drawing, results.here.locality if results.here else None, tuple(pins)) if pins else None
