"""`portal audit`: an officer proves the change log, keeps a place of it elsewhere, and reads what was done to a record."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal import schema
from portal.cli import main
from portal.db import open_engine, opened, writing
from portal.history import Act, record
from portal.history.verifying import verify

CLUB = uuid.UUID(int=1)
Audit = Callable[..., Result]


@pytest.fixture
def url(empty_database: Path, tmp_path: Path, stopped_clock: object) -> str:
    """A database with three lines of history."""
    url = f"sqlite:///{shutil.copy(empty_database, tmp_path / 'portal.sqlite3')}"
    with opened(url) as engine, writing(engine) as session:
        record(session, ("service", CLUB), Act("published", "person:7", "first told\nby phone"), {"name": [None, "Lunch \x1b[31mclub"]})
        record(session, ("service", CLUB), Act("updated", "person:8"), {"name": ["Lunch club", "کھانا"], "needs": ["falls"]})
        record(session, ("organization", CLUB), Act("updated", "person:8"), {})
    return url


@pytest.fixture
def audit(url: str, tmp_path: Path) -> Audit:
    def give(*command: str) -> Result:
        env = {"PORTAL_STATE": str(tmp_path / "state"), "PORTAL_DATABASE_URL": url}
        return CliRunner(catch_exceptions=False).invoke(main, ["audit", *command], env=env)

    return give


def spoil(url: str, statement: str) -> None:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    with connection:
        connection.execute(statement)
    connection.close()


def test_a_sound_history_gives_the_place_to_keep(audit: Audit) -> None:
    done = audit("verify")
    assert done.exit_code == 0
    first, place = done.output.splitlines()
    assert first == "3 lines are sound."
    assert place.startswith("3:")
    assert audit("verify", "--since", place).output == done.output


def test_the_first_broken_line_is_named_with_its_record_and_moment(audit: Audit, url: str) -> None:
    spoil(url, "UPDATE history SET acted_by = 'person:9' WHERE position = 2")
    done = audit("verify")
    assert done.exit_code == 1
    assert "1 lines are sound." in done.output
    assert f"Line 2 (service {CLUB}, 2026-11-24 10:30:00 UTC): it was changed" in done.output


def test_a_line_that_is_missing_is_named_by_its_number(audit: Audit, url: str) -> None:
    spoil(url, "DELETE FROM history WHERE position = 1")
    done = audit("verify")
    assert done.exit_code == 1
    assert "Line 1: it is missing" in done.output


def test_a_place_that_was_kept_shows_that_the_end_was_cut_off(audit: Audit, url: str) -> None:
    place = audit("verify").output.splitlines()[1]
    spoil(url, "DELETE FROM history WHERE position = 3")
    spoil(url, "UPDATE history_head SET (position, chained) = (SELECT position, chained FROM history WHERE position = 2)")
    assert audit("verify").exit_code == 0
    done = audit("verify", "--since", place)
    assert done.exit_code == 1
    assert "Line 3: it is missing" in done.output


@pytest.mark.parametrize("place", ["3", "three:four", f"3:{'a' * 63}", "\x00:"])
def test_a_place_in_another_form_is_refused_with_what_to_write(audit: Audit, place: str) -> None:
    done = audit("verify", "--since", place)
    assert done.exit_code == 2
    assert "POSITION:HASH" in done.output


def test_what_was_done_to_a_record_is_shown_in_order_and_turns_no_terminal_round(audit: Audit) -> None:
    done = audit("show", "service", str(CLUB))
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "1 2026-11-24 10:30:00 UTC published by person:7: first told by phone",
        '    name: null → "Lunch \\u001b[31mclub"',
        "2 2026-11-24 10:30:00 UTC updated by person:8",
        '    name: "Lunch club" → "کھانا"',
        '    needs: null → ["falls"]',
    ]


def test_a_record_of_which_nothing_is_known_is_said_to_be_so(audit: Audit) -> None:
    done = audit("show", "service", str(uuid.UUID(int=5)))
    assert (done.exit_code, done.output) == (1, "Error: Nothing was done to a record of this type and id.\n")
    assert audit("show", "service", "no-id").exit_code == 2


def test_lines_from_before_there_was_a_chain_are_chained_in_their_order_and_none_is_lost(url: str) -> None:
    engine = open_engine(url)
    before = verify(engine)
    schema.downgrade(engine, "0006")
    spoil(url, "UPDATE history SET reason = 'as it was then' WHERE id = 1")
    schema.upgrade(engine)
    found = verify(engine)
    assert (found.broken, found.sound.position) == (None, before.sound.position)
    assert found.sound != before.sound
    engine.dispose()


def test_the_listings_that_a_borough_starts_with_are_in_the_chain(demo_state: Path, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{shutil.copy(demo_state / 'instance' / 'portal.sqlite3', tmp_path / 'demo.sqlite3')}")
    found = verify(engine)
    assert found.broken is None
    assert found.sound.position > 160
    engine.dispose()
