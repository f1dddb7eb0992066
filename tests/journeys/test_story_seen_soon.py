"""What a reviewer publishes is found at once, by whichever worker answers."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from accounts import make_person
from msgspec.structs import replace
from serving import Served, serving
from sqlalchemy import select

from portal.accounts.audiences import Level, Role
from portal.accounts.queries import get_person, member_of
from portal.accounts.signing import sessions
from portal.accounts.signing.cookies import Cookie
from portal.config import from_environment
from portal.db import opened, writing
from portal.directory.models import Service
from portal.directory.records import get_record
from portal.editing.proposals.draft import Draft, DraftedService
from portal.editing.proposals.models import Kind
from portal.editing.proposals.operations import propose, save_draft

WORD = "Quillfeather"  # of which no listing speaks
IN_A_ROW = 8  # answers, so that both workers gave some
PATIENCE = 120.0  # seconds, on a busy machine; `make bench` says how long it takes


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_given: object) -> None:
        return None


def waiting_proposal(state: Path) -> tuple[str, dict[str, str], str]:
    """A proposal that waits for review, the form that approves it, and a reviewer's token."""
    with opened(from_environment({"PORTAL_STATE": str(state)}).database_url) as engine:
        with writing(engine) as session:
            service = session.scalars(select(Service).where(Service.name == "Try it before you buy it")).one()
            reviewer = make_person(session, "rosa@example.org", roles=[Role.REVIEWER])
            editor = make_person(session, "kim@example.org", organizations=[service.organization_id])
            token = sessions.start(session, reviewer.id, Level.PASSKEY, "Chrome, Android")
        with writing(engine) as session:
            member = member_of(get_person(session, editor.id), Level.PASSKEY, "test")
            live = get_record(session, service.id)
            record = replace(live.record, description=f"{live.record.description} Ask for {WORD}.")
            services = (DraftedService(service.id, record),)
            draft = save_draft(session, member, Draft(service.organization_id, Kind.CHANGE, services))
            propose(session, member, draft.id)
            own = draft.services[0]
            form = {"lock": str(draft.lock), f"version:{own.id}": str(live.version), "tick": f"{own.id}:description", "act": "publish"}
            return f"/en/review/{draft.id}", form, token


def approve(site: Served, address: str, form: dict[str, str], token: str) -> int:
    headers = {"Cookie": f"{Cookie.SIGN_IN}={token}", "Sec-Fetch-Site": "same-origin"}
    request = Request(site.url + address, urlencode(form).encode(), headers)  # noqa: S310 - our own address
    try:
        with build_opener(_Stay).open(request, timeout=PATIENCE) as answer:
            return int(answer.status)
    except OSError as error:  # a redirect that is not followed comes as an error
        return int(getattr(error, "code", 0))


def is_found(site: Served) -> bool:
    return "Try it before you buy it" in site.get(f"/en/search?q={WORD}").body


def test_an_approved_change_is_found_by_every_worker_soon(demo_state: Path, tmp_path: Path) -> None:
    state = shutil.copytree(demo_state, tmp_path / "state")
    address, form, token = waiting_proposal(state)
    with serving(state, workers=2) as site:
        assert not is_found(site)
        assert approve(site, address, form, token) == 303
        approved, found = time.monotonic(), 0
        while found < IN_A_ROW:
            found = found + 1 if is_found(site) else 0
            assert time.monotonic() - approved < PATIENCE, "the change is not found"
        print(f"found by every worker after {time.monotonic() - approved:.1f} s")
