"""The commands of `portal areas`: make the localities of a pack from public files, and say which there were and will be."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from portal import clock
from portal.config import Settings
from portal.pack import find_file, load_pack

DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def areas() -> None:
    """Localities, postcodes and place names."""


@areas.command("build")
@click.option("--postcodes", type=FILE, required=True, help="CSV: postcode,lat,long,ward,lsoa")
@click.option("--boundaries", type=FILE, required=True, multiple=True, help="GeoJSON: code,name,lad")
@click.option("--localities", type=FILE, help="CSV: locality,code (one row a ward or LSOA)")
@click.option("--names", type=FILE, help="CSV: name,type,lat,long")
@click.option("--need", type=FILE, help="CSV: lsoa21_code,residents,age65plus,unpaid_carers,IMD_decile … (one row an LSOA)")
@click.option(
    "--need-source", type=FILE, help="CSV: measure,title,dated,url,licence; the Census 2021 and the Indices of 2025 unless given."
)
@click.option("--from", "starts_on", type=DAY, help="The day these begin, the first of a quarter to come; those before it are kept.")
@click.option("--date", "boundary_date", type=DAY, help="The date of the boundaries; the day they begin, or today, unless given.")
@click.option("--name", default="", help="The borough's name; the pack's unless given.")
@click.option("--source", default="Office for National Statistics, Open Government Licence v3.0", help="Whom the boundaries come from.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where to write; the pack's localities unless given.")
@click.pass_obj
def areas_build(settings: Settings, /, out: Path | None, starts_on: datetime | None, boundary_date: datetime | None, **given: Any) -> None:
    """Make the localities of a pack from public files: those in force now, or with --from those of a day to come."""
    from portal.localities.area_sources import AreaSources
    from portal.localities.beginning import place_to_build
    from portal.localities.building import build_areas

    start, today = starts_on.date() if starts_on else None, clock.today()
    folder, before = place_to_build(out or settings.content / "localities", start, today)
    given["name"] = given["name"] or load_pack(settings).borough
    day = boundary_date.date() if boundary_date else start or today
    report = build_areas(AreaSources(boundary_date=day, before=before, **given), folder)
    for line in report.lines():
        click.echo(line)
    if start:
        click.echo(f"They begin on {start.day} {start:%B %Y}. Servers take them up when they are next started, on that day or after it.")


@areas.command("list")
@click.pass_obj
def areas_list(settings: Settings) -> None:
    """Say which localities there are and were and will be, and what changes from each version to the next."""
    from portal.localities.changes import list_lines
    from portal.localities.versions import load_versions

    for line in list_lines(load_versions(find_file(settings, "localities")), clock.today()):
        click.echo(line)
