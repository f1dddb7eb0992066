"""Changes that wait for a reviewer, made as the desks make them, and the request by which a reviewer approves one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from accounts import make_person
from msgspec.structs import replace
from serving import Served
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.audiences import Level, Role
from portal.accounts.queries import get_person, member_of
from portal.accounts.signing import sessions
from portal.accounts.signing.cookies import Cookie
from portal.config import Settings
from portal.db import opened, reading, writing
from portal.directory.models import Service
from portal.directory.records import find_records
from portal.editing.proposals.draft import Draft, DraftedService
from portal.editing.proposals.models import Kind, Proposal
from portal.editing.proposals.operations import propose, save_draft

VOWELS, OTHERS = "aeiou", "bdfgklmnprstvz"


@dataclass(frozen=True)
class Change:
    """A change that waits: where and by what form it is approved, the word that only it brings, and the listing that will have it."""

    id: uuid.UUID
    form: dict[str, str]
    word: str
    service: uuid.UUID

    @property
    def address(self) -> str:
        """Where it is approved."""
        return f"/en/review/{self.id}"


@dataclass(frozen=True)
class Desk:
    """A reviewer who is signed in, by their token, and what waits for them."""

    token: str
    changes: Sequence[Change]

    @property
    def headers(self) -> dict[str, str]:
        """What the reviewer's browser sends."""
        return {"Cookie": f"{Cookie.SIGN_IN}={self.token}", "Sec-Fetch-Site": "same-origin"}

    def approve(self, site: Served, change: Change) -> bool:
        """Approve a change; whether the reviewer was told that it is done. Raises `OSError` where the connection broke."""
        return site.post(change.address, change.form, **self.headers).status == 303


def word_of(number: int) -> str:
    """A word of which no listing speaks, another for each number."""
    letters, left = "", number
    for choices in (OTHERS, VOWELS, OTHERS, VOWELS):
        left, at = divmod(left, len(choices))
        letters += choices[at]
    return f"quillfe{letters}th"


def put_changes(settings: Settings, count: int) -> Desk:
    """So many changes of as many listings, each with a word of its own."""
    with opened(settings.database_url) as engine, writing(engine) as session:
        reviewer = make_person(session, "rosa@example.org", roles=[Role.REVIEWER])
        token = sessions.start(session, reviewer.id, Level.PASSKEY, "Chrome, Android")
        ids = session.scalars(select(Service.id).where(Service.status == "active").order_by(Service.id).limit(count)).all()
        return Desk(token, [_propose(session, service_id, number) for number, service_id in enumerate(ids)])


def _propose(session: Session, service_id: uuid.UUID, number: int) -> Change:
    known, word = find_records(session, [service_id])[service_id], word_of(number)
    editor = make_person(session, f"kim{number}@example.org", organizations=[known.organization_id])
    member = member_of(get_person(session, editor.id), Level.PASSKEY, "faults")
    record = replace(known.record, description=f"{known.record.description} Ask for {word}.")
    draft = save_draft(session, member, Draft(known.organization_id, Kind.CHANGE, (DraftedService(service_id, record),)))
    propose(session, member, draft.id)
    own = draft.services[0]
    form = {"lock": str(draft.lock), f"version:{own.id}": str(known.version), "tick": f"{own.id}:description", "act": "publish"}
    return Change(draft.id, form, word, service_id)


def is_published(settings: Settings, change: Change) -> bool:
    """Whether the listing has the word. Raises `AssertionError` when proposal and listing say different things."""
    with opened(settings.database_url) as engine, reading(engine) as session:
        has_word = change.word in find_records(session, [change.service])[change.service].record.description
        state = session.get_one(Proposal, change.id).state
    if has_word != (state == "approved"):
        raise AssertionError(f"the proposal is {state}, and the listing {'has' if has_word else 'has not'} what it proposed")
    return has_word
