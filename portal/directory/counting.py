"""How often a listing was shown, opened and called, and what people looked for when it was shown: counts by day, of nobody.

No page waits for it. Views count in the memory of their own process; the thread that tends writes what has come together, once a
minute, and a worker that is told to stop writes the rest. One that is killed loses at most what it counted in its last minute.
Workers add up in the database. Nothing is counted twice: what could not be written is kept for the next time, but where the
database fell silent at the very end, so that nobody knows whether it has it, it is let go.

Kept of a search are the needs that were heard in it, by organization; never its words.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from itertools import islice
from threading import Lock
from typing import Final

from sqlalchemy import Engine

from portal import clock, tally
from portal.db import writing
from portal.directory.listing import Listing
from portal.tally import Subject

MOST_WAITING: Final = 20_000  # different counts that one process holds while the database is away; more are let go
AT_ONCE: Final = 1_000  # different counts of one transaction
MOST_NEEDS: Final = 5  # of one search
LAST: Final = timedelta(days=400)  # so that a month can be held against the same one a year ago


class Kind(StrEnum):
    """What is counted. The key is the id of a service; of `SOUGHT` it is `sought_key`."""

    SHOWN = "listing shown"
    OPENED = "listing opened"
    CALLED = "listing called"
    SOUGHT = "listing sought"


def sought_key(organization_id: uuid.UUID, need: str) -> str:
    """Under which searches for `need` are counted that showed a listing of this organization."""
    return f"{organization_id} {need}"


class Counts:
    """What one process has counted and not yet written. Any thread may count, and any may write."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: Counter[Subject] = Counter()

    def shown(self, listings: Sequence[Listing], needs: Iterable[str]) -> None:
        """Count a page of results: each listing on it, and for each of their organizations the needs that were heard."""
        heard = list(islice(dict.fromkeys(needs), MOST_NEEDS))
        organizations = dict.fromkeys(listing.organization_id for listing in listings)
        shown = [(Kind.SHOWN, str(service_id)) for service_id in dict.fromkeys(listing.id for listing in listings)]
        self._count(shown + [(Kind.SOUGHT, sought_key(each, need)) for each in organizations for need in heard])

    def opened(self, service_id: uuid.UUID) -> None:
        """Count that the page of a service was opened."""
        self._count([(Kind.OPENED, str(service_id))])

    def called(self, service_id: uuid.UUID) -> None:
        """Count that "Call" was pressed."""
        self._count([(Kind.CALLED, str(service_id))])

    def flush(self, engine: Engine) -> None:
        """Write what waits, so many at a time that nobody waits long for the database.

        Raises what the database raises; nothing is then lost that is surely not written.
        """
        for _ in range(-(-MOST_WAITING // AT_ONCE)):
            if batch := self._take():
                self._write(engine, batch)

    def _take(self) -> dict[Subject, int]:
        with self._lock:
            return {subject: self._waiting.pop(subject) for subject in list(islice(self._waiting, AT_ONCE))}

    def _write(self, engine: Engine, batch: dict[Subject, int]) -> None:
        is_certain = True
        try:
            with writing(engine) as session:
                tally.add(session, batch)
                is_certain = False  # from here on it may be there although an error says that it is not
        except Exception:
            if is_certain:
                self._take_back(batch)
            raise

    def _count(self, happened: Iterable[tuple[Kind, str]]) -> None:
        today = clock.today()
        with self._lock:
            for kind, key in happened:
                self._add(Subject(today, kind.value, key), 1)

    def _take_back(self, batch: dict[Subject, int]) -> None:
        with self._lock:
            for subject, number in batch.items():
                self._add(subject, number)

    def _add(self, subject: Subject, number: int) -> None:
        if subject in self._waiting or len(self._waiting) < MOST_WAITING:
            self._waiting[subject] += number
