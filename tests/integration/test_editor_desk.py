"""The desk of those who keep a listing: what waits for them, still right, sending, taking back; and what is others' is not found."""

from __future__ import annotations

import uuid

import pytest
from accounts import make_person, signed_in
from editing import Desk, approve_all, at_desk, found, words_on
from filling import filled
from flask import Flask
from sqlalchemy import event, select

from portal.db import reading
from portal.directory.models import Organization
from portal.editing.desk.subject import get_new_subject


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Kim keeps "Knit and natter", which has one session a week at one place."""
    return at_desk(app, "Knit and natter")


def test_the_desk_shows_each_listing_and_what_can_be_done_with_it(desk: Desk) -> None:
    page = desk.phone.get("/en/my-listings")
    for words in ("Knit and natter", "Still right", "Change times", "Change something else", "Close or pause it", "Add a service"):
        assert words in words_on(page)
    assert desk.at("times") in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_desk_says_how_each_listing_stands(desk: Desk) -> None:
    def says() -> str:
        return words_on(desk.phone.get("/en/my-listings"))

    desk.fill("about", name="Knitting")
    assert "Your draft saved on Tuesday 24 November, not sent yet" in says()
    desk.phone.post(desk.at("check"), data={"note": ""})
    assert "Waiting for review since Tuesday 24 November" in says()
    assert "Your draft" not in says()


def test_still_right_is_one_tap_and_everybody_sees_it(desk: Desk) -> None:
    done = desk.phone.post("/en/my-listings/still-right", data={"service": str(desk.service.id)}, follow_redirects=True)
    assert "People now see that you checked it today" in words_on(done)
    assert "Checked today" in words_on(desk.app.test_client().get(f"/en/services/{desk.service.id}"))


def test_what_is_others_is_not_found(app: Flask, desk: Desk) -> None:
    other = found(app, "Steady Steps")
    theirs = f"/en/my-listings/{other.id}"
    for page in ("", "/times", "/about", "/check", "/sent", "/open"):
        assert desk.phone.get(theirs + page).status_code == 404
    for page in ("/times", "/about", "/check", "/discard", "/take-back"):
        assert desk.phone.post(theirs + page, data={"name": "Mine now", "description": "x", "do": "save"}).status_code == 404
    both = [str(desk.service.id), str(other.id)]
    assert desk.phone.post("/en/my-listings/still-right", data={"service": both}).status_code == 404
    assert desk.phone.post("/en/my-listings/still-right", data={"service": "no id"}).status_code == 404
    assert desk.phone.get(f"/en/my-listings/new/{other.organization_id}/about").status_code == 404
    assert desk.phone.get(f"/en/my-listings/{uuid.uuid4()}").status_code == 404


def test_a_draft_is_thrown_away(desk: Desk) -> None:
    desk.fill("about", name="Knitting")
    gone = desk.phone.post(desk.at("discard"), follow_redirects=True)
    assert "Your draft is gone" in words_on(gone)
    assert desk.subject.record.name == "Knit and natter"


def test_what_waits_can_be_taken_back_and_gone_on_with(desk: Desk) -> None:
    desk.fill("about", name="Knitting")
    desk.phone.post(desk.at("check"))
    assert "A change of this is waiting for review" in words_on(desk.get())
    desk.phone.post(desk.at("take-back"))
    assert (desk.subject.waiting, desk.subject.record.name) == (None, "Knitting")


def test_what_has_ended_is_proposed_as_such(desk: Desk) -> None:
    desk.fill("about", name="Knitting")
    desk.fill("open", status="inactive")
    assert desk.subject.kind.value == "withdrawal"
    desk.phone.post(desk.at("check"), data={"note": "Joan has moved away"})
    waiting = desk.subject.waiting
    assert waiting is not None
    assert waiting.kind == "withdrawal"


def test_nothing_new_cannot_be_sent(desk: Desk) -> None:
    assert "You have not changed anything yet" in words_on(desk.get("check"))
    assert desk.phone.post(desk.at("check")).status_code == 404
    desk.fill("about", name="Knitting")
    desk.fill("about", name="Knit and natter")
    refused = desk.phone.post(desk.at("check"), data={"note": "Joan <b>"})
    assert refused.status_code == 409
    assert "something is different from what people see now" in words_on(refused)


def test_a_new_service_is_written_step_by_step_and_kept_between_visits(desk: Desk) -> None:
    phone, start = desk.phone, f"/en/my-listings/new/{desk.service.organization_id}"
    assert "Step 1 of 10" in words_on(phone.get(start, follow_redirects=True))
    data = {"name": "Mending club", "description": "Bring what is torn. We show you how to mend it, with tea.", "do": "save"}
    assert "Step 2 of 10" in words_on(phone.post(f"{start}/about", data=data, follow_redirects=True))
    later = signed_in(desk.app, desk.person)
    assert "A new service that you have begun Mending club" in words_on(later.get("/en/my-listings"))
    assert "Mending club" in words_on(later.get(start))
    when = {"s-rows": "0", "s-0-days": "WE", "s-0-opens": "7pm", "s-0-closes": "9", "s-0-often": "m2", "do": "save"}
    assert "Step 5 of 10" in words_on(later.post(f"{start}/times", data=when, follow_redirects=True))
    check = words_on(later.get(f"{start}/check"))
    assert "The second Wednesday of the month, 7pm to 9pm" in check
    assert "People ask about cost. Say what it costs, or that it is free." in check
    assert later.get(f"{start}/open").status_code == 404
    assert "Sent for review" in words_on(later.post(f"{start}/check", follow_redirects=True))
    with reading(desk.app.extensions["desk"].engine) as session:
        assert get_new_subject(session, desk.member, desk.service.organization_id).draft_id is None


def test_a_name_that_is_here_already_is_pointed_out(desk: Desk) -> None:
    start = f"/en/my-listings/new/{desk.service.organization_id}"
    desk.phone.post(f"{start}/about", data={"name": "Natter and knit", "description": "Wool.", "do": "save"})
    check = desk.phone.get(f"{start}/check")
    assert "Is it here already?" in words_on(check)
    assert f"/en/services/{desk.service.id}" in check.text


def test_the_check_shows_what_goes_and_what_comes(desk: Desk) -> None:
    told = "Bring your knitting{}. Beginners taught. We sit by the window, and there is always somebody who can help."
    desk.fill("about", description=told.format(""))
    first = words_on(desk.get("check"))
    assert f"Was: Bring your knitting. Beginners taught. Now: {told.format('')}" in first
    desk.phone.post(desk.at("check"))
    approve_all(desk.app)
    desk.fill("about", description=told.format(" and a friend"))
    check = desk.get("check")
    assert "Bring your Was: knitting. Now: knitting and a friend. Beginners taught." in words_on(check)
    assert "<del>" in check.text


def test_questions_that_people_ask_say_whether_this_listing_is_among_the_answers(desk: Desk) -> None:
    desk.fill("needs", needs=["falls"])
    found_by = words_on(desk.get("check"))
    assert "people who type this are shown services for: falls and balance" in found_by
    assert "Yours is one." in found_by


def test_a_step_sent_after_the_sign_in_has_ended_is_held_whole(app: Flask, desk: Desk) -> None:
    typed = {**filled(desk.get("times")), "do": "save"}
    late = app.test_client().post(desk.at("times"), data=typed)
    assert late.status_code == 401
    assert filled(late) == typed
    assert desk.phone.post(desk.at("times"), data=filled(late)).status_code == 303


def test_any_page_number_gives_a_page_of_the_desk(desk: Desk) -> None:
    for page in ("0", "2", "9999", "99999999999999999999", "-1", "x", "٣"):
        assert desk.phone.get("/en/my-listings", query_string={"page": page}).status_code == 200


def test_an_editor_of_many_organizations_turns_pages_and_each_costs_as_many_queries(app: Flask) -> None:
    engine = app.extensions["desk"].engine
    with reading(engine) as session:
        every = list(session.scalars(select(Organization.id).order_by(Organization.name)))
    counts = []
    for organizations in (every[:3], every[:80]):
        phone = signed_in(app, make_person(app, f"{len(organizations)}@example.org", organizations=organizations))
        phone.get("/en/my-listings")
        asked: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_rest: object, into: list[str] = asked) -> None:
            into.append(statement)

        event.listen(engine, "before_cursor_execute", count)
        page = phone.get("/en/my-listings")
        event.remove(engine, "before_cursor_execute", count)
        counts.append(len(asked))
    assert "Page 1 of" in words_on(page)
    assert counts[0] == counts[1]
