"""The need table that `portal areas build` is given, read: a row for each LSOA in, whole numbers by measure out.

Its columns are those of the open tables that are made from the Census 2021 and the Indices of Deprivation 2025. A measure of several
columns is their sum; one whose columns are not all there is left out. A number that is missing or hidden would make the whole of its
locality wrong, so it is refused and never read as 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.errors import ContentError, SourceError
from portal.localities.area_sources import MOST_EXAMPLES, Remarks, source_rows
from portal.localities.measures import Measure, find_contradiction
from portal.localities.need import Source, read_sources

MOST_DEPRIVED: Final = 2  # deciles of the index of deprivation, from 1
_LSOA: Final = ("lsoa21_code", "lsoa")
_DECILE: Final = "imd_decile"
COLUMNS: Final[Mapping[Measure, tuple[str, ...]]] = {
    Measure.RESIDENTS: ("residents",),
    Measure.RESIDENTS_3: ("residents_3plus",),
    Measure.RESIDENTS_5: ("residents_5plus",),
    Measure.HOUSEHOLDS: ("households",),
    Measure.AGED_65: ("age65plus",),
    Measure.AGED_75: ("age75plus",),
    Measure.AGED_85: ("age85plus",),
    Measure.LIVING_ALONE: ("living_alone",),
    Measure.CARERS: ("unpaid_carers",),
    Measure.DISABLED: ("disabled_lot", "disabled_little"),
    Measure.DISABLED_LOT: ("disabled_lot",),
    Measure.BAD_HEALTH: ("health_bad",),
    Measure.LITTLE_ENGLISH: ("little_english",),
    Measure.DISABLED_HOUSEHOLDS: ("hh_1_disabled", "hh_2plus_disabled"),
}

_LICENCE: Final = "Open Government Licence v3.0"
_CENSUS: Final = Source("Census 2021, Office for National Statistics", "21 March 2021", "https://www.ons.gov.uk/census", _LICENCE)
_DEPRIVATION: Final = Source(
    "English Indices of Deprivation 2025, Ministry of Housing, Communities and Local Government, with residents of the Census 2021",
    "2025",
    "https://www.gov.uk/government/collections/english-indices-of-deprivation",
    _LICENCE,
)
SOURCES: Final[Mapping[Measure, Source]] = {measure: _DEPRIVATION if measure is Measure.DEPRIVED else _CENSUS for measure in Measure}


@dataclass(frozen=True)
class AreaNeed:
    """Numbers by LSOA, each of them with the same measures."""

    measures: tuple[Measure, ...]
    numbers: Mapping[str, Mapping[Measure, int]]


def read_area_need(path: Path, remarks: Remarks) -> AreaNeed:
    """Read the table. Raises `SourceError`, with the line and what to do, for what is no whole number, and for an LSOA that is there twice.

    A part that is larger than its whole is only remarked on: small numbers of a census are changed a little to protect people.
    """
    rows = list(source_rows(path, ("residents",)))
    if not rows:
        raise SourceError(f"{path}: there is no row in it.")
    header = rows[0][1].keys()
    column = next((name for name in _LSOA if name in header), None)
    if column is None:
        raise SourceError(f"{path}: the column {_LSOA[0]!r} is missing. It says which LSOA a row is of.")
    measures = tuple(measure for measure in Measure if set(_columns(measure)) <= header)
    found: dict[str, Mapping[Measure, int]] = {}
    strange = []
    for line, row in rows:
        code = row[column].upper()
        if not code or code in found:
            raise SourceError(f"{path}, line {line}: {'the code of an LSOA is missing' if not code else f'{code} is there twice'}.")
        found[code] = {measure: _number(path, line, row, measure) for measure in measures}
        if wrong := find_contradiction(found[code]):
            strange.append(f"line {line}, {wrong}")
    if strange:
        some = "; ".join(strange[:MOST_EXAMPLES])
        remarks.warnings.append(f"{path.name}: in {len(strange):,} rows a part is larger than its whole, as in {some}.")
    return AreaNeed(measures, found)


def sources_of(measures: Sequence[Measure], path: Path | None) -> Mapping[Measure, Source]:
    """Where these figures come from: as the file at `path` says, or else what is usual. Raises `SourceError` where it leaves one out."""
    if path is None:
        return {measure: SOURCES[measure] for measure in measures}
    try:
        given = read_sources(path)
    except ContentError as error:
        raise SourceError(str(error)) from error
    if missing := [measure.value for measure in measures if measure not in given]:
        raise SourceError(f"{path}: it says nothing of {missing[0]!r}. Write a row with its title and date.")
    return {measure: given[measure] for measure in measures}


def _columns(measure: Measure) -> tuple[str, ...]:
    return (_DECILE, *COLUMNS[Measure.RESIDENTS]) if measure is Measure.DEPRIVED else COLUMNS[measure]


def _number(path: Path, line: int, row: Mapping[str, str], measure: Measure) -> int:
    if measure is not Measure.DEPRIVED:
        return sum(_whole(path, line, row, name) for name in COLUMNS[measure])
    decile = _whole(path, line, row, _DECILE)
    if not 1 <= decile <= 10:
        raise SourceError(f"{path}, line {line}: {decile} under {_DECILE} is no decile: it is 1 for the most deprived to 10.")
    return _whole(path, line, row, "residents") if decile <= MOST_DEPRIVED else 0


def _whole(path: Path, line: int, row: Mapping[str, str], name: str) -> int:
    """A count as tables have it, `12` or `12.0` or `1,200`."""
    text = row[name].replace(",", "").removesuffix(".0")
    if not (text.isascii() and text.isdigit()):
        wrong = f"{row[name]!r} is no whole number" if text else "there is no number"
        raise SourceError(f"{path}, line {line}: {wrong} under {name}. Write the number, or take the whole column out: nobody is guessed.")
    return int(text)
