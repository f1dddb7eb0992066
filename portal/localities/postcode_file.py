"""`postcodes.csv` read: the file in, a `PostcodeTable` with the middles of its sectors and districts out."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from portal.errors import ContentError
from portal.localities.answer import Kind, Place
from portal.localities.distance import RADIUS, Floats
from portal.localities.postcodes import MOST, OUTSIDE, PostcodeTable
from portal.localities.spelling import tidy

MAJORITY: Final = 0.8  # share of a sector's postcodes that must lie in one locality before it is said to be there
COLUMNS: Final = ("postcode", "lat", "long", "locality")

_SPELT: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Rows:
    codes: list[str]
    latitudes: Floats
    longitudes: Floats
    numbers: NDArray[np.int16]


def load_postcodes(path: Path, slugs: Sequence[str]) -> PostcodeTable:
    """Read the file. Raises `ContentError`, naming the line, for what is no postcode, no position or no locality of `slugs`."""
    rows = _read(path, {slug: number for number, slug in enumerate(slugs)} | {"": OUTSIDE})
    codes = np.array([code.encode("ascii") for code in rows.codes], dtype="S7")
    order = np.argsort(codes, kind="stable")
    return PostcodeTable(
        slugs=tuple(slugs),
        codes=codes[order],
        latitudes=rows.latitudes[order],
        longitudes=rows.longitudes[order],
        numbers=rows.numbers[order],
        sectors=_areas("sector", [tidy(code)[:-2] for code in rows.codes], rows, slugs),
        districts=_areas("district", [code[:-3] for code in rows.codes], rows, slugs),
    )


def _read(path: Path, numbers: Mapping[str, int]) -> _Rows:
    codes: list[str] = []
    values: list[tuple[float, float, int]] = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines)  # not by column name: a county's file is read at each start
        take = _columns(path, next(reader, []))
        for row in reader:
            try:
                postcode, latitude, longitude, locality = take(row)
                codes.append(compact_postcode(postcode))
                values.append((float(latitude), float(longitude), numbers[locality]))
            except (LookupError, ValueError) as error:
                raise ContentError(f"{path}, line {reader.line_num}: {error} is no postcode, position or locality's slug.") from error
    if not codes:
        raise ContentError(f"{path}: no postcodes.")
    latitudes, longitudes, localities = zip(*values, strict=True)
    return _Rows(codes, np.array(latitudes), np.array(longitudes), np.array(localities, dtype=np.int16))


def _columns(path: Path, header: list[str]) -> Callable[[Sequence[str]], tuple[str, str, str, str]]:
    if missing := [name for name in COLUMNS if name not in header]:
        raise ContentError(f"{path}: the column {missing[0]!r} is missing.")
    postcode, latitude, longitude, locality = (header.index(name) for name in COLUMNS)
    return itemgetter(postcode, latitude, longitude, locality)


def compact_postcode(postcode: str) -> str:
    """A full postcode, spelt right, without its space. Raises `ValueError` for any other text."""
    compact = postcode.replace(" ", "").upper()
    if not _SPELT.fullmatch(compact):
        raise ValueError(repr(postcode))
    return compact


def _areas(kind: Kind, keys: list[str], rows: _Rows, slugs: Sequence[str]) -> dict[str, Place]:
    """Each area's middle, its reach, and the locality that most of it lies in."""
    names, groups, sizes = np.unique(np.array(keys), return_inverse=True, return_counts=True)
    middle = np.bincount(groups, rows.latitudes) / sizes, np.bincount(groups, rows.longitudes) / sizes
    homes = _homes(groups, rows.numbers, sizes)
    numbers = zip(*(column.tolist() for column in (*middle, homes, _reaches(rows, groups, sizes, middle))), strict=True)
    return {
        name: Place(kind, name, round(lat, 5), round(lon, 5), None if home == OUTSIDE else slugs[home], round(reach, 2))
        for name, (lat, lon, home, reach) in zip(names.tolist(), numbers, strict=True)
    }


def _reaches(rows: _Rows, groups: Integers, sizes: Integers, middle: tuple[Floats, Floats]) -> Floats:
    """Miles from each area's middle that take in most of its postcodes. An area is small: a flat map of it is true enough."""
    north = np.radians(rows.latitudes - middle[0][groups])
    east = np.radians(rows.longitudes - middle[1][groups]) * np.cos(np.radians(rows.latitudes))
    distances = RADIUS * np.hypot(north, east)
    order = np.lexsort((distances, groups))
    reaches: Floats = distances[order[np.cumsum(sizes) - 1 - (sizes * (1 - MOST)).astype(np.int64)]]
    return reaches


def _homes(groups: Integers, numbers: NDArray[np.int16], sizes: Integers) -> Integers:
    """The number of the locality that holds a clear majority of each area's postcodes, or `OUTSIDE`."""
    pairs, counts = np.unique(groups * (2**16) + (numbers - OUTSIDE), return_counts=True)
    held, localities = pairs >> 16, (pairs & (2**16 - 1)) + OUTSIDE
    homes = np.full(len(sizes), OUTSIDE, dtype=np.int64)
    large = counts >= MAJORITY * sizes[held]
    homes[held[large]] = localities[large]
    return homes
