"""A mail server that refuses, hangs, breaks off or is slow at each of its steps: no message is lost, none is doubled, no page waits."""

from __future__ import annotations

import email
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from mail_servers import MailServer, mail_server
from sqlalchemy import Engine, func, select
from structlog.testing import capture_logs
from waiting import wait_until

from portal import clock
from portal.db import reading, writing
from portal.mail import Carriers, Message, Outgoing, deliver, post
from portal.mail.carriers import SmtpCarrier
from portal.mail.outbox import LEASE

SECRET = "s" * 32
SENDER = "doorstep@help.example.org"
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
LETTERS = [Message("email", f"canary-{number}@example.org", f"Letter {number}", "canary\nboth lines") for number in range(2)]
STEPS = ("EHLO", "MAIL", "RCPT", "DATA", "TAKEN")
REFUSALS = (("220",), ("EHLO", "HELO"), ("MAIL",), ("RCPT",), ("DATA",), ("TAKEN",))
FAULTS = [
    *({"answers": dict.fromkeys(refusal, f"{code} canary")} for refusal in REFUSALS for code in ("421", "451", "550")),
    *({"hangs_at": step} for step in ("220", *STEPS)),
    *({"drops_at": step} for step in ("220", *STEPS, "BODY")),
]
ANSWERS = ({"who": "me"}, {"none": "1"}, {"place": "Eastmoor"}, {"help": "about"}, {"falling": "fell", "finish": "1"})
IN_DOUBT = ({"hangs_at": "TAKEN"}, {"drops_at": "TAKEN"})  # it has the message, and nobody was told


def carriers(server: MailServer, timeout: float = 1.0) -> Carriers:
    mail = SmtpCarrier(f"smtp://127.0.0.1:{server.port}", SENDER, timeout)
    return Carriers(mail, mail)


def posted(engine: Engine, *letters: Message) -> None:
    with clock.stopped_at(NOW), writing(engine) as session:
        for letter in letters:
            post(session, SECRET, letter)


def delivered(engine: Engine, to: Carriers, after: timedelta = timedelta(0)) -> int:
    with clock.stopped_at(NOW + after):
        return deliver(engine, SECRET, to)


def headers(server: MailServer, name: str) -> list[str]:
    return sorted(email.message_from_bytes(taken)[name] for taken in server.taken)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_whatever_a_server_does_each_letter_arrives_once_when_it_is_well(database: Engine, fault: dict[str, Any]) -> None:
    posted(database, *LETTERS)
    with mail_server(**fault) as ill, capture_logs() as lines:
        assert delivered(database, carriers(ill)) == 0
        assert (len(ill.taken) > 0) == (fault in IN_DOUBT)
    with mail_server() as well:
        assert delivered(database, carriers(well, 30.0), timedelta(seconds=59)) == 0, "it has a pause"
        assert delivered(database, carriers(well, 30.0), timedelta(seconds=60)) == len(LETTERS)
        assert delivered(database, carriers(well, 30.0), timedelta(hours=12)) == 0
    assert headers(well, "To") == [letter.to for letter in LETTERS]
    if ill.taken:
        assert headers(ill, "Message-ID") == headers(well, "Message-ID"), "so that a mailbox knows them for the same"
    assert len(lines) == len(LETTERS)
    assert "canary" not in str(lines)


@pytest.mark.parametrize(
    "fault",
    [{"hangs_at": "QUIT"}, {"drops_at": "QUIT"}, {"answers": {"QUIT": "550 no"}}, {"slow_by": 0.1}, {"answers": {"EHLO": "502 old"}}],
    ids=str,
)
def test_what_it_does_once_it_has_said_yes_sends_nothing_again(database: Engine, fault: dict[str, Any]) -> None:
    posted(database, *LETTERS)
    with mail_server(**fault) as odd:
        assert delivered(database, carriers(odd)) == len(LETTERS)
        assert delivered(database, carriers(odd), timedelta(hours=12)) == 0
    assert headers(odd, "To") == [letter.to for letter in LETTERS]


