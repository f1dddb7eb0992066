"""What sites ask of strangers: a target in, whether we may go there out. Each site's robots.txt is read once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.robotparser import RobotFileParser

import httpcore

from portal.outside.addresses import Target
from portal.outside.reaching import Answer

MOST_BYTES: Final = 512_000  # as RFC 9309 asks for; what a file says beyond is left out
Request = Callable[[Target], Answer]


@dataclass
class Robots:
    """Keeps to robots.txt as `name`. `request` makes one GET request."""

    name: str
    request: Request
    _read: dict[str, RobotFileParser | None] = field(default_factory=dict)

    def may_go(self, target: Target) -> bool:
        """Whether the site lets us ask for this; also where it has no such file, or none that can be read."""
        if target.origin not in self._read:
            self._read[target.origin] = self._fetch(target)
        robots = self._read[target.origin]
        return robots is None or robots.can_fetch(self.name, target.url)

    def _fetch(self, target: Target) -> RobotFileParser | None:
        try:
            answer = self.request(Target(target.scheme, target.host, target.port, "/robots.txt"))
        except (OSError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, ValueError):
            return None  # the address itself will tell
        if answer.status != 200:
            return None
        robots = RobotFileParser()
        robots.parse(answer.body[:MOST_BYTES].decode("utf-8", "replace").splitlines())
        return robots
