"""The reviewer's desk over HTTP: what waits, one proposal field by field, every decision, and what a listing said before."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

import pytest
from accounts import make_person, signed_in
from filling import filled
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import select

from portal.accounts.audiences import Level, Role
from portal.accounts.models import Person
from portal.accounts.queries import get_person, member_of
from portal.db import reading, writing
from portal.directory.models import Service
from portal.directory.record import PhoneEntry, ServiceRecord
from portal.directory.records import get_record
from portal.editing.proposals.draft import Draft, DraftedService
from portal.editing.proposals.models import Kind
from portal.editing.proposals.operations import propose, save_draft
from portal.editing.proposals.queries import get_proposal
from portal.editing.reviewing import views

WORDS = "Soup and company, every week. Everybody is welcome."


@dataclass
class Stage:
    """One service of the demo, its editor, two reviewers."""

    app: Flask
    service_id: uuid.UUID
    organization_id: uuid.UUID
    editor: Person
    first: FlaskClient
    second: FlaskClient

    def record(self) -> ServiceRecord:
        with reading(self.app.extensions["signing"].engine) as session:
            return get_record(session, self.service_id).record

    def propose(self, by: Person | None = None, **fields: object) -> uuid.UUID:
        person = by or self.editor
        with writing(self.app.extensions["signing"].engine) as session:
            member = member_of(get_person(session, person.id), Level.PASSKEY, "test")
            record = replace(get_record(session, self.service_id).record, **fields)
            services = (DraftedService(self.service_id, record),)
            draft = save_draft(session, member, Draft(self.organization_id, Kind.CHANGE, services))
            return propose(session, member, draft.id, "We wrote it anew").proposal_id

    def state(self, proposal_id: uuid.UUID) -> str:
        with reading(self.app.extensions["signing"].engine) as session:
            return get_proposal(session, proposal_id).state

    def ticks(self, proposal_id: uuid.UUID, *fields: str) -> dict[str, object]:
        """A form that approves these fields, as the page gives it."""
        with reading(self.app.extensions["signing"].engine) as session:
            view = get_proposal(session, proposal_id)
        own = view.services[0]
        return {
            "lock": str(view.lock),
            f"version:{own.id}": str(own.live_version),
            "tick": [f"{own.id}:{field}" for field in fields],
            "act": "publish",
        }


@pytest.fixture
def stage(app: Flask) -> Stage:
    with reading(app.extensions["signing"].engine) as session:
        service = session.scalars(select(Service).where(Service.name == "Try it before you buy it")).one()
    editor = make_person(app, "kim@example.org", organizations=[service.organization_id], name="Kim Adeyemi")
    first, second = (make_person(app, f"{name}@example.org", roles=[Role.REVIEWER], name=name.title()) for name in ("rosa", "sam"))
    return Stage(app, service.id, service.organization_id, editor, signed_in(app, first), signed_in(app, second))


def test_the_desk_says_what_waits_and_for_how_long(stage: Stage) -> None:
    empty = stage.first.get("/en/review").text
    assert "Nothing waits" in empty
    proposal_id = stage.propose(description=WORDS)
    page = stage.first.get("/en/review").text
    assert f"/en/review/{proposal_id}" in page
    assert "What it does" in page
    assert "Since today" in page


def test_differences_are_shown_as_words_struck_and_added(stage: Stage) -> None:
    proposal_id = stage.propose(fees="Free on Mondays", wait_time="Three weeks")
    page = stage.first.get(f"/en/review/{proposal_id}").text
    assert re.search(r'<del><span class="hidden-text">Was: </span>Two\b', page) or "<del>" in page
    assert "Now: </span>" in page
    assert "Kim Adeyemi" in page
    assert "We wrote it anew" in page


def test_what_is_ticked_is_live_and_the_rest_goes_back_with_a_reason(stage: Stage) -> None:
    proposal_id = stage.propose(description=WORDS, wait_time="Three weeks")
    form = stage.ticks(proposal_id, "description")
    refused = stage.first.post(f"/en/review/{proposal_id}", data=form)
    assert refused.status_code == 422
    assert "Say why you leave something out" in refused.text
    assert stage.record().description != WORDS
    done = stage.first.post(f"/en/review/{proposal_id}", data={**form, "reason": "The wait is two weeks, they say."})
    assert done.status_code == 303
    assert stage.record().description == WORDS
    assert stage.record().wait_time == "Two weeks"
    assert stage.state(proposal_id) == "partly-approved"
    assert "Published in part" in stage.first.get(f"/en/review/{proposal_id}").text


def test_words_can_be_put_right_before_they_are_published(stage: Stage) -> None:
    proposal_id = stage.propose(description=WORDS)
    form = stage.ticks(proposal_id, "description")
    text = next(iter(form["tick"]))  # type: ignore[call-overload]
    done = stage.first.post(f"/en/review/{proposal_id}", data={**form, f"text:{text}": "Soup and company."})
    assert done.status_code == 303
    assert stage.record().description == "Soup and company."


def test_it_can_be_given_back_but_not_without_a_word(stage: Stage) -> None:
    proposal_id = stage.propose(description=WORDS)
    form = {**stage.ticks(proposal_id), "act": "return"}
    assert stage.first.post(f"/en/review/{proposal_id}", data=form).status_code == 422
    assert stage.first.post(f"/en/review/{proposal_id}", data={**form, "reason": "Please say when."}).status_code == 303
    assert stage.state(proposal_id) == "returned"
    assert stage.record().description != WORDS


def test_a_changed_number_waits_for_a_second_person(stage: Stage) -> None:
    before = stage.record().phones
    proposal_id = stage.propose(phones=(PhoneEntry("01632 960777"),), description=WORDS)
    assert stage.first.post(f"/en/review/{proposal_id}", data=stage.ticks(proposal_id, "phones", "description")).status_code == 303
    assert stage.record().description == WORDS
    assert stage.record().phones == before
    assert "A second reviewer has to look" in stage.first.get(f"/en/review/{proposal_id}").text
    again = {**stage.ticks(proposal_id), "act": "confirm"}
    assert stage.first.post(f"/en/review/{proposal_id}", data=again).status_code == 409
    assert stage.record().phones == before
    assert "You are the second person" in stage.second.get(f"/en/review/{proposal_id}").text
    assert stage.second.post(f"/en/review/{proposal_id}", data=again).status_code == 303
    assert [phone.number for phone in stage.record().phones] == ["01632 960777"]


def test_of_two_reviewers_at_once_the_second_sees_what_the_first_decided(stage: Stage) -> None:
    proposal_id = stage.propose(description=WORDS)
    form = stage.ticks(proposal_id, "description")
    assert stage.first.post(f"/en/review/{proposal_id}", data=form).status_code == 303
    late = stage.second.post(f"/en/review/{proposal_id}", data={**form, "reason": "Mine"})
    assert late.status_code == 409
    assert "Somebody else was quicker" in late.text
    assert "Rosa" in late.text


def test_nobody_decides_on_what_they_proposed_themselves(stage: Stage) -> None:
    both = make_person(stage.app, "bo@example.org", roles=[Role.REVIEWER], organizations=[stage.organization_id], name="Bo")
    proposal_id = stage.propose(by=both, description=WORDS)
    client = signed_in(stage.app, both)
    assert "You proposed this yourself" in client.get(f"/en/review/{proposal_id}").text
    assert client.post(f"/en/review/{proposal_id}", data=stage.ticks(proposal_id, "description")).status_code == 409
    assert stage.record().description != WORDS


def test_where_two_people_changed_the_same_words_somebody_chooses(stage: Stage) -> None:
    other = make_person(stage.app, "lee@example.org", organizations=[stage.organization_id], name="Lee")
    mine, theirs = stage.propose(description=WORDS), stage.propose(by=other, description="We lend chairs.")
    assert stage.first.post(f"/en/review/{theirs}", data=stage.ticks(theirs, "description")).status_code == 303
    page = stage.first.get(f"/en/review/{mine}").text
    assert "Two people changed this" in page
    form = stage.ticks(mine)
    undecided = stage.first.post(f"/en/review/{mine}", data={**form, "reason": "?"})
    assert undecided.status_code == 422
    assert "Choose which words to show" in undecided.text
    assert stage.first.post(f"/en/review/{mine}", data=stage.ticks(mine, "description")).status_code == 303
    assert stage.record().description == WORDS


def test_a_version_is_put_back_by_a_reviewer_and_proposed_by_an_editor(stage: Stage) -> None:
    first_words = stage.record().description
    proposal_id = stage.propose(description=WORDS)
    stage.first.post(f"/en/review/{proposal_id}", data=stage.ticks(proposal_id, "description"))
    history = f"/en/services/{stage.service_id}/history"
    editor = signed_in(stage.app, stage.editor)
    assert "Kim Adeyemi" not in editor.get("/en/urgent").text
    assert "Live now" in editor.get(history).text
    numbers = re.findall(rf"{history}/(\d+)", editor.get(history).text)
    assert len(numbers) == 1
    assert stage.first.post(f"{history}/{numbers[0]}", data={"reason": ""}).status_code == 422
    asked = editor.post(f"{history}/{numbers[0]}", data={"reason": "It was right before"})
    assert asked.status_code == 303
    assert stage.record().description == WORDS, "an editor only proposes"
    assert stage.first.post(f"{history}/{numbers[0]}", data={"reason": "It was right before"}).status_code == 303
    assert stage.record().description == first_words
    outsider = signed_in(stage.app, make_person(stage.app, "out@example.org", organizations=[], name="Out"))
    assert outsider.get(history).status_code == 404


def test_a_trusted_organization_is_live_at_once_and_looked_at_afterwards(stage: Stage) -> None:
    address = f"/en/review/trusted/{stage.organization_id}"
    assert stage.first.post(address, data={"trusted": "yes"}).status_code == 422
    assert stage.first.post(address, data={"trusted": "yes", "reason": "Three good years"}).status_code == 303
    assert "The Able Living Rooms" in stage.first.get("/en/review/trusted").text
    proposal_id = stage.propose(description=WORDS)
    assert stage.record().description == WORDS
    assert "Already published, to look at" in stage.first.get("/en/review").text
    form = {**stage.ticks(proposal_id), "act": "looked-at"}
    assert stage.first.post(f"/en/review/{proposal_id}", data=form).status_code == 303
    assert "Already published" not in stage.first.get("/en/review").text


@pytest.mark.parametrize("junk", [{}, {"lock": "9" * 30}, {"tick": "nothing:of ours", "lock": "\x00"}, {"act": "fly", "version:1": "x"}])
def test_junk_decides_nothing(stage: Stage, junk: dict[str, str]) -> None:
    proposal_id = stage.propose(description=WORDS)
    answer = stage.first.post(f"/en/review/{proposal_id}", data=junk)
    assert answer.status_code in (409, 422)
    assert stage.state(proposal_id) == "waiting"


def test_a_large_proposal_is_looked_at_page_by_page_and_decided_at_once(stage: Stage) -> None:
    names = [f"Walk {chr(65 + number // 26)}{chr(65 + number % 26)}" for number in range(45)]
    services = tuple(DraftedService(None, ServiceRecord(name=name, description=WORDS)) for name in names)
    with writing(stage.app.extensions["signing"].engine) as session:
        member = member_of(get_person(session, stage.editor.id), Level.PASSKEY, "test")
        draft = save_draft(session, member, Draft(stage.organization_id, Kind.IMPORT, services))
        proposal_id = propose(session, member, draft.id).proposal_id
    second = stage.first.get(f"/en/review/{proposal_id}?page=2")
    assert (names[19] in second.text, names[20] in second.text, names[39] in second.text) == (False, True, True)
    assert names[0] in second.text.partition("</h1>")[2][:400], "the page does not say which proposal it is"
    form = filled(second, reason="One of them is about something else.")
    left = form["tick"][-1]
    assert left.endswith(":description")
    form["tick"] = [tick for tick in form["tick"] if tick != left]
    assert stage.first.post(f"/en/review/{proposal_id}", data={**form, "act": "publish"}).status_code == 303
    with reading(stage.app.extensions["signing"].engine) as session:
        live = dict(session.execute(select(Service.name, Service.description).where(Service.name.in_(names))).all())
    assert live == {**dict.fromkeys(names, WORDS), names[39]: ""}


def test_of_what_waits_a_page_is_shown_and_all_of_it_counted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "A_PAGE", 2)
    for number, words in enumerate(("Free on Mondays", "Free on Fridays", "Free for members")):
        stage.propose(make_person(stage.app, f"{number}@example.org", organizations=[stage.organization_id]), fees=words)
    pages = [stage.first.get(f"/en/review?page={number}").text for number in (1, 2, 3)]
    assert [len(set(re.findall(r"/en/review/([0-9a-f]{8}-[0-9a-f-]+)", page))) for page in pages] == [2, 1, 0]
    assert all("3 proposals wait." in page and "Two proposals" in page for page in pages[:2])
