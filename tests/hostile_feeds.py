"""Feeds that mean harm, or are badly broken: what each answers, what must come of it. The victim is `feed_server.listing(0)`."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from feed_server import Answer, listing, remote

from portal.directory.feeds.models import Problem

Odd = Answer | Callable[[BaseHTTPRequestHandler], None]
OWNER = listing(0)["organization"]["id"]
NUMBER = listing(0)["phones"][0]["id"]


@dataclass(frozen=True)
class Hostile:
    """A feed, by name: what it answers to anything, which problem is written down, how many listings come in, and how many wait."""

    name: str
    odd: Odd
    problem: Problem | None = None
    loaded: int = 0
    waiting: int = 0
    robots: Odd = (404, {}, b"")
    limits: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def one(name: str, /, **changes: Any) -> dict[str, Any]:
    """A good listing of a feed called `name`, but for changes; it is like no other."""
    number = 1000 + sum(map(ord, name)) * 7
    said = {"name": f"The {name} one", "description": f"Of {name}.", "phones": [{"id": name, "number": f"01632 {number:06}"}]}
    mine = {"organization": {"id": f"of {name}", "name": f"Owners of {name}", "description": "x"}}
    return {**listing(number), "id": f"one of {name}", **said, **mine, **changes}


def page(*contents: object, **envelope: object) -> bytes:
    said = {"total_items": len(contents), "total_pages": 1, "page_number": 1, "size": len(contents), "last_page": True}
    return json.dumps({**said, **envelope, "contents": list(contents)}).encode()


def sent(body: bytes, status: int = 200, **headers: str) -> Answer:
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, body


def on_to(address: str) -> Answer:
    return 302, {"Location": address}, b""


def raw(*pieces: bytes, pause: float = 0.0, times: int = 1) -> Callable[[BaseHTTPRequestHandler], None]:
    """What goes over the wire as it is, again and again."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        try:
            for piece in pieces[:1] + pieces[1:] * times:
                handler.wfile.write(piece)
                handler.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass  # we hung up, as we should

    return answer


