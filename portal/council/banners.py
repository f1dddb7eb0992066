"""Banners: a notice in, whether it shows on a page today out. Pure.

A banner is written as a draft, looked at, and put up for some days; whoever takes it down ends it at once. Words in a language that
nobody wrote are the English ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from portal.i18n.languages import SOURCE

LONGEST: Final = timedelta(days=60)
MOST_AT_ONCE: Final = 2


class State(StrEnum):
    """Where a banner stands. One that is up shows from its first day to its last."""

    DRAFT = "draft"
    UP = "up"
    DOWN = "down"


class Tone(StrEnum):
    """How a banner speaks."""

    INFO = "info"
    CARE = "care"


@dataclass(frozen=True)
class Banner:
    """A notice. `words` and `link_words` by language; `place` is a locality's slug, empty for every page; both days are shown.

    `takes_over` is the id of a banner that comes down when this one goes up.
    """

    words: Mapping[str, str]
    starts_on: date
    ends_on: date
    tone: Tone = Tone.INFO
    place: str = ""
    url: str = ""
    link_words: Mapping[str, str] = field(default_factory=dict)
    state: State = State.DRAFT
    takes_over: str = ""

    def covers(self, day: date) -> bool:
        """Whether `day` is one of its days."""
        return self.starts_on <= day <= self.ends_on

    def is_over(self, today: date) -> bool:
        """Whether its days have passed."""
        return self.ends_on < today

    def said_in(self, language: str) -> Said:
        """The banner for readers of `language`."""
        words, link = (SOURCE if not of.get(language) else language for of in (self.words, self.link_words))
        return Said(self.tone, self.words.get(words, ""), words, self.url, self.link_words.get(link, ""), link)


@dataclass(frozen=True)
class Said:
    """A banner as a page shows it, with the languages of its words and of its link's words."""

    tone: str
    text: str
    language: str
    url: str
    link_text: str
    link_language: str


class Obstacle(StrEnum):
    """Why a banner cannot be put up."""

    WITHOUT_WORDS = "without words"
    ENDS_BEFORE = "ends before it starts"
    TOO_LONG = "too long"
    OVER = "over"
    TOO_MANY = "too many"


def obstacle(banner: Banner, others: Iterable[Banner], today: date) -> Obstacle | None:
    """Why `banner` cannot be put up beside the `others` that are up, if so."""
    if not banner.words.get(SOURCE):
        return Obstacle.WITHOUT_WORDS
    if banner.ends_on < banner.starts_on:
        return Obstacle.ENDS_BEFORE
    if banner.ends_on - banner.starts_on > LONGEST:
        return Obstacle.TOO_LONG
    if banner.is_over(today):
        return Obstacle.OVER
    standing = list(others)
    is_full = any(_beside(banner, standing, day) >= MOST_AT_ONCE for day in _days(banner, today))
    return Obstacle.TOO_MANY if is_full else None


def _days(banner: Banner, today: date) -> Iterator[date]:
    day = max(banner.starts_on, today)
    while day <= banner.ends_on:
        yield day
        day += timedelta(days=1)


def _beside(banner: Banner, others: Iterable[Banner], day: date) -> int:
    """How many others a page that shows `banner` shows on `day`, where they are most."""
    by_place = Counter(other.place for other in others if other.covers(day))
    everywhere = by_place.pop("", 0)
    return everywhere + (by_place[banner.place] if banner.place else max(by_place.values(), default=0))


def shown(banners: Iterable[Banner], day: date, place: str = "") -> tuple[Banner, ...]:
    """The banners, of those that are up, on a page about `place` (a slug; empty for a page about none): what to take care of first."""
    here = [it for it in banners if it.covers(day) and it.place in ("", place)]
    return tuple(sorted(here, key=lambda it: (it.tone is not Tone.CARE, -it.starts_on.toordinal()))[:MOST_AT_ONCE])
