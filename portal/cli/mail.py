"""The commands of `portal mail`: send what is due, and see what waits, without a recipient or a word of what is said."""

from __future__ import annotations

from datetime import timedelta

import click

from portal.config import Settings
from portal.db import opened, reading


@click.group()
def mail() -> None:
    """E-mails and text messages that wait to be sent."""


@mail.command("send")
@click.pass_obj
def mail_send(settings: Settings) -> None:
    """Send once what is due, as a server does each minute. Safe beside a server, and killed midway."""
    from portal.mail import carriers_from, deliver
    from portal.mail.waiting import count_waiting

    with opened(settings.database_url) as engine:
        sent = deliver(engine, settings.secret_key, carriers_from(settings))
        with reading(engine) as session:
            queue = count_waiting(session)
    rest = f"{queue.number} waiting, the oldest for {_in_words(queue.oldest)}." if queue.number else "Nothing waits."
    click.echo(f"{sent} sent. {rest}")


@mail.command("list")
@click.pass_obj
def mail_list(settings: Settings) -> None:
    """List what waits, oldest first: when it was posted, how often it was tried, and when it is tried next."""
    from portal.mail.waiting import list_waiting

    with opened(settings.database_url) as engine, reading(engine) as session:
        waiting = list_waiting(session)
    for one in waiting:
        tried = f"tried {one.attempts} times, next at {one.next_at:%Y-%m-%d %H:%M}" if one.attempts else "not tried yet"
        click.echo(f"{one.posted_at:%Y-%m-%d %H:%M} UTC {one.channel:5} {tried} ({one.id})")
    if not waiting:
        click.echo("Nothing waits.")


def _in_words(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60
    if hours < 1:
        return f"{minutes} minutes"
    return f"{hours} hours" if hours < 48 else f"{days} days"
