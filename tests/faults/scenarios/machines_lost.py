"""Two machines with one PostgreSQL and its standby: one loses its link, the other is killed, and at last the database is, for good.

Must hold: people read on, whatever is lost (searches, pages of services, urgent help), but for what asked in the very moment; a form that
cannot be kept says so (503); what a reviewer was told is done is done, and found on every machine within seconds; after the standby is
promoted both machines write to it without a restart.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "integration"))

from faults.crowd import GONE, SEARCHES, URGENT, Crowd, crowd, status_of, wait_for
from faults.desk import Change, Desk, is_published, put_changes
from faults.relay import Relay
from faults.states import settings_of
from faults.trial import NotShown, Trial
from postgresql import NoServer
from replicated import Pair, replicated
from serving import Served, serving

from portal.config import Settings
from portal.web.serving import load_sources, prepare_database

FOUND_IN = 20.0  # seconds, on a machine that other scenarios may load
CHANGES = 8


@dataclass
class Team:
    """Both machines, what waits for the reviewer, and what they were told is done."""

    trial: Trial
    sites: list[Served]
    desk: Desk
    told: list[Change]
    left: list[Change]

    def approve(self, site: Served) -> int:
        """Approve the next change there; the status."""
        change = self.left.pop(0)
        status = status_of(lambda: site.post(change.address, change.form, **self.desk.headers))
        if status == 303:
            self.told.append(change)
        return status

    def is_found(self, change: Change, sites: Sequence[Served]) -> bool:
        """Whether every one of these machines finds it."""
        with suppress(*GONE):
            return all(str(change.service) in site.get(f"/en/search?q={change.word}").body for site in sites)
        return False

    def expect_found(self, sites: Sequence[Served], what: str) -> None:
        """The last change that was told is found on these machines soon."""
        change = self.told[-1]
        took = wait_for(lambda: self.is_found(change, sites), FOUND_IN)
        self.trial.held(took is not None, f"{what}: found after {took or FOUND_IN:.1f} s by {len(sites)} machine(s)")


def run(trial: Trial) -> None:
    """The link, a machine, the database."""
    try:
        with replicated() as pair, ExitStack() as stack:
            relay = Relay(pair.primary.port)
            relay.up()
            own, state = _prepare(trial, pair)
            team = Team(trial, [], put_changes(own, CHANGES), [], [])
            team.left = list(team.desk.changes)
            trial.begin()
            for number, port in enumerate((pair.primary.port, relay.port)):
                team.sites.append(stack.enter_context(serving(state / str(number), workers=2, **_urls(pair, port))))
            _cut_the_link(team, relay)
            _kill_a_machine(team)
            _kill_the_database(team, pair)
            after = settings_of(state / "0", PORTAL_DATABASE_URL=pair.standby.address())
            trial.held(all(is_published(after, change) for change in team.told), f"all {len(team.told)} changes that were told are done")
            relay.cut()
    except NoServer as error:
        raise NotShown(str(error)) from error


def _prepare(trial: Trial, pair: Pair) -> tuple[Settings, Path]:
    state = trial.folder / "machines"
    settings = settings_of(state / "0", PORTAL_DATABASE_URL=pair.primary.address())
    trial.small("unused")
    prepare_database(settings)
    load_sources(settings, [str(trial.made / "some")], dry_run=False, say=lambda _line: None)
    (state / "1").mkdir(parents=True)
    return settings, state


def _urls(pair: Pair, port: int) -> dict[str, str]:
    return {
        "PORTAL_DATABASE_URL": pair.url("postgres", wants="read-write", primary_port=port),
        "PORTAL_DATABASE_READ_URL": pair.url("postgres", wants="prefer-standby", primary_port=port),
    }


def _cut_the_link(team: Team, relay: Relay) -> None:
    one, two = team.sites
    team.trial.held(team.approve(one) == 303, "a change is approved on the first machine")
    team.expect_found(team.sites, "approved on the other machine")
    with crowd(two, (*SEARCHES, URGENT), people=2) as people:
        relay.cut()
        since = time.monotonic()
        refused = status_of(lambda: two.post("/en/sign-in", {"email": "a@example.org"}))
        team.approve(one)
        time.sleep(3.0)
        _read_on(team.trial, people, since, "with the second machine's link cut")
    team.trial.held(refused == 503, f"a form there says that nothing can be kept: {refused}")
    relay.up()
    team.expect_found(team.sites, "with the link back, what was approved meanwhile")


def _kill_a_machine(team: Team) -> None:
    one, two = team.sites
    with crowd(two, (*SEARCHES, URGENT), people=2) as people:
        for process in (one.process.pid, *one.workers()):
            os.kill(process, signal.SIGKILL)
        since = time.monotonic()
        status = team.approve(two)
        team.trial.held(status == 303, f"with the first machine killed, the second takes a change: {status}")
        team.expect_found([two], "approved there")
        _read_on(team.trial, people, since, "on the machine that is left")
    led = wait_for(lambda: "this process leads" in two.log.read_text("utf-8", "replace"), 90.0)
    team.trial.held(led is not None, f"and it leads after {led or 90:.0f} s")
    team.sites = [two]


def _kill_the_database(team: Team, pair: Pair) -> None:
    (two,) = team.sites
    with crowd(two, (*SEARCHES, URGENT), people=2) as people:
        pair.primary.kill()
        since = time.monotonic()
        refused = team.approve(two)
        time.sleep(4.0)
        team.trial.held(refused == 503, f"with the database killed a form is refused: {refused}")
        pair.standby.promote()
        promoted = time.monotonic()
        took = wait_for(lambda: team.approve(two) == 303, FOUND_IN) if team.left else None
        team.trial.held(took is not None, f"the standby was promoted; forms are kept again after {time.monotonic() - promoted:.1f} s")
        team.expect_found([two], "approved on the new database")
        _read_on(team.trial, people, since, "without the database, then with the standby in its place")


def _read_on(trial: Trial, people: Crowd, since: float, when: str) -> None:
    """All answers but those of the very moment are whole."""
    statuses, later = people.statuses(since), people.statuses(since + 1.0)
    trial.did(f"{when}: pages {dict(statuses)}")
    trial.held(sum(later.values()) > 0 and set(later) == {200}, "people read on")
