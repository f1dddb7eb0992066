"""250 connections send a header a byte at a time, or a form a byte at a time, to the server itself and to nginx in front of it.

Must hold behind nginx: nobody else waits for them (95 of 100 pages in at most twice the time, none fails), and urgent help is answered.
Without nginx the server's own threads are held by them: what happens then is told, and is why nginx stands in front.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

from faults.crowd import crowd
from faults.front import nginx_before
from faults.sockets import connect
from faults.trial import Trial
from serving import Served, serving

SLOW = 250
BYTES = b"GET /en/search?q=falls HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"a" * 2_000
FORM = b"POST /en/list/note HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"


def run(trial: Trial) -> None:
    """The server alone, then behind nginx."""
    with serving(trial.demo(), workers=2, PORTAL_TRUSTED_PROXIES="1") as site:
        trial.begin()
        alone = _measure(trial, site, 0.4)
        trial.did(f"the server alone: {alone[2]}; others' 95 of 100 {alone[0]:.0f} ms in quiet, {alone[1]:.0f} ms meanwhile")
        with nginx_before(site, trial.folder / "nginx") as front:
            quiet, loud, said = _measure(trial, front, 0.9)
            trial.did(f"behind nginx: {said}")
            trial.held(loud <= 2 * quiet, f"others' 95 of 100: {quiet:.0f} ms in quiet, {loud:.0f} ms meanwhile")
            trial.held(" 200: " in said and not _failed(said), "others are answered, and urgent help too")


def _failed(said: str) -> bool:
    return "fail" in said


def _measure(trial: Trial, site: Served, share: float) -> tuple[float, float, str]:
    """95 of 100 in quiet and meanwhile, in ms, and what became of it, in words."""
    with crowd(site) as people:
        time.sleep(trial.seconds * 0.1)
        since = time.monotonic()
        with _slow(site) as lasting:
            while not trial.is_over(share):
                time.sleep(0.2)
            left = len(lasting)
    statuses = people.statuses(since)
    failed = sum(number for status, number in statuses.items() if status != 200)
    words = f"{SLOW} slow connections ({left} still open at the end), others' answers 200: {statuses[200]}"
    return people.p95(until=since), people.p95(since), f"{words}, {failed} failed" if failed else words


@contextlib.contextmanager
def _slow(site: Served) -> Iterator[list[socket.socket]]:
    """So many slow connections; those that are still open."""
    opened: list[socket.socket] = []
    stop = threading.Event()

    def drip() -> None:
        for number in range(SLOW):
            with contextlib.suppress(OSError):
                connection = connect(site, 5.0)
                connection.sendall(FORM if number % 2 else BYTES[:20])
                opened.append(connection)
        at = 20
        while not stop.wait(1.0):
            at = (at + 1) % len(BYTES)
            for connection in list(opened):
                try:
                    connection.sendall(BYTES[at : at + 1])
                except OSError:
                    opened.remove(connection)

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        yield opened
    finally:
        stop.set()
        dripping.join()
        for connection in opened:
            connection.close()
