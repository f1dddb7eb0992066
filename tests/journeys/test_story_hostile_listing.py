"""What an editor writes stays words: hostile text in every field of a listing, on every page that shows it."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from hostile_words import HOSTILE, injected
from msgspec.structs import replace
from sqlalchemy import select

from portal.accounts.audiences import Level, Role
from portal.accounts.models import Person
from portal.accounts.queries import get_person, member_of
from portal.db import reading, writing
from portal.directory.models import Service
from portal.directory.publishing import Target, publish
from portal.directory.record import CostEntry, PhoneEntry, ServiceRecord, TranslationEntry
from portal.directory.records import get_record
from portal.editing.proposals.draft import Draft, DraftedService
from portal.editing.proposals.models import Kind
from portal.editing.proposals.operations import propose, save_draft
from portal.history import Act


def hostile(record: ServiceRecord, text: str) -> ServiceRecord:
    """`record` with `text` in every field that takes words."""
    venue = replace(record.venues[0], name=text, address=text, city=text, note=text, directions=text, access=(text,))
    sessions = tuple(replace(each, note=text) for each in venue.sessions)
    return replace(
        record,
        name=text,
        description=text,
        alert=text,
        eligibility=text,
        venues=(replace(venue, sessions=sessions),),
        phones=(PhoneEntry("01632 960777", description=text),),
        application_process=text,
        wait_time=text,
        fees=text,
        costs=(CostEntry(2.5, option=text, description=text),),
        documents=(text,),
        interpretation=text,
        translations=(TranslationEntry("ur", name=text, summary=text),),
    )


def linked_data(body: str) -> list[object]:
    return [json.loads(each) for each in re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)]


@pytest.fixture
def place(app: Flask) -> tuple[uuid.UUID, uuid.UUID, Person]:
    """A service, its organization and its editor."""
    with reading(app.extensions["signing"].engine) as session:
        service = session.scalars(select(Service).where(Service.name == "Try it before you buy it")).one()
    return service.id, service.organization_id, make_person(app, "kim@example.org", organizations=[service.organization_id])


def show(app: Flask, place: tuple[uuid.UUID, uuid.UUID, Person], text: str) -> uuid.UUID:
    """Publish `text` in every field, and propose more of it; the proposal."""
    service_id, organization_id, editor = place
    engine = app.extensions["signing"].engine
    with writing(engine) as session:
        live = get_record(session, service_id)
        publish(session, Target(organization_id, service_id), hostile(live.record, text), Act("published", "test"))
    with writing(engine) as session:
        member = member_of(get_person(session, editor.id), Level.PASSKEY, "test")
        record = replace(get_record(session, service_id).record, description=f"{text} {text}", fees=text * 2)
        draft = save_draft(session, member, Draft(organization_id, Kind.CHANGE, (DraftedService(service_id, record),)))
        proposal_id = propose(session, member, draft.id, text).proposal_id
    app.extensions["search"].index.follow()
    return proposal_id


def test_nothing_that_is_written_in_a_listing_runs_anywhere(app: Flask, place: tuple[uuid.UUID, uuid.UUID, Person]) -> None:
    app.test_client_class = FlaskClient  # what is shown here looks like mistakes of ours, which the page contract would find
    service_id, organization_id, editor = place
    roles = [Role.REVIEWER, Role.COUNCIL_EDITOR, Role.ADMINISTRATOR]
    reviewer = make_person(app, "rosa@example.org", roles=roles, name=HOSTILE[1])
    public, desk, council = app.test_client(), signed_in(app, editor), signed_in(app, reviewer)
    public.post("/en/list/keep", data={"service": str(service_id)})
    for text in HOSTILE:
        proposal_id = show(app, place, text)
        seen = [
            *((public, f"/{language}/services/{service_id}") for language in ("en", "ur")),
            (public, f"/en/organizations/{organization_id}"),
            (public, "/en/search?q=occupational+therapist+chairs&place=Northgate"),
            (public, "/ur/search?need=equipment"),
            (public, "/en/list"),
            (public, f"/en/services/{service_id}/report"),
            (desk, "/en/my-listings"),
            (desk, f"/en/my-listings/{service_id}"),
            (desk, f"/en/my-listings/{service_id}/times"),
            (desk, f"/en/my-listings/{service_id}/check"),
            (desk, f"/en/services/{service_id}/history"),
            (council, "/en/review"),
            (council, f"/en/review/{proposal_id}"),
            (council, f"/ur/review/{proposal_id}"),
            (council, f"/en/services/{service_id}/history/0"),
            (council, "/en/due"),
            (council, "/en/people"),
        ]
        for client, address in seen:
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert list(injected(answer.text)) == [], f"{address}: {text}"
            assert all(isinstance(each, dict) for each in linked_data(answer.text)), address


def test_what_would_run_is_noticed() -> None:
    for body in ("<p onclick=a()>", "<script>a()</script>", "<a href=' javascript:a()'>x</a>", "<img src=x>", "<iframe></iframe>"):
        assert list(injected(f"<!doctype html><title>x</title>{body}"))
