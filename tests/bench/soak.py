"""`make soak`: people search (60 of 100), look at services (25), answer the questions (10) and edit (5) for 20 minutes, or MINUTES=….

The site as it is served, two workers, the demo borough; people come from many addresses, as behind a proxy. Every minute: answers,
errors, and of each worker its memory (PSS: shared pages divided among those who share them) and open descriptors. Before it begins, as
many pages are asked for as fill the caches. At the end a straight line is fitted to each worker's figures and its slope printed. Fails
for any error, and where something grows.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

sys.path.insert(0, str(Path(__file__).parent.parent))

from accounts import make_person
from bench.corpus import SEED
from bench.memory import memory_of
from faults.desk import Change, put_changes
from faults.states import demo_in, settings_of
from relevance.judging import JUDGEMENTS, load_judgements
from serving import Served, serving
from sqlalchemy import func, select

from portal.accounts.audiences import Level
from portal.accounts.signing import sessions
from portal.accounts.signing.cookies import Cookie
from portal.config import Settings
from portal.db import opened, reading, writing
from portal.directory.models import Service

PEOPLE: Final = 6
PAUSE: Final = 0.05  # seconds between two pages of one person
SHARES: Final = {"search": 60, "service": 25, "assessment": 10, "edit": 5}
WARM: Final = 3_000  # answers, in which caches fill
LONGEST_WARMING: Final = 900.0  # seconds
GROWTH: Final = 1.0  # MB a minute that a worker may grow by, with the noise of a short run
LEAK: Final = 0.5  # descriptors a minute
SAMPLE: Final = 10.0  # seconds
LANGUAGES: Final = ("en", "en", "en", "ur", "pl", "bn", "ar")
PATIENCE: Final = 60.0  # seconds


@dataclass
class Seen:
    """Answers by kind of journey and status; 0 where a connection broke off. `taken` in seconds; `wrong` by what was asked for."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    taken: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Measured:
    """One worker at a moment: seconds since the start, MB, descriptors."""

    at: float
    megabytes: float
    descriptors: int


@dataclass(frozen=True)
class Ground:
    """What journeys are made of: questions, services, and an editor and a reviewer by their tokens, with what they have to do."""

    questions: Sequence[tuple[str, str]]
    services: Sequence[str]
    editor: str
    own: Sequence[str]
    reviewer: str
    changes: Iterator[Change]


class Person:
    """Somebody with a browser of their own, at an address of their own, for one journey."""

    _numbers: Final = count(1)

    def __init__(self, site: Served, seen: Seen, kind: str, token: str = "") -> None:
        self._site, self._seen, self._kind = site, seen, kind
        number = next(self._numbers)
        self._headers = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", "Accept-Encoding": "identity"}
        if token:
            self._headers["Cookie"] = f"{Cookie.SIGN_IN}={token}"
        self._browser: OpenerDirector = build_opener(HTTPCookieProcessor())
        self._at = ""

    def is_at(self, address: str) -> bool:
        """Whether the last page was this, and not another that it led to."""
        return self._at == address

    def get(self, address: str) -> str:
        """A page; empty for none."""
        return self._ask(Request(self._site.url + address, headers=self._headers))  # noqa: S310 - our own address

    def post(self, address: str, form: dict[str, object]) -> str:
        """Send a form, and look at what it leads to."""
        headers = {**self._headers, "Sec-Fetch-Site": "same-origin"}
        return self._ask(Request(self._site.url + address, urlencode(form, doseq=True).encode(), headers))  # noqa: S310 - our own address

    def _ask(self, request: Request) -> str:
        started, body, self._at = time.perf_counter(), "", ""
        try:
            with self._browser.open(request, timeout=PATIENCE) as response:
                status, body, self._at = response.status, response.read().decode(), urlsplit(response.url).path
        except HTTPError as error:
            with error:
                status = error.code
        except (OSError, HTTPException):
            status = 0
        self._seen.taken.append(time.perf_counter() - started)
        self._seen.statuses[self._kind, status] += 1
        if status != 200:
            self._seen.wrong[f"{status} {request.get_method()} {re.sub('[0-9a-f-]{36}', '…', request.selector.partition('?')[0])}"] += 1
        time.sleep(PAUSE)
        return body


