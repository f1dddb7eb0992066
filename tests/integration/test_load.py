"""A load from end to end: what is stored, what is said of it, what a second load does."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from portal.config import CHECKOUT
from portal.db import Base, open_engine, reading, writing
from portal.directory.changes import Change
from portal.directory.cursors import BEGINNING, list_unread
from portal.directory.models import Organization, Service
from portal.directory.openreferral.identifiers import made_id
from portal.directory.openreferral.loading import LoadOptions, load
from portal.directory.openreferral.reporting import LoadReport
from portal.directory.openreferral.rows import Action
from portal.directory.places import Address, Location, Phone, ServiceAtLocation
from portal.directory.terms import Attribute, ServiceNeed, TaxonomyTerm
from portal.directory.times import Schedule
from portal.errors import SourceError
from portal.history import HistoryLine
from portal.taxonomy.rules import load_rules
from portal.taxonomy.terms import load_taxonomy

SCRUFFY = Path(__file__).parents[1] / "fixtures" / "openreferral" / "scruffy.json"
TEA = made_id("scruffy", "service", "tea-1")
OPTIONS = LoadOptions(load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml"), load_rules(CHECKOUT / "content" / "taxonomy_rules.yaml"))
DRY = LoadOptions(OPTIONS.taxonomy, OPTIONS.rules, is_dry_run=True)


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


@pytest.fixture
def edited(tmp_path: Path) -> Any:
    """Loads `scruffy.json` after a change to its services."""
    contents = json.loads(SCRUFFY.read_text("utf-8"))["contents"]

    def _load(engine: Engine, change: Any, options: LoadOptions = OPTIONS) -> LoadReport:
        things = copy.deepcopy(contents)
        change(things)
        path = tmp_path / "scruffy.json"
        path.write_text(json.dumps(things), "utf-8")
        return load(engine, [str(path)], options)

    return _load


def counts(engine: Engine) -> dict[str, int]:
    with reading(engine) as session:
        return {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in Base.metadata.tables.items()}


def test_a_scruffy_listing_is_stored_as_it_was_meant(engine: Engine, session: Session) -> None:
    report = load(engine, [str(SCRUFFY)], OPTIONS)
    tea = session.get_one(Service, TEA)
    assert tea.name == "Older People's Tea & Talk"
    assert tea.description == "A lunch club for people who feel lonely.\n\n- Hot dinner\n- Bingo"
    assert (tea.status, tea.url, tea.email) == ("active", "https://www.tea.example.org", "hello@tea.example.org")
    assert (tea.fees_description, tea.minimum_age, tea.maximum_age) == ("£3 a meal", None, None)
    assert (tea.assured_date, tea.last_modified) == (date(2026, 10, 1), datetime(2026, 10, 1, 11, tzinfo=UTC))
    assert tea.organization.website == "https://tea.example.org"
    assert tea.source == "scruffy.json"
    assert [(phone.number, phone.extension) for phone in sorted(tea.phones, key=lambda phone: phone.number)] == [
        ("01632 960001", "4"),
        ("01632 960002", None),
        ("01632 960004", None),
        ("07700 900003", None),
    ]
    assert [(row.freq, row.byday, row.opens_at, row.closes_at) for row in tea.schedules] == [
        ("WEEKLY", "MO,TU,WE,TH,FR,SA,SU", time(11), time(13))
    ]
    assert [language.code for language in tea.languages] == ["tr"]
    assert report.refused_rows == 0
    assert dict(report.unkept) == {"service.colour": 1}


def test_a_place_keeps_its_address_and_loses_a_position_in_the_atlantic(engine: Engine, session: Session) -> None:
    load(engine, [str(SCRUFFY)], OPTIONS)
    (at,) = session.get_one(Service, TEA).service_at_locations
    assert (at.location.latitude, at.location.longitude) == (None, None)
    assert (at.location.addresses[0].postal_code, at.location.addresses[0].country) == ("ZZ1 1DR", "GB")
    assert [(row.byday, row.opens_at, row.closes_at) for row in at.schedules] == [("TU", time(19), time(21, 30))]


def test_a_head_office_never_stands_for_a_place(engine: Engine, session: Session) -> None:
    report = load(engine, [str(SCRUFFY)], OPTIONS)
    assert session.scalars(select(Location.name).order_by(Location.name)).all() == ["Head office", "The Hall"]
    assert session.scalar(select(func.count()).select_from(ServiceAtLocation)) == 1
    assert any("address for letters" in finding.words for finding in report.findings)


def test_a_service_of_nobody_gets_an_organization_and_a_bad_link_is_left_out(engine: Engine, session: Session) -> None:
    report = load(engine, [str(SCRUFFY)], OPTIONS)
    other = session.get_one(Service, made_id("scruffy", "service", "tea-2"))
    assert other.organization.name == "older people's tea & talk"
    assert other.url is None
    assert [finding.field for finding in report.findings if finding.action is Action.REFUSED] == ["url"]
    assert any(finding.words.startswith("2 services have this name") for finding in report.findings)


def test_every_finding_says_where_what_and_which_listing(engine: Engine) -> None:
    report = load(engine, [str(SCRUFFY)], OPTIONS)
    assert {finding.source for finding in report.findings} == {"scruffy.json"}
    about_age = next(finding for finding in report.findings if finding.field == "minimum_age")
    assert (about_age.where, about_age.before, about_age.after) == ("service 1", "-1", "")
    assert about_age.record_id == str(TEA)
    assert all(finding.words.endswith((".", "?")) for finding in report.findings)


def test_needs_are_inferred_until_somebody_says(engine: Engine, session: Session) -> None:
    load(engine, [str(SCRUFFY)], OPTIONS)
    needs = session.get_one(Service, TEA).needs
    assert needs
    assert all(need.inferred for need in needs)
    assert "loneliness" in [need.need for need in needs]


def test_a_second_load_changes_nothing(engine: Engine) -> None:
    load(engine, [str(SCRUFFY)], OPTIONS)
    before = counts(engine)
    report = load(engine, [str(SCRUFFY)], OPTIONS)
    assert (report.writes, report.changed) == (0, 0)
    assert counts(engine) == before


def test_a_dry_run_writes_nothing_and_says_what_it_would(engine: Engine) -> None:
    empty = counts(engine)
    dry = load(engine, [str(SCRUFFY)], DRY)
    assert counts(engine) == empty
    wet = load(engine, [str(SCRUFFY)], OPTIONS)
    assert (dry.written, dry.changed, dry.findings) == (wet.written, wet.changed, wet.findings)


def test_a_change_writes_one_row_one_line_and_one_change(engine: Engine, session: Session, edited: Any) -> None:
    edited(engine, lambda things: None)
    with writing(engine) as writer:
        writer.execute(Change.__table__.delete())
    report = edited(engine, lambda things: things[0].update(alert="Closed on Friday"))
    assert (report.writes, report.changed) == (1, 1)
    assert [row.service_id for row in list_unread(session, BEGINNING, 10)] == [TEA]
    line = session.scalars(select(HistoryLine).where(HistoryLine.action == "updated")).one()
    assert (line.resource_type, line.resource_id, line.acted_by) == ("service", TEA, "portal load")
    assert line.changes == {"alert": [None, "Closed on Friday"]}


def test_children_that_are_gone_from_the_source_go(engine: Engine, session: Session, edited: Any) -> None:
    edited(engine, lambda things: None)
    edited(engine, lambda things: [things[0].pop(key) for key in ("schedules", "phones", "attributes", "service_at_locations")])
    assert session.scalars(select(Schedule)).all() == []
    assert session.scalars(select(Phone)).all() == []
    assert session.scalars(select(Attribute)).all() == []
    assert session.scalars(select(ServiceAtLocation)).all() == []
    assert session.scalar(select(func.count()).select_from(Address)) == 2
    line = session.scalars(select(HistoryLine).where(HistoryLine.action == "updated")).one()
    assert line.changes["schedule"][0][0]["byday"] == "MO,TU,WE,TH,FR,SA,SU"
    assert line.changes["schedule"][1] == []


def test_services_missing_from_the_source_stay(engine: Engine, session: Session, edited: Any) -> None:
    edited(engine, lambda things: None)
    report = edited(engine, lambda things: things.pop(0))
    assert report.writes == 0
    assert session.scalar(select(func.count()).select_from(Service)) == 2


def test_a_renamed_place_or_organization_or_term_changes_its_services(engine: Engine, session: Session, edited: Any) -> None:
    edited(engine, lambda things: None)
    for change in (
        lambda things: things[0]["organization"].update(name="Friends of Cake"),
        lambda things: things[0]["service_at_locations"][0]["location"].update(name="The Other Hall"),
        lambda things: things[0]["attributes"][0]["taxonomy_term"].update(name="Dinner clubs"),
    ):
        with writing(engine) as writer:
            writer.execute(Change.__table__.delete())
        assert edited(engine, change).changed == 1
        session.rollback()
        assert [row.service_id for row in list_unread(session, BEGINNING, 10)] == [TEA]
        edited(engine, lambda things: None)


def test_a_date_of_change_is_given_where_the_source_has_none(engine: Engine, session: Session, edited: Any) -> None:
    edited(engine, lambda things: things[0].pop("last_modified"))
    first = session.get_one(Service, TEA).last_modified
    assert first is not None
    session.rollback()

    def longer(things: list[Any]) -> None:
        things[0].pop("last_modified")
        things[0]["schedules"].append({"id": "s9", "freq": "WEEKLY", "byday": "MO"})

    assert edited(engine, lambda things: things[0].pop("last_modified")).writes == 0
    edited(engine, longer)
    session.expire_all()
    second = session.get_one(Service, TEA).last_modified
    assert second is not None
    assert second > first


def test_a_confirmed_need_is_not_overwritten_by_a_rule(engine: Engine, session: Session, edited: Any) -> None:
    edited(engine, lambda things: None)
    with writing(engine) as writer:
        writer.execute(ServiceNeed.__table__.delete().where(ServiceNeed.service_id == TEA))
        writer.add(ServiceNeed(service_id=TEA, need="dementia", position=0, inferred=False))
    edited(engine, lambda things: things[0].update(description="Help with debts and bills"))
    assert [(need.need, need.inferred) for need in session.get_one(Service, TEA).needs] == [("dementia", False)]


def test_a_rule_that_finds_something_else_replaces_what_a_rule_found(engine: Engine, session: Session, edited: Any) -> None:
    def about_debt(things: list[Any]) -> None:
        things[0] = {"id": "tea-1", "name": "Debt advice", "status": "active", "description": "Help with debts and bills"}

    edited(engine, lambda things: None)
    edited(engine, about_debt)
    assert session.get_one(Service, TEA).needs[0].need == "debt"


def test_needs_that_another_portal_gives_are_told_not_inferred(engine: Engine, session: Session, edited: Any) -> None:
    term = {"name": "Loneliness", "code": "loneliness", "taxonomy": "Doorstep needs"}
    edited(engine, lambda things: things[0].update(attributes=[{"taxonomy_term": term}]))
    assert [(need.need, need.inferred) for need in session.get_one(Service, TEA).needs] == [("loneliness", False)]


def test_unknown_needs_and_audiences_are_refused_one_by_one(engine: Engine, session: Session, edited: Any) -> None:
    report = edited(engine, lambda things: things[0].update(needs=["loneliness", "unicorns"], who_for=["adult", "elf"], how=["broomstick"]))
    tea = session.get_one(Service, TEA)
    assert ([need.need for need in tea.needs], tea.who_for) == (["loneliness"], ["adult"])
    assert {finding.before for finding in report.findings if finding.action is Action.REFUSED} >= {"unicorns", "elf", "broomstick"}


def test_the_last_of_two_tellings_of_a_service_counts_with_its_own_children(engine: Engine, session: Session, edited: Any) -> None:
    def twice(things: list[Any]) -> None:
        things.append({**things[0], "name": "Told again", "schedules": [{"freq": "WEEKLY", "byday": "SU"}]})

    report = edited(engine, twice)
    tea = session.get_one(Service, TEA)
    assert tea.name == "Told again"
    assert [row.byday for row in tea.schedules] == ["SU"]
    assert any("more than once" in finding.words for finding in report.findings)
    assert report.services == 2


def test_one_id_for_the_schedules_of_two_services_keeps_both(engine: Engine, session: Session, edited: Any) -> None:
    edited(engine, lambda things: things[1].update(schedules=[{"id": "s1", "freq": "WEEKLY", "byday": "SU"}]))
    assert sorted(session.scalars(select(Schedule.byday).where(Schedule.service_id.is_not(None)))) == ["MO,TU,WE,TH,FR,SA,SU", "SU"]
    assert edited(engine, lambda things: things[1].update(schedules=[{"id": "s1", "freq": "WEEKLY", "byday": "SU"}])).writes == 0


def test_a_term_brings_its_vocabulary(engine: Engine, session: Session) -> None:
    load(engine, [str(SCRUFFY)], OPTIONS)
    term = session.scalars(select(TaxonomyTerm)).one()
    assert (term.name, term.taxonomy) == ("Lunch clubs", "Local terms")
    assert term.taxonomy_id is not None


def test_all_or_nothing_across_sources(engine: Engine, tmp_path: Path) -> None:
    empty = counts(engine)
    broken = tmp_path / "broken.json"
    broken.write_text("{", "utf-8")
    with pytest.raises(SourceError, match="broken"):
        load(engine, [str(SCRUFFY), str(broken)], OPTIONS)
    assert counts(engine) == empty


def test_an_organization_that_is_stored_already_is_found_by_its_id(engine: Engine, session: Session, edited: Any) -> None:
    edited(engine, lambda things: None)

    def by_id(things: list[Any]) -> None:
        things[:] = [{"id": "tea-3", "name": "Third tea", "status": "active", "organization_id": "friends"}]

    report = edited(engine, by_id)
    assert session.get_one(Service, made_id("scruffy", "service", "tea-3")).organization.name == "Friends of Tea"
    assert not any("organisation of the same name" in finding.words for finding in report.findings)
    assert session.scalar(select(func.count()).select_from(Organization)) == 2


def test_what_hangs_in_the_air_is_refused_with_a_reason(engine: Engine, edited: Any) -> None:
    def loose(things: list[Any]) -> None:
        things.append({"id": "at-9", "service_id": "nobody", "location_id": "nowhere"})

    report = edited(engine, loose)
    assert report.refused_rows == 1
    assert "service at location" in next(
        finding.words for finding in report.findings if not finding.field and finding.action is Action.REFUSED
    )


def test_progress_is_told_as_it_happens(engine: Engine) -> None:
    heard: list[tuple[int, int, str]] = []
    options = LoadOptions(OPTIONS.taxonomy, OPTIONS.rules, progress=lambda done, total, label: heard.append((done, total, label)))
    load(engine, [str(SCRUFFY)], options)
    assert {label for _, _, label in heard} == {"Checking", "Comparing", "Writing"}
    assert all(done <= total for done, total, _ in heard)


def test_a_row_touched_by_hand_is_put_back(engine: Engine, session: Session) -> None:
    load(engine, [str(SCRUFFY)], OPTIONS)
    with writing(engine) as writer:
        writer.execute(update(Service).where(Service.id == TEA).values(name="Changed"))
    assert load(engine, [str(SCRUFFY)], OPTIONS).writes == 1
    assert session.get_one(Service, TEA).name == "Older People's Tea & Talk"
