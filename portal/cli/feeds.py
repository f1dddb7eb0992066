"""The commands of `portal feeds`: other directories' Open Referral feeds, kept in step with ours."""

from __future__ import annotations

import click

from portal import clock
from portal.config import Settings
from portal.db import opened, reading, writing
from portal.errors import PortalError

TERMINAL = "portal feeds"


@click.group()
def feeds() -> None:
    """Other directories' Open Referral feeds, kept in step with ours."""


@feeds.command("add")
@click.argument("url")
@click.option("--name", required=True, help="What listings of it say that they come from.")
@click.option("--licence", default="", help="Under which licence, in words or as a web address; listings say it.")
@click.pass_obj
def feeds_add(settings: Settings, url: str, name: str, licence: str) -> None:
    """Keep the feed at URL (its base address or its /services) in step from now on; servers read it about once a day."""
    from portal.directory.feeds.operations import add_feed
    from portal.web.serving import prepare_database

    prepare_database(settings)
    with opened(settings.database_url) as engine, writing(engine) as session:
        add_feed(session, url, name, licence, TERMINAL)
    click.echo(f"Added. `portal feeds pull {name!r}` reads it now.")
    if not licence:
        click.echo("Its listings will not say under which licence they are: add it again with --licence when you know.")


@feeds.command("list")
@click.pass_obj
def feeds_list(settings: Settings) -> None:
    """Name each feed, what of it is here, when it was read, and what is wrong with it."""
    from portal.directory.feeds.queries import list_feeds

    with opened(settings.database_url) as engine, reading(engine) as session:
        for it in list_feeds(session):
            read = f"read {clock.day_of(it.read_at):%Y-%m-%d}" if it.read_at else "never read"
            wrong = f"; {it.problem} since {clock.day_of(it.failing_since):%Y-%m-%d}" if it.problem and it.failing_since else ""
            click.echo(f"{it.name}: {it.url}, {it.licence or 'no licence given'}; {read}; {it.taken} here, {it.waiting} to decide{wrong}")


@feeds.command("pull")
@click.argument("name", default="")
@click.option("--fewer", is_flag=True, help="Believe a feed that lists far less than before: what it no longer lists is withdrawn now.")
@click.pass_obj
def feeds_pull(settings: Settings, name: str, fewer: bool) -> None:
    """Read the feed NAME now, or all that are due; what was begun goes on where it was left."""
    from portal.web.feeding import pull_now

    if fewer and not name:
        raise PortalError("Say which feed: `portal feeds pull NAME --fewer`.")
    done = pull_now(settings, name, accepts_fewer=fewer)
    if done is None:
        raise PortalError("Another process is reading feeds; it will read this one too when it is due.")
    for line in done or ["No feed is due."]:
        click.echo(line)


@feeds.command("remove")
@click.argument("name")
@click.pass_obj
def feeds_remove(settings: Settings, name: str) -> None:
    """Read the feed NAME no more. Its listings stay, and still say where they came from."""
    from portal.directory.feeds.operations import remove_feed

    with opened(settings.database_url) as engine, writing(engine) as session:
        remove_feed(session, name, TERMINAL)
    click.echo("Removed. Its listings are still here.")
