"""A change of a listing begun by the council: from what is due and from reports, by those who may, and never as the organization's own."""

from __future__ import annotations

import uuid

import pytest
from accounts import make_person, signed_in
from editing import approve_all, found
from filling import filled
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.audiences import Role
from portal.accounts.models import Person
from portal.db import reading, writing
from portal.directory.models import Service
from portal.directory.reporting import Wrong, report_problem
from portal.editing.proposals.models import Proposal

COUNCIL = (Role.REVIEWER, Role.COUNCIL_EDITOR, Role.ADMINISTRATOR)


@pytest.fixture
def service(app: Flask) -> Service:
    with reading(app.extensions["desk"].engine) as session:
        name = session.scalars(select(Service.name).where(Service.status == "active").order_by(Service.name)).first()
    return found(app, name or "")


def colleague(app: Flask, role: Role) -> tuple[Person, FlaskClient]:
    person = make_person(app, f"{role.value}@example.org", roles=[role], name="Rita Reed")
    return person, signed_in(app, person)


def change(service: Service, page: str = "") -> str:
    return f"/en/my-listings/{service.id}{page}"


def describe(desk: FlaskClient, service: Service, words: str) -> None:
    """Write other words into the step about what it is, and send it."""
    step = change(service, "/about")
    assert desk.post(step, data={**filled(desk.get(step)), "do": "save", "description": words}).status_code == 303
    assert desk.post(change(service, "/check"), data={"note": "They said so on the phone"}).status_code == 303


@pytest.mark.parametrize("role", COUNCIL)
def test_what_is_due_leads_to_changing_it(app: Flask, service: Service, role: Role) -> None:
    _, desk = colleague(app, role)
    assert f'href="{change(service)}"' in desk.get(f"/en/due/{service.id}").text
    page = desk.get(change(service)).text
    assert 'href="/en/due"' in page
    assert 'href="/en/my-listings"' not in page


def test_a_report_of_the_councils_leads_to_changing_the_listing(app: Flask, service: Service) -> None:
    with writing(app.extensions["desk"].engine) as session:
        number = report_problem(session, "a secret", service.id, Wrong("offensive", "Look at this"))
    _, desk = colleague(app, Role.COUNCIL_EDITOR)
    assert f'href="{change(service)}"' in desk.get(f"/en/reports/council/{number}").text


def test_a_change_of_the_councils_is_reviewed_by_somebody_else_and_is_no_check_of_the_organizations(app: Flask, service: Service) -> None:
    person, desk = colleague(app, Role.COUNCIL_EDITOR)
    describe(desk, service, "A warm meal and company, every week.")
    with reading(app.extensions["desk"].engine) as session:
        [proposal] = session.scalars(select(Proposal).where(Proposal.proposed_by == person.id))
        assert proposal.state == "waiting"
    approve_all(app)
    with reading(app.extensions["desk"].engine) as session:
        now = session.get_one(Service, service.id)
        assert now.description == "A warm meal and company, every week."
        assert (now.assured_date, now.assurer_email) == (service.assured_date, service.assurer_email)


def test_the_history_names_who_wrote_it_and_who_approved_it(app: Flask, service: Service) -> None:
    editor = make_person(app, "kim@example.org", organizations=[service.organization_id], name="Kim Writer")
    phone = signed_in(app, editor)
    describe(phone, service, "A warm meal and company, every week.")
    approve_all(app)
    page = phone.get(f"/en/services/{service.id}/history").text
    assert "Written by Kim Writer, approved by Amina Rahman" in page


def test_what_an_editor_has_sent_is_not_the_councils_to_take_back(app: Flask, service: Service) -> None:
    phone = signed_in(app, make_person(app, "kim@example.org", organizations=[service.organization_id]))
    describe(phone, service, "A warm meal and company, every week.")
    back = change(service, "/take-back")
    assert f'action="{back}"' in phone.get(change(service)).text
    _, desk = colleague(app, Role.ADMINISTRATOR)
    assert f'action="{back}"' not in desk.get(change(service)).text
    assert desk.post(back).status_code == 404


def test_a_draft_of_the_councils_thrown_away_leads_back_to_what_is_due(app: Flask, service: Service) -> None:
    _, desk = colleague(app, Role.REVIEWER)
    step = change(service, "/about")
    desk.post(step, data={**filled(desk.get(step)), "do": "save", "description": "Other words altogether."})
    assert desk.post(change(service, "/discard")).location == "/en/due"


@pytest.mark.parametrize("role", [Role.ADVISER, None])
def test_others_find_nothing_there(app: Flask, service: Service, role: Role | None) -> None:
    other = signed_in(app, make_person(app, "other@example.org", roles=[role] if role else [], organizations=[]))
    for path in ("", "/about", "/check", "/sent"):
        assert other.get(change(service, path)).status_code == 404
    assert other.post(change(service, "/check"), data={"note": ""}).status_code == 404
    assert other.get(f"/en/my-listings/{uuid.uuid4()}").status_code == 404


def test_who_asks_to_help_is_counted_on_the_desk_and_answered_from_there(app: Flask, service: Service) -> None:
    keeper = signed_in(app, make_person(app, "kim@example.org", organizations=[service.organization_id]))
    assert "to keep these listings too" not in keeper.get("/en/my-listings").text
    for number in (1, 2):
        told = {
            "step": "details",
            "email": f"new{number}@gmail.com",
            "name": "Sam Lee",
            "role": "Helper",
            "phone": "01632 960111",
            "proof": "Ask Kim",
        }
        assert app.test_client().post(f"/en/claim/{service.organization_id}", data=told).status_code == 303
    page = keeper.get("/en/my-listings").text
    answers = f"/en/organizations/{service.organization_id}/claims"
    assert f'<a href="{answers}">2 people ask to keep these listings too. Please answer.</a>' in page
    assert "Sam Lee" in keeper.get(answers).text
