"""A PostgreSQL server that can be stopped and killed under a site: a cluster of its own in a temporary folder, with fsync as it comes."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parent.parent / "integration"))

from faults.crowd import wait_for
from faults.trial import NotShown
from postgresql import NoServer, _account, _binaries, _run

PATIENCE = 60.0  # seconds


@dataclass
class Cluster:
    """A cluster in `folder`, run as the user `account` (nobody in particular where it is None)."""

    folder: Path
    binaries: Path
    account: int | None
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The database of the site, as its settings want it."""
        return f"postgresql://portal@/postgres?host={self.folder}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ["-c", "listen_addresses=", "-c", "shared_buffers=32MB", "-c", "max_connections=60"]
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder), *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, user=self.account)
        if wait_for(self.answers, PATIENCE) is None:
            raise NotShown(f"PostgreSQL did not start: {(self.folder / 'log').read_text('utf-8', 'replace')[-300:]}")

    def stop(self, how: signal.Signals) -> None:
        """SIGINT ends connections politely, SIGQUIT at once, SIGKILL asks nobody; waits until it is gone."""
        if self.process is not None:
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
            wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children), PATIENCE)

    def answers(self) -> bool:
        """Whether somebody can connect."""
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running cluster while the context lasts. Raises `NotShown` where PostgreSQL's server is not here."""
    with tempfile.TemporaryDirectory(prefix="portal-faults-") as name:
        folder = Path(name)
        try:
            binaries, account = _binaries(), _account(folder)
            _run(
                [binaries / "initdb", "-D", folder / "data", "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], account
            )
        except NoServer as error:
            raise NotShown(str(error)) from error
        made = Cluster(folder, binaries, account)
        try:
            made.start()
            yield made
        finally:
            if made.process is not None and made.process.poll() is None:
                made.stop(signal.SIGINT)
