"""The commands `portal backup` and `portal restore`: a copy of everything that the site knows, and a site made from one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.config import Settings
from portal.db import opened
from portal.errors import ConfigError

if TYPE_CHECKING:
    from portal.backup.restoring import Ending

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=FOLDER, required=False)
@click.option("--purges-only", is_flag=True, help="Bring only the list of what people had deleted up to date: quick, for every minute.")
@click.pass_obj
def backup(settings: Settings, folder: Path | None, purges_only: bool) -> None:
    """Back the database up into a new folder in FOLDER (PORTAL_BACKUPS unless given), while the site goes on.

    Older backups go: of those older than a day the last of each day stays, for five weeks.
    """
    from portal.backup.taking import take, take_purges

    place = folder or settings.backups
    if place is None:
        raise ConfigError("Say where: `portal backup FOLDER`, or set PORTAL_BACKUPS.")
    with opened(settings.database_url) as engine:
        if purges_only:
            click.echo(f"{take_purges(engine, place, settings.secret_key)} deletions are listed.")
            return
        taken = take(engine, place, settings.secret_key)
    click.echo(f"{taken.place}: {taken.rows} rows. {taken.pruned} older backups deleted.")


@click.command()
@click.argument("backup_folder", metavar="BACKUP", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Read the backup through and write nothing.")
@click.option("--without-purges", is_flag=True, help="Restore though nobody knows what people had deleted since: it comes back.")
@click.pass_obj
def restore(settings: Settings, backup_folder: Path, only_check: bool, without_purges: bool) -> None:
    """Make an empty state's database from BACKUP, a folder that `portal backup` wrote. All or nothing."""
    from portal.backup import restoring

    source = restoring.check(backup_folder, settings.secret_key, without_purges=without_purges)
    if only_check:
        click.echo(f"{backup_folder} is whole, made at {source.manifest.taken_at:%Y-%m-%d %H:%M} UTC.")
        return
    done = restoring.restore(source, settings, _endings(settings))
    click.echo(f"{done.rows} rows restored, {done.purged} deletions done again. `portal prepare` makes the search index.")


def _endings(settings: Settings) -> list[Ending]:
    """What deletes what has ended since."""
    from portal.editing.spreadsheet.operations import purge as purge_uploads
    from portal.pack import load_pack
    from portal.sharing.asking.operations import purge as purge_requests
    from portal.sharing.asking.room import Sender
    from portal.sharing.plans.kept import purge_kept

    sender = Sender(load_pack(settings), settings.base_url, settings.secret_key)
    return [purge_kept, purge_uploads, partial(purge_requests, sender=sender)]
