"""Pages of reports: a resident's words to the editor, an answer back; another organization's report is not there."""

from __future__ import annotations

from datetime import date

from accounts import make_person, signed_in
from flask import Flask
from sqlalchemy import select

from portal.accounts.audiences import Role
from portal.db import reading, writing
from portal.directory.models import Service
from portal.directory.reports import ListingReport
from portal.editing.links.models import CheckedLink


def two_services(app: Flask) -> tuple[Service, Service]:
    """Two of different organizations."""
    with reading(app.extensions["search"].engine) as session:
        found = session.scalars(select(Service).where(Service.status == "active", Service.url != "").order_by(Service.id)).all()
        other = next(it for it in found if it.organization_id != found[0].organization_id)
        return found[0], other


def test_a_report_is_answered_on_the_desk_of_who_keeps_the_listing(app: Flask) -> None:
    mine, other = two_services(app)
    visitor = app.test_client()
    for service in (mine, other):
        data = {"kind": "times", "message": "It starts at 11 <u>now</u>\u202e", "reply_to": "canary@example.com"}
        assert visitor.post(f"/en/services/{service.id}/report", data=data).status_code == 303
    editor = signed_in(app, make_person(app, "editor@example.org", organizations=[mine.organization_id]))
    page = editor.get("/en/reports").text
    assert mine.name.split("'")[0] in page
    assert "It starts at 11 &lt;u&gt;now&lt;/u&gt;" in page
    assert "canary" not in page
    with reading(app.extensions["search"].engine) as session:
        ids = {it.service_id: it.id for it in session.scalars(select(ListingReport))}
    own, theirs = f"/en/reports/{ids[mine.id]}", f"/en/reports/{ids[other.id]}"
    assert editor.get(own).status_code == 200
    assert "canary" not in editor.get(own).text
    assert editor.get(theirs).status_code == 404
    assert editor.post(theirs, data={"outcome": "right as it is"}).status_code == 404
    assert editor.post(own, data={"outcome": "no", "words": "kept \x00 words"}).status_code == 422
    assert "kept words" in editor.post(own, data={"words": "kept \x00 words"}).text
    assert editor.post(own, data={"outcome": "put right", "words": "x" * 900}).status_code == 422
    assert editor.post(own, data={"outcome": "put right", "words": "Thank you"}).location.endswith("/en/reports")
    assert editor.get(own).status_code == 404
    assert "Nothing waits for you" in editor.get("/en/reports").text
    assert editor.get("/en/reports/council").status_code == 403
    assert editor.get("/en/reports/99999999999999999999").status_code == 404


def test_the_council_answers_what_came_to_it_and_sees_links_that_lead_nowhere(app: Flask) -> None:
    mine, _ = two_services(app)
    assert app.test_client().post(f"/en/services/{mine.id}/report", data={"kind": "offensive"}).status_code == 303
    with writing(app.extensions["search"].engine) as session:
        session.add(
            CheckedLink(
                id="x",
                url=mine.url,
                next_at=session.scalars(select(ListingReport.reported_at)).one(),
                failures=3,
                reason="not found",
                broken_since=date(2026, 11, 20),
            )
        )
    council = signed_in(app, make_person(app, "council@example.org", roles=[Role.REVIEWER]))
    page = council.get("/en/reports/council").text
    assert "Something here should not be shown" in page
    assert "The page is not there" in page
    with reading(app.extensions["search"].engine) as session:
        number = session.scalars(select(ListingReport.id)).one()
    path = f"/en/reports/council/{number}"
    assert council.get(path).status_code == 200
    assert council.post(path, data={"outcome": "put right"}).location.endswith("/en/reports/council")
    assert council.get(path).status_code == 404
    editor = signed_in(app, make_person(app, "editor@example.org", organizations=[mine.organization_id]))
    assert "The page is not there" in editor.get("/en/reports").text
    assert editor.get("/ur/reports").status_code == 200
