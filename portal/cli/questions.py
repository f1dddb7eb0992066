"""The commands of `portal assessment`: prove the questions, draw them, and say what plans were made for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from portal import clock
from portal.config import Settings
from portal.db import opened, reading
from portal.pack import find_file, load_pack
from portal.taxonomy.terms import load_taxonomy


@click.group()
def assessment() -> None:
    """A few questions that end in local help."""


@assessment.command("check")
@click.pass_obj
def assessment_check(settings: Settings) -> None:
    """Walk every way through the questions and say what is wrong; where listings are loaded, also which needs none of them meets."""
    from portal.assessment.checking import Held, find_unmet, problems, walk
    from portal.web.holdings import hold

    held = hold(settings)
    questions, shelves = held.signposts.assessment, held.signposts.library.on(clock.today()).list_shelves("en")
    walked = walk(questions)
    stepped = frozenset(need for step in held.signposts.steps for need in step.needs)
    advised = frozenset(need.id for shelf in shelves for page in shelf.pages for need in page.needs)
    found = list(problems(questions, held.taxonomy, walked, Held(stepped, advised, held.pack.front_door.number)))
    for line in found:
        click.echo(line, err=True)
    if unmet := find_unmet(held.engine, questions):
        click.echo(f"No service in the directory yet for: {', '.join(unmet)}.")
    if found:
        raise click.ClickException(f"{len(found)} problems in the questions.")
    click.echo(walked.summary())


@assessment.command("counts")
@click.pass_obj
def assessment_counts(settings: Settings) -> None:
    """Say which needs plans were made for, by locality. Numbers under ten are left out, others rounded to the nearest five.

    Where localities have changed, each count is told under those of its day.
    """
    from portal.localities.counted import list_place_counts
    from portal.localities.versions import load_versions
    from portal.signposting.counting import KIND_MADE, KIND_NEED
    from portal.tally import published

    versions, today = load_versions(find_file(settings, "localities")), clock.today()
    with opened(settings.database_url) as engine, reading(engine) as session:
        for kind, name in ((KIND_MADE, "plans"), (KIND_NEED, "")):
            for each in list_place_counts(session, kind, versions, date.min, today):
                shown = published(each.count)
                place = each.locality.slug if each.locality else "elsewhere or not said"
                until = f"\tuntil {each.version.ends_on}" if each.version.ends_on and not each.version.holds(today) else ""
                click.echo(f"{each.key or name}\t{place}\t{'fewer than 10' if shown is None else shown}{until}")


@assessment.command("graph")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("assessment.svg"), show_default=True, help="Where to.")
@click.pass_obj
def assessment_graph(settings: Settings, out: Path) -> None:
    """Draw the questions, what each answer opens and which needs it reveals, as one picture (SVG)."""
    from portal.assessment.graph import draw
    from portal.assessment.loading import load_assessment
    from portal.urgent.cards import load_cards

    taxonomy = load_taxonomy(find_file(settings, "taxonomy.yaml"))
    cards = load_cards(find_file(settings, "urgent.yaml"), load_pack(settings))
    out.write_text(draw(load_assessment(find_file(settings, "assessments"), taxonomy, cards), taxonomy), "utf-8")
    click.echo(f"Drawn: {out.resolve()}")
