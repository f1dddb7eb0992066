"""The command `portal`: what an officer or a developer does from a terminal. Words here are for them, in English."""

from __future__ import annotations

import click
import structlog
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.cli.areas import areas
from portal.cli.audit import audit
from portal.cli.backup import backup, restore
from portal.cli.feeds import feeds
from portal.cli.links import links
from portal.cli.mail import mail
from portal.cli.people import people
from portal.cli.questions import assessment
from portal.config import Settings, from_environment
from portal.db import open_engine, opened, reading
from portal.errors import PortalError
from portal.pack import find_file, load_pack
from portal.taxonomy.terms import load_taxonomy
from portal.web.logs import configure_logs


class _Group(click.Group):
    """Errors of our own, of migrations, files and the database are one plain line and exit code 1, not a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # of a pipe that reads no further: click's to end
            raise
        except (PortalError, OSError) as error:
            raise click.ClickException(str(error)) from error
        except DBAPIError as error:
            raise click.ClickException(f"The database says: {str(error.orig).splitlines()[0]}") from error


@click.group(cls=_Group)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Find help near you: a directory of local services, in words that residents use."""
    if not structlog.is_configured():
        configure_logs()
    ctx.obj = from_environment()


main.add_command(areas)
main.add_command(assessment)
main.add_command(feeds)
main.add_command(links)
main.add_command(people)
main.add_command(audit)
main.add_command(backup)
main.add_command(restore)
main.add_command(mail)


@main.command()
@click.pass_obj
def prepare(settings: Settings) -> None:
    """Bring the database up to date, load the pack's own listings the first time, and let the index follow."""
    from portal.web.serving import first_listings, prepare_database

    prepare_database(settings)
    first_listings(settings, click.echo)


@main.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Serve the site with gunicorn on PORTAL_HOST and PORT."""
    from portal.web.counting import share

    share(settings)  # first: the library looks for the folder when it is imported
    from portal.web.serving import serve as run

    run(settings)


@main.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.pass_obj
def load(settings: Settings, sources: tuple[str, ...], dry_run: bool) -> None:
    """Load Open Referral listings: JSON files, tabular packages (folder or zip), a pack's directory, or feeds (http or https)."""
    from portal.web.serving import load_sources, prepare_database

    prepare_database(settings)
    load_sources(settings, sources, dry_run=dry_run, say=click.echo)


@main.group()
def index() -> None:
    """The search index, which follows the database and can always be thrown away."""


@index.command("rebuild")
@click.pass_obj
def index_rebuild(settings: Settings) -> None:
    """Write the index anew."""
    count = _index(settings).rebuild()
    click.echo(f"{count} listings indexed." if count >= 0 else "Another process is writing the index: nothing done.")


@index.command("follow")
@click.pass_obj
def index_follow(settings: Settings) -> None:
    """Apply the changes that wait."""
    click.echo(f"{_index(settings).follow()} changes applied.")


@index.command("status")
@click.pass_obj
def index_status(settings: Settings) -> None:
    """Say what the index holds and what waits."""
    click.echo(_index(settings).status())


@main.group()
def content() -> None:
    """The content pack."""


@content.command("check")
@click.pass_obj
def content_check(settings: Settings) -> None:
    """Read everything as the site would and say what is wrong."""
    from portal.web.holdings import hold

    holdings = hold(settings)
    for version in holdings.versions.every:
        version.check()
    click.echo(f"{holdings.pack.site}: {len(holdings.taxonomy.needs)} needs, {len(holdings.urgent_room.cards)} urgent cards. Sound.")


@main.group()
def translations() -> None:
    """Catalogues of words in each language."""


@translations.command("compile")
@click.pass_obj
def translations_compile(settings: Settings) -> None:
    """Check every catalogue and compile it; a broken one fails here and never on a page."""
    from portal.i18n.catalogues import compile_all

    for line in compile_all(settings.translations):
        click.echo(line)


@translations.command("check")
@click.pass_obj
def translations_check(settings: Settings) -> None:
    """Say what is missing, unsafe or strays from the glossary in the catalogues of the pack's languages."""
    from portal.i18n.catalogues import problems
    from portal.i18n.glossary import straying_in

    languages = load_pack(settings).languages
    found = [*problems(settings.translations, languages), *straying_in(settings.translations, languages)]
    for line in found:
        click.echo(line, err=True)
    if found:
        raise click.ClickException(f"{len(found)} problems in the translations.")
    click.echo("Translations are whole.")


@translations.command("update")
@click.pass_obj
def translations_update(settings: Settings) -> None:
    """Take new words from the code and the content into the catalogues."""
    from portal.i18n.catalogues import update

    update(settings.translations, load_pack(settings).languages)


@translations.command("status")
@click.pass_obj
def translations_status(settings: Settings) -> None:
    """Say how far each language is: translated, outdated, draft or checked by a person."""
    from portal.web.language_states import language_states, lines

    for line in lines(language_states(settings)):
        click.echo(line)


@main.group()
def database() -> None:
    """The shape of the database."""


@database.command("upgrade")
@click.argument("revision", default=schema.NEWEST)
@click.pass_obj
def database_upgrade(settings: Settings, revision: str) -> None:
    """Migrate up to REVISION, the newest unless given."""
    with opened(settings.database_url) as engine:
        schema.upgrade(engine, revision)


@database.command("downgrade")
@click.argument("revision")
@click.pass_obj
def database_downgrade(settings: Settings, revision: str) -> None:
    """Migrate down to REVISION; `base` leaves nothing."""
    with opened(settings.database_url) as engine:
        schema.downgrade(engine, revision)


@main.command()
@click.pass_obj
def tend(settings: Settings) -> None:
    """Do once what a server does each minute: send mail, delete what has ended, pass on requests that nobody answered."""
    from portal.web.holdings import hold
    from portal.web.tending import tend as once

    once(settings, hold(settings))


@main.command()
@click.pass_obj
def reports(settings: Settings) -> None:
    """List what residents say is wrong with listings, oldest first."""
    from portal.directory.queries import list_open_reports

    with opened(settings.database_url) as engine, reading(engine) as session:
        for report in list_open_reports(session):
            click.echo(f"{report.reported_at:%Y-%m-%d} {report.kind}: {report.name} ({report.service_id}), with the {report.holder}")
            for text in filter(None, (report.message, report.wants_answer and "They would like an answer.")):
                click.echo(f"    {text}")


def _index(settings: Settings):  # type: ignore[no-untyped-def]  # kept out of the signature so that `--help` does not load the index
    from portal.web.holdings import open_index

    schema.upgrade(engine := open_engine(settings.database_url))
    return open_index(settings, engine, load_pack(settings), load_taxonomy(find_file(settings, "taxonomy.yaml"))).index
