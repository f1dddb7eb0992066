"""Curves of what was measured: rows in, a table of text and SVG pictures with logarithmic scales out, readable when printed.

Lines differ in their dashes and marks, and each has its name beside it; colour says nothing. The straight grey line is what would be in
proportion to the number of listings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final

Row = Mapping[str, Any]
WIDTH, HEIGHT = 460, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 300, 34, 252
DASHES: Final = ("", "7 4", "2 3", "9 3 2 3", "12 5", "1 5")
STYLE: Final = (
    "text{font:13px sans-serif;fill:#111}.head{font-weight:bold}.grid{stroke:#ccc}.line{fill:none;stroke:#111;stroke-width:2}"
    ".mark{fill:#fff;stroke:#111;stroke-width:1.5}.even{stroke:#999;stroke-width:1}"
)


@dataclass(frozen=True)
class Curve:
    """One chart: what it is of, and its lines by the names of their figures."""

    file: str
    title: str
    lines: Mapping[str, str]  # figure → name
    database: str = "sqlite"


CURVES: Final = (
    Curve(
        "building",
        "Seconds of the processor",
        {"build_cpu_s": "build the index", "fold_cpu_s": "fold changes in", "load_cpu_s": "load the rows", "backup_cpu_s": "a backup"},
    ),
    Curve(
        "editing",
        "Seconds of one edit, by the clock",
        {"late_edit_s": "seen, full delta", "edit_s": "seen", "edit_follow_s": "index written", "edit_commit_s": "commit"},
    ),
    Curve(
        "memory",
        "MB of a process",
        {"build_peak_mb": "build, at most", "serving_mb": "serves", "mapped_mb": "of it mapped", "bare_mb": "no index"},
    ),
    Curve("disk", "MB on disk", {"database_mb": "database", "index_mb": "index", "backup_mb": "one backup"}),
    Curve(
        "answering",
        "Milliseconds of the processor",
        {"page_p95_ms": "page, 95 of 100", "page_p50_ms": "page, half", "search_p95_ms": "search, 95", "search_p50_ms": "search, half"},
    ),
    Curve(
        "opening",
        "Seconds of the processor",
        {"open_cpu_s": "open at start", "late_edit_cpu_s": "one edit, full delta", "edit_cpu_s": "one edit"},
    ),
)
COLUMNS: Final = {
    "listings": "listings",
    "load_s": "load s",
    "load_cpu_s": "  processor",
    "build_s": "build s",
    "build_cpu_s": "  processor",
    "build_peak_mb": "peak MB",
    "edit_s": "edit s",
    "edit_cpu_s": "  processor",
    "late_edit_s": "late edit s",
    "late_edit_cpu_s": "  processor",
    "edit_mb": "edit MB",
    "fold_s": "fold s",
    "fold_cpu_s": "  processor",
    "bare_mb": "bare MB",
    "serving_mb": "serves MB",
    "mapped_mb": "mapped MB",
    "index_mb": "index MB",
    "database_mb": "database MB",
    "search_p50_ms": "search p50 ms",
    "search_p95_ms": "p95",
    "page_p50_ms": "page p50 ms",
    "page_p95_ms": "p95",
    "open_s": "open s",
    "open_cpu_s": "  processor",
    "backup_s": "backup s",
    "backup_cpu_s": "  processor",
    "backup_mb": "backup MB",
}


def table_of(rows: Sequence[Row]) -> str:
    """All sizes side by side, then the pages that read much; what was not measured is a dash, and why it was not stands below."""
    names = {**COLUMNS, **{name: name for row in rows for name in row if name.startswith("wide_")}}
    heads = ["", *(f"{row['size']:,}{' PG' if row['database'] == 'postgresql' else ''}" for row in rows)]
    lines = [heads, *([label, *(_told(row.get(name)) for row in rows)] for name, label in names.items())]
    text = "\n".join(f"{line[0]:24}" + "".join(f"{cell:>14}" for cell in line[1:]) for line in lines)
    return "\n".join([text, *(f"{row['size']:,} on {row['database']}: {row['failed']}" for row in rows if "failed" in row)])


def draw_all(rows: Sequence[Row], folder: Path) -> None:
    """Write every curve that two sizes were measured for."""
    for curve in CURVES:
        own = [row for row in rows if row["database"] == curve.database and "listings" in row]
        lines = {name: [(row["listings"], row[figure]) for row in own if row.get(figure)] for figure, name in curve.lines.items()}
        if any(len(points) > 1 for points in lines.values()):
            (folder / f"{curve.file}.svg").write_text(drawn(curve.title, lines), "utf-8")


def drawn(title: str, lines: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """An SVG of lines of (listings, value), each with its name."""
    held = {name: points for name, points in lines.items() if points}
    across = _Scale([x for points in held.values() for x, _ in points], LEFT, RIGHT)
    up = _Scale([y for points in held.values() for _, y in points], BOTTOM, TOP)
    said = "; ".join(f"{name}: " + ", ".join(f"{x:,} listings {_told(y)}" for x, y in points) for name, points in held.items())
    parts = [*_frame(title, across, up), *_lines(held, across, up)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"><title>{escape(title)}</title>'
    return f"{head}<desc>{escape(said)}</desc><style>{STYLE}</style>{''.join(parts)}</svg>\n"


class _Scale:
    """Values on a logarithmic scale of whole tenfolds, from `begin` to `end` in the picture."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self._begin, self._end = begin, end

    def at(self, value: float) -> float:
        return self._begin + (math.log10(value) - self.low) / (self.high - self.low) * (self._end - self._begin)

    @property
    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def _frame(title: str, across: _Scale, up: _Scale) -> Iterator[str]:
    yield f'<text class="head" x="{LEFT}" y="18">{escape(title)}</text>'
    for value in up.ticks:
        at = up.at(value)
        yield f'<path class="grid" d="M{LEFT} {at:.1f}H{RIGHT}"/><text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{value:,g}</text>'
    for value in across.ticks:
        at = across.at(value)
        yield f'<path class="grid" d="M{at:.1f} {TOP}V{BOTTOM}"/>'
        yield f'<text x="{at:.1f}" y="{BOTTOM + 18}" text-anchor="middle">{value:,.0f}</text>'
    yield f'<text x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 38}" text-anchor="middle">listings</text>'
    decades = min(across.high - across.low, up.high - up.low)
    end = across.at(10.0 ** (across.low + decades)), up.at(10.0 ** (up.low + decades))
    yield f'<path class="even" d="M{LEFT} {BOTTOM}L{end[0]:.1f} {end[1]:.1f}"/>'


