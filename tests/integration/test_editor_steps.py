"""Writing a listing step by step: each step saves what it is about, and an error says what to do and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from html import unescape
from typing import Final

import pytest
from editing import Desk, at_desk, words_on
from flask import Flask
from sqlalchemy import select

from portal.db import reading
from portal.directory.models import Service
from portal.directory.record import FIELDS, ServiceRecord
from portal.directory.records import find_records
from portal.editing.writing.steps import STEPS

BIDI: Final = "\u202e"
Changes = dict[str, str | list[str]]
TOO_MANY: Final = ["falls", "food", "debt", "work", "pets", "scams", "cancer", "faith", "autism-adhd"]


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Kim keeps "Knit and natter", which has one session a week at one place."""
    return at_desk(app, "Knit and natter")


def test_a_step_that_is_saved_as_it_is_changes_nothing(app: Flask) -> None:
    for desk in (at_desk(app, "Knit and natter"), at_desk(app, "Steady Steps")):
        for step in (*(step.id for step in STEPS), "open"):
            assert desk.fill(step).status_code == 303
            assert desk.subject.draft_id is None, step


def test_every_step_of_every_service_gives_back_the_record_that_it_was_made_of(app: Flask) -> None:
    room = app.extensions["desk"]
    with app.test_request_context("/en/"), reading(room.engine) as session:
        offer = room.offer("en")
        every = find_records(session, list(session.scalars(select(Service.id))))
        for record in (found.record for found in every.values()):
            for step in STEPS:
                page = step.page(record, offer, None)
                assert page.validate() or step.id in ("about", "needs"), (record.name, step.id, page.errors)
                after = page.result()
                assert [name for name in FIELDS if getattr(record, name) != getattr(after, name)] == [], (record.name, step.id)


WRONG: Final[list[tuple[str, Changes, str]]] = [
    ("about", {"name": ""}, "Write what it is called"),
    ("about", {"name": "x" * 101}, "Make it shorter by 1 letter"),
    ("about", {"description": "y" * 2_010}, "Make it shorter by 10 letters"),
    ("about", {"name": f"Lunch{BIDI}bulc"}, "We took out hidden signs that turn words around"),
    ("who", {"minimum_age": "sixty"}, "Write an age in years"),
    ("who", {"minimum_age": "60", "maximum_age": "18"}, "The oldest age is lower than the youngest"),
    ("cost", {"cost-rows": "0", "cost-0-amount": "a fiver", "cost-0-option": "Tea"}, "Write a price like £2.50, 50p or free"),
    ("start", {"phone-rows": "0", "phone-0-number": "ring Joan"}, "Write a phone number like 01632 960001"),
    ("start", {"email": "joan at example"}, "Write an e-mail address like name@example.com"),
    ("start", {"url": "not a page"}, "Write a web address like www.example.org"),
    ("start", {"url": "javascript:alert(1)"}, "Write a web address like www.example.org"),
    ("where", {"place-0-postcode": "NOWHERE"}, "We don't know the postcode “NOWHERE”"),
    ("where", {"how": []}, "Tick at least one way"),
    ("needs", {"needs": []}, "Tick at least one thing that it helps with"),
    ("needs", {"needs": TOO_MANY}, "Tick the 8 that matter most, or fewer"),
    ("words", {"words-rows": "0", "words-0-language": "ur", "words-0-summary": "اون"}, "Write its name in this language too"),
    ("open", {"status": "temporarily closed", "alert": ""}, "Say why it is closed"),
    ("times", {"v0-0-opens": "sometime <b>"}, "Write a time like 10am, 2.30pm or 12 noon"),
    ("times", {"v0-0-closes": "25"}, "Write a time like 10am, 2.30pm or 12 noon"),
    ("times", {"v0-0-days": []}, "Tick the days when it happens"),
    ("times", {"v0-0-often": "w2"}, "Write one date when it happens"),
    ("times", {"v0-0-often": "w2", "v0-0-start": "2026-11-25"}, "25 November 2026 is a Wednesday"),
    ("times", {"v0-0-often": "date"}, "Choose the date of the month"),
    ("times", {"v0-0-first": "2027-02-01", "v0-0-last": "2027-01-01"}, "The last date comes before the first one"),
    ("times", {"v0-0-first": "the 32nd"}, "Write a date like 5 January 2027"),
    ("times", {"v0-0-opens": ""}, "Write when it starts"),
    ("times", {"v0-grows": "0", "v0-g0-last": "2027-01-01"}, "Write the first day when it is closed"),
]


