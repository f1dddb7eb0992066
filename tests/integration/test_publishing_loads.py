"""Loads and people: a load undoes nothing that people wrote here, until the source itself has news; then it says whose it took."""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, func, select
from test_load import OPTIONS

from portal import clock
from portal.db import reading, writing
from portal.directory.models import Service
from portal.directory.openreferral.loaded import OVERWRITTEN
from portal.directory.openreferral.loading import load
from portal.directory.openreferral.reporting import LoadReport, summary_lines
from portal.directory.places import Location
from portal.directory.publishing import Target, assure, publish
from portal.directory.record import ServiceRecord
from portal.directory.records import get_record
from portal.directory.versions import list_versions
from portal.history import Act

CLUB, HALL, FRIENDS = (uuid.UUID(int=number) for number in (1, 2, 3))
ACT = Act("approved", "person:1", "they moved")


def told(**changes: Any) -> dict[str, Any]:
    """The source, with something else than before."""
    location = {"id": str(HALL), "name": "Elm Hall", "location_type": "physical", "addresses": [{"address_1": "1 Elm Street"}]}
    club = {
        "id": str(CLUB),
        "name": "Lunch club",
        "status": "active",
        "description": "A meal",
        "assured_date": "2026-01-01",
        "organization": {"id": str(FRIENDS), "name": "Friends"},
        "phones": [{"id": str(uuid.UUID(int=9)), "number": "01632 960001"}],
        "service_at_locations": [{"id": str(uuid.UUID(int=8)), "location": location}],
    }
    return club | changes


@pytest.fixture
def loaded(database: Engine, tmp_path: Path) -> Iterator[Any]:
    """Loads the source, as it is told, from the same file."""
    path = tmp_path / "source.json"

    def again(**changes: Any) -> LoadReport:
        path.write_text(json.dumps([told(**changes)]), "utf-8")
        return load(database, [str(path)], OPTIONS)

    with clock.stopped_at(datetime(2026, 11, 24, 10, 30, tzinfo=UTC)):
        again()
        yield again


def record(engine: Engine) -> ServiceRecord:
    with reading(engine) as session:
        return get_record(session, CLUB).record


def published(engine: Engine, **changes: Any) -> None:
    with writing(engine) as session:
        publish(session, Target(FRIENDS, CLUB), replace(get_record(session, CLUB).record, **changes), ACT)


def test_the_same_source_again_undoes_nothing_that_people_published(loaded: Any, database: Engine) -> None:
    venue = replace(record(database).venues[0], address="2 Oak Street")
    published(database, name="Supper club", phones=(), venues=(venue,))
    report = loaded()
    assert (report.writes, report.changed, report.kept) == (0, 0, 1)
    assert "left as people here have changed them" in "\n".join(summary_lines(report))
    found = record(database)
    assert (found.name, found.phones, found.venues[0].address) == ("Supper club", (), "2 Oak Street")


def test_a_place_that_people_took_away_does_not_come_back_alone(loaded: Any, database: Engine) -> None:
    published(database, venues=())
    loaded()
    with reading(database) as session:
        assert session.scalar(select(func.count()).select_from(Location)) == 0


def test_news_of_the_source_is_taken_said_and_what_people_wrote_can_be_restored(loaded: Any, database: Engine) -> None:
    published(database, name="Supper club")
    report = loaded(description="A meal and a chat")
    assert (report.kept, [finding.words for finding in report.findings if finding.words == OVERWRITTEN]) == (0, [OVERWRITTEN])
    assert (record(database).name, record(database).description) == ("Lunch club", "A meal and a chat")
    with reading(database) as session:
        assert get_record(session, CLUB).version == 2, "whoever is writing about it has read another one"
        assert [version.record.name for version in list_versions(session, CLUB)] == ["Supper club", "Lunch club"]
    published(database, fees="Free")
    with reading(database) as session:
        assert [(it.number, it.record.description, it.acted_by) for it in list_versions(session, CLUB)][:2] == [
            (3, "A meal and a chat", "person:1"),
            (2, "A meal and a chat", ""),
        ], "what the load had left is kept too"


def test_a_check_made_here_is_not_undone_by_an_older_one(loaded: Any, database: Engine) -> None:
    with writing(database) as session:
        assure(session, CLUB, Act("confirmed", "person:1"), "Friends")
    assert loaded().kept == 1
    with reading(database) as session:
        assert session.get_one(Service, CLUB).assured_date == date(2026, 11, 24)


def test_a_new_date_alone_is_no_news(loaded: Any, database: Engine) -> None:
    published(database, name="Supper club")
    loaded(last_modified="2026-11-23T10:00:00Z")
    assert record(database).name == "Supper club"


def test_a_dry_run_remembers_nothing(database: Engine, tmp_path: Path, loaded: Any) -> None:
    published(database, name="Supper club")
    path = tmp_path / "other" / "source.json"
    path.parent.mkdir()
    path.write_text(json.dumps([told(description="News")]), "utf-8")
    load(database, [str(path)], dataclasses.replace(OPTIONS, is_dry_run=True))
    assert loaded().kept == 1
    assert record(database).name == "Supper club"


def test_what_nobody_touched_here_is_loaded_as_ever(loaded: Any, database: Engine) -> None:
    loaded(name="Breakfast club")
    assert record(database).name == "Breakfast club"
    with writing(database) as session:
        session.get_one(Service, CLUB).name = "By hand"
    loaded(name="Breakfast club")
    assert record(database).name == "Breakfast club"