def _lines(held: Mapping[str, Sequence[tuple[float, float]]], across: _Scale, up: _Scale) -> Iterator[str]:
    names_at = _apart({name: up.at(points[-1][1]) for name, points in held.items()})
    for number, (name, points) in enumerate(held.items()):
        places = [(across.at(x), up.at(y)) for x, y in points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        dashes = f' stroke-dasharray="{DASHES[number % len(DASHES)]}"' if number % len(DASHES) else ""
        yield f'<path class="line"{dashes} d="M{path}"/>'
        yield from (_mark(number, x, y) for x, y in places)
        end, label = places[-1], (RIGHT + 14, names_at[name])
        yield f'<path class="grid" d="M{end[0] + 5:.1f} {end[1]:.1f}L{label[0] - 3} {label[1]:.1f}"/>'
        yield _mark(number, label[0] + 3, label[1]) + f'<text x="{label[0] + 12}" y="{label[1] + 4:.1f}">{escape(name)}</text>'


def _apart(wanted: Mapping[str, float]) -> dict[str, float]:
    """Heights for names, near those wanted and never one upon another."""
    placed: dict[str, float] = {}
    last = -math.inf
    for name in sorted(wanted, key=lambda name: wanted[name]):
        last = placed[name] = max(wanted[name], last + 17)
    return placed


def _mark(number: int, x: float, y: float) -> str:
    shapes = (
        f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>',
        f'<rect class="mark" x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7"/>',
        f'<path class="mark" d="M{x:.1f} {y - 4.5:.1f}l4.5 8h-9z"/>',
        f'<path class="mark" d="M{x:.1f} {y - 4.5:.1f}l4.5 4.5l-4.5 4.5l-4.5 -4.5z"/>',
    )
    return shapes[number % len(shapes)]


def _told(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"
