"""Pages of freshness: the link of a reminder, what the council sees and marks, and listings that are hidden and come back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Role
from portal.db import reading, writing
from portal.directory.freshness import HIDDEN_MONTHS, oldest_within
from portal.directory.models import PUBLIC_STATUSES, Service
from portal.directory.queries import list_public_dates
from portal.directory.reports import ListingReport
from portal.editing.freshness import reminding
from portal.editing.freshness.models import Call, Mobile
from portal.errors import IndexUnavailable
from portal.history import HistoryLine
from portal.search.index import Index

TODAY = date(2026, 11, 24)


def a_hidden_service(app: Flask) -> Service:
    """One of the demo's that searches leave out, with needs."""
    with reading(engine(app)) as session:
        old = Service.assured_date < oldest_within(HIDDEN_MONTHS, TODAY)
        found = session.scalars(select(Service).where(old, Service.status == "active").order_by(Service.name)).all()
        return next(it for it in found if it.needs)


def engine(app: Flask):  # type: ignore[no-untyped-def]
    return app.extensions["search"].engine


def change(app: Flask, act: Callable[[Session], object]) -> object:
    with writing(engine(app)) as session:
        return act(session)


def link_of(app: Flask, organization_id: uuid.UUID) -> str:
    """The path of a link for somebody who keeps this organization."""
    person = make_person(app, f"{uuid.uuid4().hex}@example.org", organizations=[organization_id])
    token = change(app, lambda session: reminding.make_link(session, person.id))
    return f"/en/still-right/{token}"


def assured(app: Flask, service_id: uuid.UUID) -> date | None:
    with reading(engine(app)) as session:
        return session.get_one(Service, service_id).assured_date


def shows(client: FlaskClient, service: Service) -> bool:
    page = client.get("/en/search", query_string={"q": service.name})
    return f'data-service="{service.id}"' in page.text


def test_a_hidden_listing_is_in_no_search_but_has_its_own_page_that_says_so(app: Flask, client: FlaskClient) -> None:
    service = a_hidden_service(app)
    assert not shows(client, service)
    page = client.get(f"/en/services/{service.id}")
    assert page.status_code == 200
    assert "our search does not show it any more" in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert str(service.id) not in client.get("/sitemap-en.xml").text
    with reading(engine(app)) as session:
        listed = {service_id for service_id, _ in list_public_dates(session, TODAY)}
        public = set(session.scalars(select(Service.id).where(Service.status.in_(PUBLIC_STATUSES))))
    hidden = public - listed
    assert service.id in hidden
    assert len(hidden) > 5
    for other in sorted(listed)[:40]:
        similar = client.get(f"/en/services/{other}").text
        assert not any(f"/services/{one}" in similar for one in hidden)


