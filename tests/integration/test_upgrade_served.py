"""Workers renewed, the whole server replaced, and migrations down and up, while people ask: each of their requests is answered."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from serving import PATIENCE, PORTAL, Served, serving
from waiting import wait_until

ADDRESSES = ("/en/", "/en/search?q=falls", "/ur/urgent", "/en/advice/staying-steady", "/healthz")
# Becomes the server, with the listening socket where systemd puts it.
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], [sys.argv[2], "serve"])
"""


class Visitors:
    """Two people who ask, one page after the other, each on a connection of its own."""

    def __init__(self, port: int) -> None:
        self.port, self.answered, self.failed = port, 0, list[str]()
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(2)]

    def _ask(self, number: int) -> None:
        while not self._is_over.is_set():
            address = ADDRESSES[(self.answered + number) % len(ADDRESSES)]
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
                connection.request("GET", address, headers={"Connection": "close"})
                status = connection.getresponse().status
                connection.close()
            except OSError as error:
                self.failed.append(f"{address}: {error!r}")
                continue
            if status != 200:
                self.failed.append(f"{address}: {status}")
            self.answered += 1

    def wait_for(self, more: int) -> None:
        """Until so many more were answered."""
        until = self.answered + more
        wait_until(lambda: self.answered >= until, lambda: self.failed)

    @contextmanager
    def asking(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            for thread in self._threads:
                thread.join()


def workers(master: int) -> set[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(master)], capture_output=True, text=True, check=False).stdout
    return {int(number) for number in found.split()}


@pytest.fixture
def site(demo_state: Path, tmp_path: Path) -> Iterator[Served]:
    with serving(shutil.copytree(demo_state, tmp_path / "state"), workers=2) as served:
        yield served


def test_workers_are_renewed_and_tables_go_down_and_up_without_a_failed_request(site: Served) -> None:
    visitors = Visitors(int(site.url.rpartition(":")[2]))
    environ = {**os.environ, "PORTAL_STATE": str(site.state)}
    with visitors.asking():
        visitors.wait_for(4)
        before = workers(site.process.pid)
        site.process.send_signal(signal.SIGHUP)
        wait_until(lambda: not before & workers(site.process.pid) and len(workers(site.process.pid)) >= 2, "all are new")
        visitors.wait_for(4)
        for step in (("downgrade", "0021"), ("upgrade",)):
            subprocess.run([PORTAL, "database", *step], env=environ, check=True)
            visitors.wait_for(len(ADDRESSES) * 2)
    assert visitors.failed == []


def test_the_server_is_replaced_behind_its_socket_without_a_failed_request(demo_state: Path, tmp_path: Path) -> None:
    """As `systemctl restart` does it: the old one ends, then the new one starts, and who comes meanwhile waits in the queue."""
    state = shutil.copytree(demo_state, tmp_path / "state")
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    listening.set_inheritable(True)
    environ = {**os.environ, "PORTAL_STATE": str(state), "PORTAL_WORKERS": "1"}
    command = [sys.executable, "-c", AS_SYSTEMD, str(listening.fileno()), str(PORTAL)]
    visitors, log = Visitors(listening.getsockname()[1]), (tmp_path / "log").open("wb")

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=environ, pass_fds=[listening.fileno()], stdout=log, stderr=log)

    old = start()
    try:
        with visitors.asking():
            visitors.wait_for(4)
            old.send_signal(signal.SIGTERM)
            old.wait(timeout=PATIENCE)
            new = start()
            try:
                visitors.wait_for(6)
            finally:
                visitors._is_over.set()
                for thread in visitors._threads:
                    thread.join()
                new.send_signal(signal.SIGTERM)
                new.wait(timeout=PATIENCE)
    finally:
        if old.poll() is None:
            old.kill()
            old.wait()
        listening.close()
        log.close()
    assert visitors.failed == []
