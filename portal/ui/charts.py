"""Charts as SVG: numbers in, whole coordinates to draw them at out. Pure; templates draw them (see ui/charts.html), each with its table.

Nothing here is coloured: what a line means is written at its end, and lines differ in dashes and marks too. Time runs from left to
right in every language, as numbers do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log, log10
from typing import Final

WIDTH: Final = 360  # units of a chart, about the pixels of a phone
HEIGHT: Final = 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 70, 12, 28  # left for what stands at the edges
_LETTERS: Final = 16  # units between two words that stand one above the other
_STEPS: Final = (1, 2, 5, 10)
INTERVAL_WIDTH: Final = 240
FARTHEST: Final = 4.0  # ratios from a quarter to four times are drawn; what lies beyond ends in an arrow


@dataclass(frozen=True)
class Series:
    """A line to draw: one value for each label, None where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Line:
    """A line drawn: its `number` among the lines, path data, the points on it, and how high its name stands."""

    name: str
    number: int
    path: str
    points: tuple[tuple[int, int], ...]
    name_at: tuple[int, int]


@dataclass(frozen=True)
class LineChart:
    """Lines over one axis of labels. `ticks` are (value, height), `marks` (label, how far to the right)."""

    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, int], ...]
    marks: tuple[tuple[str, int], ...]

    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT


@dataclass(frozen=True)
class Interval:
    """A ratio with its limits, from left to right on a scale of doublings. `low_beyond`, `high_beyond`: it goes on past the edge."""

    low: int
    high: int
    value: int
    even: int
    low_beyond: bool
    high_beyond: bool
    width: int = INTERVAL_WIDTH


def line_chart(labels: Sequence[str], series: Iterable[Series]) -> LineChart:
    """Lines from 0 up. A value that is missing breaks its line; labels are thinned out until they have room."""
    shown = [each for each in series if any(value is not None for value in each.values)]
    most = max((value for each in shown for value in each.values if value is not None), default=0)
    ticks = tuple(_ticks(most))
    top = ticks[-1] or 1
    drawn = [_line(number, each, top) for number, each in enumerate(shown)]
    return LineChart(
        lines=tuple(_apart(drawn)),
        ticks=tuple((tick, _height(tick, top)) for tick in ticks),
        marks=tuple((label, _across(at, len(labels))) for at, label in enumerate(labels) if _has_room(at, len(labels))),
    )


def interval(low: float, value: float, high: float) -> Interval:
    """A ratio with its limits; all three are 0 or more, `low` at most `value` at most `high`."""
    across = [_ratio(each) for each in (low, value, high)]
    return Interval(
        low=across[0],
        value=across[1],
        high=across[2],
        even=_ratio(1),
        low_beyond=low < 1 / FARTHEST,
        high_beyond=high > FARTHEST,
    )


def bar(value: float, most: float, width: int = 100) -> int:
    """How long the bar of `value` is where that of `most` is `width`; at least 1 for what is more than nothing."""
    return 0 if value <= 0 or most <= 0 else max(1, min(width, round(value / most * width)))


def _ticks(most: float) -> Iterator[float]:
    """Round numbers from 0 to at least `most` and 4, about four steps of them; whole, for what is counted is whole."""
    most = max(most, 4)
    rough = most / 4
    scale = 10 ** floor(log10(rough))
    step = next(each * scale for each in _STEPS if each * scale >= rough)
    at = 0
    while True:
        yield at * step
        if at * step >= most:
            return
        at += 1


def _height(value: float, top: float) -> int:
    return round(HEIGHT - _BOTTOM - value / top * (HEIGHT - _BOTTOM - _TOP))


def _across(at: int, count: int) -> int:
    room = WIDTH - _RIGHT - _LEFT
    return round(_LEFT + (room * at / (count - 1) if count > 1 else room / 2))


def _has_room(at: int, count: int) -> bool:
    """Whether the label is written: four at most, the last always."""
    step = -(-count // 4)
    return (count - 1 - at) % step == 0


def _line(number: int, series: Series, top: float) -> Line:
    count = len(series.values)
    placed = [None if value is None else (_across(at, count), _height(value, top)) for at, value in enumerate(series.values)]
    points = tuple(point for point in placed if point)
    pieces, is_drawing = [], False
    for point in placed:
        if point:
            pieces.append(f"{'L' if is_drawing else 'M'}{point[0]} {point[1]}")
        is_drawing = point is not None
    return Line(series.name, number, "".join(pieces), points, (points[-1][0] + 8, points[-1][1] + 5))


def _apart(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines with their names so far apart that each can be read, in their own order."""
    heights = [line.name_at[1] for line in lines]
    order = sorted(range(len(lines)), key=lambda at: heights[at])
    for above, below in pairwise(order):
        heights[below] = max(heights[below], heights[above] + _LETTERS)
    over = max((heights[at] for at in order), default=0) - (HEIGHT - 4)
    for at, line in enumerate(lines):
        yield Line(line.name, line.number, line.path, line.points, (line.name_at[0], heights[at] - max(0, over)))


def _ratio(value: float) -> int:
    held = min(max(value, 1 / FARTHEST), FARTHEST)
    return round(INTERVAL_WIDTH / 2 * (1 + log(held) / log(FARTHEST)))
