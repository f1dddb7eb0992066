"""Reports of residents: sealed, to those who keep the listing, then to the council, and back to the resident with an answer."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from accounts import make_person
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Level, Member, Role
from portal.accounts.models import Person
from portal.accounts.queries import get_person, member_of
from portal.config import DEVELOPMENT_SECRET
from portal.db import reading, writing
from portal.directory.models import Organization, Service
from portal.directory.reporting import Wrong, find_reply_to, report_problem
from portal.directory.reports import ListingReport
from portal.editing.reports import operations, queries
from portal.editing.reports.letters import PUT_RIGHT, RIGHT
from portal.editing.reports.operations import Done
from portal.errors import NotFound
from portal.history import HistoryLine
from portal.mail import Message, Outgoing
from portal.pack import Line, Pack
from portal.sealing import key_of_site
from portal.sharing.asking.room import Sender

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)  # a Tuesday: five working days end with 1 December
LINE = Line("front_door", "Care Line", "01632 960001", "Weekdays", "care@example.org")
PACK = Pack("Doorstep", "Council", "Calderwick", (), "#0b5c55", ("en", "ur"), {"front_door": LINE}, "", "", is_demo=True)
SENDER = Sender(PACK, "https://doorstep.example", DEVELOPMENT_SECRET)
CLUB, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
LUNCH, WALKS = uuid.UUID(int=11), uuid.UUID(int=12)
RESIDENT = "resident-canary@example.com"


@pytest.fixture(autouse=True)
def _stopped(stopped_clock: datetime) -> None:
    """All of it begins on 24 November 2026."""


@pytest.fixture
def borough(database: Engine) -> Engine:
    with writing(database) as session:
        session.add_all([Organization(id=CLUB, name="Steady Club"), Organization(id=OTHER, name="Others")])
        session.flush()
        session.add(Service(id=LUNCH, organization_id=CLUB, name="Lunch club", status="active"))
        session.add(Service(id=WALKS, organization_id=OTHER, name="Walks", status="active"))
    return database


def wrong(engine: Engine, service: uuid.UUID = LUNCH, kind: str = "times", **more: str) -> int:
    said = {"message": "It starts at 11", "reply_to": RESIDENT, **more}
    with writing(engine) as session:
        return report_problem(session, DEVELOPMENT_SECRET, service, Wrong(kind, **said))


def tend(engine: Engine) -> None:
    with writing(engine) as session:
        operations.tend(session, SENDER)


def sent(engine: Engine) -> list[Message]:
    key = key_of_site(DEVELOPMENT_SECRET, "mail")
    with reading(engine) as session:
        rows = session.scalars(select(Outgoing).order_by(Outgoing.posted_at)).all()
        return [Message.unpacked(key.open(row.sealed, str(row.id))) for row in rows]


def member(session: Session, person: Person) -> Member:
    return member_of(get_person(session, person.id), Level.PASSKEY, "")


def report(engine: Engine, number: int) -> ListingReport:
    with reading(engine) as session:
        return session.get_one(ListingReport, number)


def test_an_address_is_kept_sealed_and_nowhere_else(borough: Engine) -> None:
    number = wrong(borough)
    kept = report(borough, number)
    assert kept.reply_to == ""
    assert kept.sealed
    assert RESIDENT.encode() not in kept.sealed
    assert find_reply_to(kept, DEVELOPMENT_SECRET) == RESIDENT
    assert find_reply_to(kept, "another secret of another site, long enough") == ""
    with reading(borough) as session:
        lines = session.scalars(select(HistoryLine)).all()
        assert [line.action for line in lines] == ["reported"]
        assert "canary" not in str([line.changes for line in lines])
        assert "starts at 11" not in str([line.changes for line in lines])


def test_a_sealed_address_opens_for_no_other_report(borough: Engine) -> None:
    first, second = wrong(borough), wrong(borough, reply_to="")
    with writing(borough) as session:
        session.get_one(ListingReport, second).sealed = session.get_one(ListingReport, first).sealed
    assert find_reply_to(report(borough, second), DEVELOPMENT_SECRET) == ""


def test_addresses_kept_in_clear_before_are_sealed_by_the_first_pass(borough: Engine) -> None:
    number = wrong(borough, reply_to="")
    with writing(borough) as session:
        session.execute(text("UPDATE listing_report SET reply_to = :to, holder = 'council'"), {"to": RESIDENT})
    assert find_reply_to(report(borough, number), DEVELOPMENT_SECRET) == RESIDENT
    tend(borough)
    kept = report(borough, number)
    assert kept.reply_to == ""
    assert find_reply_to(kept, DEVELOPMENT_SECRET) == RESIDENT


def test_a_report_goes_to_who_keeps_the_listing_and_back_with_an_answer(borough: Engine) -> None:
    editor = make_person(borough, "editor@example.org", organizations=[CLUB])
    number = wrong(borough, language="ur")
    tend(borough)
    tend(borough)
    [told] = sent(borough)
    assert told.to == "editor@example.org"
    assert "Lunch club" in told.body
    assert "/en/reports" in told.body
    assert "canary" not in told.body
    assert "starts at 11" not in told.body
    with reading(borough) as session:
        [shown] = queries.list_for_editors(session, [CLUB])
        assert (shown.message, shown.wants_answer, shown.answer_by) == ("It starts at 11", True, date(2026, 12, 1))
        assert "canary" not in repr(shown)
        assert queries.count_for_editors(session, [CLUB]) == 1
    with writing(borough) as session:
        operations.answer_as_editor(session, SENDER, member(session, editor), number, Done(PUT_RIGHT, "We start at 11 now."))
    answer = sent(borough)[-1]
    assert (answer.to, answer.language) == (RESIDENT, "ur")
    assert "We start at 11 now." in answer.body
    assert f"/ur/services/{LUNCH}" in answer.body
    kept = report(borough, number)
    assert (kept.outcome, kept.closed_at, kept.closed_by, kept.sealed) == (PUT_RIGHT, clock.now(), f"person:{editor.id}", None)
    with writing(borough) as session, pytest.raises(NotFound):
        operations.answer_as_editor(session, SENDER, member(session, editor), number, Done(RIGHT))
    assert len(sent(borough)) == 2


def test_who_left_no_address_is_not_written_to(borough: Engine) -> None:
    editor = make_person(borough, "editor@example.org", organizations=[CLUB])
    number = wrong(borough, reply_to="")
    with writing(borough) as session:
        operations.answer_as_editor(session, SENDER, member(session, editor), number, Done(RIGHT, "x"))
    assert sent(borough) == []


def test_another_organizations_report_is_not_there(borough: Engine) -> None:
    editor = make_person(borough, "editor@example.org", organizations=[OTHER])
    number = wrong(borough)
    with writing(borough) as session, pytest.raises(NotFound):
        operations.answer_as_editor(session, SENDER, member(session, editor), number, Done(RIGHT))
    assert report(borough, number).closed_at is None


def test_what_nobody_answers_in_five_working_days_goes_to_the_council_once(borough: Engine) -> None:
    make_person(borough, "editor@example.org", organizations=[CLUB])
    make_person(borough, "council@example.org", roles=[Role.COUNCIL_EDITOR])
    number = wrong(borough)
    with clock.stopped_at(datetime(2026, 12, 1, 23, 59, tzinfo=clock.LONDON)):
        tend(borough)
        assert report(borough, number).holder == "editors"
    with clock.stopped_at(datetime(2026, 12, 2, 0, 0, tzinfo=clock.LONDON)):
        tend(borough)
        tend(borough)
        assert report(borough, number).holder == "council"
    assert [letter.to for letter in sent(borough)] == ["editor@example.org", "council@example.org"]
    assert "/en/reports/council" in sent(borough)[-1].body
    with reading(borough) as session:
        assert len(queries.list_for_council(session)) == 1
        assert len(queries.list_for_editors(session, [CLUB])) == 1, "they may still answer"
        passed = session.scalars(select(HistoryLine).where(HistoryLine.action == "report passed on")).all()
        assert len(passed) == 1


def test_what_nobody_keeps_goes_to_the_council_at_once(borough: Engine) -> None:
    make_person(borough, "reviewer@example.org", roles=[Role.REVIEWER])
    number = wrong(borough)
    tend(borough)
    assert report(borough, number).holder == "council"
    assert [letter.to for letter in sent(borough)] == ["reviewer@example.org"]


def test_what_should_not_be_shown_is_not_for_those_who_wrote_it(borough: Engine) -> None:
    editor = make_person(borough, "editor@example.org", organizations=[CLUB])
    council = make_person(borough, "council@example.org", roles=[Role.COUNCIL_EDITOR])
    number = wrong(borough, kind="offensive")
    tend(borough)
    assert [letter.to for letter in sent(borough)] == ["council@example.org"]
    with reading(borough) as session:
        assert queries.list_for_editors(session, [CLUB]) == ()
    with writing(borough) as session, pytest.raises(NotFound):
        operations.answer_as_editor(session, SENDER, member(session, editor), number, Done(RIGHT))
    with writing(borough) as session:
        operations.answer_as_council(session, SENDER, member(session, council), number, Done(PUT_RIGHT))
    assert sent(borough)[-1].to == RESIDENT


def test_an_editor_is_written_to_once_a_day_about_all_that_waits(borough: Engine) -> None:
    make_person(borough, "editor@example.org", organizations=[CLUB])
    for _ in range(3):
        wrong(borough)
        tend(borough)
    assert len(sent(borough)) == 1
    with clock.stopped_at(NOW + timedelta(hours=1)):
        wrong(borough)
        tend(borough)
        assert len(sent(borough)) == 1
    with clock.stopped_at(NOW + timedelta(days=1)):
        tend(borough)
        tend(borough)
    assert len(sent(borough)) == 2
    with clock.stopped_at(NOW + timedelta(days=3)):
        tend(borough)
    assert len(sent(borough)) == 2, "nothing is new"


def test_an_address_goes_after_ninety_days_and_the_words_half_a_year_after_the_answer(borough: Engine) -> None:
    editor = make_person(borough, "editor@example.org", organizations=[CLUB])
    waiting, done = wrong(borough), wrong(borough)
    with writing(borough) as session:
        operations.answer_as_editor(session, SENDER, member(session, editor), done, Done(RIGHT))
    with clock.stopped_at(NOW + timedelta(days=89)):
        tend(borough)
        assert report(borough, waiting).sealed
    with clock.stopped_at(NOW + timedelta(days=90)):
        tend(borough)
        assert report(borough, waiting).sealed is None
    with clock.stopped_at(NOW + timedelta(days=181)):
        tend(borough)
    with reading(borough) as session:
        assert [it.id for it in session.scalars(select(ListingReport))] == [waiting]
