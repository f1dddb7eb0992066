"""One listing and what people do with it: read it, find it closed, say what is wrong with it, put its hours into a calendar."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import Engine, select
from visiting import visit

from portal.db import reading
from portal.directory.models import Service
from portal.directory.places import Location, ServiceAtLocation
from portal.directory.queries import list_open_reports


def engine_of(client: FlaskClient) -> Engine:
    engine: Engine = client.application.extensions["directory"].engine
    return engine


def services_that_are(client: FlaskClient, status: str) -> Sequence[uuid.UUID]:
    with reading(engine_of(client)) as session:
        return session.scalars(select(Service.id).where(Service.status == status).order_by(Service.name)).all()


@pytest.mark.parametrize("language", ["en", "tr", "ur"])
def test_a_service_that_closed_says_so_is_not_found_any_more_and_offers_a_way_on(client: FlaskClient, language: str) -> None:
    for service_id in services_that_are(client, "defunct"):
        closed = visit(client, f"/{language}/services/{service_id}")
        assert closed.status == 410
        assert f"/{language}/" in [link.get("href") for link in closed.page.all("main")[0].iter("a")]
        with reading(engine_of(client)) as session:
            name = session.get_one(Service, service_id).name
        assert str(service_id) not in visit(client, f"/{language}/search?q={name}").services


def test_a_service_that_is_not_public_is_nowhere_to_be_read(client: FlaskClient) -> None:
    for service_id in services_that_are(client, "inactive"):
        assert visit(client, f"/en/services/{service_id}").status in (404, 410)
        assert client.get(f"/en/services/{service_id}/report").status_code == 404
        assert client.post("/en/list/keep", data={"service": str(service_id)}).status_code == 404


def test_a_service_that_is_closed_for_now_says_to_phone_before_going(client: FlaskClient) -> None:
    service_id = services_that_are(client, "temporarily closed")[0]
    service = visit(client, f"/en/services/{service_id}")
    assert service.status == 200
    assert "Closed for now" in service.text


def test_a_confidential_address_is_shown_on_no_page_and_in_no_file(client: FlaskClient) -> None:
    with reading(engine_of(client)) as session:
        hidden = session.scalars(select(Location).where(Location.is_confidential)).all()
        assert hidden, "the demo has a confidential address"
        for location in hidden:
            secrets = {address.postal_code for address in location.addresses} | {address.address_1 for address in location.addresses}
            ids = session.scalars(select(ServiceAtLocation.service_id).where(ServiceAtLocation.location_id == location.id)).all()
            for service_id in ids:
                page = visit(client, f"/en/services/{service_id}")
                assert "not shown" in page.text
                listed = visit(client, f"/en/search?q={page.heading}")
                for secret in (text for text in secrets if text and any(letter.isdigit() for letter in text)):
                    assert secret not in page.response.text
                    assert secret not in listed.response.text


def test_a_wrong_listing_is_reported_without_a_name_and_the_council_can_read_it(client: FlaskClient) -> None:
    service = visit(client, "/en/search?q=lunch club").follow("Lunch")
    form = service.follow("Is something wrong here?")
    assert service.heading in form.text

    thanks = form.send("Send to the council", kind="times", message="It starts at 11 now.\nSince <October>.", reply_to="")
    assert thanks.heading == "Thank you, we have it"
    assert thanks.path.endswith("/report/thanks"), "loading it again sends nothing twice"
    assert "If you gave us an e-mail address, we will write to you" in thanks.text

    with reading(engine_of(client)) as session:
        [report] = list_open_reports(session)
    assert (str(report.service_id), report.kind, report.wants_answer) == (service.path.rsplit("/", 1)[1], "times", False)
    assert report.message.split() == ["It", "starts", "at", "11", "now.", "Since", "<October>."]
    assert thanks.follow("Back to the listing").heading == service.heading


def test_a_report_with_mistakes_comes_back_with_them_named_and_everything_that_was_typed(client: FlaskClient) -> None:
    form = visit(client, "/en/search?q=lunch club").follow("Lunch").follow("Is something wrong here?")
    again = form.send("Send to the council", message="The <b>phone</b> is & was wrong", reply_to="mum at home")
    assert again.page.title.startswith("Error: ")
    assert "There is a problem" in again.text
    assert "Choose what is wrong" in again.text
    assert "name@example.com" in again.text
    assert again.filled_in("message") == "The <b>phone</b> is & was wrong"
    assert again.filled_in("reply_to") == "mum at home"
    with reading(engine_of(client)) as session:
        assert list_open_reports(session) == []

    thanks = again.send("Send to the council", kind="phone", reply_to="mum@example.com")
    assert thanks.heading == "Thank you, we have it"
    with reading(engine_of(client)) as session:
        assert [report.wants_answer for report in list_open_reports(session)] == [True]


@pytest.mark.parametrize("language", ["tr", "ur"])
def test_a_report_can_be_made_in_every_language(client: FlaskClient, language: str) -> None:
    service_id = visit(client, f"/{language}/search?need=food").services[0]
    form = visit(client, f"/{language}/services/{service_id}/report")
    button = form.page.all("main")[0].find(".//form/button")
    assert button is not None
    words = "".join(button.itertext())
    assert form.send(words).page.tree.find(".//div[@class='govuk-error-summary']") is not None
    assert form.send(words, kind="closed").status == 200
    with reading(engine_of(client)) as session:
        assert [report.kind for report in list_open_reports(session)] == ["closed"]


def test_the_hours_of_a_listing_go_into_a_calendar(client: FlaskClient) -> None:
    service = visit(client, "/en/search?q=lunch club").follow("Lunch")
    response = client.get(service.link("Add to my calendar"))
    assert response.mimetype == "text/calendar"
    events = Calendar.from_ical(response.data).walk("VEVENT")
    assert events
    assert all(str(event["SUMMARY"]) == service.heading for event in events)


def test_who_runs_a_service_is_one_tap_away_and_leads_back(client: FlaskClient) -> None:
    service = visit(client, "/en/search?q=lunch club").follow("Lunch")
    crumb = service.page.tree.find(".//ul[@class='crumbs']/li/a")
    assert crumb is not None
    organization = service.follow("".join(crumb.itertext()))
    assert organization.path.startswith("/en/organizations/")
    assert organization.follow(service.heading).path == service.path
