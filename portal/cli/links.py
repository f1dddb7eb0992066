"""The commands of `portal links`: look at the web addresses that listings name, and say which lead nowhere."""

from __future__ import annotations

import click

from portal.config import Settings
from portal.db import opened, reading


@click.group()
def links() -> None:
    """Web addresses of listings: which of them no longer lead anywhere."""


@links.command("check")
@click.option("--most", default=300, show_default=True, type=click.IntRange(1, 5_000), help="How many to look at.")
@click.pass_obj
def links_check(settings: Settings, most: int) -> None:
    """Look at those that were not looked at for a week, one a second; for a timer, where PORTAL_CHECK_LINKS is not on."""
    from portal.editing.links.checking import check, looker_of

    with opened(settings.database_url) as engine:
        found = check(engine, looker_of(settings.base_url), most)
    if not found:
        click.echo("Nothing to look at, or another process is looking.")
    for reason, count in sorted(found.items()):
        click.echo(f"{reason or 'works'}: {count}")


@links.command("list")
@click.pass_obj
def links_list(settings: Settings) -> None:
    """Say which addresses failed on three different days, the longest first."""
    from portal.editing.links.queries import list_broken

    with opened(settings.database_url) as engine, reading(engine) as session:
        for it in list_broken(session):
            click.echo(f"{it.broken_since} {it.reason}: {it.url} ({it.service}, {it.service_id})")
