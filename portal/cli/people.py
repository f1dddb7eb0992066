"""The commands of `portal people`: ask somebody to help, say who does what, and let somebody in again who lost their passkey.

The first administrator is made here. Whoever has the machine has everything: what is done here is in the history as "terminal".
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine

from portal import schema
from portal.accounts.addresses import normal
from portal.accounts.audiences import Role
from portal.accounts.people.offers import TERMINAL, Invitee, Offer
from portal.accounts.people.room import Sender
from portal.config import Settings
from portal.db import opened, reading, writing
from portal.errors import NotFound
from portal.pack import load_pack
from portal.typed import one_line

_SIGN_IN = "/sign-in"
_LONGEST_NAME = 80


@click.group()
def people() -> None:
    """Who has an account, and what for."""


@people.command("invite")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="What they do for the council.")
@click.option("--organization", type=click.UUID, help="The id of the organization whose listings they keep.")
@click.option("--name", default="", help="What they are called.")
@click.option("--language", default="en", show_default=True, help="The language to write to them in.")
@click.pass_obj
def people_invite(settings: Settings, /, email: str, role: str | None, organization: uuid.UUID | None, **about: str) -> None:
    """Ask the owner of EMAIL to take on a role, or to keep an organization's listings. They say yes once they have signed in."""
    from portal.accounts.people.operations import invite

    if (role is None) == (organization is None):
        raise click.UsageError("Say one of --role and --organization.")
    sender = _sender(settings)
    if about["language"] not in sender.pack.languages:
        raise click.BadParameter(f"choose among {', '.join(sender.pack.languages)}.", param_hint="--language")
    invitee = Invitee(_address(email), one_line(about["name"], _LONGEST_NAME), about["language"])
    offer = Offer(Role(role)) if role else Offer(organization_id=organization)
    with opened(settings.database_url) as engine, _upgraded(engine), writing(engine) as session:
        is_asked = invite(session, sender, TERMINAL, offer, invitee)
    click.echo(f"Asked: {invitee.email}. The e-mail waits to be sent." if is_asked else f"{invitee.email} does this already.")
    click.echo(f"They sign in here, with this address: {sender.link(invitee.language, _SIGN_IN)}")


@people.command("list")
@click.pass_obj
def people_list(settings: Settings) -> None:
    """Say who does what: people with a role, then people who keep listings."""
    from portal.accounts.people.council.queries import Known, list_colleagues, list_keepers

    def line(one: Known) -> str:
        does = [*one.roles, *(f"{role} (asked)" for role in one.asked_roles)]
        kept = [f"keeps {len(one.organizations)}"] if one.organizations else []
        asked = [f"asked to keep {len(one.asked_organizations)}"] if one.asked_organizations else []
        return f"{one.email}\t{one.name or '-'}\t{', '.join([*does, *kept, *asked])}"

    with opened(settings.database_url) as engine, reading(engine) as session:
        for one in list_colleagues(session):
            click.echo(line(one))
        page = list_keepers(session, 1)
        for number in range(1, page.pages + 1):
            for one in list_keepers(session, number).people:
                click.echo(line(one))


@people.command("recover")
@click.argument("email")
@click.pass_obj
def people_recover(settings: Settings, email: str) -> None:
    """Take away the passkeys and codes of the owner of EMAIL, so that they can sign in with a link and make new ones."""
    from portal.accounts.people.recovering.operations import recover_from_terminal

    sender, address = _sender(settings), _address(email)
    with opened(settings.database_url) as engine, writing(engine) as session:
        try:
            recover_from_terminal(session, sender, address)
        except NotFound as error:
            raise click.ClickException(f"Nobody has the address {address}.") from error
    click.echo(f"Passkeys and codes of {address} are taken away. They sign in here: {sender.link('en', _SIGN_IN)}")


@contextmanager
def _upgraded(engine: Engine) -> Iterator[None]:
    """Bring the database up to date first: the first administrator may be asked before the site was ever served."""
    schema.upgrade(engine)
    yield


def _sender(settings: Settings) -> Sender:
    return Sender(load_pack(settings), settings.base_url, settings.secret_key)


def _address(email: str) -> str:
    found = normal(email)
    if not found:
        raise click.BadParameter("write an address like name@example.com.", param_hint="EMAIL")
    return found
