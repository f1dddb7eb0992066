"""A round of looking at links: an engine and a looker in, how many links were looked at and how many fail out.

At most one process at a time does this, one request after the other with a second between them; each finding is kept in a
transaction of its own, so that a process that is killed loses one link's look and no more.
"""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from typing import Final

from sqlalchemy import Engine

from portal.db import writing
from portal.editing.links.looking import Looker
from portal.editing.links.operations import ROUND_LASTS, end_round, list_to_look_at, take_in, take_round, write_down

LINKS_A_ROUND: Final = 300
LONGEST_LOOK: Final = 180.0  # seconds, of one link with every turn, its robots.txt and each request at its slowest
A_SECOND: Final = 1.0


def looker_of(site: str) -> Looker:
    """Who looks, for the site at this address."""
    return Looker(site, partial(time.sleep, A_SECOND))


def check(engine: Engine, looker: Looker, limit: int = LINKS_A_ROUND) -> Counter[str]:
    """Look at what it is time for: counts by reason, "" for what leads somewhere. Nothing when another process is looking."""
    with writing(engine) as session:
        if not take_round(session):
            return Counter()
    until = time.monotonic() + ROUND_LASTS.total_seconds() - LONGEST_LOOK
    found = Counter[str]()
    try:
        with writing(engine) as session:
            take_in(session)
            links = list_to_look_at(session, limit)
        for link_id, url in links:
            if time.monotonic() > until:
                break
            reason = looker.look(url)
            with writing(engine) as session:
                write_down(session, link_id, reason)
            found["left alone" if reason is None else reason] += 1
    finally:
        with writing(engine) as session:
            end_round(session)
    return found
