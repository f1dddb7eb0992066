"""Junk is sent to the server's own socket: no HTTP at all, broken headers, lengths that lie, smuggled requests, endless lines.

Must hold: each is refused (400 and more) or closed within 35 seconds, and none is answered with an error of the site; what was sent is not
in the log; other people's pages take no more than twice as long for 95 of 100, and none of them fails.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from faults.crowd import crowd
from faults.sockets import Heard, say
from faults.trial import Trial
from serving import Served, serving

CANARY = b"canary-of-junk"
HOST = b"Host: 127.0.0.1\r\n"
JUNK = {
    "random bytes": os.urandom(4_096),
    "nothing, and closed": b"",
    "a TLS greeting": bytes.fromhex("16030100c8010000c40303") + os.urandom(190),
    "no version": b"GET /en/\r\n\r\n",
    "a version to come": b"GET /en/ HTTP/9.9\r\n" + HOST + b"\r\n",
    "HTTP/2 without asking": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a line of a megabyte": b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a header of a megabyte": b"GET /en/ HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "ten thousand headers": b"GET /en/ HTTP/1.1\r\n" + HOST + b"".join(b"X%d: y\r\n" % number for number in range(10_000)) + b"\r\n",
    "a header without a name": b"GET /en/ HTTP/1.1\r\n" + HOST + b": " + CANARY + b"\r\n\r\n",
    "a header that goes on": b"GET /en/ HTTP/1.1\r\n" + HOST + b"X: a\r\n  " + CANARY + b"\r\n\r\n",
    "a null in the path": b"GET /en/\x00" + CANARY + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a null in a header": b"GET /en/ HTTP/1.1\r\n" + HOST + b"X: \x00" + CANARY + b"\r\n\r\n",
    "two hosts": b"GET /en/ HTTP/1.1\r\n" + HOST + b"Host: " + CANARY + b".example\r\n\r\n",
    "another's host": b"GET /en/ HTTP/1.1\r\nHost: " + CANARY + b".example\r\n\r\n",
    "a whole address": b"GET http://" + CANARY + b".example/en/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "CONNECT": b"CONNECT " + CANARY + b".example:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a method of nobody": b"CANARY-OF-JUNK /en/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "a length below nothing": b"POST /en/list/note HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    "a length of a terabyte": b"POST /en/list/note HTTP/1.1\r\n" + HOST + b"Content-Length: 1099511627776\r\n\r\n" + b"a" * 100_000,
    "two lengths": b"POST /en/list/note HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 30\r\n\r\na=b",
    "length and chunks": b"POST /en/list/note HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + CANARY,
    "chunks that lie": b"POST /en/list/note HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\na\r\n",
    "chunks that are none": b"POST /en/list/note HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + CANARY + b"\r\n",
    "an unknown coding": b"POST /en/list/note HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: " + CANARY + b"\r\n\r\n",
    "a form of half a part": b"POST /en/list/note HTTP/1.1\r\n" + HOST + b"Content-Type: multipart/form-data; boundary=x\r\n"
    b"Content-Length: 40\r\n\r\n--x\r\nContent-Disposition: form-data; name",
    "a path of percent signs": b"GET /%%%ff%00%zz HTTP/1.1\r\n" + HOST + b"\r\n",
    "a path upwards": b"GET /static/../../../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    "a cookie of 60 KB": b"GET /en/ HTTP/1.1\r\n" + HOST + b"Cookie: list=" + b"a" * 60_000 + b"\r\n\r\n",
    "a language of nobody": b"GET / HTTP/1.1\r\n" + HOST + b"Accept-Language: " + b"q=0,;=*" * 500 + b"\r\n\r\n",
}
SLOWEST = 35.0  # seconds: one more than the five that a connection may be idle, and the thirty that a request may take


def run(trial: Trial) -> None:
    """Everything at once, again and again, for a third of the time."""
    with serving(trial.demo(), workers=2) as site:
        trial.begin()
        with crowd(site) as people:
            time.sleep(trial.seconds / 4)
            since = time.monotonic()
            heard = _send(trial, site)
        quiet, loud = people.p95(until=since), people.p95(since)
        trial.did(f"sent {sum(map(len, heard.values()))} times junk of {len(JUNK)} kinds")
        for name, answers in heard.items():
            wrong = [it for it in answers if it.status == -1 or (it.status >= 500 and it.status != 501)]
            trial.held(not wrong, f"{name}: {sorted({it.status for it in answers})} in {max(it.seconds for it in answers):.1f} s at most")
        trial.held(not people.failed(), f"others saw no error: {dict(people.statuses())}")
        trial.held(loud <= 2 * quiet, f"others' 95 of 100: {quiet:.0f} ms in quiet, {loud:.0f} ms meanwhile")
        said = site.log.read_text("utf-8", "replace")
        trial.held("Traceback" not in said, "the log has no traceback")
        trial.held(CANARY.decode() not in said, "the log has nothing of what was sent")


def _send(trial: Trial, site: Served) -> dict[str, list[Heard]]:
    heard: dict[str, list[Heard]] = {name: [] for name in JUNK}
    with ThreadPoolExecutor(8) as senders:
        while True:
            for name, answer in zip(JUNK, senders.map(partial(say, site, patience=SLOWEST, closes=True), JUNK.values()), strict=True):
                heard[name].append(answer)
            if trial.is_over(0.6):
                return heard
