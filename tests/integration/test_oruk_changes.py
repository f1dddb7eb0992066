"""What other programs are told of changes, and that pages hold still for whoever reads them while others write."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from little_borough import extents, taxonomy
from little_directory import Directory, service_id
from sqlalchemy import Engine, select, update

from portal import clock
from portal.api.oruk.choosing import Chooser
from portal.api.oruk.parameter import Answer
from portal.api.oruk.reading import read
from portal.api.oruk.records import AT_ONCE, Records
from portal.api.oruk.services import Ground
from portal.api.oruk.vocabulary import Vocabulary
from portal.api.problems import Unanswerable
from portal.db import open_engine, reading, writing
from portal.directory.listed import ListedService
from portal.directory.models import PUBLIC_STATUSES, Service
from portal.directory.places import Location, ServiceAtLocation

START = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)
Ask = Callable[..., dict[str, Any]]
Land = tuple[Ground, Chooser]


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Land:
    own = Vocabulary(taxonomy())
    return Ground(own, lambda _postcode: ""), Chooser(own, extents(tmp_path_factory.mktemp("borough")))


@pytest.fixture
def records(land: Land) -> Records:
    """Of one database only, as a process has them."""
    return Records(*land)


@pytest.fixture(params=["database", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Both databases."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


def asking(records: Records, engine: Engine) -> Ask:
    """A page of a list as a program reads it."""

    def ask(answer: Answer, **asked: object) -> dict[str, Any]:
        with reading(engine) as session:
            page = records.page(session, read(answer, [(name, str(value)) for name, value in asked.items()]))
        found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(page))
        return found

    return ask


def ids(page: dict[str, Any]) -> list[str]:
    return [record["id"] for record in page["contents"]]


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_what_is_withdrawn_is_told_and_what_comes_back_as_well(records: Records, engine: Engine) -> None:
    ask, directory = asking(records, engine), Directory(engine)
    with clock.stopped_at(at(0)):
        directory.fill(4)
    with clock.stopped_at(at(10)):
        directory.withdraw(1)
        directory.change(2, description="Now on Fridays")
    with clock.stopped_at(at(20)):
        since = ask(Answer.SERVICES, modified_after=at(5).isoformat())
        assert ids(since) == [str(service_id(1)), str(service_id(2))]
        gone, changed = since["contents"]
        assert gone == {
            "id": str(service_id(1)), "organization_id": gone["organization_id"], "name": "Club 1", "status": "inactive",
            "last_modified": "2026-11-24T10:40:00.000Z", "modified_date": "2026-11-24T10:40:00.000Z",
        }  # fmt: skip
        assert (changed["status"], changed["description"], changed["last_modified"]) == ("active", "Now on Fridays", gone["last_modified"])
        assert str(service_id(1)) not in ids(ask(Answer.SERVICES))
        places = ask(Answer.SERVICE_AT_LOCATIONS, modified_after=at(5).isoformat())["contents"]
        assert [(place["service"]["status"], "location" in place) for place in places] == [("inactive", False), ("active", True)]
    with clock.stopped_at(at(30)):
        directory.change(1, status="active")
        assert ids(ask(Answer.SERVICES, modified_after=at(25).isoformat())) == [str(service_id(1))]
        assert str(service_id(1)) in ids(ask(Answer.SERVICES))


def test_modified_after_includes_its_own_moment_and_what_was_never_public_is_not_told(records: Records, engine: Engine) -> None:
    ask, directory = asking(records, engine), Directory(engine)
    with clock.stopped_at(at(0)):
        directory.fill(2)
        directory.add(2, status="inactive")
        said = ask(Answer.SERVICES)["contents"][0]["last_modified"]
        assert len(ids(ask(Answer.SERVICES, modified_after=said))) == 2
        after = (at(0) + timedelta(milliseconds=1)).isoformat()
        assert ids(ask(Answer.SERVICES, modified_after=after)) == []
        with reading(engine) as session, pytest.raises(Unanswerable):
            records.one(session, Answer.SERVICE, service_id(2), read(Answer.SERVICE, []))


def test_a_withdrawn_record_is_still_told_by_its_id(records: Records, engine: Engine) -> None:
    directory = Directory(engine)
    with clock.stopped_at(at(0)):
        directory.fill(1)
        directory.withdraw(0)
        with reading(engine) as session:
            given = msgspec.to_builtins(records.one(session, Answer.SERVICE, service_id(0), read(Answer.SERVICE, [])))
    assert (given["status"], sorted(given)) == (
        "inactive", ["id", "last_modified", "modified_date", "name", "organization_id", "status"],
    )  # fmt: skip


def test_the_place_of_what_is_withdrawn_is_given_up_the_day_after_next(records: Records, engine: Engine) -> None:
    ask, directory = asking(records, engine), Directory(engine)
    with clock.stopped_at(at(0)):
        directory.fill(4)
        directory.withdraw(0)
    for days, pages in ((0, 4), (1, 4), (2, 3)):
        with clock.stopped_at(START + timedelta(days=days)):
            page = ask(Answer.SERVICES, per_page=1)
            found = [key for number in range(1, pages + 1) for key in ids(ask(Answer.SERVICES, per_page=1, page=number))]
            assert (page["total_items"], page["total_pages"]) == (3, pages)
            assert set(found) == {str(service_id(number)) for number in (1, 2, 3)}


WRITES = st.lists(
    st.tuples(
        st.integers(0, 3),  # between which pages
        st.sampled_from(["add", "withdraw", "return", "rename", "retouch", "add place", "remove place"]),
        st.integers(0, 8),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=WRITES, per_page=st.integers(2, 4))
def test_who_pages_on_while_others_write_misses_nothing_and_meets_nothing_twice(
    land: Land, empty_database: Path, writes: list[tuple[int, str, int]], per_page: int
) -> None:
    with opened_copy(empty_database) as engine, clock.stopped_at(at(0)):
        directory, ask = Directory(engine), asking(Records(*land), engine)
        directory.fill(9)
        there = {answer: public_ids(engine, answer) for answer in (Answer.SERVICES, Answer.SERVICE_AT_LOCATIONS)}
        met: dict[Answer, list[str]] = {answer: [] for answer in there}
        added = iter(range(100, 200))
        number, last = 1, False
        while not last:
            pages = {answer: ask(answer, page=number, per_page=per_page) for answer in there}
            for answer, page in pages.items():
                met[answer] += ids(page)
            last = all(page["last_page"] for page in pages.values())
            for _, what, which in (write for write in writes if write[0] == number - 1):
                write(directory, what, which, added)
                there = {answer: keys & public_ids(engine, answer) for answer, keys in there.items()}
            number += 1
        for answer, keys in there.items():
            assert len(set(met[answer])) == len(met[answer]), "nothing twice"
            assert keys <= set(met[answer]), "what was there throughout is met"


def write(directory: Directory, what: str, which: int, added: Iterator[int]) -> None:
    if what == "add":
        directory.add(next(added))
    elif what == "rename":
        directory.change(which, name="AAA first by name")
    elif what == "retouch":
        directory.mark([which])
    elif what == "add place":
        directory.add_place(which)
    elif what == "remove place":
        directory.remove_place(which)
    else:
        directory.change(which, status="inactive" if what == "withdraw" else "active")


def public_ids(engine: Engine, answer: Answer) -> set[str]:
    """What is given now, without the code under test."""
    with reading(engine) as session:
        services = set(session.scalars(select(Service.id).where(Service.status.in_(PUBLIC_STATUSES))))
        if answer is Answer.SERVICES:
            return {str(key) for key in services}
        return {str(row.id) for row in session.scalars(select(ServiceAtLocation)) if row.service_id in services}


@contextmanager
def opened_copy(empty: Path) -> Iterator[Engine]:
    """A database of one example's own."""
    with tempfile.TemporaryDirectory(prefix="portal-pages-") as folder:
        engine = open_engine(f"sqlite:///{shutil.copy(empty, Path(folder) / 'portal.sqlite3')}")
        yield engine
        engine.dispose()