def test_an_error_says_what_to_do_keeps_what_was_typed_and_saves_nothing(desk: Desk) -> None:
    for step, changes, words in WRONG:
        page = desk.fill(step, **changes)
        assert page.status_code == 422, (step, changes)
        assert words_on(page).count(words) == 2, (step, changes)  # in the summary and at the field
        typed = [value for value in changes.values() if isinstance(value, str) and len(value) > 3 and BIDI not in value]
        assert all(value in unescape(page.text) for value in typed), (step, changes)
        assert desk.subject.draft_id is None, (step, changes)


SAVED: Final[list[tuple[str, Changes, Callable[[ServiceRecord], bool]]]] = [
    ("about", {"name": "Knit, natter and mend"}, lambda it: it.name == "Knit, natter and mend"),
    ("about", {"description": "می\u200cخواهم"}, lambda it: it.description == "می\u200cخواهم"),
    ("about", {"name": "Tea & <b>cake</b>"}, lambda it: it.name == "Tea & <b>cake</b>"),
    ("who", {"who_for": ["carer"], "minimum_age": "18"}, lambda it: it.who_for == ("carer",) and it.minimum_age == 18),
    ("cost", {"fees": "Free", "cost-rows": []}, lambda it: it.fees == "Free" and it.costs == ()),
    ("start", {"phone-rows": "0", "phone-0-number": "01632 960999"}, lambda it: [each.number for each in it.phones] == ["01632 960999"]),
    ("start", {"url": "www.example.org/knit"}, lambda it: it.url == "https://www.example.org/knit"),
    ("access", {"v0-ticks": ["lift", "parking"]}, lambda it: it.venues[0].access == ("Lift", "Blue Badge parking")),
    ("access", {"spoken": ["ur"]}, lambda it: [each.code for each in it.languages] == ["ur"]),
    ("areas", {"areas": ["westcroft", "eastmoor"]}, lambda it: {each.extent for each in it.areas} == {"westcroft", "eastmoor"}),
    ("needs", {"needs": ["loneliness", "arts-music"]}, lambda it: set(it.needs) == {"arts-music", "loneliness"}),
    (
        "words",
        {"words-rows": "0", "words-0-language": "ur", "words-0-name": "بنائی"},
        lambda it: [(each.language, each.name) for each in it.translations] == [("ur", "بنائی")],
    ),
    ("open", {"status": "temporarily closed", "alert": "Back in May."}, lambda it: it.alert == "Back in May."),
    ("times", {"v0-0-often": "m1,3"}, lambda it: it.venues[0].sessions[0].byday == "1TU,3TU"),
    ("times", {"v0-0-often": "date", "v0-0-monthday": "-1"}, lambda it: it.venues[0].sessions[0].bymonthday == "-1"),
    ("times", {"v0-0-opens": "10", "v0-0-closes": "2"}, lambda it: it.venues[0].sessions[0].closes == time(14)),
    ("times", {"v0-months": ["8"]}, lambda it: [each.first.month for each in it.venues[0].closures] == [8, 8]),
    (  # only the bank holidays on which it would have been
        "times",
        {"v0-0-days": ["FR"], "v0-bank": "y"},
        lambda it: [str(each.first) for each in it.venues[0].closures] == ["2026-12-25", "2027-01-01", "2027-03-26"],
    ),
]


def test_each_step_saves_what_it_is_about_and_nothing_else(desk: Desk) -> None:
    for step, changes, holds in SAVED:
        assert desk.fill(step, **changes).status_code == 303, (step, changes)
        now = desk.subject
        assert holds(now.record), (step, changes)
        assert len(now.changed) <= (2 if step in ("cost", "who", "open") else 1), (step, now.changed)
        desk.phone.post(desk.at("discard"))


def test_rows_are_added_and_taken_away_without_script(desk: Desk) -> None:
    page = desk.fill("times", do="add-v0")
    assert "Time 2" in words_on(page)
    said = desk.again("times", page, follow=True, v0__1__days=["SA"], v0__1__opens="9.30", v0__1__closes="11", do="look")
    for words in (
        "Every Tuesday, 2pm to 4pm",
        "Every Saturday, 9.30am to 11am",
        "Saturday 28 November, 9.30am to 11am",
        "Tuesday 1 December",
    ):
        assert words in words_on(said)
    assert "Time 2" not in words_on(desk.again("times", said, do="remove-v0-0"))
    assert [each.byday for each in desk.subject.record.venues[0].sessions] == ["SA"]


