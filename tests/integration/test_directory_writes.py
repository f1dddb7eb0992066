"""Writes: each leaves its history and its change row in the same transaction; counts are by day and hold nobody."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock, tally
from portal.config import DEVELOPMENT_SECRET
from portal.directory.cursors import BEGINNING, count_unread, list_unread
from portal.directory.models import Organization, Service
from portal.directory.operations import withdraw
from portal.directory.queries import list_open_reports
from portal.directory.reporting import Wrong, report_problem
from portal.directory.reports import ListingReport
from portal.errors import NotFound
from portal.history import Act, HistoryLine, record

MOMENT = datetime(2026, 6, 30, 22, 45, tzinfo=UTC)  # a quarter of an hour before midnight in London


@pytest.fixture
def club(session: Session) -> Service:
    made = Service(id=uuid.uuid4(), name="Lunch club", status="active", organization=Organization(id=uuid.uuid4(), name="Friends"))
    session.add(made)
    session.flush()
    return made


def test_a_withdrawn_service_stays_on_record_with_who_and_why(session: Session, club: Service) -> None:
    with clock.stopped_at(MOMENT):
        withdraw(session, club.id, "an officer", "it closed")
    session.flush()
    line = session.scalars(select(HistoryLine)).one()
    assert (line.resource_type, line.resource_id, line.action, line.acted_by, line.acted_at) == (
        "service",
        club.id,
        "withdrawn",
        "an officer",
        MOMENT,
    )
    assert line.changes["status"] == ["active", "inactive"]
    assert line.reason == "it closed"
    assert (club.status, club.last_modified) == ("inactive", MOMENT)
    assert [row.service_id for row in list_unread(session, BEGINNING, 10)] == [club.id], "the index is told"


def test_what_never_was_cannot_be_withdrawn_or_reported(session: Session) -> None:
    with pytest.raises(NotFound):
        withdraw(session, uuid.uuid4(), "x", "y")
    with pytest.raises(NotFound):
        report_problem(session, DEVELOPMENT_SECRET, uuid.uuid4(), Wrong("closed"))
    assert count_unread(session, BEGINNING) == 0


def test_reports_wait_oldest_first_until_somebody_has_dealt_with_them(session: Session, club: Service) -> None:
    for number, kind in enumerate(ListingReport.KINDS):
        with clock.stopped_at(MOMENT - timedelta(hours=number)):
            report_problem(session, DEVELOPMENT_SECRET, club.id, Wrong(kind, f"message {number}", "me@example.org" if number else ""))
    session.flush()
    waiting = list_open_reports(session)
    assert [it.kind for it in waiting] == list(reversed(ListingReport.KINDS))
    assert (waiting[-1].name, waiting[-1].message, waiting[-1].wants_answer) == ("Lunch club", "message 0", False)
    assert waiting[0].reported_at < waiting[1].reported_at
    done = session.scalars(select(ListingReport).where(ListingReport.kind == "closed")).one()
    done.closed_at = MOMENT
    session.flush()
    assert "closed" not in [it.kind for it in list_open_reports(session)]


def test_a_report_changes_nothing_public(session: Session, club: Service) -> None:
    report_problem(session, DEVELOPMENT_SECRET, club.id, Wrong("closed"))
    session.flush()
    assert count_unread(session, BEGINNING) == 0
    assert [line.action for line in session.scalars(select(HistoryLine))] == ["reported"]
    assert club.status == "active"


def test_history_is_only_added_to(session: Session, club: Service) -> None:
    for number in range(3):
        record(session, ("service", club.id), Act("edited", "x"), {"name": [f"{number}", f"{number + 1}"]})
    session.flush()
    assert [line.changes["name"] for line in session.scalars(select(HistoryLine).order_by(HistoryLine.id))] == [
        ["0", "1"],
        ["1", "2"],
        ["2", "3"],
    ]


def counted(session: Session) -> dict[tuple[str, str, str, str], int]:
    session.expire_all()
    return {(str(it.counted_on), it.kind, it.key, it.locality): it.count for it in session.scalars(select(tally.Tally))}


def test_counts_are_by_day_in_london_kind_key_and_locality(session: Session) -> None:
    for hours in (0, 0, 0, 1):
        with clock.stopped_at(MOMENT + timedelta(hours=hours)):
            tally.count(session, "search missed", "falls", "eastmoor")
    with clock.stopped_at(MOMENT):
        tally.count(session, "search missed", "falls")
        tally.count(session, "search missed", "food", "eastmoor")
        tally.count(session, "search missed, text", "falls", "eastmoor")
    assert counted(session) == {
        ("2026-06-30", "search missed", "falls", "eastmoor"): 3,
        ("2026-07-01", "search missed", "falls", "eastmoor"): 1,
        ("2026-06-30", "search missed", "falls", ""): 1,
        ("2026-06-30", "search missed", "food", "eastmoor"): 1,
        ("2026-06-30", "search missed, text", "falls", "eastmoor"): 1,
    }


def test_a_count_holds_a_day_and_nothing_of_a_person() -> None:
    assert {column.name for column in tally.Tally.__table__.columns} == {"id", "counted_on", "kind", "key", "locality", "count"}


def test_counts_are_undone_with_the_transaction_they_were_made_in(session: Session) -> None:
    taken_back = session.begin_nested()
    tally.count(session, "kind", "key")
    assert len(counted(session)) == 1
    taken_back.rollback()
    assert counted(session) == {}
