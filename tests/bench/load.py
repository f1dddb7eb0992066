"""The site as it serves, under load: settings and addresses in; requests a second out.

It is asked for a while before it is measured, as a site that has served all day: what is said of listings and of filters is written then.
Nothing is kept of a question.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from portal.config import Settings

WARMING = 12  # s
SECONDS = 8
CONNECTIONS = 8


def serve(settings: Settings, paths: Sequence[str]) -> float:
    """Requests a second over `CONNECTIONS` kept connections."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PORTAL_STATE": str(settings.instance.parent), "PORT": str(port), "PORTAL_WORKERS": "2"}
    server = subprocess.Popen(
        [Path(sys.executable).with_name("portal"), "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _await(port)
        _load(port, paths, WARMING)
        return _load(port, paths, SECONDS)
    finally:
        server.terminate()
        server.wait(20)


def _await(port: int) -> None:
    for _ in range(200):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/healthz")
        except OSError:
            time.sleep(0.1)
        else:
            return


def _load(port: int, paths: Sequence[str], seconds: float) -> float:
    counts = [0] * CONNECTIONS
    end = time.perf_counter() + seconds

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        at = number
        while time.perf_counter() < end:
            try:
                connection.request("GET", paths[at % len(paths)], headers={"Accept-Encoding": "gzip"})
                answer = connection.getresponse()
                answer.read()
            except (ConnectionError, http.client.HTTPException):  # a kept connection that the server let go of: ask again
                connection.close()
                continue
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} for {paths[at % len(paths)]}")
            counts[number] += 1
            at += CONNECTIONS

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)