def test_adding_a_row_keeps_what_is_not_finished_and_scolds_nobody(desk: Desk) -> None:
    page = desk.fill("times", v0__0__opens="no idea yet", do="add-v0")
    assert page.status_code == 200
    assert 'value="no idea yet"' in page.text
    assert "There is a problem" not in page.text


def test_a_gap_is_added_and_said(desk: Desk) -> None:
    page = desk.fill("times", do="gap-v0")
    said = words_on(desk.again("times", page, follow=True, v0__g0__first="21 December 2026", v0__g0__last="2027-01-03", do="look"))
    assert "Every Tuesday, 2pm to 4pm, not from 21 December 2026 to 3 January 2027" in said
    assert "Tuesday 22 December" not in said
    assert "Tuesday 5 January" in said


def test_a_place_that_we_know_is_found_by_its_postcode(app: Flask, desk: Desk) -> None:
    there = at_desk(app, "Steady Steps").subject.record.venues[0]
    page = desk.fill("where", do="add")
    page = desk.again("where", page, place__1__postcode=there.postcode.lower(), do="find-1")
    assert there.name in words_on(page)
    assert desk.again("where", page, place__1__known=str(there.location_id), do="save").status_code == 303
    assert [venue.location_id for venue in desk.subject.record.venues][1:] == [there.location_id]


def test_another_postcode_is_another_place_and_takes_its_times_along(desk: Desk) -> None:
    assert desk.fill("where", place__0__postcode="zz1 1az", place__0__name="The Hut").status_code == 303
    now = desk.subject
    [venue] = now.record.venues
    assert (venue.id, venue.location_id, venue.name, venue.postcode) == (None, None, "The Hut", "ZZ1 1AZ")
    assert venue.latitude is not None
    assert [(each.byday, each.id) for each in venue.sessions] == [("TU", None)]
    assert now.live is not None
    assert now.live.venues[0].name == "Westcroft Library"


def test_the_same_postcode_with_another_name_is_the_same_place(desk: Desk) -> None:
    assert desk.fill("where", place__0__name="Westcroft Library and Hub").status_code == 303
    now = desk.subject
    assert now.live is not None
    assert [venue.location_id for venue in now.record.venues] == [venue.location_id for venue in now.live.venues]


def test_kinds_of_help_are_found_by_peoples_own_words(desk: Desk) -> None:
    page = desk.fill("needs", words="I'm lonely, and I keep falling", do="find")
    assert page.status_code == 200
    before, _folded, _rest = page.text.partition("All kinds of help")
    assert 'value="falls"' in before
    assert 'value="loneliness"' in before
    assert "I&#39;m lonely, and I keep falling" in page.text


HOSTILE: Final[list[Changes]] = [
    {},
    {"do": ""},
    {"do": "remove-v0-99999999999999999999"},
    {"do": "add-\0"},
    {"do": ["add-v0", "save"], "v0-rows": ["0", "0", "x", "-1", "9999", "٣"]},
    {"v0-rows": "0", "v0-0-id": "not-an-id", "v0-0-days": ["XX", "TU"], "v0-0-often": "w99", "v0-0-monthday": "77"},
    {"v0-rows": [str(number) for number in range(100)], "do": "add-v0"},
    {"v0-rows": "0", "v0-0-opens": "9" * 60_000},
    {"v0-rows": "0", "v0-0-start": "99999999999999999999-01-01", "v0-0-first": "0000-00-00", "v0-months": ["13", "x", ""]},
    {"v0-rows": "0", "v0-0-note": f"a{BIDI}b\0c\ufffe"},
    {"name": "\0", "minimum_age": "9" * 400, "amount": "nan", "needs": ["<script>"], "areas": ["\0"], "how": ["x"], "status": "\0"},
]
ROWS: Final = {"where": "place", "cost": "cost", "start": "phone", "words": "words"}


def test_nothing_that_is_posted_breaks_a_page(desk: Desk) -> None:
    for posted in HOSTILE:
        for step in (*(step.id for step in STEPS), "open"):
            data = {name.replace("v0", ROWS.get(step, "v0")): value for name, value in posted.items()}
            assert desk.phone.post(desk.at(step), data=data).status_code in (200, 303, 422), (step, data)


def test_the_same_pages_are_there_from_right_to_left(desk: Desk) -> None:
    for page in ("", *(step.id for step in STEPS), "open", "check"):
        assert desk.phone.get(desk.at(page).replace("/en/", "/ur/")).status_code == 200
