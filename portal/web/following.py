"""The index brought in line for as long as a server runs: at once with what this process wrote, within a second with what others did.

Each worker has a thread that waits for its own bell. One worker of a machine, whoever has the lock, also looks every second whether
other processes or other machines have written: two or three look-ups by key, and nothing is opened unless there is something to do.
"""

from __future__ import annotations

import threading
from typing import Final

import structlog

from portal import alarm
from portal.search.index import Index
from portal.web.leading import FileLock

LOOK_SECONDS: Final = 1.0
LONGEST_SECONDS: Final = 60.0  # between looks while the database does not answer or the disk is full
log = structlog.get_logger(__name__)


def follow_for_ever(index: Index) -> None:
    """Keep the index in line, in a thread, for as long as this process lives."""
    watch = FileLock(index.folder / "watch")

    def run() -> None:
        pause = LOOK_SECONDS
        while True:
            rung = alarm.listings.wait(pause)
            pause = LOOK_SECONDS if look(index, watch, rung=rung) else min(pause * 2, LONGEST_SECONDS)

    threading.Thread(target=run, name="following", daemon=True).start()
    threading.Thread(target=lambda: _fold_for_ever(index), name="folding", daemon=True).start()


def _fold_for_ever(index: Index) -> None:
    """Give the index a new base whenever much has changed, in a thread of its own: edits are followed meanwhile."""
    pause = threading.Event()
    while not pause.wait(LONGEST_SECONDS):
        try:
            index.fold()
        except Exception as error:  # whatever it is, the thread has to live to try again
            log.warning("index not folded", reason=type(error).__name__)


def look(index: Index, watch: FileLock, *, rung: bool) -> bool:
    """Follow where something was written here (`rung`), or where we watch and something was written elsewhere; whether all went well."""
    try:
        if rung or (watch.is_ours() and index.is_behind()):
            index.follow()
    except Exception as error:  # whatever it is, the thread has to live to try again
        log.warning("index not followed", reason=type(error).__name__)
        return False
    return True
