"""A small Open Referral feed for tests: listings in memory behind a real server, what it was asked, and ways to make it misbehave."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

from portal.config import CHECKOUT
from portal.directory.feeds.calling import Caller, rules_for_feeds
from portal.directory.openreferral.loading import LoadOptions
from portal.outside import addresses
from portal.outside.reaching import Rules
from portal.taxonomy.rules import load_rules
from portal.taxonomy.terms import load_taxonomy

SITE = "https://doorstep.example"
HOST = "http://feed.example"
OPTIONS = LoadOptions(load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml"), load_rules(CHECKOUT / "content" / "taxonomy_rules.yaml"))
Answer = tuple[int, dict[str, str], bytes]


def remote(number: int) -> str:
    """The id of listing `number`."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"feed {number}"))


def listing(number: int, **changes: Any) -> dict[str, Any]:
    """A whole listing, as a good feed sends it; each unlike the others."""
    word = ("Lunch", "Walking", "Chess", "Singing", "Repair", "Garden", "Swimming", "Reading", "Sewing", "Drama")[number % 10]
    return {
        "id": remote(number),
        "name": f"{word} group {number}",
        "description": f"We meet each week for {word.lower()}, number {number}.",
        "status": "active",
        "last_modified": "2026-11-01T10:00:00Z",
        "organization": {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"owner {number % 7}")),
            "name": f"Neighbours {number % 7}",
            "description": "x",
        },
        "phones": [{"id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"phone {number}")), "number": f"01632 960{number % 1000:03}"}],
        "schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "12:00", "closes_at": "14:00"}],
        **changes,
    }


@dataclass
class Feed:
    """The feed: its listings by id, how many a page has, and `odd`: answers by path and query that stand in for the right ones.

    One that `is_short` lists no more than names, but whole listings to whoever asks so, where it `gives_whole`; else that is wrong.
    """

    port: int
    listings: dict[str, dict[str, Any]] = field(default_factory=dict)
    size: int = 5
    knows_changes: bool = True
    has_etags: bool = True
    is_short: bool = False
    gives_whole: bool = False
    odd: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, *listings: Mapping[str, Any]) -> None:
        """List these, or these as they are now."""
        self.listings.update({str(each["id"]): dict(each) for each in listings})

    def paths(self) -> list[str]:
        """What was asked for, without robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        """The right answer to a path with its query."""
        parts, given = urlsplit(path), {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        if parts.path.startswith("/services/"):
            found = self.listings.get(parts.path.rsplit("/", 1)[-1])
            return (200, {}, json.dumps(found).encode()) if found else (404, {}, b"{}")
        if parts.path != "/services":
            return 404, {}, b"{}"
        if "full" in given and not self.gives_whole:
            return 400, {}, b"{}"
        after = given.get("modified_after", "") if self.knows_changes else ""
        chosen = [it for it in self.listings.values() if str(it.get("last_modified", "")) >= after]
        body = json.dumps(self._page(chosen, int(given.get("page", "1")), is_short=self.is_short and "full" not in given)).encode()
        etag = f'"{sha256(body).hexdigest()}"'
        if self.has_etags and headers.get("If-None-Match") == etag:
            return 304, {"ETag": etag}, b""
        return 200, {"ETag": etag} if self.has_etags else {}, body

    def _page(self, chosen: Sequence[Mapping[str, Any]], number: int, *, is_short: bool) -> dict[str, Any]:
        total, some = -(-len(chosen) // self.size), chosen[(number - 1) * self.size : number * self.size]
        short = [{key: it[key] for key in ("id", "name", "status", "last_modified") if key in it} for it in some]
        return {
            "total_items": len(chosen),
            "total_pages": total,
            "page_number": number,
            "size": len(some),
            "first_page": number == 1,
            "last_page": number >= total,
            "empty": not some,
            "contents": short if is_short else some,
        }


@contextmanager
def feed_served() -> Iterator[Feed]:
    """A feed on this machine while the context lasts; `HOST` leads there for a `caller`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append((self.path, dict(self.headers)))
            odd = known.odd.get(self.path, known.odd.get("*") if self.path != "/robots.txt" else None)
            if callable(odd):
                odd(self)
                return
            status, headers, body = odd or known.answer(self.path, self.headers)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a reader that hangs up is no news
    known = Feed(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    with mock.patch.dict(addresses.PORTS, {"http": known.port}):
        yield known
    server.shutdown()
    server.server_close()
    thread.join()


def caller(waits: list[float] | None = None, seconds: float = 5.0) -> Caller:
    """One for which this machine counts as the internet; nothing else of the rules is loosened but for patience."""
    usual = rules_for_feeds(Rules(lambda _host, _port: ["127.0.0.1"], lambda number: number == "127.0.0.1"))
    rules = Rules(usual.resolve, usual.is_allowed, seconds, usual.most_bytes, usual.first_bytes)
    return Caller(SITE, lambda: waits.append(1.0) if waits is not None else None, rules)
