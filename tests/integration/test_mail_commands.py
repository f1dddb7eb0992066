"""`portal mail`: an officer sends what is due and sees what waits, and never whom it is for or what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mail_servers import mail_server
from sqlalchemy import Engine
from structlog.testing import capture_logs

from portal import clock
from portal.cli import main
from portal.db import writing
from portal.mail import Message, post

SECRET = "s" * 32
LETTER = Message("email", "canary@example.org", "canary subject", "canary text")
Mail = Callable[..., Result]


@pytest.fixture
def mail(database: Engine, tmp_path: Path, stopped_clock: object) -> Iterator[Mail]:
    def give(command: str, **environment: str) -> Result:
        env = {"PORTAL_STATE": str(tmp_path), "PORTAL_DATABASE_URL": str(database.url), "PORTAL_SECRET_KEY": SECRET, **environment}
        return CliRunner(catch_exceptions=False).invoke(main, ["mail", command], env=env)

    with capture_logs() as lines:
        yield give
    assert "canary" not in str(lines)


def posted(engine: Engine, *ages: timedelta) -> None:
    for age in ages:
        with clock.stopped_at(clock.now() - age), writing(engine) as session:
            post(session, SECRET, LETTER)


def test_an_empty_outbox_is_said_to_be_so(mail: Mail) -> None:
    assert mail("send").output == "0 sent. Nothing waits.\n"
    assert mail("list").output == "Nothing waits.\n"


def test_what_is_due_is_sent_into_the_folder_where_no_server_is_set(mail: Mail, database: Engine, tmp_path: Path) -> None:
    posted(database, timedelta(0), timedelta(hours=1))
    assert mail("send").output == "2 sent. Nothing waits.\n"
    letters = [message_from_bytes(path.read_bytes()) for path in (tmp_path / "instance" / "outbox").iterdir()]
    assert [letter["To"] for letter in letters] == [LETTER.to] * 2
    assert mail("send").output == "0 sent. Nothing waits.\n"


def test_what_a_server_does_not_take_waits_and_its_age_is_told(mail: Mail, database: Engine) -> None:
    posted(database, timedelta(minutes=5), timedelta(hours=5))
    with mail_server(answers={"RCPT": "450 canary"}) as server:
        settings = {"PORTAL_SMTP_URL": f"smtp://127.0.0.1:{server.port}", "PORTAL_MAIL_FROM": "doorstep@example.org"}
        assert mail("send", **settings).output == "0 sent. 2 waiting, the oldest for 5 hours.\n"
    first, second = mail("list").output.splitlines()
    assert first.startswith("2026-11-24 05:30 UTC email tried 1 times, next at 2026-11-24 10:31 (")
    assert second.startswith("2026-11-24 10:25 UTC email tried 1 times")
    assert "canary" not in mail("list").output


@pytest.mark.parametrize(
    ("age", "words"), [(timedelta(seconds=59), "0 minutes"), (timedelta(minutes=59), "59 minutes"), (timedelta(hours=60), "2 days")]
)
def test_an_age_is_told_in_words(mail: Mail, database: Engine, age: timedelta, words: str) -> None:
    posted(database, age)
    settings = {"PORTAL_SMTP_URL": "smtp://127.0.0.1:9", "PORTAL_MAIL_FROM": "doorstep@example.org"}
    assert mail("list").output.count("not tried yet") == 1
    assert mail("send", **settings).output == f"0 sent. 1 waiting, the oldest for {words}.\n"
