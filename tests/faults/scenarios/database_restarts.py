"""PostgreSQL is restarted, stopped at once and killed under a site that people use, and at last a table is locked while many wait.

Must hold: urgent help, home and advice are answered throughout; what needs the database says in words that it cannot be reached (503:
searches too, which show nothing that may have been withdrawn), and no answer is another error; within 30 seconds of its return everything
is as before; what the reviewer was told is done is done. While a table is locked, urgent help does not wait behind those who wait for
it, and nobody waits longer than 30 seconds.
"""

from __future__ import annotations

import signal
import time
from contextlib import suppress

import psycopg
from faults.crowd import GONE, URGENT, crowd, status_of, wait_for
from faults.desk import Change, Desk, is_published, put_changes
from faults.postgres import Cluster, cluster
from faults.states import settings_of
from faults.trial import Trial
from serving import Served, serving

from portal.web.serving import load_sources, prepare_database

SAFE = (URGENT, "/en/", "/en/advice/staying-steady")
BACK_IN = 30.0  # seconds
LOCKED = 40.0
WAYS = {"stopped politely": signal.SIGINT, "stopped at once": signal.SIGQUIT, "killed": signal.SIGKILL}


def run(trial: Trial) -> None:
    """One way after another, then the lock."""
    with cluster() as server:
        state = trial.folder / "state"
        settings = settings_of(state, PORTAL_DATABASE_URL=server.url)
        prepare_database(settings)
        some = trial.made / "some"
        trial.small("unused")
        load_sources(settings, [str(some)], dry_run=False, say=lambda _line: None)
        desk = put_changes(settings, 12)
        told: list[Change] = []
        with serving(state, workers=2, PORTAL_DATABASE_URL=server.url) as site:
            trial.begin()
            changes = iter(desk.changes)
            for what, how in WAYS.items():
                _restart(trial, site, server, (what, how))
                for change in (next(changes), next(changes)):
                    with suppress(*GONE):
                        told += [change] if desk.approve(site, change) else []
            trial.held(len(told) == 2 * len(WAYS), f"{len(told)} changes were approved between, and told")
            _lock(trial, site, server, desk)
            said = site.log.read_text("utf-8", "replace")
        trial.held("unexpected error" not in said, "the log has no error that nobody expected")
        trial.held(all(is_published(settings, change) for change in told), "what was told is done")


def _restart(trial: Trial, site: Served, server: Cluster, way: tuple[str, signal.Signals]) -> None:
    what, how = way
    with crowd(site, SAFE, people=2) as safe, crowd(site, people=2) as people:
        time.sleep(2.0)
        since = time.monotonic()
        server.stop(how)
        time.sleep(3.0)
        asked = (
            status_of(lambda: site.get("/en/localities/eastmoor")),
            status_of(lambda: site.post("/en/sign-in", {"email": "a@example.org"})),
        )
        server.start()
        back = wait_for(lambda: site.get("/readyz").status == 200, BACK_IN)
        time.sleep(1.0)
    trial.did(f"database {what}, gone for some 3 s; pages meanwhile: {dict(people.statuses(since))}, a locality and a form {asked}")
    trial.held(set(safe.statuses()) == {200}, f"urgent help, home and advice are answered throughout: {dict(safe.statuses())}")
    trial.held(set(people.statuses(since)) <= {200, 503}, "no answer is another error")
    trial.held(set(asked) <= {200, 303, 400, 422, 503}, "what needs the database says so in words")
    trial.held(back is not None, f"as before {back or BACK_IN:.1f} s after its return")


def _lock(trial: Trial, site: Served, server: Cluster, desk: Desk) -> None:
    """Somebody holds the listings; twelve people and a reviewer want them."""
    pages = [f"/en/services/{change.service}" for change in desk.changes]
    with psycopg.connect(server.url) as holder:
        holder.execute("LOCK TABLE service IN ACCESS EXCLUSIVE MODE")
        with crowd(site, pages, people=12) as waiting, crowd(site, (URGENT,), people=2) as urgent:
            since = time.monotonic()
            time.sleep(LOCKED)
            holder.rollback()
    slowest = max((it.seconds for it in waiting.seen), default=float("inf"))
    trial.did(
        f"listings locked for {LOCKED:.0f} s with 12 people at them: {dict(waiting.statuses())}, urgent help {dict(urgent.statuses())}"
    )
    longest = max((it.seconds for it in urgent.seen if it.at >= since), default=float("inf"))
    trial.held(set(urgent.statuses()) == {200}, "urgent help is answered")
    trial.held(longest <= BACK_IN, f"urgent help took {longest:.1f} s at most")
    trial.held(slowest <= BACK_IN + 5, f"nobody waited longer than {slowest:.1f} s")
    trial.held(set(waiting.statuses()) <= {200, 503}, "who waited too long is told so in words")
