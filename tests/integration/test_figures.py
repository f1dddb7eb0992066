"""The page of figures: what its editors see of shown, opened, called and looked for; nothing small, nothing of others."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from accounts import make_person, signed_in
from editing import Desk, at_desk, words_on
from flask import Flask
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from portal import clock, tally
from portal.db import reading, writing
from portal.directory.counting import Kind, sought_key
from portal.directory.models import Organization, Service
from portal.editing.figures.queries import get_figures
from portal.tally import Subject

YESTERDAY, LONG_AGO, TOO_LONG_AGO = 1, 60, 91  # days


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Kim keeps "Knit and natter"."""
    return at_desk(app, "Knit and natter")


def happened(desk: Desk, kind: Kind, number: int, days_ago: int = YESTERDAY, key: str = "") -> None:
    with writing(desk.app.extensions["desk"].engine) as session:
        day = clock.today() - timedelta(days=days_ago)
        tally.add(session, {Subject(day, kind, key or str(desk.service.id)): number})


def page_of(desk: Desk, language: str = "en", **arguments: str) -> TestResponse:
    return desk.phone.get(f"/{language}/my-listings/{desk.service.organization_id}/figures", query_string=arguments)


def row(response: TestResponse, words: str) -> list[str]:
    """The two figures of the first row that begins so."""
    for line in response.page.all("tr"):  # type: ignore[attr-defined]  # of CheckedClient
        cells = [" ".join("".join(cell.itertext()).split()) for cell in line]
        if cells[0] == words:
            return cells[1:]
    return []


def test_an_editor_sees_how_often_a_service_was_shown_opened_and_called(desk: Desk) -> None:
    happened(desk, Kind.SHOWN, 1_204)
    happened(desk, Kind.OPENED, 22)
    happened(desk, Kind.OPENED, 31, LONG_AGO)
    happened(desk, Kind.CALLED, 12, LONG_AGO)
    happened(desk, Kind.CALLED, 1_000, TOO_LONG_AGO)
    page = page_of(desk)
    assert row(page, "Shown in search results") == ["1,205", "1,205"]
    assert row(page, "Page opened") == ["20", "55"]
    assert row(page, "“Call” pressed") == ["fewer than 10", "10"]
    assert "Knit and natter" in words_on(page)
    assert "Monday 23 November" in words_on(page)


def test_none_and_nine_give_the_same_page_to_the_letter(desk: Desk) -> None:
    nothing = page_of(desk).text
    for kind in (Kind.SHOWN, Kind.OPENED, Kind.CALLED):
        happened(desk, kind, 9)
    for need in ("falls", "domestic-abuse"):
        happened(desk, Kind.SOUGHT, 9, key=sought_key(desk.service.organization_id, need))
    assert page_of(desk).text == nothing
    happened(desk, Kind.CALLED, 1)
    assert page_of(desk).text != nothing


def test_today_is_not_shown_yet_so_that_nobody_can_watch_a_number_move(desk: Desk) -> None:
    nothing = page_of(desk).text
    happened(desk, Kind.CALLED, 100, days_ago=0)
    assert page_of(desk).text == nothing


@pytest.mark.parametrize(
    ("days_ago", "is_lately", "is_longer"), [(30, True, True), (31, False, True), (90, False, True), (91, False, False)]
)
def test_a_figure_reaches_back_so_many_whole_days(desk: Desk, days_ago: int, is_lately: bool, is_longer: bool) -> None:
    happened(desk, Kind.OPENED, 20, days_ago)
    assert [cell == "20" for cell in row(page_of(desk), "Page opened")] == [is_lately, is_longer]


def test_what_people_looked_for_is_named_in_the_page_s_words_most_first(desk: Desk) -> None:
    for need, number in (("food", 30), ("falls", 50), ("domestic-abuse", 10), ("benefits", 9)):
        happened(desk, Kind.SOUGHT, number, LONG_AGO, sought_key(desk.service.organization_id, need))
    happened(desk, Kind.SOUGHT, 500, key=sought_key(uuid.UUID(int=7), "falls"))
    needs = desk.app.extensions["desk"].taxonomy.needs
    page = page_of(desk)
    assert row(page, needs["falls"].label) == ["fewer than 10", "50"]
    named = [" ".join("".join(line[0].itertext()).split()) for line in page.page.all("tr")]  # type: ignore[attr-defined]  # of CheckedClient
    assert named[-3:] == [needs[need].label for need in ("falls", "food", "domestic-abuse")]
    assert len(page.page.all("table")) == 2  # type: ignore[attr-defined]  # one service's, and these: nothing of nine, nothing of others
    assert row(page, needs["benefits"].label) == []


