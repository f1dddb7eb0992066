"""People who use a site while something happens to it: pages asked for again and again, and what each answer was and how long it took."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from urllib.error import URLError

from serving import Answer, Served

BROKEN: Final = 0  # the status of a connection that broke off
WORDS: Final = ("falls", "swimming", "money", "gardening", "benefits", "lunch", "carer", "housing")
SEARCHES: Final = tuple(f"/en/search?q={word}&place=Eastmoor" for word in WORDS)
URGENT: Final = "/en/urgent"
GONE: Final = (OSError, http.client.HTTPException, URLError)


@dataclass(frozen=True)
class Seen:
    """One answer: of what, its status, how many seconds it took, and when it came (monotonic)."""

    address: str
    status: int
    seconds: float
    at: float


@dataclass
class Crowd:
    """What all of them have seen so far."""

    seen: list[Seen] = field(default_factory=list)

    def statuses(self, since: float = 0.0) -> Counter[int]:
        """How often each status came since a moment."""
        return Counter(it.status for it in self.seen if it.at >= since)

    def failed(self, since: float = 0.0) -> list[Seen]:
        """Answers that are errors of the site."""
        return [it for it in self.seen if it.at >= since and it.status >= 500]

    def p95(self, since: float = 0.0, until: float = float("inf")) -> float:
        """Milliseconds that 95 of 100 answers took at most; none where too few came."""
        taken = [it.seconds * 1000 for it in self.seen if since <= it.at < until and it.status]
        return statistics.quantiles(taken, n=20)[-1] if len(taken) >= 20 else float("nan")


@contextmanager
def crowd(site: Served, pages: Sequence[str] = (*SEARCHES, URGENT), people: int = 3, pause: float = 0.05) -> Iterator[Crowd]:
    """So many people ask for these pages in turn, with a pause between, while the context lasts."""
    all_of_them, stop = Crowd(), threading.Event()

    def ask(number: int) -> None:
        at = number
        while not stop.wait(pause):
            page = pages[at % len(pages)]
            started = time.monotonic()
            status = status_of(partial(site.get, page))
            ended = time.monotonic()
            all_of_them.seen.append(Seen(page, status, ended - started, ended))
            at += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    try:
        yield all_of_them
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def status_of(ask: Callable[[], Answer]) -> int:
    """The status of an answer, `BROKEN` where none came."""
    try:
        return ask().status
    except GONE:
        return BROKEN


def wait_for(happens: Callable[[], bool], seconds: float) -> float | None:
    """How many seconds it took until something was so; None when it was not so in time."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if happens():
            return time.monotonic() - started
        time.sleep(0.1)
    return None