def hung_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def by_page(say: Callable[[int], bytes]) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = say(int(parse_qs(urlsplit(handler.path).query).get("page", ["1"])[0]))
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def bodies() -> Iterator[Hostile]:
    """What is no list of services."""
    broken = {
        "nothing": b"",
        "a page of the web": b"<!doctype html><title>502</title>",
        "half an answer": page(one("x"))[:-20],
        "brackets": b"[" * 200_000,
        "braces": b'{"contents":' * 100_000,
        "a number too long": b'{"contents": [], "total_pages": ' + b"9" * 50_000 + b"}",
        "another alphabet": '[{"id": "é"}]'.encode("latin-1"),
        "packed unasked": gzip.compress(page(one("x"))),
        "zeros": b"\0" * 1000,
    }
    yield from (Hostile(name, sent(body), Problem.NOT_JSON) for name, body in broken.items())
    yield Hostile("a bomb", sent(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"), Problem.NOT_JSON)
    others: tuple[object, ...] = (1, None, "words", {}, {"contents": None}, {"contents": {}}, {"contents": "<script>"}, {"error": "no"})
    yield from (Hostile(f"no list {at}", sent(json.dumps(it).encode()), Problem.NOT_A_FEED) for at, it in enumerate(others))


def theirs() -> Iterator[Hostile]:
    """What speaks of records that belong to somebody else."""
    victim = remote(0)
    for name, given in {"the id": victim, "the id in capitals": victim.upper(), "the id in braces": f"{{{victim}}}"}.items():
        yield Hostile(name, sent(page(one(name, id=given))), waiting=1)
    yield Hostile("a death notice", sent(page(one("a death notice", id=victim, status="defunct"))))
    organization = {"id": OWNER, "name": "Taken over", "description": "By us"}
    nested = {**organization, "services": [{"id": victim, "name": "Taken over", "status": "defunct"}]}
    tries: dict[str, dict[str, Any]] = {
        "the owner": {"organization": organization},
        "the owner by id": {"organization": organization, "organization_id": OWNER},
        "services of the owner": {"organization": nested},
        "a telephone": {"phones": [{"id": NUMBER, "number": "01632 999999", "service_id": victim}]},
        "a link": {"attributes": [{"id": "1", "link_id": victim, "link_entity": "service", "taxonomy_term": {"id": "1", "name": "x"}}]},
        "a place": {"service_at_locations": [{"id": "1", "service_id": victim, "location": {"id": "1", "name": "x"}}]},
        "a source": {"source": "portal", "services": [one("inside", id=victim)]},
        "a schedule": {"schedules": [{"service_id": victim, "freq": "DAILY", "opens_at": "00:00", "closes_at": "23:59"}]},
        "a programme": {"program": {"id": OWNER, "name": "x", "organization_id": OWNER}},
    }
    yield from (Hostile(name, sent(page(one(name, **changes))), loaded=1) for name, changes in tries.items())


def values() -> Iterator[Hostile]:
    """Listings with one thing in them that no listing has; what is left of each is good, and comes in."""
    deep: Any = "x"
    for _ in range(400):
        deep = {"organization": deep, "phones": [deep]} if len(str(deep)) < 2_000 else [deep]
    tries: dict[str, Any] = {
        "deep": {"attributes": deep},
        "not a number": {"minimum_age": float("nan"), "maximum_age": float("inf")},
        "beyond numbers": {"minimum_age": 10**400, "maximum_age": -1},
        "half a letter": {"description": "half \ud800 of a letter"},
        "zero bytes": {"description": "with\0 zero\0 bytes", "alert": "\0"},
        "strings for lists": {"phones": "01632 960000", "schedules": "Mondays", "languages": "en", "contacts": 5},
        "lists for strings": {"description": ["a", {"b": None}], "fees_description": {"x": 1}, "email": [], "url": {}},
        "nulls": dict.fromkeys(("description", "url", "email", "phones", "schedules", "languages", "cost_options", "contacts")),
        "nulls in lists": {"phones": [None], "schedules": [None, []], "cost_options": [[None]], "languages": [1]},
        "a day that is none": {"schedules": [{"freq": "WEEKLY", "byday": "MO", "valid_from": "9999-99-99", "until": "0000-00-00"}]},
        "for ever": {"schedules": [{"freq": "SECONDLY", "interval": 0, "count": 10**9, "byday": "XX", "dtstart": "0001-01-01"}]},
        "wrong hours": {"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "99:99", "closes_at": "\u0661"}]},
        "off the earth": {"service_at_locations": [{"location": {"id": "1", "latitude": 1e308, "longitude": "north"}}]},
        "letters in letters": {"email": "a@example.org\r\nBcc: all@example.org", "url": "javascript:alert(1)"},
        "many": {"phones": [{"id": str(at), "number": f"01632 {at:06}"} for at in range(2_000)]},
        "long": {"description": "long " * 100_000},
        "wide": {str(at): at for at in range(20_000)},
        "a status": {"status": {"active": True}, "last_modified": ["2026"]},
        "money": {"cost_options": [{"amount": -1e300, "currency": "£" * 5000, "amount_description": 7}]},
        "a name in a list": {"name": ["The only name"]},
        "markup": {"name": "<img src=x onerror=alert(1)> of markup"},
    }
    yield from (Hostile(name, sent(page(one(name, **changes))), loaded=1) for name, changes in tries.items())
    nameless = {"no name": "", "a name that is a table": {"x": 1}, "no name at all": None, "a name of blanks": " \u200b\n"}
    yield from (Hostile(name, sent(page(one(name, name=given)))) for name, given in nameless.items())
    wide = page(one("two bytes a letter")).decode().encode("utf-16")
    yield Hostile("two bytes a letter", sent(wide), loaded=1)


def ids() -> Iterator[Hostile]:
    """Listings that are none, that nobody can name, or that are named twice."""
    odd: tuple[object, ...] = (None, True, [], {}, "", " ", "x" * 10_000, "a\nb", 10**20, 1.5)
    yield Hostile("no ids", sent(page(*(one("no ids", id=each) for each in odd), None, 5, "x", [])))
    yield Hostile("nothing but braces", sent(page(*({} for _ in range(10_000)))))
    yield Hostile("a path", sent(page(one("a path", id="../../admin?x=%2e#"))), loaded=1)
    yield Hostile("a statement", sent(page(one("a statement", id="'; DROP TABLE service; --"))), loaded=1)
    yield Hostile("twice", sent(page(one("twice"), one("twice"))), loaded=1)
    same = "11111111-2222-4333-8444-555555555555"
    yield Hostile(
        "two names of one", sent(page(one("two names", id=same), one("of another", id=same.replace("-", "")))), loaded=1, waiting=1
    )


def pages() -> Iterator[Hostile]:
    """Pages without end, or that lead round."""
    name = "the same page"
    yield Hostile(name, sent(page(one(name), total_pages=999, last_page=False)), Problem.REPEATS, loaded=1)
    round_about = by_page(lambda at: page(one(f"turn {at % 2}"), total_pages=999, last_page=False))
    yield Hostile("round about", round_about, Problem.REPEATS, loaded=2)
    ever_more = by_page(lambda at: page(one(f"more {at}"), total_pages=10**9, last_page=False))
    yield Hostile("ever more pages", ever_more, Problem.TOO_LARGE, loaded=4, limits={"MOST_PAGES": 4})
    yield Hostile("ever more listings", ever_more_of("listing"), Problem.TOO_LARGE, loaded=4, limits={"MOST_LISTED": 5})
    for at, total in enumerate((-1, "many", 1e300, None, [], True)):
        yield Hostile(f"a count {at}", sent(page(one(f"a count {at}"), total_pages=total)), loaded=1)
    yield Hostile("pages with nothing", sent(page(total_pages=10**9, last_page=False)))


def ever_more_of(word: str) -> Odd:
    return by_page(lambda at: page(one(f"{word} {at}"), one(f"{word} {at} b"), total_pages=10**9, last_page=False))


def turns() -> Iterator[Hostile]:
    """What leads elsewhere."""
    inside = (
        "http://127.0.0.1/",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://inside.example/",
        "http://feed.example:22/",
        "http://me:secret@feed.example/",
        "file:///etc/passwd",
        "gopher://feed.example/",
        "//10.0.0.1/",
        "http:\\\\10.0.0.1\\",
    )
    yield from (Hostile(f"on to {address}", on_to(address), Problem.REFUSED) for address in inside)
    yield Hostile("round and round", on_to("/services"), Problem.NO_ANSWER)
    yield Hostile("robots inside", sent(page(one("robots inside"))), loaded=1, robots=on_to("http://169.254.169.254/"))
    yield Hostile(
        "robots without end", sent(page(one("robots without end"))), loaded=1, robots=sent(b"User-agent: x\nDisallow: /\n" * 99_999)
    )


def wires() -> Iterator[Hostile]:
    """What is no answer of the web, or comes too slowly."""
    head = b"HTTP/1.1 200 OK\r\n"
    no_answer: dict[str, Odd] = {
        "a drip": raw(head + b"\r\n", b"x", pause=0.1, times=100),
        "a drip of headers": raw(head, b"X: 1\r\n", pause=0.1, times=100),
        "headers without end": raw(head, b"X: " + b"y" * 60_000 + b"\r\n", times=100),
        "another trade": raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
        "nothing said": raw(b""),
        "hung up": hung_up,
        "a length that lies": raw(head + b"Content-Length: 99999\r\n\r\n[]"),
        "lengths that differ": raw(head + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]x"),
        "pieces that are none": raw(head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n"),
        "a status of words": raw(b"HTTP/1.1 fine OK\r\n\r\n[]"),
    }
    yield from (Hostile(name, odd, Problem.NO_ANSWER) for name, odd in no_answer.items())
    yield Hostile("without end", raw(head + b"\r\n[", b" " * 1_000_000, times=100), Problem.TOO_LARGE)
    yield from (Hostile(f"status {code}", sent(b"[]", code), Problem.STATUS) for code in (201, 206, 304, 401, 404, 410, 500, 599))
    for at, wait in enumerate(("99999999999999999999", "-5", "soon", "Fri, 99 Nov 9999 99:99:99 GMT", "\u0663")):
        yield Hostile(f"busy {at}", raw(b"HTTP/1.1 429 Busy\r\nRetry-After: " + wait.encode() + b"\r\n\r\n"), Problem.BUSY)
    odd_headers = sent(page(one("odd headers")), ETag="e" * 5_000, Last_Modified="\u00ff", Set_Cookie="a=b; Domain=example")
    yield Hostile("odd headers", odd_headers, loaded=1)


ALL = (*bodies(), *theirs(), *values(), *ids(), *pages(), *turns(), *wires())
