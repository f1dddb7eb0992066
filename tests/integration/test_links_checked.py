"""The checker of links against a real server: polite, bounded, and not to be led inside."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock

import pytest
from sqlalchemy import Engine, select

from portal import clock
from portal.db import reading, writing
from portal.directory.models import Organization, Service
from portal.editing.links import looking
from portal.editing.links.checking import check
from portal.editing.links.looking import CIRCLES, FAILING, NO_ANSWER, NO_NAME, NOT_FOUND, REFUSED, Looker
from portal.editing.links.models import CheckedLink
from portal.editing.links.operations import end_round, take_round
from portal.editing.links.queries import list_broken
from portal.outside import addresses, reaching
from portal.outside.addresses import is_public
from portal.outside.reaching import Rules

SITE = "https://doorstep.example"
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)


@dataclass
class Web:
    """A server on this machine that stands in for every name, and what it was asked."""

    port: int
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    waits: int = 0

    def paths(self, method: str = "") -> list[str]:
        return [path for verb, path, _ in self.asked if path != "/robots.txt" and method in ("", verb)]


@pytest.fixture
def web() -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            known.asked.append((self.command, self.path, dict(self.headers)))
            status, headers, body = known.answers.get(f"{self.command} {self.path}") or known.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    for verb in ("GET", "HEAD"):
        setattr(Handler, f"do_{verb}", Handler._answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    known = Web(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with mock.patch.dict(addresses.PORTS, {"http": known.port}):
        yield known
    server.shutdown()
    server.server_close()
    thread.join()


def looker(web: Web, resolve: Callable[[str, int], Sequence[str]] | None = None, is_allowed: Callable[[str], bool] | None = None) -> Looker:
    """One for which this machine counts as the internet; nothing else of the rules is loosened."""

    def everything_is_here(host: str, _port: int) -> Sequence[str]:
        web.resolved.append(host)
        return ["127.0.0.1"]

    def waited() -> None:
        web.waits += 1

    rules = Rules(resolve or everything_is_here, is_allowed or (lambda number: number == "127.0.0.1"))
    return Looker(SITE, waited, rules)


def test_a_link_that_leads_somewhere_is_asked_for_by_its_head_and_politely(web: Web) -> None:
    web.answers["/there"] = (200, {}, b"hello")
    assert looker(web).look("http://club.example/there") == ""
    assert [verb for verb, path, _ in web.asked if path == "/there"] == ["HEAD"]
    headers = web.asked[-1][2]
    assert headers["User-Agent"] == "DoorstepLinks/1.0 (+https://doorstep.example)"
    assert not {"Cookie", "Authorization", "Referer", "Proxy-Authorization"} & set(headers)
    assert headers["Host"].startswith("club.example")
    assert web.waits == len(web.asked), "we wait before each request"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, ""),
        (204, ""),
        (304, ""),
        (401, ""),
        (403, ""),
        (405, ""),
        (429, ""),
        (404, NOT_FOUND),
        (410, NOT_FOUND),
        (400, FAILING),
        (500, FAILING),
        (503, FAILING),
    ],
)
def test_what_a_status_means(web: Web, status: int, reason: str) -> None:
    web.answers["/x"] = (status, {}, b"")
    assert looker(web).look("http://club.example/x") == reason


def test_who_does_not_like_to_be_asked_for_the_head_is_asked_for_the_page(web: Web) -> None:
    web.answers["HEAD /x"] = (404, {}, b"")
    web.answers["GET /x"] = (200, {}, b"there it is")
    assert looker(web).look("http://club.example/x") == ""


def test_robots_are_kept_out_where_a_site_asks_and_it_is_asked_once(web: Web) -> None:
    web.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private")
    web.answers["/private/x"] = web.answers["/open"] = (200, {}, b"")
    who = looker(web)
    assert who.look("http://club.example/private/x") is None
    assert who.look("http://club.example/open") == ""
    assert [path for _, path, _ in web.asked] == ["/robots.txt", "/open"]


def test_a_site_that_says_it_is_busy_is_left_alone_for_this_round(web: Web) -> None:
    web.answers["/a"] = web.answers["/b"] = (429, {"Retry-After": "3600"}, b"")
    who = looker(web)
    assert who.look("http://club.example/a") == ""
    assert who.look("http://club.example/b") is None
    assert "/b" not in web.paths()


def test_redirects_are_followed_so_far_and_no_further(web: Web) -> None:
    for number in range(10):
        web.answers[f"/{number}"] = (302, {"Location": f"/{number + 1}"}, b"")
    web.answers["/10"] = (200, {}, b"")
    assert looker(web).look("http://club.example/6") == ""
    assert looker(web).look("http://club.example/5") == CIRCLES
    assert looker(web).look("http://club.example/0") == CIRCLES


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/secret", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://2130706433/", "file:///etc/passwd",
        "gopher://club.example/_x", "http://user:pass@club.example/", "http://club.example:22/", "//127.0.0.1/x", "http://localhost/",
        "http://[::ffff:10.0.0.1]/", "http://0x7f.1/", "ftp://club.example/",
    ],
)  # fmt: skip
def test_a_redirect_leads_nowhere_inside(web: Web, location: str) -> None:
    web.answers["/x"] = (302, {"Location": location}, b"")
    web.answers["/secret"] = (200, {}, b"secret")
    assert looker(web).look("http://club.example/x") == REFUSED
    assert set(web.paths()) == {"/x"}


def test_a_redirect_to_a_name_that_is_inside_goes_nowhere(web: Web) -> None:
    web.answers["/x"] = (302, {"Location": "http://inside.example/secret"}, b"")
    numbers = {"club.example": ["127.0.0.1"], "inside.example": ["10.0.0.5"]}
    assert looker(web, lambda host, _port: numbers[host]).look("http://club.example/x") == REFUSED
    assert set(web.paths()) == {"/x"}


def test_by_the_sites_own_rules_this_machine_is_never_reached(web: Web) -> None:
    who = looker(web, is_allowed=is_public)
    assert who.look("http://club.example/x") == REFUSED
    assert web.asked == []


@pytest.mark.parametrize("numbers", [["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["::1", "2606:4700::1"], []])
def test_a_name_with_any_number_inside_is_a_trap(web: Web, numbers: list[str]) -> None:
    with mock.patch("httpcore.SyncBackend.connect_tcp", side_effect=AssertionError("nobody connects")):
        assert looker(web, lambda _host, _port: numbers, is_public).look("http://club.example/x") == REFUSED


def test_a_name_that_says_something_else_a_moment_later_changes_nothing(web: Web) -> None:
    web.answers["/x"] = (200, {}, b"")
    said: list[str] = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        said.append(host)
        return ["127.0.0.1"] if len(said) == 1 else ["169.254.169.254"]

    connected: list[str] = []
    real = reaching.httpcore.SyncBackend.connect_tcp

    def connect(self: object, host: str, *rest: object, **more: object) -> object:
        connected.append(host)
        return real(self, host, *rest, **more)

    with mock.patch("httpcore.SyncBackend.connect_tcp", connect):
        assert looker(web, rebinding).look("http://club.example/x") == REFUSED
    assert connected == ["127.0.0.1"], "each connection goes to the number that was judged, never to a name"


def test_a_proxy_of_the_environment_is_not_used(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.answers["/x"] = (200, {}, b"")
    assert looker(web).look("http://club.example/x") == ""


def test_a_name_that_is_not_there_and_a_door_that_is_shut(web: Web) -> None:
    def nobody(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "unknown")

    assert looker(web, nobody).look("http://club.example/x") == NO_NAME
    with socket.socket() as shut:
        shut.bind(("127.0.0.1", 0))
        with mock.patch.dict(addresses.PORTS, {"http": shut.getsockname()[1]}):
            assert looker(web).look("http://club.example/x") == NO_ANSWER


@pytest.fixture
def trickle() -> Iterator[int]:
    """A server that sends a letter of its headers at a time and never ends."""
    stop = threading.Event()
    door = socket.create_server(("127.0.0.1", 0))

    def serve(caller: socket.socket) -> None:
        with caller:
            try:
                caller.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not stop.wait(0.05):
                    caller.sendall(b"x")
            except OSError:
                return

    def listen() -> None:
        while True:
            try:
                caller, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(caller,), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield door.getsockname()[1]
    stop.set()
    door.shutdown(socket.SHUT_RDWR)
    door.close()
    thread.join()


def test_a_server_that_sends_a_letter_at_a_time_is_given_up(trickle: int) -> None:
    usual = looker(Web(trickle))
    hurried = replace(usual, rules=replace(usual.rules, seconds=0.4))
    began = time.monotonic()
    with mock.patch.dict(addresses.PORTS, {"http": trickle}):
        assert hurried.look("http://club.example/x") == NO_ANSWER
    assert time.monotonic() - began < 30, "seconds; it would go on for ever"


def test_no_more_than_the_first_bytes_are_read(web: Web) -> None:
    web.answers["HEAD /x"] = (405, {}, b"")
    web.answers["GET /x"] = (200, {}, b"x" * 30_000_000)
    target = addresses.target_of("http://club.example/x")
    answer = reaching.ask(target, "GET", {"User-Agent": "test"}, looker(web).rules)
    assert len(answer.body) == reaching.FIRST_BYTES


# What is kept of it


@pytest.fixture
def listed(database: Engine, stopped_clock: datetime) -> Engine:
    with writing(database) as session:
        session.add(Organization(id=uuid.UUID(int=1), name="Club", website="http://club.example/about"))
        session.flush()
        for number, (url, status) in enumerate(
            {"http://club.example/a": "active", "http://club.example/gone": "active", "http://x.example/": "inactive"}.items()
        ):
            session.add(Service(id=uuid.UUID(int=10 + number), organization_id=uuid.UUID(int=1), name=f"S{number}", status=status, url=url))
    return database


def links(engine: Engine) -> dict[str, CheckedLink]:
    with reading(engine) as session:
        return {it.url: it for it in session.scalars(select(CheckedLink))}


def test_links_of_public_listings_are_looked_at_once_a_week_and_broken_after_three_days(listed: Engine, web: Web) -> None:
    web.answers["/a"] = web.answers["/about"] = (200, {}, b"")
    who = looker(web)
    assert check(listed, who) == {"": 2, NOT_FOUND: 1}
    assert set(links(listed)) == {"http://club.example/a", "http://club.example/gone", "http://club.example/about"}
    assert check(listed, who) == {}, "each was looked at just now"
    for day in (1, 2):
        with reading(listed) as session:
            assert list_broken(session) == ()
        with clock.stopped_at(NOW + timedelta(days=day, minutes=1)):
            assert check(listed, who) == {NOT_FOUND: 1}
    with reading(listed) as session:
        [broken] = list_broken(session)
        assert (broken.url, broken.service, broken.broken_since) == ("http://club.example/gone", "S1", date(2026, 11, 26))
        assert list_broken(session, [uuid.UUID(int=2)]) == ()
    with clock.stopped_at(NOW + timedelta(days=5)):
        assert check(listed, who) == {}, "a broken one waits a week too"
    web.answers["/gone"] = (200, {}, b"")
    with clock.stopped_at(NOW + timedelta(days=10)):
        assert check(listed, who) == {"": 3}
    with reading(listed) as session:
        assert list_broken(session) == ()


def test_failing_three_times_on_one_day_is_not_three_days(listed: Engine, web: Web) -> None:
    from portal.editing.links.operations import take_in, write_down

    with writing(listed) as session:
        take_in(session)
        link = session.scalars(select(CheckedLink)).first()
        assert link
        for _ in range(5):
            write_down(session, link.id, NO_ANSWER)
        assert (link.failures, link.broken_since) == (1, None)


def test_what_nothing_names_any_more_is_forgotten(listed: Engine, web: Web) -> None:
    check(listed, looker(web))
    with writing(listed) as session:
        session.get_one(Service, uuid.UUID(int=11)).url = "http://club.example/new"
    check(listed, looker(web))
    assert "http://club.example/gone" not in links(listed)
    assert "http://club.example/new" in links(listed)


def test_only_one_process_looks_at_a_time(listed: Engine, web: Web) -> None:
    with writing(listed) as session:
        assert take_round(session)
    assert check(listed, looker(web)) == {}
    assert web.asked == []
    with clock.stopped_at(NOW + timedelta(minutes=16)):
        assert check(listed, looker(web)) != {}, "one that was killed holds it for a while and no longer"
    with writing(listed) as session:
        end_round(session)


def test_whatever_a_link_does_the_round_goes_on(listed: Engine, web: Web) -> None:
    with mock.patch.object(looking, "ask", side_effect=ValueError("odd")):
        assert check(listed, looker(web)) == {NO_ANSWER: 3}