def test_a_place_that_is_taken_away_keeps_its_position_for_a_day_and_one_that_is_added_stands_last(
    records: Records, engine: Engine
) -> None:
    ask, directory = asking(records, engine), Directory(engine)
    with clock.stopped_at(at(0)):
        directory.fill(3)
        before = ids(ask(Answer.SERVICE_AT_LOCATIONS))
        directory.add_place(0)
        after = ids(ask(Answer.SERVICE_AT_LOCATIONS))
        assert (len(after), after[:3]) == (4, before)
        directory.remove_place(0)
    kept = [key for key in after if key in public_ids(engine, Answer.SERVICE_AT_LOCATIONS)]
    assert len(kept) == 3
    for days, places in ((0, 4), (1, 4), (2, 3)):
        with clock.stopped_at(START + timedelta(days=days)):
            page = ask(Answer.SERVICE_AT_LOCATIONS, per_page=1)
            assert (page["total_items"], page["total_pages"]) == (3, places)
            assert [key for number in range(1, 5) for key in ids(ask(Answer.SERVICE_AT_LOCATIONS, per_page=1, page=number))] == kept


def test_what_comes_back_when_its_place_is_gone_stands_last(records: Records, engine: Engine) -> None:
    ask, directory = asking(records, engine), Directory(engine)
    with clock.stopped_at(at(0)):
        directory.fill(3)
        directory.withdraw(0)
        directory.withdraw(1)
    with clock.stopped_at(START + timedelta(days=1)):
        directory.change(1, status="active")
        assert ids(ask(Answer.SERVICES)) == [str(service_id(number)) for number in (1, 2)], "its place was still kept"
    with clock.stopped_at(START + timedelta(days=2)):
        directory.change(0, status="active")
        assert ids(ask(Answer.SERVICES)) == [str(service_id(number)) for number in (1, 2, 0)]
        assert [place["service_id"] for place in ask(Answer.SERVICE_AT_LOCATIONS)["contents"]] == ids(ask(Answer.SERVICES))


