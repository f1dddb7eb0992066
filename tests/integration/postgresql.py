"""A PostgreSQL server of the tests' own, from Debian's binaries: a private cluster behind a socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

PATIENCE = 30.0  # seconds
SERVER_USER = "nobody"  # for root, whom PostgreSQL refuses
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=", "max_connections=30", "shared_buffers=16MB")


class NoServer(Exception):
    """No server can be started here; the text says why."""


@contextmanager
def served() -> Iterator[str]:
    """The address of an empty database while the context lasts. Raises `NoServer`."""
    binaries = _binaries()
    with tempfile.TemporaryDirectory(prefix="portal-postgresql-") as name:  # a short path: sockets allow 107 letters
        folder = Path(name)
        account = _account(folder)
        _run([binaries / "initdb", "-D", folder / "data", "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], account)
        log = (folder / "log").open("wb")
        options = [part for setting in QUICK for part in ("-c", setting)]
        command = [binaries / "postgres", "-D", folder / "data", "-k", folder, *options]
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, user=account)
        try:
            _wait(folder, server)
            yield f"postgresql://portal@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)  # a fast shutdown, which ends connections
            server.wait(timeout=PATIENCE)
            log.close()


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
            psycopg.connect(f"postgresql://portal@/postgres?host={folder}").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    said = (folder / "log").read_text("utf-8", "replace").strip().splitlines()
    raise NoServer(f"PostgreSQL did not start: {said[-1] if said else 'it said nothing'}")
