"""What the council's words are now, for pages that everybody reads: a database asked once a minute by a thread, words at hand out.

No page waits for the database, or asks it, to show them. While it does not answer, pages have no banner, since nobody can say whether
it is still up; facts and words about localities stay as they were last known. The page of urgent help never asks here at all.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import structlog
from sqlalchemy import Engine

from portal import clock
from portal.council.banners import Said, shown
from portal.council.content import PlaceWords
from portal.council.facts import Facts, with_front_door
from portal.council.queries import Words, read_words
from portal.pack import Pack
from portal.standby import reading_now

EVERY_SECONDS: Final = 60.0
log = structlog.get_logger(__name__)


class Standing:
    """The council's words as this process last read them. Safe between threads: what is read is frozen, and replaced whole."""

    def __init__(self, engine: Engine, pack: Pack) -> None:
        self._engine = engine
        self._pack = pack
        self._words = Words()
        self._front_door_pack = pack

    def refresh(self) -> None:
        """Read them now. Whatever goes wrong is said in the log only."""
        try:
            with reading_now(self._engine) as session:
                words = read_words(session, clock.today())
        except Exception as error:  # a table that is not there, a database that is gone, a row that cannot be read
            log.warning("the council's words could not be read", reason=type(error).__name__)
            words = replace(self._words, banners=())
        self._front_door_pack = with_front_door(self._pack, words.facts.front_door)
        self._words = words

    def follow_for_ever(self) -> None:
        """Read them now and then once a minute, in a thread, for as long as this process lives."""

        def run() -> None:
            pause = threading.Event()
            self.refresh()
            while not pause.wait(EVERY_SECONDS):
                self.refresh()

        threading.Thread(target=run, name="the council's words", daemon=True).start()

    def banners(self, language: str, place: str = "") -> Sequence[Said]:
        """What shows today on a page in `language` about a locality (its slug; empty for a page about none)."""
        return [banner.said_in(language) for banner in shown(self._words.banners, clock.today(), place)]

    @property
    def facts(self) -> Facts:
        """Facts of advice pages."""
        return self._words.facts

    @property
    def pack(self) -> Pack:
        """The pack, with the front door's number and hours as the council wrote them."""
        return self._front_door_pack

    def place(self, slug: str) -> PlaceWords:
        """Words about a locality, empty where nobody wrote any."""
        return self._words.places.get(slug) or PlaceWords()
