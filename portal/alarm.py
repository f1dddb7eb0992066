"""Bells of this process: a transaction that leaves something to be done rings one when it is committed, and a thread that waits wakes.

Work never depends on a bell: whoever waits looks again after a while, for what other processes left.
"""

from __future__ import annotations

import threading
from typing import Final

from sqlalchemy import event
from sqlalchemy.orm import Session


class Bell:
    """One bell. However often it rings, whoever waits wakes once."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring_after_commit(self, session: Session) -> None:
        """Ring once what this session writes is there to be read."""
        rung = session.info.setdefault("bells", set())
        if self not in rung:
            rung.add(self)
            event.listen(session, "after_commit", self._ring, once=True)

    def wait(self, seconds: float) -> bool:
        """Sleep for so long, or until it rings; whether it rang."""
        rang = self._rung.wait(seconds)
        self._rung.clear()
        return rang

    def _ring(self, session: Session) -> None:
        session.info["bells"].discard(self)
        self._rung.set()


tending: Final = Bell()  # a letter is to be sent, a sign-in to be looked up
listings: Final = Bell()  # the index is to follow
