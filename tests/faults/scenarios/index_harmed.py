"""The index is deleted, emptied and flipped in place, and an older copy put back, under two server processes that people search with.

Must hold for each: nobody sees an error of the site; urgent help is answered; within 60 seconds the index is whole again, and search
finds what was published and not what was withdrawn since that older copy.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from faults.crowd import BROKEN, URGENT, crowd, wait_for
from faults.desk import Change, put_changes
from faults.states import settings_of
from faults.trial import Trial
from serving import Served, serving

from portal.config import Settings
from portal.db import opened, writing
from portal.directory.changes import mark_changed
from portal.directory.models import Service

HEALED_IN = 60.0  # seconds
IN_A_ROW = 8  # answers, so that both processes gave some
A_WHILE = 2.0
SHOWN = 3_000  # characters of what should not be in the log


def run(trial: Trial) -> None:
    """One harm after another, on the same site."""
    state = trial.demo()
    settings = settings_of(state)
    desk = put_changes(settings, 8)
    index, older = state / "index", trial.folder / "older"
    shutil.copytree(index, older)
    changes = iter(desk.changes)
    with serving(state, workers=2) as site, crowd(site) as people:
        time.sleep(A_WHILE)
        withdrawn = _withdraw(settings, desk.changes[-1])
        for what, harm in _harms(index, older):
            change = next(changes)
            desk.approve(site, change)
            trial.held(wait_for(partial(_is_found, site, change), HEALED_IN) is not None, f"what was published is found ({change.word})")
            since = time.monotonic()
            harm()
            trial.did(f"index {what}")
            urgent = site.get(URGENT).status
            healed = wait_for(partial(_is_in_line, index, site, change), HEALED_IN)
            time.sleep(A_WHILE)
            counted, broken = people.statuses(since), people.statuses(since)[BROKEN]
            trial.held(urgent == 200, "urgent help is answered at once")
            trial.held(not people.failed(since), f"no answer is an error: {dict(counted)}")
            trial.held(broken <= 4, f"{broken} connections broke off (whoever reads a file that is cut ends)")
            trial.held(healed is not None, f"whole again, and in line, after {healed or HEALED_IN:.1f} s")
            trial.held(not _finds(site, withdrawn), f"what was withdrawn is not found ({withdrawn[1]})")
        found = site.log.read_text().partition("Traceback")[2]
        trial.held(not found, f"the log has no traceback{found and f', but:{found[:SHOWN]}'}")


def _harms(index: Path, older: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "deleted", lambda: shutil.rmtree(index, ignore_errors=True)
    yield "emptied in place: every file cut to nothing", lambda: _harm(index, lambda file: os.truncate(file, 0))
    yield "flipped: a byte in the middle of every file", lambda: _harm(index, _flip)
    yield "replaced by an older copy", lambda: _put_back(index, older)
    yield "without its pointer", lambda: (index / "CURRENT").unlink(missing_ok=True)
    yield "with a pointer to nothing", lambda: (index / "CURRENT").write_text("0123abc")


def _harm(index: Path, harm: Callable[[Path], object]) -> None:
    for file in index.rglob("*"):
        if file.is_file() and file.name != "lock":
            harm(file)


def _flip(file: Path) -> None:
    size = file.stat().st_size
    if size:
        with file.open("r+b") as opened_file:
            opened_file.seek(size // 2)
            byte = opened_file.read(1)
            opened_file.seek(size // 2)
            opened_file.write(bytes([byte[0] ^ 0xFF]))


def _put_back(index: Path, older: Path) -> None:
    shutil.rmtree(index, ignore_errors=True)
    shutil.copytree(older, index)


def _is_in_line(index: Path, site: Served, change: Change) -> bool:
    pointer = index / "CURRENT"
    return pointer.exists() and (index / pointer.read_text().strip()).is_dir() and _is_found(site, change)


def _is_found(site: Served, change: Change) -> bool:
    return all(f"/services/{change.service}" in site.get(f"/en/search?q={change.word}").body for _ in range(IN_A_ROW))


def _withdraw(settings: Settings, change: Change) -> tuple[uuid.UUID, str]:
    """Withdraw a listing; its id and name."""
    with opened(settings.database_url) as engine, writing(engine) as session:
        service = session.get_one(Service, change.service)
        service.status = "inactive"
        mark_changed(session, [service.id])
        return service.id, service.name


def _finds(site: Served, listing: tuple[uuid.UUID, str]) -> bool:
    return any(f"/services/{listing[0]}" in site.get(f"/en/search?{urlencode({'q': listing[1]})}").body for _ in range(IN_A_ROW))
