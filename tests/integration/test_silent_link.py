"""A link to the database that loses everything and resets nothing: whoever waits is told within seconds, not after TCP's own minutes.

The link is a pair of network devices between this machine and a network of its own, which only root can make; elsewhere it is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from postgresql import Server
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import OperationalError

from portal.db import open_engine, reading
from portal.web.leading import Leader

SOON = 15.0  # seconds; without our own limits it is two hours for an answer that does not come, a quarter of an hour for a question
SUBNET = f"10.213.{os.getpid() % 250}"
RELAY = """
import socket, sys, threading
def pass_on(source, target):
    while part := source.recv(65536):
        target.sendall(part)
with socket.create_server((sys.argv[1], 5432)) as listening:
    print("ready", flush=True)
    while True:
        near, _ = listening.accept()
        far = socket.socket(socket.AF_UNIX)
        far.connect(sys.argv[2])
        for pair in ((near, far), (far, near)):
            threading.Thread(target=pass_on, args=pair, daemon=True).start()
"""


@dataclass(frozen=True)
class Link:
    """The server's database beyond the link."""

    engine: Engine
    name: str

    def lose_everything(self) -> None:
        _ip("link", "set", self.name, "down")


@pytest.fixture
def link(postgresql_server: Server) -> Iterator[Link]:
    place = f"portal{os.getpid() % 1_000_000}"
    near = f"{place}a"
    if os.geteuid() != 0 or shutil.which("ip") is None or subprocess.run(["ip", "netns", "add", place], check=False).returncode:
        pytest.skip("a network of its own cannot be made here: nothing was shown about silent links")
    relay = None
    try:
        _ip("link", "add", near, "type", "veth", "peer", "name", "far", "netns", place)
        _ip("addr", "add", f"{SUBNET}.1/30", "dev", near)
        _ip("link", "set", near, "up")
        _ip("-n", place, "addr", "add", f"{SUBNET}.2/30", "dev", "far")
        _ip("-n", place, "link", "set", "far", "up")
        program = [sys.executable, "-c", RELAY, f"{SUBNET}.2", str(postgresql_server.folder / ".s.PGSQL.5432")]
        relay = subprocess.Popen(["ip", "netns", "exec", place, *program], stdout=subprocess.PIPE)
        assert relay.stdout is not None
        assert relay.stdout.readline() == b"ready\n"
        with postgresql_server.database() as address:
            engine = open_engine(str(make_url(address).set(host=f"{SUBNET}.2", query={})))
            yield Link(engine, near)
            engine.dispose()
    finally:
        if relay is not None:
            relay.kill()
            relay.communicate()
        subprocess.run(["ip", "link", "del", near], check=False)  # else it stays for as long as the kernel takes to end the network
        _ip("netns", "del", place)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def _seconds(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def test_whoever_asks_over_a_silent_link_is_told_within_seconds(link: Link) -> None:
    with reading(link.engine) as session:
        assert session.scalar(text("SELECT 1")) == 1
    link.lose_everything()
    assert _seconds(lambda: _is_gone(link.engine)) < SOON, "over a connection that was there"
    assert _seconds(lambda: _is_gone(link.engine)) < SOON, "over a new one"


def test_whoever_waits_for_an_answer_when_the_link_falls_silent_is_told_within_seconds(link: Link) -> None:
    with reading(link.engine) as session:
        session.scalar(text("SELECT 1"))
        falling = threading.Timer(1.0, link.lose_everything)
        falling.start()
        began = time.monotonic()
        with pytest.raises(OperationalError):
            session.execute(text("SELECT pg_sleep(60)"))
        assert 1.0 < time.monotonic() - began < SOON
        falling.join()


def test_nobody_leads_over_a_silent_link_and_whoever_asks_does_not_hang(link: Link, tmp_path_factory: pytest.TempPathFactory) -> None:
    leader = Leader(link.engine, tmp_path_factory.mktemp("leader"))
    assert leader.leads()
    link.lose_everything()
    began = time.monotonic()
    assert not leader.leads()
    assert time.monotonic() - began < SOON


def _is_gone(engine: Engine) -> None:
    with reading(engine) as session, pytest.raises(OperationalError):
        session.scalar(text("SELECT 1"))
