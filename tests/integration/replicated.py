"""A PostgreSQL server and its standby on two ports of this machine, to be killed, cut off and promoted.

A commit is acknowledged when the standby has it too (`synchronous_standby_names`), which is what a council that must lose nothing sets.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg
from postgresql import PATIENCE, _account, _binaries, _ending_with_us, _run
from serving import free_port

OPTIONS: Final = ("fsync=off", "full_page_writes=off", "max_connections=60", "shared_buffers=16MB", "wal_receiver_timeout=5s")


@dataclass
class Node:
    """One server: its data folder and its port. `process` is None while it does not run."""

    folder: Path
    port: int
    account: int | None
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Run it, and wait until it answers."""
        options = [part for setting in (*OPTIONS, f"port={self.port}", "listen_addresses=127.0.0.1") for part in ("-c", setting)]
        command = [*_ending_with_us(), _binaries() / "postgres", "-D", self.folder, "-k", self.folder.parent, *options]
        with (self.folder.parent / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", user=self.account, start_new_session=True)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.address()).close()
                return
            time.sleep(0.05)
        raise TimeoutError((self.folder.parent / "log").read_text("utf-8", "replace")[-500:])

    def kill(self) -> None:
        """End it and everything of it at once, as a power cut does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def promote(self) -> None:
        """Make a standby the one that is written to."""
        self.say("SELECT pg_promote(true, 30)")

    def say(self, statement: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """A statement outside any transaction, and its rows."""
        with psycopg.connect(self.address(name), autocommit=True) as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []

    def address(self, name: str = "postgres") -> str:
        """Where it is, for psycopg."""
        return f"postgresql://portal@127.0.0.1:{self.port}/{name}"


@dataclass(frozen=True)
class Pair:
    """A server and its standby."""

    primary: Node
    standby: Node

    def url(self, name: str, *, wants: str, primary_port: int = 0) -> str:
        """Both, as a setting names them; `wants` is what is looked for (`read-write`, `prefer-standby`)."""
        hosts = f"host=127.0.0.1:{primary_port or self.primary.port}&host=127.0.0.1:{self.standby.port}"
        return f"postgresql://portal@/{name}?{hosts}&target_session_attrs={wants}"

    def wait_for_standby(self) -> None:
        """Wait until the standby has all that is written."""
        end = time.monotonic() + PATIENCE
        [(at,)] = self.primary.say("SELECT pg_current_wal_lsn()::text")
        while self.standby.say(f"SELECT pg_last_wal_replay_lsn() >= '{at}'::pg_lsn") != [(True,)]:
            if time.monotonic() > end:
                raise TimeoutError("the standby does not follow")
            time.sleep(0.02)


@contextmanager
def replicated() -> Iterator[Pair]:
    """A running pair, whose commits wait for the standby. Raises `NoServer` where no server can be started."""
    binaries = _binaries()
    with tempfile.TemporaryDirectory(prefix="portal-pair-") as name:
        account = _account(Path(name))
        nodes = []
        for each in ("one", "two"):
            place = Path(name) / each
            place.mkdir(mode=0o700)
            if account is not None:
                os.chown(place, account, -1)
            nodes.append(Node(place / "data", free_port(), account))
        pair = Pair(*nodes)
        _run([binaries / "initdb", "-D", nodes[0].folder, "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], account)
        try:
            pair.primary.start()
            _run([binaries / "pg_basebackup", "-d", pair.primary.address(), "-D", pair.standby.folder, "-R", "-c", "fast", "-N"], account)
            pair.standby.start()
            pair.wait_for_standby()
            pair.primary.say("ALTER SYSTEM SET synchronous_standby_names = '*'")
            pair.primary.say("SELECT pg_reload_conf()")
            yield pair
        finally:
            pair.standby.kill()
            pair.primary.kill()
