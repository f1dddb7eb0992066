"""What has to be done again and again, without anybody asking: mail sent, answers and plans that have ended deleted, requests passed on.

One pass does everything that is due and can be repeated at any time, by any number of processes at once. Each worker makes one a
minute in a thread of its own; `portal tend` makes one from a terminal or a timer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal import tally
from portal.assessment.keeping import purge_sittings
from portal.config import Settings
from portal.db import writing
from portal.mail import deliver
from portal.sharing.asking import operations as requests
from portal.sharing.plans.kept import purge_kept
from portal.web.holdings import Holdings

EVERY_SECONDS: Final = 60.0
COUNTS_LAST: Final = timedelta(days=3 * 365)  # three years, so that a year can be held against those before it
log = structlog.get_logger(__name__)


def tend(settings: Settings, holdings: Holdings) -> None:
    """Do all that is due. What fails is said in the log, and does not keep the rest from being done."""
    acts: dict[str, Callable[[Session], object]] = {
        "sittings": purge_sittings,
        "kept plans": purge_kept,
        "requests": partial(requests.tend, sender=holdings.asking_room.sender),
        "counts": partial(tally.purge, older_than=COUNTS_LAST),
    }
    for what, act in acts.items():
        _do(what, partial(_in_one, holdings.engine, act))
    _do("mail", partial(deliver, holdings.engine, settings.secret_key, holdings.asking_room.carriers))


def _in_one(engine: Engine, act: Callable[[Session], object]) -> None:
    with writing(engine) as session:
        act(session)


def _do(what: str, act: Callable[[], object]) -> None:
    try:
        act()
    except Exception as error:  # whatever it is, the thread has to live to try again
        log.warning("not tended", what=what, reason=type(error).__name__)


def tend_for_ever(settings: Settings, holdings: Holdings) -> None:
    """Tend once a minute, in a thread, for as long as this process lives."""
    pause = threading.Event()

    def run() -> None:
        while not pause.wait(EVERY_SECONDS):
            tend(settings, holdings)

    threading.Thread(target=run, name="tending", daemon=True).start()
