"""Quality on a real PostgreSQL: many processes measure at once, numbers and lists are SQLite's, migrations go down and up with data."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from quality import FRIENDS, OTHERS, add, add_organizations, room_of
from sqlalchemy import Engine, func, inspect, select, update

from portal import clock, schema
from portal.db import reading, writing
from portal.directory.models import Organization, Service
from portal.editing.links.models import CheckedLink
from portal.editing.quality import measuring
from portal.editing.quality.listed import Wanted, count_listed, list_listed
from portal.editing.quality.measures import Measure, rule_of
from portal.editing.quality.measuring import bring_up_to_date, count_waiting
from portal.editing.quality.models import Quality, QualityPlace
from portal.editing.quality.queries import Asked, Row, Whole, count_organizations, count_places
from portal.editing.quality.room import QualityRoom
from portal.editing.quality.wording import names_of_places

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)
MANY = 4


@pytest.fixture
def room(postgresql: Engine, tmp_path: Path, stopped_clock: datetime) -> QualityRoom:
    return filled(postgresql, tmp_path)


def filled(engine: Engine, folder: Path) -> QualityRoom:
    """Nine listings of two organizations, with something of each measure."""
    with writing(engine) as session:
        add_organizations(session)
    for number in range(6):
        add(engine, name=f"Club {number}", fees="" if number % 2 else "£4")
    hard = add(engine, OTHERS, name="Hard", description="We facilitate holistic provision. " * 3, url="https://gone.example/")
    add(engine, OTHERS, name="Nowhere", venues=())
    add(engine, OTHERS, name="Somewhere", venues=(), areas=())
    with writing(engine) as session:
        session.add(CheckedLink(id="x", url="https://gone.example/", next_at=NOW, failures=3, reason="gone", broken_since=NOW.date()))
        session.execute(update(Service).where(Service.id == hard).values(assured_date=None))
        session.execute(update(Organization).where(Organization.id == OTHERS).values(name="Others, of old"))
    return room_of(engine, folder)


def counted(room: QualityRoom) -> tuple[tuple[Whole, list[Row]], tuple[Whole, list[Row]], dict[Measure, list[str]]]:
    rule = rule_of(room.ground)
    with reading(room.engine) as session:
        places = count_places(session, Asked(rule), names_of_places(room.ground))
        organizations = count_organizations(session, Asked(rule), 1)
        names = {each: sorted(it.name for it in list_listed(session, rule, Wanted(each))) for each in Measure}
    return places, organizations, names


def test_numbers_and_lists_are_those_of_sqlite(room: QualityRoom, database: Engine, tmp_path: Path) -> None:
    other = filled(database, tmp_path)
    for each in (room, other):
        assert bring_up_to_date(each) == 9
    (whole, places), (whole_again, organizations), names = counted(room)
    assert ((whole, places), (whole_again, organizations), names) == counted(other)
    assert whole == whole_again
    assert {measure: whole.counts.number(measure) for measure in Measure} == {measure: len(names[measure]) for measure in Measure}
    assert names[Measure.BROKEN] == names[Measure.HARD] == names[Measure.UNCHECKED] == ["Hard"]
    assert [row.organization_id for row in organizations] == [OTHERS, FRIENDS], "as many to put right, of fewer"
    assert (whole.organizations, whole.unkept) == (2, 2)


def test_an_empty_page_still_says_how_much_there_is(room: QualityRoom) -> None:
    with reading(room.engine) as session:
        whole, rows = count_organizations(session, Asked(rule_of(room.ground), "name", is_unkept=True), 9999)
        assert (whole.organizations, rows) == (2, [])


def test_a_directory_without_listings_counts_nothing(postgresql: Engine, database: Engine, tmp_path: Path) -> None:
    for engine in (postgresql, database):
        empty = room_of(engine, tmp_path)
        with reading(engine) as session:
            whole, rows = count_organizations(session, Asked(rule_of(empty.ground)), 1)
            assert (whole.counts.number(Measure.ALL), whole.organizations, rows) == (0, 0, [])
            whole, rows = count_places(session, Asked(rule_of(empty.ground)), names_of_places(empty.ground))
            assert (whole.counts.number(Measure.ALL), whole.counts.share(Measure.WORK), len(rows)) == (0, None, 3)
            assert count_listed(session, rule_of(empty.ground), Wanted()) == 0


def test_many_processes_measure_at_once_and_lose_nothing(room: QualityRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "AT_ONCE", 2)
    for number in range(20):
        add(room.engine, name=f"More {number}")
    gate = threading.Barrier(MANY)

    def work(_number: int) -> int:
        with clock.stopped_at(NOW):
            gate.wait()
            return bring_up_to_date(room)

    with ThreadPoolExecutor(MANY) as pool:
        assert sum(pool.map(work, range(MANY))) >= 29
    with reading(room.engine) as session:
        assert count_waiting(session, rule_of(room.ground)) == 0
        assert session.scalar(select(func.count()).select_from(Quality)) == 29
        assert session.scalar(select(func.count(QualityPlace.service_id.distinct()))) == 29


@pytest.mark.parametrize("which", ["postgresql", "database"])
def test_the_migration_goes_down_and_up_with_data(
    which: str, request: pytest.FixtureRequest, tmp_path: Path, stopped_clock: datetime
) -> None:
    engine: Engine = request.getfixturevalue(which)
    room = filled(engine, tmp_path)
    bring_up_to_date(room)
    schema.downgrade(engine, "0012")
    assert not {"quality", "quality_place"} & set(inspect(engine).get_table_names())
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Service)) == 9
    schema.upgrade(engine)
    assert {index["name"] for index in inspect(engine).get_indexes("service")} >= {"ix_service_counted"}
    assert bring_up_to_date(room) == 9
