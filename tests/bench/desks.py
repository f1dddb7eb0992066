"""How long every page of every desk takes, in a directory that is as large as any: printed with the slowest first.

The addresses are those of the application itself, so that a page that is added is measured without a change here. One process, no
network; the processor's time stands beside the clock's, because a machine that is busy with something else makes only the latter longer.
"""

from __future__ import annotations

import gc
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from accounts import signed_in
from bench.acts import Step, acts, elsewhere
from bench.borough import fill
from bench.work import Work, put_work
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.routing import AnyConverter, Rule

from portal import clock
from portal.accounts.audiences import PUBLIC, Audience
from portal.config import Settings
from portal.insight.periods import list_quarters
from portal.web.app import create_app
from portal.web.audiences import audience_of
from portal.web.holdings import hold
from portal.web.serving import prepare_database

LISTINGS: Final = 20_000
ORGANIZATIONS: Final = 3_000
REQUESTS: Final = 15
LIMIT: Final = 200.0  # milliseconds, 95 of 100 requests
WAITED_FOR: Final = 2_000.0  # milliseconds that somebody waits for what they sent without being told
WHO: Final = {
    Audience.ENROLLING: "editor",
    Audience.MEMBER: "editor",
    Audience.EDITOR: "editor",
    Audience.REVIEWER: "reviewer",
    Audience.COUNCIL: "reviewer",
    Audience.COUNCIL_EDITOR: "council-editor",
    Audience.ADVISER: "adviser",
    Audience.COMMISSIONER: "commissioner",
    Audience.ADMINISTRATOR: "administrator",
}
WORDS: Final[dict[str, Any]] = {
    "lang_code": "en",
    "year": 2026,
    "name": "capital_upper",
    "slug": "eastmoor",
    "need": "falls",
    "code": "ur",
    "number": 1,
    "quarter": list_quarters(clock.today())[0].name,
}


@dataclass(frozen=True)
class Measured:
    """One page or act. Milliseconds: by the clock (half and 95 of 100 take no longer), and of the processor (half)."""

    what: str
    status: int
    p50: float
    p95: float
    processor: float
    kilobytes: float = 0.0
    times: tuple[float, ...] = ()  # by the clock, the shortest first

    def line(self, limit: float) -> str:
        """As it is printed."""
        over = "  OVER" if self.p95 > limit else ""
        size = f"{self.kilobytes:7.0f} KB" if self.kilobytes else " " * 10
        return f"  {self.p50:8.0f}{self.p95:8.0f}{self.processor:10.0f}{size}  {self.what}{over}"


def print_desks(settings: Settings, demo: Engine) -> None:
    """Fill a directory, from the listings of `demo`, and measure all of it."""
    prepare_database(settings)
    holdings = hold(settings)
    large = fill(holdings.engine, demo, LISTINGS, ORGANIZATIONS)
    work = put_work(holdings, large)
    holdings.index.rebuild()
    holdings.engine.dispose()
    app = create_app(settings)
    gc.collect()
    gc.freeze()  # as the server does
    print_pages(app, work)
    print_acts(app, work)


def print_pages(app: Flask, work: Work) -> None:
    """All pages, the slowest first."""
    found = [page for page in _pages(app, work) if page]
    shown = sorted((page for page in found if page.status == 200), key=lambda page: -page.p95)
    print(f"\ndesk pages, {LISTINGS:,} listings, {ORGANIZATIONS:,} organisations; limit {LIMIT:.0f} ms\n       p50     p95 processor")
    for page in shown:
        print(page.line(LIMIT))
    for page in found:
        if page.status != 200:
            print(f"  answers {page.status}, not measured: {page.what}")


def print_acts(app: Flask, work: Work) -> None:
    """What people send, and wait for."""
    print(f"\nwhat people send and wait for; above {WAITED_FOR:.0f} ms the page before has to say so\n       p50     p95 processor")
    for what, steps in acts(app, work):
        print(measure(what, steps).line(WAITED_FOR))


def _pages(app: Flask, work: Work) -> Iterator[Measured]:
    clients = {who: signed_in(app, person) for who, person in work.people.items()}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        audience = audience_of(rule.endpoint)
        if audience in PUBLIC or "GET" not in (rule.methods or ()):
            continue
        for address in _addresses(rule, work):
            client = clients[WHO[audience]]
            yield measure(f"{rule.endpoint} {_short(address)}", [_getting(client, address)] * (REQUESTS + 1))


def _addresses(rule: Rule, work: Work) -> Iterator[str]:
    """Real addresses of a route: one for each choice where it has several."""
    free = rule.arguments - set(rule.defaults or {})
    choices = next((kind.items for name, kind in rule._converters.items() if isinstance(kind, AnyConverter) and name != "lang_code"), None)
    for choice in sorted(choices or {""}):
        values = {name: _value(rule, name, choice, work) for name in free}
        built = rule.build({**values, **dict(rule.defaults or {})}, append_unknown=False)
        if built is not None:
            yield built[1]


def _value(rule: Rule, name: str, choice: str, work: Work) -> Any:
    known = {**WORDS, **work.ids}
    if (name, rule.endpoint) in known:
        return known[name, rule.endpoint]
    if isinstance(rule._converters[name], AnyConverter) and name != "lang_code":
        return choice
    return known.get(name, uuid.UUID(int=7))


def _short(address: str) -> str:
    return "/".join(f"{part[:4]}…" if len(part) == 36 else part for part in address.split("/"))


def _getting(client: FlaskClient, address: str) -> Step:
    def step() -> tuple[int, int]:
        answer = client.get(address, environ_overrides=elsewhere())
        return answer.status_code, len(answer.data)

    return step


def measure(what: str, steps: Sequence[Step]) -> Measured:
    """How long each of these takes, the first left out."""
    clock, processor, answer = [], [], (0, 0)
    for step in steps:
        wall, used = time.perf_counter(), time.thread_time()
        answer = step()
        clock.append((time.perf_counter() - wall) * 1000)
        processor.append((time.thread_time() - used) * 1000)
        if answer[0] >= 400:
            break
    clock, processor = sorted(clock[1:] or clock), sorted(processor[1:] or processor)
    return Measured(what, answer[0], at(clock, 0.5), at(clock, 0.95), at(processor, 0.5), answer[1] / 1000, tuple(clock))


def at(ordered: Sequence[float], share: float) -> float:
    """What that share of some times, the shortest first, does not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
