"""The disk that holds the state is full under a site that people use; and another has an error, so that the kernel makes it read-only.

Must hold: urgent help is answered throughout, and searches while the disk is full; a reviewer is told that it cannot be done (503), or it
is done; with room again, or on the mended disk after a start, everything works, and what was told is done.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

from faults.crowd import SEARCHES, URGENT, crowd, wait_for
from faults.desk import Change, Desk, is_published, put_changes
from faults.disks import break_down, in_memory, make_image, mounted
from faults.states import settings_of
from faults.trial import NotShown, Trial, program
from serving import Served, serving

FOUND_IN = 60.0  # seconds
A_WHILE = 2.0


def run(trial: Trial) -> None:
    """Full first, then broken."""
    with in_memory(trial.folder / "full"):
        _full(trial, trial.folder / "full")
    image = trial.folder / "image"
    make_image(image)
    _broken(trial, image, trial.folder / "broken")


def _full(trial: Trial, disk: Path) -> None:
    state, desk, told = _set_up(trial, disk)
    changes = iter(desk.changes)
    with serving(state, workers=2) as site:
        with crowd(site, (*SEARCHES, URGENT)) as people:
            time.sleep(A_WHILE)
            _fill(disk)
            since = time.monotonic()
            statuses = [_approve(site, desk, change, told) for change in (next(changes), next(changes))]
            time.sleep(A_WHILE)
            (disk / "ballast").unlink()
        trial.did("filled the disk to its last byte, and made room again")
        trial.held(set(statuses) <= {303, 503}, f"a reviewer is told that it is done or cannot be: {statuses}")
        trial.held(set(people.statuses(since)) == {200}, f"searches and urgent help meanwhile: {dict(people.statuses(since))}")
        _works_again(trial, site, desk, (next(changes), told))
    _look_back(trial, state, told)


def _broken(trial: Trial, image: Path, disk: Path) -> None:
    with mounted(image, disk):
        state, desk, told = _set_up(trial, disk)
        changes = iter(desk.changes)
        with serving(state, workers=2) as site:
            _approve(site, desk, next(changes), told)
            with crowd(site, (URGENT, "/en/")) as people, crowd(site, SEARCHES) as searching:
                time.sleep(A_WHILE)
                since = time.monotonic()
                break_down(disk)
                statuses = [_approve(site, desk, change, told) for change in (next(changes), next(changes))]
                time.sleep(A_WHILE)
        trial.did("let the kernel find an error in the file system, which is read-only from then on")
        trial.held(set(statuses) <= {303, 503}, f"a reviewer is told that it is done or cannot be: {statuses}")
        trial.held(set(people.statuses()) == {200}, f"urgent help and home meanwhile: {dict(people.statuses(since))}")
        trial.held(set(searching.statuses()) <= {200, 503}, f"searches meanwhile: {dict(searching.statuses(since))}")
    done = subprocess.run([program("e2fsck", "e2fsprogs"), "-fy", str(image)], capture_output=True, text=True, check=False)
    trial.did(f"mended the file system (e2fsck: {done.returncode})")
    with mounted(image, disk):
        with serving(state, workers=2) as site:
            _works_again(trial, site, desk, (next(changes), told))
        _look_back(trial, state, told)


def _set_up(trial: Trial, disk: Path) -> tuple[Path, Desk, list[Change]]:
    """A site whose state is on that disk, under a name beside which its log is written elsewhere."""
    real = trial.small(f"{disk.name}/state")
    desk = put_changes(settings_of(real), 8)
    beside = trial.folder / f"beside-{disk.name}"
    beside.mkdir()
    (beside / "state").symlink_to(real)
    return beside / "state", desk, []


def _approve(site: Served, desk: Desk, change: Change, told: list[Change]) -> int:
    status = site.post(change.address, change.form, **desk.headers).status
    told += [change] if status == 303 else []
    return status


def _works_again(trial: Trial, site: Served, desk: Desk, change: tuple[Change, list[Change]]) -> None:
    trial.held(_approve(site, desk, *change) == 303, "well again, a change is approved")
    found = wait_for(partial(_is_found, site, change[0]), FOUND_IN)
    trial.held(found is not None, f"and found after {found or FOUND_IN:.1f} s")
    trial.held("unexpected error" not in site.log.read_text(), "the log has no error that nobody expected")


def _look_back(trial: Trial, state: Path, told: list[Change]) -> None:
    trial.held(all(is_published(settings_of(state), change) for change in told), f"all {len(told)} changes that were told are done")


def _is_found(site: Served, change: Change) -> bool:
    return f"/services/{change.service}" in site.get(f"/en/search?q={change.word}").body


def _fill(disk: Path) -> None:
    """To the last byte. Raises `NotShown`."""
    descriptor = os.open(disk / "ballast", os.O_WRONLY | os.O_CREAT)
    for size in (64 * 1024, 1):
        with suppress(OSError):
            while os.write(descriptor, bytes(size)):
                pass
    os.close(descriptor)
    if shutil.disk_usage(disk).free:
        raise NotShown("the disk could not be filled")
