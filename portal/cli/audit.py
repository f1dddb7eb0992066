"""The commands of `portal audit`: prove that the change log is as it was written, and show what was done to a record."""

from __future__ import annotations

import json
import uuid

import click

from portal.config import Settings
from portal.db import opened, reading
from portal.typed import one_line

LONGEST = 300  # letters of a value on the terminal


@click.group()
def audit() -> None:
    """Who did what to which record, when and why."""


@audit.command("verify")
@click.option("--since", metavar="POSITION:HASH", default="", help="A place noted earlier, which must still be part of the chain.")
@click.pass_obj
def audit_verify(settings: Settings, since: str) -> None:
    """Walk the whole chain. Names the first broken line, or prints the last place: keep that elsewhere, for --since."""
    from portal.history.chain import Link
    from portal.history.verifying import verify

    try:
        noted = Link.read(since) if since else None
    except ValueError as error:
        raise click.BadParameter("write it as this command printed it: POSITION:HASH.", param_hint="--since") from error
    with opened(settings.database_url) as engine:
        found = verify(engine, noted)
    click.echo(f"{found.sound.position} lines are sound.")
    if found.broken:
        raise click.ClickException(one_line(f"The history is broken. {found.broken}", LONGEST))
    click.echo(str(found.sound))


@audit.command("show")
@click.argument("resource_type")
@click.argument("resource_id", type=click.UUID)
@click.pass_obj
def audit_show(settings: Settings, resource_type: str, resource_id: uuid.UUID) -> None:
    """Say what was done to one record, such as `service 8c1f…`: the first act first, each field before and after."""
    from portal.history.queries import list_lines

    with opened(settings.database_url) as engine, reading(engine) as session:
        lines = list_lines(session, (resource_type, resource_id))
    for line in lines:
        reason = f": {line.reason}" if line.reason else ""
        click.echo(one_line(f"{line.position} {line.acted_at:%Y-%m-%d %H:%M:%S} UTC {line.action} by {line.acted_by}{reason}", LONGEST))
        for field, values in line.changes.items():
            before, after = values if isinstance(values, list) and len(values) == 2 else (None, values)
            click.echo("    " + one_line(f"{field}: {_shown(before)} → {_shown(after)}", LONGEST))
    if not lines:
        raise click.ClickException("Nothing was done to a record of this type and id.")


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
