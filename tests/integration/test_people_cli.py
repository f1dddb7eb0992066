"""`portal people`: the first administrator asked, who does what listed, a lost passkey helped with; readable, and one line when wrong."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.people.queries import list_offers
from portal.accounts.queries import find_person
from portal.cli import main
from portal.db import opened, reading
from portal.history import HistoryLine
from portal.mail import Outgoing

Portal = Callable[..., Result]


@pytest.fixture
def portal(tmp_path: Path, quick_start: None) -> Portal:
    """Give a command with a state of the test's own, where nothing has been prepared."""

    def give(*command: object) -> Result:
        return CliRunner(catch_exceptions=False).invoke(main, [str(part) for part in command], env={"PORTAL_STATE": str(tmp_path)})

    return give


def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'instance' / 'portal.sqlite3'}"


def test_the_first_administrator_is_asked_on_a_new_machine(portal: Portal, tmp_path: Path) -> None:
    done = portal("people", "invite", "Boss@Example.org", "--role", "administrator", "--name", "Jo\u202e Boss\n")
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "Asked: boss@example.org. The e-mail waits to be sent.",
        "They sign in here, with this address: http://localhost:8000/en/sign-in",
    ]
    with opened(database(tmp_path)) as engine, reading(engine) as session:
        boss = find_person(session, "boss@example.org")
        assert boss is not None
        assert boss.name == "Jo Boss"
        assert [offered.offer.role for offered in list_offers(session, boss.id)] == ["administrator"]
        assert session.scalars(select(HistoryLine.acted_by).where(HistoryLine.resource_type == "person")).all() == ["terminal"]
        assert len(session.scalars(select(Outgoing.id)).all()) == 1


def test_who_does_what_is_listed(portal: Portal) -> None:
    portal("people", "invite", "boss@example.org", "--role", "administrator", "--name", "Jo Boss")
    portal("people", "invite", "boss@example.org", "--role", "reviewer")
    listed = portal("people", "list")
    assert listed.output == "boss@example.org\tJo Boss\treviewer (asked), administrator (asked)\n"


def test_a_lost_passkey_is_helped_with(portal: Portal) -> None:
    portal("people", "invite", "boss@example.org", "--role", "administrator")
    done = portal("people", "recover", "BOSS@example.org")
    assert done.exit_code == 0
    assert done.output.startswith("Passkeys and codes of boss@example.org are taken away.")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("invite", "nobody", "--role", "adviser"), "write an address like name@example.com"),
        (("invite", "a@example.org"), "Say one of --role and --organization."),
        (("invite", "a@example.org", "--role", "adviser", "--organization", uuid.uuid4()), "Say one of --role and --organization."),
        (("invite", "a@example.org", "--role", "king"), "'king' is not one of"),
        (("invite", "a@example.org", "--role", "adviser", "--language", "xx"), "choose among"),
        (("invite", "a@example.org", "--organization", "x"), "not a valid UUID"),
        (("invite", "a@example.org", "--organization", uuid.UUID(int=7)), "no organization 00000000-0000-0000-0000-000000000007"),
        (("recover", "a@example.org"), "Nobody has the address a@example.org."),
    ],
)
def test_what_is_wrong_is_one_line(portal: Portal, tmp_path: Path, command: tuple[object, ...], said: str) -> None:
    portal("people", "invite", "boss@example.org", "--role", "administrator")
    done = portal("people", *command)
    assert done.exit_code in (1, 2)
    assert said in done.output
    with opened(database(tmp_path)) as engine, reading(engine) as session:
        assert session.scalars(select(Person.email)).all() == ["boss@example.org"]
