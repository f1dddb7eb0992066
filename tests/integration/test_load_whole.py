"""Whole directories: the demo borough, a real council's, the standard's own examples, and one as large as a county's."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from effort import effort
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.config import CHECKOUT
from portal.db import Base, open_engine, reading
from portal.directory.models import Organization, Service
from portal.directory.openreferral.identifiers import pack_id
from portal.directory.openreferral.loading import LoadOptions, load
from portal.directory.openreferral.rows import Action
from portal.directory.places import Location
from portal.directory.terms import ServiceNeed
from portal.directory.times import HolidaySchedule, Schedule
from portal.taxonomy.rules import load_rules
from portal.taxonomy.terms import load_taxonomy

DEMO = CHECKOUT / "content" / "demo" / "directory"
SHARED = Path(__file__).parents[2].parent / "shared"
TRAFFORD = SHARED / "data" / "services" / "trafford_services_ogl.json"
EXAMPLES = SHARED / "standards" / "open-referral-uk-3.0" / "examples"
OPTIONS = LoadOptions(load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml"), load_rules(CHECKOUT / "content" / "taxonomy_rules.yaml"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with reading(engine) as session:
        yield session


class TestDemo:
    def test_every_listing_loads_and_nothing_is_mended_or_refused(self, engine: Engine) -> None:
        report = load(engine, [str(DEMO)], OPTIONS)
        assert [finding for finding in report.findings if finding.action is not Action.NOTED] == []
        assert dict(report.unkept) == {}
        assert report.services >= 160
        assert load(engine, [str(DEMO)], OPTIONS).writes == 0

    def test_every_service_of_every_file_is_there_with_its_nights_and_exceptions(self, engine: Engine, session: Session) -> None:
        load(engine, [str(DEMO)], OPTIONS)
        written: dict[uuid.UUID, dict[str, Any]] = {}
        for path in DEMO.glob("*.yaml"):
            document = yaml.safe_load(path.read_text("utf-8"))
            groups = [document, *document.get("organizations", [])]
            written |= {pack_id("service", thing["id"]): thing for group in groups for thing in group.get("services", [])}
        stored = {service.id: service for service in session.scalars(select(Service))}
        assert stored.keys() == written.keys()
        for key, thing in written.items():
            assert [need.need for need in stored[key].needs if not need.inferred] == thing.get("needs", [])
            assert len(stored[key].schedules) == len(thing.get("schedules", []))
            assert len(stored[key].service_at_locations) == len(thing.get("service_at_locations", []))
        nights = session.scalar(select(func.count()).select_from(Schedule).where(Schedule.closes_at < Schedule.opens_at))
        assert nights
        assert session.scalar(select(func.count()).select_from(HolidaySchedule).where(HolidaySchedule.closed.is_(False)))
        assert session.scalar(select(func.count()).select_from(Location).where(Location.is_confidential))


@pytest.mark.shared
@pytest.mark.skipif(not TRAFFORD.exists(), reason="needs ../shared/data, which is not there")
class TestTrafford:
    def test_all_657_services_load_none_is_lost_and_again_changes_nothing(self, engine: Engine, session: Session) -> None:
        report = load(engine, [str(TRAFFORD)], OPTIONS)
        assert report.count(Action.REFUSED) == 0
        assert report.unkept == ()
        ids = {uuid.UUID(thing["id"]) for thing in json.loads(TRAFFORD.read_text("utf-8"))}
        assert set(session.scalars(select(Service.id))) == ids
        assert len(ids) == 657
        assert load(engine, [str(TRAFFORD)], OPTIONS).writes == 0

    def test_at_least_95_in_100_have_a_need_and_all_are_inferred(self, engine: Engine, session: Session) -> None:
        report = load(engine, [str(TRAFFORD)], OPTIONS)
        assert report.with_needs >= 0.95 * report.services
        assert session.scalar(select(func.count()).select_from(ServiceNeed).where(ServiceNeed.inferred.is_(False))) == 0


@pytest.mark.shared
@pytest.mark.skipif(not EXAMPLES.exists(), reason="needs ../shared/standards, which is not there")
@pytest.mark.parametrize(
    ("name", "table", "number"),
    [
        ("service_full", Service, 1),
        ("service_list", Service, 1),
        ("organization_full", Service, 1),
        ("organization_list", Organization, 1),
        ("service_at_location_full", Service, 1),
        ("service_at_location_list", Service, 1),
    ],
)
def test_the_examples_of_the_standard_load(engine: Engine, session: Session, name: str, table: type[Base], number: int) -> None:
    report = load(engine, [str(EXAMPLES / f"{name}.json")], OPTIONS)
    assert session.scalar(select(func.count()).select_from(table)) == number
    assert report.refused_rows == 0


def made_up(number: int) -> dict[str, Any]:
    def key(what: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{what}/{number}"))

    subject = ("lunch club for older people", "help with debts and bills", "walking group", "toddler group", "befriending by phone")[
        number % 5
    ]
    place = {
        "id": key("place"),
        "location_type": "physical",
        "name": f"Hall {number}",
        "latitude": 54.0 + number % 100 / 1000,
        "longitude": 1.25,
        "addresses": [{"id": key("address"), "address_1": f"{number} High Street", "city": "Calderwick", "postal_code": "ZZ1 1DR"}],
    }
    hours = {"id": key("schedule"), "freq": "WEEKLY", "byday": "MO,TH", "opens_at": "10:00", "closes_at": "12:00"}
    return {
        "id": key("service"),
        "name": f"Service {number}: {subject}",
        "status": "active",
        "last_modified": "2026-01-02T10:00:00Z",
        "description": f"<p>A {subject}.</p><p>Everybody in the borough is welcome. Ring us first, or come and see.</p>",
        "organization": {"id": key("organization"), "name": f"Organisation {number}"},
        "phones": [{"id": key("phone"), "number": f"01632 960 {number % 1000:03}"}],
        "service_areas": [{"id": key("area"), "name": "Calderwick"}],
        "service_at_locations": [{"id": key("at"), "location": place, "schedules": [hours]}],
    }


def test_five_thousand_services_load_in_seconds(engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "many.json"
    path.write_text(json.dumps([made_up(number) for number in range(5_000)]), "utf-8")
    loaded = effort(lambda: load(engine, [str(path)], OPTIONS))
    reports = []
    compared = effort(lambda: reports.append(load(engine, [str(path)], OPTIONS)))
    report = reports[0]
    with capsys.disabled():
        print(f"\n5,000 services: loaded in {loaded:.0f} times the fixed work, compared in {compared:.0f}")
    assert (report.services, report.writes) == (5_000, 0)
    assert report.with_needs == 5_000
    assert max(loaded, compared) < 4_500