def test_of_equal_numbers_the_order_says_nothing_of_which_was_more(desk: Desk) -> None:
    needs = list(desk.app.extensions["desk"].taxonomy.needs)[:2]
    for need, number in zip(needs, (10, 12), strict=True):
        happened(desk, Kind.SOUGHT, number, key=sought_key(desk.service.organization_id, need))
    with reading(desk.app.extensions["desk"].engine) as session:
        figures = get_figures(session, desk.member, desk.service.organization_id, needs, 1)
    assert [it.need for it in figures.sought] == needs


def test_what_visitors_do_is_on_the_page_the_next_day(desk: Desk) -> None:
    visitor = desk.app.test_client()
    for _ in range(20):
        visitor.get(f"/en/services/{desk.service.id}")
    for _ in range(12):
        visitor.get("/en/search?q=knitting and a natter")
    desk.app.extensions["ending"]()
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        desk.phone = signed_in(desk.app, desk.person)
        page = page_of(desk)
    assert row(page, "Page opened") == ["20", "20"]
    assert row(page, "Shown in search results") == ["10", "10"]


def test_another_organization_s_figures_are_not_found(desk: Desk) -> None:
    with reading(desk.app.extensions["desk"].engine) as session:
        other = session.scalars(select(Organization.id).where(Organization.id != desk.service.organization_id)).first()
    for organization_id in (other, uuid.uuid4()):
        assert desk.phone.get(f"/en/my-listings/{organization_id}/figures").status_code == 404


def test_whoever_looks_is_somebody_who_keeps_listings(desk: Desk) -> None:
    address = f"/en/my-listings/{desk.service.organization_id}/figures"
    assert desk.app.test_client().get(address).status_code == 303
    nobody = make_person(desk.app, "nobody@example.org")
    assert signed_in(desk.app, nobody).get(address).status_code == 403


def test_the_desk_leads_there(desk: Desk) -> None:
    page = desk.phone.get("/en/my-listings")
    assert f"/en/my-listings/{desk.service.organization_id}/figures" in page.text
    assert "How often people find you" in words_on(page)


def test_the_page_says_what_its_numbers_are(desk: Desk) -> None:
    said = words_on(page_of(desk))
    for words in ("More people found you than we can count", "We round to the nearest 5", "may also be none", "We do not keep their words"):
        assert words in said


@pytest.mark.parametrize("typed", ["0", "-1", "2", "x", "9" * 20, "\0", "\u202e1", ""])
def test_any_page_number_is_answered(desk: Desk, typed: str) -> None:
    assert page_of(desk, page=typed).status_code == 200


@pytest.mark.parametrize("language", ["ur", "bn", "cy"])
def test_the_page_is_whole_in_other_languages(desk: Desk, language: str) -> None:
    happened(desk, Kind.SOUGHT, 50, key=sought_key(desk.service.organization_id, "falls"))
    page = page_of(desk, language)
    assert page.status_code in (200, 404)  # a language that the pack does not have is not there
    assert page.status_code == 404 or re.search(r"\b50\b|৫০|۵۰", page.text)


def test_many_services_are_pages_of_thirty_and_ask_the_database_no_more_often(desk: Desk) -> None:
    def asked() -> int:
        statements: list[str] = []
        engine = desk.app.extensions["desk"].engine

        def note(*arguments: object) -> None:
            statements.append(str(arguments[2]))

        event.listen(engine, "before_cursor_execute", note)
        assert page_of(desk).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    few = asked()
    with writing(desk.app.extensions["desk"].engine) as session:
        session.add_all(
            Service(id=uuid.uuid4(), name=f"Group {number:03}", organization_id=desk.service.organization_id, status="active")
            for number in range(70)
        )
    assert asked() == few
    first, last = page_of(desk), page_of(desk, page="3")
    assert "Page 1 of 3" in words_on(first)
    assert len(first.page.all("h2")) == 32  # type: ignore[attr-defined]  # thirty, what was looked for, about
    assert "Page 3 of 3" in words_on(last)
