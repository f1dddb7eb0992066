"""Connections by hand, for what no proper program sends: bytes out, the status line that came back and how long it took, in."""

from __future__ import annotations

import re
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from serving import Served


@dataclass(frozen=True)
class Heard:
    """The status of the answer (0 where the connection was closed without one, -1 where nothing came in time), and seconds."""

    status: int
    seconds: float


def connect(site: Served, patience: float) -> socket.socket:
    """A connection of one's own. Raises `OSError`."""
    address = urlsplit(site.url)
    return socket.create_connection((address.hostname or "127.0.0.1", address.port or 80), timeout=patience)


def say(site: Served, sent: bytes, patience: float = 10.0, closes: bool = False) -> Heard:
    """Send bytes, and close this side where told to; what was heard."""
    started = time.monotonic()
    try:
        with connect(site, patience) as connection:
            connection.sendall(sent)
            if closes:
                connection.shutdown(socket.SHUT_WR)
            return Heard(_status(connection.recv(4_096)), time.monotonic() - started)
    except TimeoutError:
        return Heard(-1, time.monotonic() - started)
    except OSError:
        return Heard(0, time.monotonic() - started)


def _status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return int(found[1]) if found else 0
