"""A PostgreSQL server of the tests' own, from Debian's binaries: a private cluster behind a socket in a temporary folder.

`conftest.py` starts one for each worker that has a test on PostgreSQL; each test has a database of its own on it, copied from
one that the migrations made, and dropped when the test ends.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from portal import schema
from portal.db import open_engine

PATIENCE = 120.0  # seconds
SERVER_USER = "nobody"  # for root, whom PostgreSQL refuses
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=", "max_connections=60", "shared_buffers=16MB")


class NoServer(Exception):
    """No server can be started here; the text says why."""


@dataclass(frozen=True)
class Server:
    """A running server, by the folder of its socket."""

    folder: Path

    def address(self, name: str) -> str:
        """Where the database of this name is, as `open_engine` wants it."""
        return f"postgresql+psycopg://portal@/{name}?host={self.folder}"

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The address of a new database, a copy of `template`, while the context lasts."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self._say("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield self.address(name)
        finally:
            self._say("DROP DATABASE {} WITH (FORCE)", name)  # whoever is still in it

    def migrate(self, name: str) -> str:
        """A new database with every table and no row, made by the migrations; its name again, to copy it by."""
        self._say("CREATE DATABASE {} TEMPLATE {}", name, "template0")
        engine = open_engine(self.address(name))
        schema.upgrade(engine)
        engine.dispose()  # a database that somebody is in cannot be copied
        return name

    def _say(self, statement: str, *names: str) -> None:
        """A statement outside any transaction, with names of databases in it."""
        with psycopg.connect(_main(self.folder), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]  # ours, not typed


@contextmanager
def served() -> Iterator[Server]:
    """A server without a database of ours while the context lasts. Raises `NoServer`."""
    binaries = _binaries()
    with tempfile.TemporaryDirectory(prefix="portal-postgresql-") as name:  # a short path: sockets allow 107 letters
        folder = Path(name)
        account = _account(folder)
        _run([binaries / "initdb", "-D", folder / "data", "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], account)
        log = (folder / "log").open("wb")
        options = [part for setting in QUICK for part in ("-c", setting)]
        command = [*_ending_with_us(), binaries / "postgres", "-D", folder / "data", "-k", folder, *options]
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, user=account)
        try:
            _wait(folder, server)
            yield Server(folder)
        finally:
            server.send_signal(signal.SIGINT)  # a fast shutdown, which ends connections
            server.wait(timeout=PATIENCE)
            log.close()


def _ending_with_us() -> list[str]:
    """What makes a server end with the tests, also when they are killed; nothing where the machine has no such program."""
    program = shutil.which("setpriv")
    return [program, "--pdeathsig", "INT"] if program else []


def _main(folder: Path) -> str:
    return f"postgresql://portal@/postgres?host={folder}"


def _binaries() -> Path:
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if on_path:
        return Path(on_path).resolve().parent
    if not found:
        raise NoServer("PostgreSQL's server is not installed (Debian: postgresql)")
    return found[-1].parent


def _account(folder: Path) -> int | None:
    if os.geteuid() != 0:
        return None
    try:
        account = pwd.getpwnam(SERVER_USER)
    except KeyError as error:
        raise NoServer(f"this is root, and there is no user {SERVER_USER} to run PostgreSQL as") from error
    os.chown(folder, account.pw_uid, account.pw_gid)
    return account.pw_uid


def _run(command: list[str | Path], account: int | None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, user=account, cwd="/")
    if done.returncode:
        raise NoServer(f"initdb failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}")


def _wait(folder: Path, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            psycopg.connect(_main(folder)).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    said = (folder / "log").read_text("utf-8", "replace").strip().splitlines()
    raise NoServer(f"PostgreSQL did not start: {said[-1] if said else 'it said nothing'}")
