"""`portal areas build`: a council's postcodes, boundaries, list of localities and need by LSOA in, a localities pack and a report out.

A postcode belongs to the locality of its own LSOA or ward as the file says, never by geometry; only place names are placed by
their position.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shapely.geometry import mapping

from portal.localities.adding import AddedNeed
from portal.localities.area_sources import (
    AreaSources,
    PlaceName,
    Remarks,
    read_members,
    read_names,
    read_postcodes,
)
from portal.localities.authorities import name_authorities
from portal.localities.collection import Locality
from portal.localities.membership import Ground, Membership, from_list, from_wards
from portal.localities.need_building import NeedReport, add_need, need_files, report_need
from portal.localities.outlining import outline
from portal.localities.pack_files import csv_text, geojson_text, write_folder
from portal.localities.placing import PlaceRow, list_former, list_middles, list_named
from portal.localities.remarking import remark_changes, remark_gaps
from portal.localities.shapes import Area
from portal.localities.zones import read_zones

__all__ = ["AreaSources", "AreasReport", "build_areas"]

PostcodeRow = tuple[str, float, float, str]  # postcode, latitude, longitude, slug


@dataclass(frozen=True)
class AreasReport:
    """What a build made: how many of each, postcodes and places `outside` all localities among them; what was mended; warnings."""

    localities: int
    postcodes: int
    postcodes_outside: int
    places: int
    places_outside: int
    need: NeedReport | None
    mended: tuple[str, ...]
    warnings: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """The report for a terminal."""
        yield f"{self.localities:,} localities."
        yield f"{self.postcodes:,} postcodes, {self.postcodes_outside:,} of them outside every locality."
        if self.places:
            yield f"{self.places:,} place names, {self.places_outside:,} of them just outside."
        if self.need:
            yield self.need.line()
        if self.mended:
            yield f"{len(self.mended):,} shapes were mended: {', '.join(self.mended)}."
        for warning in self.warnings:
            yield f"Look at this: {warning}"


@dataclass(frozen=True)
class _Pack:
    localities: tuple[Locality, ...]
    areas: Sequence[Area]
    postcodes: tuple[PostcodeRow, ...]
    places: tuple[PlaceRow, ...]
    need: AddedNeed | None


def build_areas(sources: AreaSources, out: Path) -> AreasReport:
    """Make the pack in the folder `out`, all or nothing. Raises `SourceError` for files that cannot be used, `OSError` for a full disk."""
    remarks = Remarks()
    names = read_names(sources.names, remarks) if sources.names else ()
    ground = _ground(sources, names, remarks)
    membership = from_list(read_members(sources.localities), ground) if sources.localities else from_wards(ground)
    need = add_need(sources, membership, ground, remarks)
    pack = _pack(membership, ground, (*names, *list_former(sources.before, membership, names)), need)
    remark_gaps(membership, ground, remarks)
    remark_changes(out, membership, remarks, with_need=need is not None)
    write_folder(out, _files(sources, pack))
    return AreasReport(
        localities=len(membership.localities),
        postcodes=len(pack.postcodes),
        postcodes_outside=sum(not row[-1] for row in pack.postcodes),
        places=sum(row[1] == "place" for row in pack.places),
        places_outside=sum(not row[-1] for row in pack.places),
        need=report_need(need) if need else None,
        mended=tuple(remarks.mended),
        warnings=tuple(remarks.warnings),
    )


def _ground(sources: AreaSources, names: Sequence[PlaceName], remarks: Remarks) -> Ground:
    zones = read_zones(sources.boundaries, remarks)
    return Ground(read_postcodes(sources.postcodes, remarks), zones, name_authorities(zones, names, remarks))


def _pack(membership: Membership, ground: Ground, names: Sequence[PlaceName], need: AddedNeed | None) -> _Pack:
    areas = outline(membership.localities, ground.zones)
    postcodes = tuple((row.postcode, row.latitude, row.longitude, membership.slug_of(row)) for row in ground.postcodes)
    places = (*list_middles(membership, ground, areas), *list_named(names, membership, areas))
    return _Pack(membership.localities, areas, postcodes, places, need)


def _files(sources: AreaSources, pack: _Pack) -> dict[str, str]:
    lads = sorted({lad for locality in pack.localities for lad in locality.lads})
    head = {"name": sources.name or ", ".join(lads), "boundary_date": sources.boundary_date.isoformat(), "source": sources.source}
    features = [_feature(locality, area) for locality, area in zip(pack.localities, pack.areas, strict=True)]
    return {
        "localities.geojson": geojson_text(head, features),
        "postcodes.csv": csv_text(("postcode", "lat", "long", "locality"), pack.postcodes),
        "places.csv": csv_text(("name", "kind", "lat", "long", "locality"), pack.places),
        **(need_files(pack.need, sources.need_source) if pack.need else {}),
    }


def _feature(locality: Locality, area: Area) -> dict[str, object]:
    properties = {"slug": locality.slug, "name": locality.name, "codes": locality.codes, "lads": locality.lads}
    return {"type": "Feature", "properties": properties, "geometry": mapping(area)}