def test_the_database_answers_with_the_same_listings_hidden(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    service = a_hidden_service(app)

    def away(self: Index) -> None:
        raise IndexUnavailable("gone")

    monkeypatch.setattr(Index, "snapshot", away)
    assert not shows(client, service)
    change(app, lambda session: session.execute(update(Service).where(Service.id == service.id).values(assured_date=TODAY)))
    assert shows(client, service)


def test_it_is_found_again_after_one_confirmation(app: Flask, client: FlaskClient) -> None:
    service = a_hidden_service(app)
    path = link_of(app, service.organization_id)
    answered = client.post(path, data={f"service-{service.id}": "right"})
    assert answered.status_code == 303
    assert answered.location == f"{path}/thanks"
    app.extensions["search"].index.follow()
    assert shows(client, service)
    assert "our search does not show" not in client.get(f"/en/services/{service.id}").text


def test_time_alone_hides_a_listing(app: Flask, client: FlaskClient) -> None:
    with reading(engine(app)) as session:
        day = oldest_within(HIDDEN_MONTHS, TODAY)
        service = session.scalars(
            select(Service).where(Service.assured_date >= day, Service.status == "active").order_by(Service.assured_date)
        ).first()
    assert service
    assert service.assured_date
    assert shows(client, service)
    with clock.stopped_at(clock.now() + (service.assured_date - day) + timedelta(days=1)):
        assert not shows(client, service)


def test_a_link_shows_what_is_published_and_changes_nothing_by_being_opened(app: Flask, client: FlaskClient) -> None:
    service = a_hidden_service(app)
    path = link_of(app, service.organization_id)
    before = assured(app, service.id)
    page = client.get(path).text
    assert service.name in page
    assert "noindex" in page
    assert "checked>" not in page
    assert " checked " not in page
    assert assured(app, service.id) == before


def test_a_scanner_that_sends_the_form_as_it_stands_confirms_nothing(app: Flask, client: FlaskClient) -> None:
    service = a_hidden_service(app)
    path = link_of(app, service.organization_id)
    before = assured(app, service.id)
    for data in ({}, {"all": ""}, {f"service-{service.id}": ""}, {f"service-{service.id}": "on"}, {"service-x": "right"}):
        page = client.post(path, data=data)
        assert page.status_code == 422
        assert "Choose an answer" in page.text
    assert client.get(path, query_string={"all": "y", f"service-{service.id}": "right"}).status_code == 200
    assert assured(app, service.id) == before


def test_all_are_confirmed_with_one_tick_and_an_answer_of_its_own_counts_first(app: Flask, client: FlaskClient) -> None:
    with writing(engine(app)) as session:
        organization_id = session.scalars(
            select(Service.organization_id).group_by(Service.organization_id).order_by(Service.organization_id)
        ).first()
        ids = [uuid.uuid4() for _ in range(3)]
        values = {"organization_id": organization_id, "status": "active", "assured_date": TODAY - timedelta(days=300)}
        session.add_all(Service(id=one, name=f"Old {number}", **values) for number, one in enumerate(ids))
    path = link_of(app, organization_id)
    client.post(path, data={"all": "y", f"service-{ids[0]}": "closed", f"service-{ids[1]}": "changed"})
    assert [assured(app, one) == TODAY for one in ids] == [False, False, True]
    with reading(engine(app)) as session:
        [report] = session.scalars(select(ListingReport)).all()
        assert (report.service_id, report.kind, report.holder) == (ids[0], "closed", "council")
    thanks = client.get(f"{path}/thanks").text
    assert "Thank you" in thanks
    assert client.get(path).text.count('type="radio"') >= 3, "what has changed still waits"


def test_what_has_changed_leads_to_signing_in(app: Flask, client: FlaskClient) -> None:
    service = a_hidden_service(app)
    path = link_of(app, service.organization_id)
    answered = client.post(path, data={f"service-{service.id}": "changed"})
    assert answered.status_code == 303
    assert "/en/sign-in" in answered.location
    assert assured(app, service.id) != TODAY


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00" * 8, "9" * 400, "%E2%80%AEx"])
def test_a_link_that_does_not_open_says_what_to_do(client: FlaskClient, token: str) -> None:
    for path in (f"/en/still-right/{token}", f"/en/still-right/{token}/thanks"):
        page = client.get(path)
        assert page.status_code == 404
    assert client.post(f"/en/still-right/{token}", data={"all": "y"}).status_code == 404


def test_a_link_is_a_page_in_every_language(app: Flask, client: FlaskClient) -> None:
    service = a_hidden_service(app)
    path = link_of(app, service.organization_id)
    for code in ("ur", "ar", "pl", "bn"):
        assert client.get(path.replace("/en/", f"/{code}/")).status_code == 200


def test_the_council_sees_what_is_due_and_marks_it_after_a_call(app: Flask) -> None:
    council = signed_in(app, make_person(app, "council@example.org", roles=[Role.COUNCIL_EDITOR]))
    service = a_hidden_service(app)
    page = council.get("/en/due?stage=hidden")
    assert page.status_code == 200
    assert "Not in our search" in page.text
    odd = ("stage=x&organization=x&area=x&page=0", "page=99999999999999999999", "stage=%00&page=%E2%80%AE3", "area=eastmoor&nobody=yes")
    for query in odd:
        assert council.get(f"/en/due?{query}").status_code == 200
    assert service.name in council.get(f"/en/due?organization={service.organization_id}").text
    path = f"/en/due/{service.id}"
    assert council.get(path).status_code == 200
    assert council.post(path, data={}).status_code == 422
    assert council.post(path, data={"outcome": "nobody", "note": "engaged \x00 all day"}).status_code == 303
    assert assured(app, service.id) != TODAY
    assert "Nobody could be reached" in council.get(path).text
    assert council.post(path, data={"outcome": "rang"}).status_code == 303
    with reading(engine(app)) as session:
        kept = session.get_one(Service, service.id)
        assert (kept.assured_date, kept.assured_by) == (TODAY, "Calderwick Council")
        assert session.scalars(select(Call)).one().note == "engaged all day"
        lines = session.scalars(select(HistoryLine).where(HistoryLine.resource_id == service.id).order_by(HistoryLine.id)).all()
        assert [(line.action, line.reason) for line in lines[-2:]] == [
            ("called", "nobody could be reached"),
            ("confirmed", "the council rang them"),
        ]
    assert council.get(f"/en/due/{uuid.uuid4()}").status_code == 404


def test_an_editor_has_no_desk_of_the_council(app: Flask) -> None:
    service = a_hidden_service(app)
    editor = signed_in(app, make_person(app, "editor@example.org", organizations=[service.organization_id]))
    assert editor.get("/en/due").status_code == 403
    assert editor.post(f"/en/due/{service.id}", data={"outcome": "rang"}).status_code == 403
    assert assured(app, service.id) != TODAY


def test_a_member_gives_a_mobile_and_takes_it_back(app: Flask) -> None:
    person = make_person(app, "editor@example.org", organizations=[a_hidden_service(app).organization_id])
    client = signed_in(app, person)
    assert client.get("/en/account/texts").status_code == 200
    for typed in ("12", "01632 960001", "x" * 5000, "\x00", "070 1234 5678"):
        page = client.post("/en/account/texts", data={"number": typed})
        assert page.status_code == (422 if typed.strip("\x00") else 303), typed
    assert client.post("/en/account/texts", data={"number": "07700 900123"}).status_code == 303
    assert "+447700900123" in client.get("/en/account/texts").text
    assert client.post("/en/account/texts", data={"number": ""}).status_code == 303
    with reading(engine(app)) as session:
        assert session.scalars(select(Mobile)).all() == []


def test_links_are_not_in_the_log_of_requests() -> None:
    from portal.web.serving import SECRET_PART

    assert SECRET_PART.sub("…", "/en/still-right/abc-DEF_1") == "/en/still-right/…"
    assert SECRET_PART.sub("…", "/en/still-right/abc-DEF_1/thanks") == "/en/still-right/…/thanks"
