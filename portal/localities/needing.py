"""Which people have a need: `content/need_measures.yaml` in, the measure of the need table that counts them, for every need, out.

It names measures and, under each, needs of the taxonomy, by id. A need that it does not name is everybody's: residents.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from portal.errors import ContentError
from portal.localities.need import Measure, NeedTable
from portal.pack import read_yaml


def load_need_measures(path: Path, needs: Collection[str]) -> Mapping[str, Measure]:
    """Read the file for these ids of needs, in their order. Raises `ContentError` for a measure or need unknown, or a need named twice."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not all(isinstance(ids, list) for ids in raw.values()):
        raise ContentError(f"{path}: it must hold measures with a list of needs under each.")
    found: dict[str, Measure] = {}
    for measure, ids in raw.items():
        if measure not in set(Measure):
            raise ContentError(f"{path}: {measure!r} is none of the measures {', '.join(Measure)}.")
        for need in ids:
            if need not in needs or need in found:
                raise ContentError(f"{path}: {need!r} {'is there twice' if need in found else 'is no need of the taxonomy'}.")
            found[need] = Measure(measure)
    return MappingProxyType({need: found.get(need, Measure.RESIDENTS) for need in needs})


def people_with(need: str, measures: Mapping[str, Measure], table: NeedTable) -> Measure:
    """The measure to hold help for `need` against: its own, or residents where the pack does not count those people."""
    measure = measures[need]
    return measure if measure in table.sources else Measure.RESIDENTS
