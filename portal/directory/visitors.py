"""Who asks, as far as a count needs to know: method and headers in, whether a person saw the page out. Pure; nothing is kept.

Headers are what a browser says of itself. Whoever lies in them only makes a rounded number a little wrong.
"""

from __future__ import annotations

import re
from typing import Final, Protocol

_AHEAD: Final = ("Sec-Purpose", "Purpose", "X-Moz")  # what browsers that fetch a page before anybody opens it say it with
_ROBOTS: Final = re.compile(
    r"(?<!cu)bot\b|bot[/_]|crawl|spider|slurp|archiver|preview|monitor|scanner|fetch|headlesschrome|lighthouse"  # CUBOT makes phones
    r"|facebookexternalhit|whatsapp/|google-|googleother|mediapartners"
    r"|python|curl/|wget|libwww|okhttp|java/|go-http|node-fetch|axios/|perl|ruby/|scrapy|php/",
    re.IGNORECASE,
)


class Headers(Protocol):
    """A request's headers, whatever they are kept in."""

    def get(self, key: str, default: str, /) -> str:
        """What one says, or `default`."""
        ...


def is_by_person(method: str, headers: Headers) -> bool:
    """Whether a page was asked for to be looked at: not by a known robot, not ahead of time, not its headers alone.

    A browser always says what it is: whoever says nothing is a program.
    """
    browser = headers.get("User-Agent", "")
    is_ahead = any(re.search("prefetch|prerender|preview", headers.get(name, "")) for name in _AHEAD)
    return method != "HEAD" and not is_ahead and bool(browser) and not _ROBOTS.search(browser)


def is_of_our_page(headers: Headers) -> bool:
    """Whether a browser says that a page of ours sent this; `ui.posting` has refused those that name another site."""
    site = headers.get("Sec-Fetch-Site", "")
    return site == "same-origin" if site else bool(headers.get("Origin", ""))
