"""One question to a feed, politely: an address in, its bytes out, or why there are none.

It says who it is, keeps to robots.txt, waits before each request, follows few turns and none to the inside network or from private to
plain, and takes no packed answer: what is small on the way could be large here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlencode, urljoin

import httpcore

from portal import clock
from portal.directory.feeds.models import Problem
from portal.outside.addresses import NotAllowed, Target, target_of
from portal.outside.reaching import Answer, Rules, ask
from portal.outside.robots import Robots

AGENT: Final = "DoorstepFeeds"
LARGEST: Final = 20_000_000  # bytes of one answer
SECONDS: Final = 60.0  # one request, at its slowest
MOST_TURNS: Final = 4
SHORTEST_WAIT: Final = 60  # seconds that a busy feed may ask us to wait
LONGEST_WAIT: Final = 86_400
USUAL_WAIT: Final = 3_600
_SENDS_ON: Final = frozenset({301, 302, 303, 307, 308})
_BUSY: Final = frozenset({429, 503})


class Failed(Exception):
    """A feed that gave no answer that can be used. `wait` is how many seconds it asked for, where it said so."""

    def __init__(self, problem: Problem, wait: int = 0) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.wait = wait


@dataclass(frozen=True)
class Mark:
    """What a server calls the state of a page; empty where it says nothing."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Said:
    """An answer: its bytes, and what the server calls them. None for what has not changed since."""

    body: bytes | None
    mark: Mark


def rules_for_feeds(rules: Rules | None = None) -> Rules:
    """The rules of going out, with room for a page of listings."""
    usual = rules or Rules()
    return Rules(usual.resolve, usual.is_allowed, SECONDS, LARGEST + 100_000, LARGEST + 1)


@dataclass
class Caller:
    """Asks feeds, one question at a time. `site` is our own address; `wait` is called before each request."""

    site: str
    wait: Callable[[], None]
    rules: Rules = field(default_factory=rules_for_feeds)
    _robots: Robots = field(init=False)

    def __post_init__(self) -> None:
        """Robots are asked for as everything is."""
        self._robots = Robots(AGENT, lambda target: self._request(target, {}))

    def get(self, address: str, parameters: Mapping[str, str], mark: Mark | None = None) -> Said:
        """What an address says. Raises `Failed`."""
        url = f"{address}?{urlencode(parameters)}" if parameters else address
        try:
            return self._follow(url, mark or Mark())
        except NotAllowed as error:
            raise Failed(Problem.REFUSED) from error
        except (OSError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, ValueError) as error:
            raise Failed(Problem.TOO_LARGE if "too much" in str(error) else Problem.NO_ANSWER) from error

    def _follow(self, url: str, mark: Mark) -> Said:
        for _ in range(MOST_TURNS + 1):
            target = target_of(url)
            if not self._robots.may_go(target):
                raise Failed(Problem.ROBOTS)
            answer = self._request(target, _conditions(mark))
            if answer.status not in _SENDS_ON or not answer.location:
                return _said(answer, mark)
            url = urljoin(target.url, answer.location)
            if target.scheme == "https" and not url.startswith("https:"):
                raise Failed(Problem.REFUSED)
        raise Failed(Problem.NO_ANSWER)

    def _request(self, target: Target, headers: Mapping[str, str]) -> Answer:
        self.wait()
        said = {"User-Agent": f"{AGENT}/1.0 (+{self.site})", "Accept": "application/json", **headers}
        return ask(target, "GET", said, self.rules)


def _conditions(mark: Mark) -> dict[str, str]:
    given = {"If-None-Match": mark.etag, "If-Modified-Since": mark.modified}
    return {name: value for name, value in given.items() if value}


def _said(answer: Answer, mark: Mark) -> Said:
    if answer.status == 304 and _conditions(mark):
        return Said(None, mark)
    if answer.status in _BUSY:
        raise Failed(Problem.BUSY, _seconds(answer.headers.get("retry-after", "")))
    if answer.status != 200:
        raise Failed(Problem.STATUS)
    if answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise Failed(Problem.NOT_JSON)
    if len(answer.body) > LARGEST:
        raise Failed(Problem.TOO_LARGE)
    named = Mark(_short(answer.headers.get("etag", "")), _short(answer.headers.get("last-modified", "")))
    return Said(answer.body, named)


def _short(value: str) -> str:
    """A header that can be kept and sent back; nothing for one that cannot."""
    return value if len(value) <= 200 and value.isascii() and value.isprintable() else ""


def _seconds(retry_after: str) -> int:
    """How long a feed asks us to wait, in bounds, whether it says seconds or a moment."""
    try:
        told = int(retry_after) if retry_after.strip().isdecimal() else _until(retry_after)
    except (ValueError, TypeError, OverflowError):
        return USUAL_WAIT
    return min(max(told, SHORTEST_WAIT), LONGEST_WAIT)


def _until(moment: str) -> int:
    then: datetime = parsedate_to_datetime(moment)
    return int(((then if then.tzinfo else then.replace(tzinfo=UTC)) - clock.now()).total_seconds())
