"""The site as it is served: `portal serve` on a free port of this machine, with a state of its own."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from waiting import wait_until

PORTAL = Path(sys.executable).with_name("portal")
PATIENCE = 180.0  # seconds for a server to start on a busy machine
REQUEST = '"event": "request"'  # in a line about an answer
PORTS = (10_000, 20_000)  # where ours listen, or up to the first that this machine hands out to connections
HANDED_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_given: object) -> None:
        return None


_FOLLOWING, _STAYING = build_opener(), build_opener(_Stay)


@dataclass(frozen=True)
class Answer:
    """A status code, a body, and the number by which logs know the request."""

    status: int
    body: str
    number: str = ""


@dataclass(frozen=True)
class Served:
    """A running site: where it is, what it keeps, and what it writes to its log."""

    url: str
    state: Path
    log: Path
    process: subprocess.Popen[bytes]

    def get(self, address: str, **headers: str) -> Answer:
        """Fetch an address."""
        return self._ask(Request(self.url + address, headers=headers))  # noqa: S310 - our own address

    def post(self, address: str, form: str | Mapping[str, str], **headers: str) -> Answer:
        """Send a form, encoded already or not. A redirect is not followed."""
        body = form if isinstance(form, str) else urlencode(form)
        return self._ask(Request(self.url + address, data=body.encode(), headers=headers, method="POST"), _STAYING)  # noqa: S310 - our own address

    def log_with(self, number: str) -> str:
        """Its log, once the request of this number is in it: the server writes of an answer after it has gone out."""

        def said() -> str:
            text = self.log.read_text("utf-8")
            return text if any(number in line for line in text.splitlines() if REQUEST in line) else ""

        return wait_until(said, f"the log says nothing of {number}")

    def workers(self) -> list[int]:
        """The processes that answer."""
        return [int(child) for child in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]

    @staticmethod
    def _ask(request: Request, opener: OpenerDirector = _FOLLOWING) -> Answer:
        try:
            with opener.open(request, timeout=PATIENCE) as response:
                return Answer(response.status, response.read().decode(), response.headers["X-Request-ID"] or "")
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(), error.headers["X-Request-ID"] or "")


@contextmanager
def serving(state: Path, workers: int = 1, before: Sequence[str] = (), **settings: str) -> Iterator[Served]:
    """Serve the demo borough in `state` while the context lasts: with these settings, and `before` in front of the command."""
    port = free_port()
    log = state.parent / f"{state.name}.log"
    environ = {**os.environ, "PORTAL_STATE": str(state), "PORT": str(port), "PORTAL_WORKERS": str(workers), **settings}
    with log.open("ab") as written:
        process = subprocess.Popen([*before, PORTAL, "serve"], env=environ, stdout=written, stderr=written)
        try:
            served = Served(f"http://127.0.0.1:{port}", state, log, process)
            _wait(served)
            yield served
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=PATIENCE)


def free_port() -> int:
    """A port that nobody listens at, nor is handed to somebody's connection before a server listens there."""
    first, last = PORTS[0], max(PORTS[1], int(HANDED_OUT.read_text().split()[0]))
    while True:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", first + secrets.randbelow(last - first)))
            except OSError:
                continue
            return int(probe.getsockname()[1])


def _wait(served: Served) -> None:
    end = time.monotonic() + PATIENCE
    while served.process.poll() is None and time.monotonic() < end:
        try:
            if served.get("/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{served.log.read_text()}")