def test_a_stream_is_of_one_moment_whatever_stops_fitting_while_it_is_read(records: Records, engine: Engine) -> None:
    ask, directory, every = asking(records, engine), Directory(engine), AT_ONCE + 4
    with clock.stopped_at(at(0)):
        directory.fill(every)
        first, *_, last = before = ids(ask(Answer.SERVICES, per_page=500))
        with reading(engine) as session:
            batches = records.stream(engine, session, read(Answer.SERVICES, [("search", "club"), ("format", "ndjson")]))
        met = [msgspec.json.decode(line)["id"] for line in next(batches).splitlines()]
        assert first in met
        assert last not in met
        numbers = {str(service_id(number)): number for number in range(every)}
        for gone in (first, last):  # on pages, all others would move up
            directory.change(numbers[gone], name="Choir", description="Singing")
        met += [msgspec.json.decode(line)["id"] for some in batches for line in some.splitlines()]
    assert met == before


def test_a_whole_record_is_what_was_written_last_though_the_clock_stands(records: Records, engine: Engine) -> None:
    ask, directory = asking(records, engine), Directory(engine)
    with clock.stopped_at(at(0)):
        directory.fill(1)
        for words in ("One", "Two", "Three"):
            directory.change(0, description=words)
            for _ in range(2):
                assert ask(Answer.SERVICES, full="true")["contents"][0]["description"] == words
                assert ask(Answer.SERVICE_AT_LOCATIONS, full="true")["contents"][0]["service"]["description"] == words
                assert ids(ask(Answer.SERVICES, search=words)) == [str(service_id(0))]
        directory.withdraw(0)
        assert "description" not in ask(Answer.SERVICES, full="true", modified_after=at(0).isoformat())["contents"][0]
        assert ids(ask(Answer.SERVICES, search="Three")) == []


def test_a_place_that_becomes_secret_is_given_from_nothing_that_was_kept(records: Records, engine: Engine) -> None:
    ask, directory = asking(records, engine), Directory(engine)
    with clock.stopped_at(at(0)):
        directory.fill(1)
        assert "latitude" in ask(Answer.SERVICE_AT_LOCATIONS, full="true")["contents"][0]["location"]
        assert "latitude" in ask(Answer.SERVICES, full="true")["contents"][0]["service_at_locations"][0]["location"]
        with writing(engine) as session:
            session.execute(update(Location).values(is_confidential=True))  # without a word to anybody
        place = ask(Answer.SERVICE_AT_LOCATIONS, full="true")["contents"][0]
        inside = ask(Answer.SERVICES, full="true")["contents"][0]["service_at_locations"][0]
    assert [set(each["location"]) for each in (place, inside)] == [{"id", "location_type"}] * 2


def test_a_place_in_the_open_list_is_never_given_twice(records: Records, engine: Engine) -> None:
    directory = Directory(engine)
    with clock.stopped_at(at(0)):
        directory.fill(3)
        directory.withdraw(2)
        directory.add(3)
        directory.change(2, status="active")
        with reading(engine) as session:
            order = session.execute(select(ListedService.service_id, ListedService.position).order_by(ListedService.position)).all()
    assert {row.service_id for row in order} == {service_id(number) for number in range(4)}
    assert order[-1].service_id == service_id(3), "the last to come stands last"
    assert len({row.position for row in order}) == 4
