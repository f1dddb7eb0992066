"""The disk that holds the state is full, and then read-only, under a site that people use.

Must hold: searches and urgent help are answered throughout; a reviewer is told in words that it is not done (503) or it is done; when there
is room again everything works without a restart, and what was told is done.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from faults.crowd import SEARCHES, URGENT, crowd, wait_for
from faults.desk import Change, Desk, is_published, put_changes
from faults.states import settings_of
from faults.trial import NotShown, Trial, program
from serving import Served, serving

MEGABYTES = 60
FOUND_IN = 60.0  # seconds


def run(trial: Trial) -> None:
    """On a disk in memory, which needs root."""
    if os.geteuid() != 0:
        raise NotShown("only root can mount a small disk")
    disk = trial.folder / "disk"
    disk.mkdir()
    with _small_disk(disk):
        state = trial.small("disk/state")
        settings = settings_of(state)
        desk = put_changes(settings, 8)
        changes = iter(desk.changes)
        log = trial.folder / "elsewhere"
        log.mkdir()
        with _linked(state, log) as served_state, serving(served_state, workers=2) as site:
            trial.begin()
            told: list[Change] = []
            for what, spoil, mend in (
                ("full", partial(_fill, disk), (disk / "ballast").unlink),
                ("read-only", partial(_remount, disk, "ro"), partial(_remount, disk, "rw")),
            ):
                with crowd(site, (*SEARCHES, URGENT)) as people:
                    time.sleep(2.0)
                    since = time.monotonic()
                    spoil()
                    trial.did(f"the disk is {what}")
                    statuses = [_approve(site, desk, change, told) for change in (next(changes), next(changes))]
                    urgent = site.get(URGENT).status
                    time.sleep(2.0)
                    mend()
                    spoilt = people.statuses(since)
                trial.held(set(statuses) <= {303, 503}, f"a reviewer is told that it is done or cannot be: {statuses}")
                trial.held(urgent == 200 and set(spoilt) == {200}, f"searches and urgent help meanwhile: {dict(spoilt)}")
                change = next(changes)
                trial.held(_approve(site, desk, change, told) == 303, f"no longer {what}, a change is approved")
                found = wait_for(partial(_is_found, site, change), FOUND_IN)
                trial.held(found is not None, f"and found after {found or FOUND_IN:.1f} s")
            trial.held("unexpected error" not in site.log.read_text(), "the log has no error that nobody expected")
        trial.held(all(is_published(settings, change) for change in told), f"all {len(told)} changes that were told are done")


def _approve(site: Served, desk: Desk, change: Change, told: list[Change]) -> int:
    status = site.post(change.address, change.form, **desk.headers).status
    told += [change] if status == 303 else []
    return status


def _is_found(site: Served, change: Change) -> bool:
    return f"/services/{change.service}" in site.get(f"/en/search?q={change.word}").body


@contextmanager
def _small_disk(place: Path) -> Iterator[None]:
    command = [program("mount", "mount"), "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "portal-faults", str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotShown(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run([program("umount", "mount"), "-l", place], check=True)


@contextmanager
def _linked(state: Path, folder: Path) -> Iterator[Path]:
    """The same state under a name beside which the server's log can be written, wherever the state's own disk is full."""
    link = folder / "state"
    link.symlink_to(state)
    yield link


def _fill(disk: Path) -> None:
    with suppress(OSError), (disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            ballast.write(bytes(64 * 1024))
    with suppress(OSError), (disk / "ballast").open("ab", buffering=0) as ballast:
        while True:
            ballast.write(b"x")
    if shutil.disk_usage(disk).free:
        raise NotShown("the disk could not be filled")


def _remount(disk: Path, how: str) -> None:
    subprocess.run([program("mount", "mount"), "-o", f"remount,{how}", disk], check=True)