def main() -> int:
    """Run for so long; 1 where something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--warm", type=int, default=WARM, help="answers before measuring begins")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-soak-") as folder:
        state = demo_in(Path(folder))
        ground = _ground(settings_of(state))
        with serving(state, workers=2, PORTAL_TRUSTED_PROXIES="1") as site:
            seen, measured = _soak(site, ground, given.minutes * 60, given.warm)
            is_loud = "Traceback" in site.log.read_text("utf-8", "replace")
    return _judge(seen, measured, given.minutes, is_loud)


def _ground(settings: Settings) -> Ground:
    desk = put_changes(settings, 300)
    with opened(settings.database_url) as engine:
        with reading(engine) as session:
            services = [str(each) for each in session.scalars(select(Service.id).where(Service.status == "active"))]
            largest = select(Service.organization_id).group_by(Service.organization_id).order_by(func.count().desc()).limit(1)
            organization = session.scalars(largest).one()
            mine = select(Service.id).where(Service.organization_id == organization, Service.status == "active")
            own = [str(each) for each in session.scalars(mine)]
        with writing(engine) as session:
            editor = make_person(session, "keeper@example.org", organizations=[organization])
            token = sessions.start(session, editor.id, Level.PASSKEY, "Chrome, Android")
    questions = [(it.q, it.place) for it in load_judgements(JUDGEMENTS)]
    return Ground(questions, services, token, own, desk.token, iter(desk.changes))


def _soak(site: Served, ground: Ground, seconds: float, warm: int) -> tuple[Seen, dict[int, list[Measured]]]:
    seen, measured = Seen(), dict[int, list[Measured]]()
    with _people(site, ground, seen):
        _warm(seen, warm)
        started = time.monotonic()
        said = 0
        while (at := time.monotonic() - started) < seconds:
            for worker in site.workers():
                measured.setdefault(worker, []).append(_measure(worker, at))
            if at >= said * 60:
                _say(said, seen, measured)
                said += 1
            time.sleep(SAMPLE)
        _say(said, seen, measured)
    return seen, measured


def _warm(seen: Seen, answers: int) -> None:
    started = time.monotonic()
    while sum(seen.statuses.values()) < answers and time.monotonic() - started < LONGEST_WARMING:
        time.sleep(1.0)
    print(f"caches filled by {sum(seen.statuses.values()):,} answers in {time.monotonic() - started:.0f} s", flush=True)


@contextmanager
def _people(site: Served, ground: Ground, seen: Seen) -> Iterator[None]:
    stop = threading.Event()

    def live(number: int) -> None:
        chance = random.Random(SEED + number)  # noqa: S311 - repeatable, not secret
        while not stop.is_set():
            kind = chance.choices(list(SHARES), list(SHARES.values()))[0]
            JOURNEYS[kind](site, ground, seen, chance)

    threads = [threading.Thread(target=live, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _search(site: Served, ground: Ground, seen: Seen, chance: random.Random) -> None:
    q, place = chance.choice(ground.questions)
    query = urlencode({"q": q, "place": place, **chance.choice(({}, {"page": 2}, {"cost": "free"}, {"when": "evening"}))})
    Person(site, seen, "search").get(f"/{chance.choice(LANGUAGES)}/search?{query}")


def _service(site: Served, ground: Ground, seen: Seen, chance: random.Random) -> None:
    Person(site, seen, "service").get(f"/{chance.choice(LANGUAGES)}/services/{chance.choice(ground.services)}")


def _assessment(site: Served, _ground: Ground, seen: Seen, chance: random.Random) -> None:
    """All questions to the plan: one share of ten of what people do, in pages far more."""
    person = Person(site, seen, "assessment")
    given: dict[int, dict[str, object]] = {1: {"who": "me"}, 2: {}, 3: {"place": "Eastmoor"}}
    for number in range(1, 16):
        page = person.get(f"/en/questions/{number}")
        if not person.is_at(f"/en/questions/{number}"):
            break
        options = re.findall(r'name="([\w-]+)" type="(?:radio|checkbox)" value="([^"]+)"', page)
        chance.shuffle(options)
        person.post(f"/en/questions/{number}", given.get(number, dict(options)))
    person.get("/en/plan")


def _edit(site: Served, ground: Ground, seen: Seen, chance: random.Random) -> None:
    """A change approved while any waits, a step of a listing saved, a listing said to be still right."""
    change = next(ground.changes, None)
    if change is not None:
        Person(site, seen, "edit", ground.reviewer).post(change.address, dict(change.form))
    editor, own = Person(site, seen, "edit", ground.editor), chance.choice(ground.own)
    editor.post(f"/en/my-listings/{own}/about", {"name": "A club", "description": f"A warm meal, {chance.random():.6f}.", "do": "save"})
    editor.post("/en/my-listings/still-right", {"service": chance.choice(ground.own)})


JOURNEYS: Final = {"search": _search, "service": _service, "assessment": _assessment, "edit": _edit}


def _measure(worker: int, at: float) -> Measured:
    return Measured(at, memory_of(worker).share, len(list(Path(f"/proc/{worker}/fd").iterdir())))


def _say(minute: int, seen: Seen, measured: dict[int, list[Measured]]) -> None:
    workers = "  ".join(f"{worker}: {them[-1].megabytes:.0f} MB {them[-1].descriptors} fd" for worker, them in measured.items())
    print(f"minute {minute:3}  {sum(seen.statuses.values()):7,} answers  {sum(seen.wrong.values()):4} wrong  {workers}", flush=True)


def _judge(seen: Seen, measured: dict[int, list[Measured]], minutes: float, is_loud: bool) -> int:
    total = sum(seen.statuses.values())
    for kind in SHARES:
        counted = {status: number for (each, status), number in sorted(seen.statuses.items()) if each == kind}
        print(f"  {kind:11} {counted}")
    cut = statistics.quantiles(seen.taken, n=100)
    p50, p95, p99 = (round(cut[at] * 1000) for at in (49, 94, 98))
    print(f"  {total:,} answers with {minutes:g} minutes measured; p50 {p50}, p95 {p95}, p99 {p99} ms")
    for what, number in seen.wrong.most_common(10):
        print(f"  WRONG {number} × {what}")
    flat = [_is_flat(worker, them) for worker, them in measured.items()]
    print(
        f"  errors: {sum(seen.wrong.values())}; tracebacks in the log: {'yes' if is_loud else 'none'}; flat: {'yes' if all(flat) else 'NO'}"
    )
    return int(bool(seen.wrong) or is_loud or not all(flat))


def _is_flat(worker: int, them: Sequence[Measured]) -> bool:
    if len(them) < 3:
        print(f"  worker {worker}: measured too seldom for a line")
        return True
    minutes = [it.at / 60 for it in them]
    memory = statistics.linear_regression(minutes, [it.megabytes for it in them])
    files = statistics.linear_regression(minutes, [float(it.descriptors) for it in them])
    print(
        f"  worker {worker}: {them[0].megabytes:.1f} → {them[-1].megabytes:.1f} MB, {memory.slope:+.2f} MB a minute; "
        f"{them[0].descriptors} → {them[-1].descriptors} descriptors, {files.slope:+.2f} a minute"
    )
    return memory.slope <= GROWTH and files.slope <= LEAK


if __name__ == "__main__":
    sys.exit(main())
