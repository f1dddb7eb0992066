"""Looking at one link, politely: a link in, what is wrong with it out (nothing, when somebody answers there).

It says who it is, keeps to robots.txt, asks for the head first, and is never in a hurry: the caller is asked to wait before each
request. A site that lets no stranger in, or is busy, is there all the same.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

import httpcore

from portal.outside.addresses import NotAllowed, Target, target_of
from portal.outside.reaching import Answer, Rules, ask
from portal.outside.robots import Robots

AGENT: Final = "DoorstepLinks"
MOST_TURNS: Final = 4
_SENDS_ON: Final = frozenset({301, 302, 303, 307, 308})
_THERE: Final = frozenset({401, 402, 403, 405, 406, 407, 412, 418, 429, 451, 999})  # somebody answers, and does not like strangers
_GONE: Final = frozenset({404, 410})
_BUSY: Final = frozenset({429, 503})
NOT_FOUND: Final = "not found"
NO_NAME: Final = "no such name"
NO_ANSWER: Final = "no answer"
NOT_PRIVATE: Final = "not private"
FAILING: Final = "failing"
REFUSED: Final = "not allowed"
CIRCLES: Final = "too many turns"


class _Left(Exception):
    """A link that is left alone for now: its site asks for it, or is busy."""


@dataclass
class Looker:
    """Looks at links, one at a time. `site` is our own address, for whoever wonders who asks; `wait` is called before each request."""

    site: str
    wait: Callable[[], None]
    rules: Rules = field(default_factory=Rules)
    _busy: set[str] = field(default_factory=set)
    _robots: Robots = field(init=False)

    def __post_init__(self) -> None:
        """Robots are asked for in the same way as links."""
        self._robots = Robots(AGENT, lambda target: self._request(target, "GET"))

    @property
    def agent(self) -> str:
        """Who asks."""
        return f"{AGENT}/1.0 (+{self.site})"

    def look(self, url: str) -> str | None:
        """What is wrong with a link: one of the reasons above, nothing ("") when it leads somewhere, None when it is left alone."""
        try:
            return self._follow(url)
        except NotAllowed:
            return REFUSED
        except _Left:
            return None
        except (OSError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, ValueError) as error:
            return _reason(error)

    def _follow(self, url: str) -> str:
        for _ in range(MOST_TURNS + 1):
            target = target_of(url)
            self._ask_leave(target)
            answer = self._ask(target)
            if answer.status not in _SENDS_ON or not answer.location:
                return _judged(answer)
            url = urljoin(target.url, answer.location)
        return CIRCLES

    def _ask(self, target: Target) -> Answer:
        """By the head alone; where that is not liked, by the first bytes."""
        answer = self._request(target, "HEAD")
        if answer.status >= 400 and answer.status not in _BUSY:
            answer = self._request(target, "GET")
        if answer.status in _BUSY:
            self._busy.add(target.host)
        return answer

    def _request(self, target: Target, method: str) -> Answer:
        self.wait()
        return ask(target, method, {"User-Agent": self.agent}, self.rules)

    def _ask_leave(self, target: Target) -> None:
        """Raises `_Left` where the site's robots.txt keeps us out, or it said a moment ago that it is busy."""
        if target.host in self._busy:
            raise _Left
        if not self._robots.may_go(target):
            raise _Left


def _judged(answer: Answer) -> str:
    if answer.status in _GONE:
        return NOT_FOUND
    return "" if answer.status < 400 or answer.status in _THERE else FAILING


def _reason(error: Exception) -> str:
    causes = (error, error.__cause__, error.__context__)
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return NOT_PRIVATE
    return NO_NAME if type(error).__name__ == "gaierror" else NO_ANSWER
