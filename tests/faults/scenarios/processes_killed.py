"""Server processes are killed by SIGKILL, one after another and at last their master, while people search and a reviewer approves.

Must hold: no answer is an error of the site, only connections of the killed process break off; another takes its place within 15
seconds; what the reviewer was told is done is done, and what is not done is not done by half; the history proves whole. When the
master is killed the others end by themselves within 60 seconds, and the next start serves at once what was there.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path

from faults.crowd import BROKEN, GONE, URGENT, Crowd, crowd, wait_for
from faults.desk import Change, Desk, is_published, put_changes
from faults.states import settings_of
from faults.trial import Trial
from serving import Served, serving

from portal.config import Settings
from portal.db import opened
from portal.history.verifying import verify

BACK_IN = 15.0  # seconds
ENDED_IN = 60.0
WORKERS = 2
ANSWERS = 10  # that people get between two kills


def run(trial: Trial) -> None:
    """Kill for half of the time, then the master."""
    state = trial.demo()
    settings = settings_of(state)
    desk = put_changes(settings, 80)
    with serving(state, workers=WORKERS) as site:
        trial.begin()
        with crowd(site) as people, _approving(site, desk) as told:
            kills, slowest = _kill_workers(trial, site, people)
            broken, failed = people.statuses()[BROKEN], people.failed()
        trial.did(f"killed {kills} processes while {len(people.seen)} pages were asked for and {len(told)} changes approved")
        trial.held(not failed, f"no answer is an error: {dict(people.statuses())}")
        trial.held(broken <= kills * 8, f"{broken} connections broke off, at most 8 for each that was killed")
        trial.held(slowest <= BACK_IN, f"another took its place after {slowest:.1f} s at most")
        trial.held(site.get(URGENT).status == 200, "urgent help is answered")
        workers = site.workers()
        site.process.send_signal(signal.SIGKILL)
        site.process.wait()
        ended = wait_for(lambda: not any(_lives(each) for each in workers), ENDED_IN)
        trial.did("killed their master")
        trial.held(ended is not None, f"the others ended by themselves after {ended or ENDED_IN:.1f} s")
        for worker in workers:
            if _lives(worker):
                os.kill(worker, signal.SIGKILL)
    with serving(state, workers=WORKERS) as site:
        trial.held(site.get("/en/search?q=falls").body.count("data-service") > 0, "started again, search finds what is there")
    trial.held(all(is_published(settings, change) for change in told), f"all {len(told)} changes that were told are done")
    halves = [change for change in desk.changes if _is_half(settings, change)]
    trial.held(not halves, "none is done by half")
    with opened(settings.database_url) as engine:
        trial.held(verify(engine).broken is None, "the history proves whole")
    with sqlite3.connect(settings.database_url.removeprefix("sqlite:///")) as connection:
        trial.held(connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "the database is sound")


def _kill_workers(trial: Trial, site: Served, people: Crowd) -> tuple[int, float]:
    """How many were killed, each once people were answered again; and how long at most until there were as many as before."""
    slowest = 0.0
    for kill in count():
        if trial.is_over(0.6) and kill:
            return kill, slowest
        killed = site.workers()[kill % WORKERS]
        os.kill(killed, signal.SIGKILL)
        since = time.monotonic()
        slowest = max(slowest, wait_for(partial(_is_replaced, site, killed), BACK_IN * 2) or BACK_IN * 2)
        wait_for(partial(_are_answered, people, since), BACK_IN * 2)
    raise AssertionError


def _are_answered(people: Crowd, since: float) -> bool:
    return people.statuses(since)[200] >= ANSWERS


def _is_replaced(site: Served, killed: int) -> bool:
    return killed not in site.workers() and len(site.workers()) == WORKERS


@contextmanager
def _approving(site: Served, desk: Desk) -> Iterator[list[Change]]:
    """A reviewer approves one after another meanwhile; what they were told is done."""
    told: list[Change] = []
    stop = threading.Event()

    def approve() -> None:
        for change in desk.changes:
            with suppress(*GONE):  # it may be done or not: nobody was told
                told.extend([change] if desk.approve(site, change) else [])
            if stop.wait(0.2):
                return

    reviewer = threading.Thread(target=approve)
    reviewer.start()
    try:
        yield told
    finally:
        stop.set()
        reviewer.join()


def _lives(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def _is_half(settings: Settings, change: Change) -> bool:
    try:
        is_published(settings, change)
    except AssertionError:
        return True
    return False