def test_one_recipient_who_is_refused_holds_no_other_up(database: Engine) -> None:
    gone = [Message("email", f"gone-{number}@example.org", "s", "b") for number in range(6)]
    posted(database, *gone, *LETTERS)
    with mail_server(refuses={"gone-": "550 5.1.1 no such user"}) as server:
        assert delivered(database, carriers(server, 30.0)) == len(LETTERS)
    assert headers(server, "To") == [letter.to for letter in LETTERS]


def test_a_sender_that_is_killed_while_the_server_has_it_sends_it_again_under_the_same_id(
    make_state: tuple[dict[str, str], Engine],
) -> None:
    environment, engine = make_state
    with writing(engine) as session:
        post(session, environment["PORTAL_SECRET_KEY"], LETTERS[0])
    with mail_server(hangs_at="TAKEN") as server:
        url = f"smtp://127.0.0.1:{server.port}"
        command = [Path(sys.executable).with_name("portal"), "mail", "send"]
        sender = subprocess.Popen(
            command, env={**environment, "PORTAL_SMTP_URL": url}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(lambda: server.taken)
        os.kill(sender.pid, signal.SIGKILL)
        assert sender.wait(timeout=120) == -signal.SIGKILL
    with mail_server() as well:
        mail = carriers(well, 5.0)
        assert deliver(engine, environment["PORTAL_SECRET_KEY"], mail) == 0, "another may be at it"
        with clock.stopped_at(clock.now() + LEASE):
            assert deliver(engine, environment["PORTAL_SECRET_KEY"], mail) == 1
            assert deliver(engine, environment["PORTAL_SECRET_KEY"], mail) == 0
    assert headers(server, "Message-ID") == headers(well, "Message-ID")
    assert len(well.taken) == 1


@pytest.fixture
def make_state(database: Engine, tmp_path: Path) -> tuple[dict[str, str], Engine]:
    """The environment of a command on a database of the test's own, and that database."""
    names = {
        "PORTAL_STATE": str(tmp_path),
        "PORTAL_DATABASE_URL": str(database.url),
        "PORTAL_SECRET_KEY": SECRET,
        "PORTAL_MAIL_FROM": SENDER,
    }
    return {**os.environ, **names}, database


@contextmanager
def delivering(engine: Engine, to: Carriers) -> Iterator[None]:
    """Somebody delivers meanwhile, as the thread that tends does."""
    thread = threading.Thread(target=deliver, args=(engine, SECRET, to))
    thread.start()
    try:
        yield
    finally:
        thread.join()


def test_nobody_who_writes_waits_for_a_server_that_hangs(database: Engine) -> None:
    with clock.stopped_at(clock.now()), writing(database) as session:
        post(session, SECRET, LETTERS[0])
    with mail_server(hangs_at="DATA") as hanging, delivering(database, carriers(hanging, 60.0)):
        wait_until(lambda: "data" in [line.lower() for line in hanging.said])
        started = time.monotonic()
        with writing(database) as session:
            post(session, SECRET, LETTERS[1])
        assert time.monotonic() - started < 20, "seconds; the server is waited for sixty"
        hanging.released.set()
    with reading(database) as session:
        assert session.scalar(select(func.count()).select_from(Outgoing)) == 2


def test_a_page_that_posts_a_letter_speaks_to_no_server(make_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(hangs_at="220") as hanging:
        app: Flask = make_app(smtp_url=f"smtp://127.0.0.1:{hanging.port}", mail_from=SENDER)
        client = app.test_client()
        for number, given in enumerate(ANSWERS, 1):
            client.post(f"/en/questions/{number}", data=given)
        spoken_to: list[object] = []
        monkeypatch.setattr("smtplib.SMTP.connect", lambda *given, **_named: spoken_to.append(given))
        response = client.post("/en/plan/send", data={"to": "canary@example.org"})
        assert (response.status_code, response.location) == (303, "/en/plan/sent")
        assert spoken_to == []
        assert hanging.said == []
        with reading(app.extensions["plans"].engine) as session:
            assert session.scalar(select(func.count()).select_from(Outgoing).where(Outgoing.sent_at.is_(None))) == 1
