"""What has to be done again and again, without anybody asking: mail sent, answers and plans that have ended deleted, requests passed on.

One pass does everything that is due and can be repeated at any time, by any number of processes at once. Of all workers on all
machines the one that leads makes one a minute, in a thread of its own; every worker makes one when somebody waits for what it has just
written, and writes down what it has counted. `portal tend` makes a pass from a terminal or a timer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache, partial
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal import alarm, clock, tally
from portal.accounts.people import operations as offers
from portal.accounts.people.recovering import operations as recovering
from portal.accounts.signing import asking
from portal.accounts.signing.passkeys import purge_ceremonies
from portal.accounts.signing.sessions import purge_sign_ins
from portal.assessment.keeping import purge_sittings
from portal.backup.models import forget_purges
from portal.config import Settings
from portal.db import writing
from portal.directory import counting
from portal.directory.changes import purge_changes
from portal.editing.claiming import tending as claims
from portal.editing.feeds.telling import tell as tell_of_feeds
from portal.editing.freshness import reminding
from portal.editing.links.checking import check, looker_of
from portal.editing.proposals import sending
from portal.editing.quality.measuring import bring_up_to_date
from portal.editing.reports import operations as reports
from portal.editing.spreadsheet.operations import purge as purge_uploads
from portal.errors import IndexUnavailable
from portal.insight.monthly.operations import remember
from portal.localities.versions import load_versions
from portal.mail import deliver
from portal.pack import find_file
from portal.sharing.asking import operations as requests
from portal.sharing.plans.kept import purge_kept
from portal.web import metrics
from portal.web.feeding import pull_for_ever
from portal.web.following import follow_for_ever
from portal.web.holdings import Holdings
from portal.web.leading import Leader

EVERY_SECONDS: Final = 60.0
LINKS_EVERY_SECONDS: Final = 600.0
COUNTS_LAST: Final = timedelta(days=3 * 365)  # three years, so that a year can be held against those before it
log = structlog.get_logger(__name__)


def tend(settings: Settings, holdings: Holdings) -> None:
    """Do all that is due. What fails is said in the log, and does not keep the rest from being done."""
    acts: dict[str, Callable[[Session], object]] = {
        "sign-ins asked for": partial(asking.look_up, room=holdings.signing_room),  # first: somebody waits for it
        "asks of sign-ins": asking.purge_asked,
        "challenges of passkeys": purge_ceremonies,
        "sign-ins": purge_sign_ins,
        "invitations": offers.end_unanswered,
        "recoveries": recovering.purge,
        "feeds": partial(tell_of_feeds, sender=holdings.claiming_room.sender),
        "claims": partial(claims.tend, sender=holdings.claiming_room.sender),
        "sittings": purge_sittings,
        "kept plans": purge_kept,
        "spreadsheets": purge_uploads,
        "changes": purge_changes,
        "requests": partial(requests.tend, sender=holdings.asking_room.sender),
        "proposals": partial(sending.tend, sender=holdings.asking_room.sender),
        "reminders": partial(reminding.tend, sender=holdings.asking_room.sender),
        "reports": partial(reports.tend, sender=holdings.asking_room.sender),
        "counts": partial(tally.purge, older_than=COUNTS_LAST),
        "counts of listings": partial(tally.purge, older_than=counting.LAST, kinds=[*counting.Kind]),
        "deletions": forget_purges,
    }
    for what, act in acts.items():
        _do(what, partial(_in_one, holdings.engine, act))
    _do("mail", partial(deliver, holdings.engine, settings.secret_key, holdings.asking_room.carriers))
    tend_own(settings, holdings)
    _do("the month", partial(remember, holdings.engine, holdings.figures))
    _do("quality", partial(bring_up_to_date, holdings.quality_room))  # last: nobody waits for it


def tend_own(settings: Settings, holdings: Holdings) -> None:
    """Do what each process has to do for itself: write down what it counted, and have figures ready for who asks it."""
    _do("what was counted", partial(holdings.counts.flush, holdings.engine))
    _do("localities", partial(_look_at_localities, settings, holdings))
    _do("figures", partial(_work_out, holdings))


def _look_at_localities(settings: Settings, holdings: Holdings) -> None:
    """Places, index and pages are made for the localities of the day of the start: say where others have begun since."""
    current = load_versions(find_file(settings, "localities")).on(clock.today())
    if current.key != holdings.areas.key:
        _say_others_began(current.key)


def _work_out(holdings: Holdings) -> None:
    """What pages of insight read, so that nobody waits for it after a change of the index."""
    with suppress(IndexUnavailable):
        holdings.figures.matrix(clock.today())


@cache
def _say_others_began(starts_on: str) -> None:
    """Once in each process, for each day that localities begin."""
    log.warning("localities have changed: start the server again", starts_on=starts_on)


def _in_one(engine: Engine, act: Callable[[Session], object]) -> None:
    with writing(engine) as session:
        act(session)


def _do(what: str, act: Callable[[], object]) -> None:
    try:
        act()
    except Exception as error:  # whatever it is, the thread has to live to try again
        log.warning("not tended", what=what, reason=type(error).__name__)
        metrics.tended(what, is_done=False)
    else:
        metrics.tended(what, is_done=True)


def end(holdings: Holdings) -> None:
    """The last thing that a worker does: write what it has counted."""
    _do("what was counted", partial(holdings.counts.flush, holdings.engine))


def _look_at_links(settings: Settings, holdings: Holdings, leader: Leader) -> None:
    """Look at links in a thread of its own: a slow website must not keep mail waiting. Of all workers one looks."""
    pause = threading.Event()
    while not pause.wait(LINKS_EVERY_SECONDS):
        if leader.leads():
            _do("links", partial(check, holdings.engine, looker_of(settings.base_url)))


def tend_for_ever(settings: Settings, holdings: Holdings) -> None:
    """Tend once a minute, and when something is due now, in a thread, for as long as this process lives.

    In others, bring the index in line, and follow what the council writes: a letter that hangs must not keep a banner up.
    """
    leader = Leader(holdings.engine, settings.instance)

    def run() -> None:
        while True:
            rang = alarm.tending.wait(EVERY_SECONDS)
            if rang or leader.leads():
                tend(settings, holdings)
            else:
                tend_own(settings, holdings)

    threading.Thread(target=run, name="tending", daemon=True).start()
    follow_for_ever(holdings.index)
    pull_for_ever(settings, holdings, leader, _do)
    if settings.check_links:
        threading.Thread(target=partial(_look_at_links, settings, holdings, leader), name="links", daemon=True).start()
    holdings.standing.follow_for_ever()
