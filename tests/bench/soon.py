"""How soon a change is found that somebody approves: two workers as they serve, a listing's new word asked for until all answers have it.

Nobody says which worker answered, so the word has to be found several times in a row; that costs some of the time that is measured.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from accounts import make_person
from bench.borough import fill
from msgspec.structs import replace
from serving import Served, serving
from sqlalchemy import Engine, select

from portal.accounts.audiences import Level, Role
from portal.accounts.queries import get_person, member_of
from portal.accounts.signing import sessions
from portal.accounts.signing.cookies import Cookie
from portal.config import Settings
from portal.db import opened, writing
from portal.directory.models import Service
from portal.directory.records import find_records
from portal.editing.proposals.draft import Draft, DraftedService
from portal.editing.proposals.models import Kind
from portal.editing.proposals.operations import propose, save_draft
from portal.web.holdings import hold
from portal.web.serving import prepare_database

CHANGES: Final = 5
IN_A_ROW: Final = 8
PATIENCE: Final = 60.0  # seconds
LIMIT: Final = 2.0  # seconds
WORDS: Final = ("quillfeather", "marlinspike", "bumblethorpe", "wexcombury", "tarradiddle", "ollivander")  # of which no listing speaks


@dataclass(frozen=True)
class Change:
    """A change that waits: where it is approved, with what, the word that will be found, and the address of the listing that has it."""

    address: str
    form: dict[str, str]
    word: str
    service: str


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_given: object) -> None:
        return None


def directory_in(settings: Settings, demo: Engine, size: int) -> None:
    """A directory of that many listings, indexed."""
    prepare_database(settings)
    holdings = hold(settings)
    fill(holdings.engine, demo, size, max(200, size // 7))
    holdings.index.rebuild()
    holdings.engine.dispose()


def print_soon(settings: Settings, size: int) -> None:
    """Approve some changes, one after another, and say how long each took to be found."""
    token, changes = _waiting(settings)
    with serving(Path(settings.instance.parent), workers=2) as site:
        taken = [_seconds(site, change, token) for change in changes]
    first, later = taken[0], sorted(taken[1:])
    over = "  OVER" if later[-1] > LIMIT else ""
    print(
        f"  {size:>7,} listings: p50 {statistics.median(later):.1f} s, longest {later[-1]:.1f} s; the first {first:.1f} s{over}", flush=True
    )


def _waiting(settings: Settings) -> tuple[str, list[Change]]:
    with opened(settings.database_url) as engine, writing(engine) as session:
        reviewer = make_person(session, "soon@example.org", roles=[Role.REVIEWER])
        token = sessions.start(session, reviewer.id, Level.PASSKEY, "Chrome, Android")
        ids = session.scalars(select(Service.id).where(Service.status == "active").order_by(Service.id).limit(CHANGES + 1)).all()
        live, changes = find_records(session, ids), []
        for number, service_id in enumerate(ids):
            known = live[service_id]
            editor = make_person(session, f"soon{number}@example.org", organizations=[known.organization_id])
            member = member_of(get_person(session, editor.id), Level.PASSKEY, "bench")
            record = replace(known.record, description=f"{known.record.description} Ask for {WORDS[number]}.")
            draft = save_draft(session, member, Draft(known.organization_id, Kind.CHANGE, (DraftedService(service_id, record),)))
            propose(session, member, draft.id)
            own = draft.services[0]
            chosen = {"lock": str(draft.lock), f"version:{own.id}": str(known.version), "tick": f"{own.id}:description", "act": "publish"}
            changes.append(Change(f"/en/review/{draft.id}", chosen, WORDS[number], f"/services/{service_id}"))
        return token, changes


def _seconds(site: Served, change: Change, token: str) -> float:
    """From the answer to the reviewer until every answer has it."""
    headers = {"Cookie": f"{Cookie.SIGN_IN}={token}", "Sec-Fetch-Site": "same-origin"}
    request = Request(site.url + change.address, urlencode(change.form).encode(), headers)  # noqa: S310 - our own address
    with suppress(HTTPError):  # a redirect that is not followed comes as an error
        build_opener(_Stay).open(request, timeout=PATIENCE).close()
    approved, in_a_row = time.perf_counter(), 0
    since = approved
    for is_found in _answers(site, change):
        in_a_row = in_a_row + 1 if is_found else 0
        if in_a_row == 1:
            since = time.perf_counter()
        if in_a_row == IN_A_ROW:
            return since - approved
    raise RuntimeError(f"{change.word} is not found")


def _answers(site: Served, change: Change) -> Iterator[bool]:
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        yield change.service in site.get(f"/en/search?q={change.word}").body
        time.sleep(0.02)
