"""Publishing: what a record says is what the directory says, whatever it says; one version, one line and one change row for each act."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.config import Settings
from portal.db import open_engine, reading, writing
from portal.directory import record as entries
from portal.directory.changes import Change
from portal.directory.cursors import BEGINNING, list_unread
from portal.directory.models import Contact, CostOption, Funding, Organization, Service
from portal.directory.operations import withdraw
from portal.directory.places import Address, Location, Phone, ServiceArea, ServiceAtLocation
from portal.directory.publishing import Target, assure, publish, restore
from portal.directory.record import FIELDS, ServiceRecord, bare, changed_fields
from portal.directory.records import get_record, list_records
from portal.directory.terms import ServiceNeed
from portal.directory.times import Schedule
from portal.directory.versions import ServiceVersion, get_version, list_versions
from portal.errors import Conflict, NotFound
from portal.history import Act, HistoryLine

MOMENT = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
ACT = Act("published", "person:1", "they moved")
OURS, OTHERS = uuid.UUID(int=1), uuid.UUID(int=2)
TUESDAYS = entries.SessionEntry(byday="TU", opens=time(10), closes=time(12), note="Tea after")
HALL = entries.VenueEntry("Elm Hall", "1 Elm Street", "Calderwick", "ZZ1 1AA", access=("Ramp", "Loop"), sessions=(TUESDAYS,))
FULL = ServiceRecord(
    name="Lunch club",
    description="A warm meal.",
    needs=("food", "lonely"),
    who_for=("older",),
    minimum_age=60.0,
    how=("in-person",),
    venues=(HALL,),
    sessions=(entries.SessionEntry(freq="MONTHLY", byday="2TU", start=date(2026, 1, 13)),),
    closures=(entries.ClosureEntry(date(2026, 12, 24), date(2027, 1, 2), note="Christmas"),),
    areas=(entries.AreaEntry("eastmoor", "Eastmoor"),),
    phones=(entries.PhoneEntry("01632 960001", "Ask for the kitchen"), entries.PhoneEntry("01632 960002")),
    email="club@example.org",
    url="https://club.example.org",
    costs=(entries.CostEntry(4.5, "Lunch"), entries.CostEntry(0, "Tea")),
    documents=("Proof of age",),
    languages=(entries.LanguageEntry("ur", "Urdu"),),
    translations=(entries.TranslationEntry("ur", "کلب", "گرم کھانا"),),
)


@pytest.fixture(autouse=True)
def _organizations(session: Session) -> Iterator[None]:
    session.add_all([Organization(id=OURS, name="Friends"), Organization(id=OTHERS, name="Others")])
    session.flush()
    with clock.stopped_at(MOMENT):
        yield


def made(session: Session, record: ServiceRecord = FULL, organization: uuid.UUID = OURS) -> uuid.UUID:
    return publish(session, Target(organization), record, ACT)


def now(session: Session, service_id: uuid.UUID) -> ServiceRecord:
    """As the database has it, nothing remembered."""
    session.flush()
    session.expire_all()
    return get_record(session, service_id).record


def rows(session: Session) -> dict[str, int]:
    session.flush()
    return {
        table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in (Change, HistoryLine, ServiceVersion)
    }


def test_a_new_service_says_what_its_record_says_and_is_at_version_one(session: Session) -> None:
    service_id = made(session)
    found = now(session, service_id)
    assert changed_fields(FULL, found) == ()
    assert found.phones[0].id is not None
    assert get_record(session, service_id).version == 1
    assert [version.number for version in list_versions(session, service_id)] == [1]
    assert session.scalars(select(ServiceNeed.inferred)).all() == [False, False]
    assert [row.service_id for row in list_unread(session, BEGINNING, 10)] == [service_id]
    assert rows(session) == {"change": 1, "history": 1, "service_version": 1}


def test_what_is_there_already_writes_nothing(session: Session) -> None:
    service_id = made(session)
    before = rows(session)
    publish(session, Target(OURS, service_id), now(session, service_id), ACT)
    publish(session, Target(OURS, service_id), FULL, ACT)  # without a single id
    assert rows(session) == before
    assert get_record(session, service_id).version == 1


def test_only_what_differs_is_written_and_parts_keep_their_rows(session: Session) -> None:
    service_id = made(session)
    before = now(session, service_id)
    later = replace(before.venues[0].sessions[0], opens=time(11))
    after = replace(before, venues=(replace(before.venues[0], sessions=(later,)),))
    publish(session, Target(OURS, service_id, 1), after, ACT)
    assert now(session, service_id) == after
    line = session.scalars(select(HistoryLine).order_by(HistoryLine.id.desc())).first()
    assert line is not None
    assert set(line.changes) == {"venues", "version"}
    assert [each[0]["sessions"][0]["opens"] for each in line.changes["venues"]] == ["10:00:00", "11:00:00"]
    assert (line.acted_by, line.reason) == (ACT.acted_by, ACT.reason)


def test_parts_stand_in_the_order_in_which_people_gave_them(session: Session) -> None:
    service_id = made(session)
    before = now(session, service_id)
    numbers = tuple(entries.PhoneEntry(f"01632 96001{number}") for number in range(5))
    after = replace(before, phones=(numbers[3], before.phones[1], numbers[0], before.phones[0], numbers[4]))
    publish(session, Target(OURS, service_id), after, ACT)
    assert bare(now(session, service_id).phones) == bare(after.phones)
    assert now(session, service_id).phones[1].id == before.phones[1].id


def test_a_version_that_is_no_longer_there_is_not_written_over(session: Session) -> None:
    service_id = made(session)
    publish(session, Target(OURS, service_id, 1), replace(FULL, name="Supper club"), ACT)
    with pytest.raises(Conflict):
        publish(session, Target(OURS, service_id, 1), replace(FULL, fees="Two pounds"), ACT)
    assert now(session, service_id).name == "Supper club"


def test_nobody_publishes_what_belongs_to_others_or_is_not_there(session: Session) -> None:
    service_id = made(session)
    for target in (Target(OTHERS, service_id), Target(OURS, uuid.uuid4()), Target(uuid.uuid4())):
        with pytest.raises(NotFound):
            publish(session, target, replace(FULL, name="Mine now"), ACT)


def test_a_part_of_another_service_is_never_reached_by_its_id(session: Session) -> None:
    theirs, mine = made(session, organization=OTHERS), made(session, replace(FULL, name="Other"))
    stolen = now(session, theirs)
    record = replace(
        now(session, mine), phones=(replace(stolen.phones[0], number="01632 960666"),), venues=(replace(stolen.venues[0], note="x"),)
    )
    publish(session, Target(OURS, mine), record, ACT)
    assert now(session, theirs).phones == stolen.phones
    assert now(session, mine).phones[0].id != stolen.phones[0].id


def test_what_the_record_does_not_speak_of_stays(session: Session) -> None:
    service_id = made(session)
    service = session.get_one(Service, service_id)
    service.accreditations = "Good kitchen"
    session.add_all(
        [
            Funding(id=uuid.uuid4(), service_id=service_id, source="The lottery"),
            Contact(id=uuid.uuid4(), service_id=service_id, name="Jo", email="jo@example.org"),
        ]
    )
    area, phone, cost = (session.scalars(select(table)).first() for table in (ServiceArea, Phone, CostOption))
    assert area is not None and phone is not None and cost is not None  # noqa: PT018
    phone.type, cost.valid_from = "voice", date(2026, 1, 1)
    publish(session, Target(OURS, service_id), replace(now(session, service_id), name="Supper club", alert="New cook"), ACT)
    session.expire_all()
    assert (session.get_one(Service, service_id).accreditations, phone.type, cost.valid_from) == ("Good kitchen", "voice", date(2026, 1, 1))
    assert session.scalars(select(Funding.source)).all() == ["The lottery"]
    assert session.scalars(select(Contact.name)).all() == ["Jo"]


def test_the_first_publish_keeps_what_stood_before_and_any_version_comes_back(session: Session) -> None:
    service = Service(id=uuid.uuid4(), organization_id=OURS, name="Loaded", status="active")
    session.add(service)
    session.flush()
    for name in ("First", "Second"):
        publish(session, Target(OURS, service.id), replace(now(session, service.id), name=name, phones=FULL.phones), ACT)
    assert [(it.number, it.record.name, it.acted_by) for it in list_versions(session, service.id)] == [
        (2, "Second", "person:1"),
        (1, "First", "person:1"),
        (0, "Loaded", ""),
    ]
    restore(session, service.id, 0, Act("restored", "person:2", "a mistake"))
    assert (now(session, service.id).name, now(session, service.id).phones) == ("Loaded", ())
    restore(session, service.id, 1, Act("restored", "person:2", "not a mistake"))
    assert changed_fields(get_version(session, service.id, 1).record, now(session, service.id)) == ()
    assert [it.number for it in list_versions(session, service.id)] == [4, 3, 2, 1, 0]
    with pytest.raises(NotFound):
        restore(session, service.id, 99, ACT)


def test_a_service_confirmed_is_checked_today_once_and_says_by_whom(session: Session) -> None:
    service_id = made(session)
    before = rows(session)
    assert assure(session, service_id, Act("confirmed", "person:1"), "Friends")
    assert not assure(session, service_id, Act("confirmed", "person:1"), "Friends")
    service = session.get_one(Service, service_id)
    assert (service.assured_date, service.assured_by, service.version) == (date(2026, 11, 24), "Friends", 1)
    assert rows(session) == {"change": before["change"] + 1, "history": before["history"] + 1, "service_version": 1}
    publish(session, Target(OURS, service_id), now(session, service_id), ACT, confirmed_by="The council")
    assert service.assured_by == "The council"
    with pytest.raises(NotFound):
        assure(session, uuid.uuid4(), ACT, "Friends")


def test_a_withdrawn_service_can_be_restored(session: Session) -> None:
    service_id = made(session)
    withdraw(session, service_id, "person:1", "it closed")
    assert now(session, service_id).status == "inactive"
    assert [version.number for version in list_versions(session, service_id)] == [2, 1]
    restore(session, service_id, 1, ACT)
    assert now(session, service_id).status == "active"


class TestPlaces:
    """Places that services share."""

    def pair(self, session: Session) -> tuple[uuid.UUID, uuid.UUID]:
        """Two services, of two organizations, in one hall."""
        first = made(session)
        hall = replace(HALL, location_id=now(session, first).venues[0].location_id, sessions=())
        return first, made(session, replace(FULL, name="Choir", venues=(hall,)), OTHERS)

    def test_a_place_that_is_there_is_used_again(self, session: Session) -> None:
        first, second = self.pair(session)
        assert now(session, first).venues[0].location_id == now(session, second).venues[0].location_id
        assert session.scalar(select(func.count()).select_from(Location)) == 1
        assert (get_record(session, first).version, get_record(session, second).version) == (1, 1), "nothing of the place changed"

    def test_its_address_changes_for_all_and_all_are_told_to_the_index(self, session: Session) -> None:
        first, second = self.pair(session)
        before = now(session, first)
        session.execute(Change.__table__.delete())
        publish(session, Target(OURS, first), replace(before, venues=(replace(before.venues[0], address="2 Oak Street"),)), ACT)
        assert now(session, second).venues[0].address == "2 Oak Street"
        assert {row.service_id for row in list_unread(session, BEGINNING, 10)} == {first, second}
        assert get_record(session, second).version == 2, "whoever had read the other one is told"
        told = session.scalars(select(HistoryLine).where(HistoryLine.resource_type == "location")).one()
        assert told.changes == {"address": ["1 Elm Street", "2 Oak Street"]}
        assert session.scalars(select(HistoryLine.action).where(HistoryLine.resource_id == second)).all() == ["published", "place changed"]

    def test_times_and_notes_are_the_services_own(self, session: Session) -> None:
        first, second = self.pair(session)
        before = now(session, first)
        publish(session, Target(OURS, first), replace(before, venues=(replace(before.venues[0], note="Side door", sessions=()),)), ACT)
        assert (now(session, second).venues[0].note, get_record(session, second).version) == ("", 1)

    def test_the_last_to_leave_takes_the_place_along(self, session: Session) -> None:
        first, second = self.pair(session)
        publish(session, Target(OURS, first), replace(now(session, first), venues=()), ACT)
        assert (now(session, first).venues, now(session, second).venues[0].name) == ((), "Elm Hall")
        publish(session, Target(OTHERS, second), replace(now(session, second), venues=()), ACT)
        session.flush()
        for table in (Location, Address, ServiceAtLocation):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.scalars(select(Schedule.service_at_location_id)).all() == [None, None], "those of the services themselves"

    def test_a_number_of_a_place_is_kept_when_the_place_goes(self, session: Session) -> None:
        first = made(session)
        at = session.scalars(select(ServiceAtLocation)).one()
        session.add(Phone(id=uuid.uuid4(), service_at_location_id=at.id, number="01632 960009"))
        before = now(session, first)
        assert "01632 960009" in [phone.number for phone in before.phones]
        publish(session, Target(OURS, first), replace(before, venues=()), ACT)
        assert {phone.number for phone in now(session, first).phones} == {phone.number for phone in before.phones}

    def test_a_secret_place_of_others_is_not_to_be_had_by_its_id(self, session: Session) -> None:
        theirs = made(session, replace(FULL, venues=(replace(HALL, is_confidential=True),)), OTHERS)
        place = now(session, theirs).venues[0].location_id
        mine = made(session, replace(FULL, venues=(entries.VenueEntry(name="?", location_id=place),)))
        assert now(session, mine).venues[0].address == ""
        assert now(session, theirs).venues[0].address == "1 Elm Street"


text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
some_text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
times = st.none() | st.times().map(lambda it: it.replace(microsecond=0, tzinfo=None))
sessions = st.builds(
    entries.SessionEntry,
    freq=st.sampled_from(["WEEKLY", "MONTHLY"]),
    interval=st.integers(1, 9),
    byday=st.sampled_from(["", "TU", "2TU", "-1FR", "MO,WE"]),
    bymonthday=st.sampled_from(["", "15", "-1"]),
    opens=times,
    closes=times,
    start=st.none() | days,
    first=st.none() | days,
    last=st.none() | days,
    note=text,
)
closures = st.builds(lambda first, last, note: entries.ClosureEntry(min(first, last), max(first, last), note=note), days, days, text)
venues = st.builds(
    entries.VenueEntry,
    name=text,
    address=text.map(lambda it: ", ".join(part.strip() for part in it.split(",") if part.strip())),
    city=text,
    postcode=text,
    is_confidential=st.booleans(),
    latitude=st.none() | st.floats(-90, 90),
    longitude=st.none() | st.floats(-180, 180),
    access=st.lists(some_text, max_size=3).map(tuple),
    directions=text,
    note=text,
    sessions=st.lists(sessions, max_size=2).map(tuple),
    closures=st.lists(closures, max_size=2).map(tuple),
)
records = st.builds(
    ServiceRecord,
    name=some_text,
    description=text,
    status=st.sampled_from(["active", "inactive", "temporarily closed", "defunct"]),
    alert=text,
    needs=st.lists(st.sampled_from(["food", "falls", "lonely", "money"]), unique=True).map(tuple),
    who_for=st.lists(st.sampled_from(["older", "carers"]), unique=True).map(tuple),
    minimum_age=st.none() | st.floats(0, 120),
    maximum_age=st.none() | st.floats(0, 120),
    eligibility=text,
    how=st.lists(st.sampled_from(["phone", "online"]), unique=True).map(tuple),
    venues=st.lists(venues, max_size=3).map(tuple),
    sessions=st.lists(sessions, max_size=3).map(tuple),
    closures=st.lists(closures, max_size=3).map(tuple),
    areas=st.lists(st.builds(entries.AreaEntry, extent=text, name=text), max_size=3).map(tuple),
    phones=st.lists(st.builds(entries.PhoneEntry, number=some_text, description=text, extension=text), max_size=3).map(tuple),
    email=text,
    url=text,
    application_process=text,
    wait_time=text,
    fees=text,
    costs=st.lists(st.builds(entries.CostEntry, amount=st.none() | st.floats(0, 1e6), option=text, description=text), max_size=3).map(
        tuple
    ),
    documents=st.lists(some_text, max_size=3).map(tuple),
    languages=st.lists(st.builds(entries.LanguageEntry, code=text, name=text), max_size=3).map(tuple),
    interpretation=text,
    translations=st.lists(st.builds(entries.TranslationEntry, language=some_text, name=some_text, summary=text), max_size=2).map(tuple),
)


@given(first=records, second=records, mixed=st.lists(st.sampled_from(FIELDS), unique=True))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_a_record_says_is_what_the_directory_says(
    session: Session, first: ServiceRecord, second: ServiceRecord, mixed: list[str]
) -> None:
    service_id = made(session, first)
    assert changed_fields(first, now(session, service_id)) == ()
    before = now(session, service_id)
    third = replace(before, **{name: getattr(second, name) for name in mixed})
    for record in (second, third, before):
        publish(session, Target(OURS, service_id), record, ACT)
        found = now(session, service_id)
        assert changed_fields(record, found) == ()
        newest = list_versions(session, service_id)[0]
        assert newest.record == found, "the version is what stands"
        lines = rows(session)
        publish(session, Target(OURS, service_id), found, ACT)
        assert rows(session) == lines


@pytest.fixture
def demo_engine(demo: Settings, tmp_path: object) -> Iterator[Engine]:
    engine = open_engine(demo.database_url)
    yield engine
    engine.dispose()


def test_every_listing_of_the_borough_goes_out_and_in_again_unchanged(demo_engine: Engine) -> None:
    with Session(demo_engine.execution_options(writes=True)) as session:
        organizations = session.scalars(select(Organization.id)).all()
        found = [each for organization in organizations for each in list_records(session, organization)]
        before = rows(session)
        for each in found:
            publish(session, Target(each.organization_id, each.service_id, each.version), each.record, ACT)
        assert rows(session) == before
        assert len(found) > 400
        for each in found[::7]:  # everything written anew, from nothing but what the record says
            fresh = publish(session, Target(each.organization_id), bare(each.record), ACT)
            assert changed_fields(each.record, now(session, fresh)) == ()
        session.rollback()


def test_two_at_once_lose_nothing_one_is_told_to_look_again(database: Engine) -> None:
    with clock.stopped_at(MOMENT), writing(database) as session:
        session.add(Organization(id=OURS, name="Friends"))
        session.flush()
        service_id = publish(session, Target(OURS), FULL, ACT)
    gate = threading.Barrier(8)

    def work(number: int) -> bool:
        with clock.stopped_at(MOMENT):
            gate.wait()
            try:
                with writing(database) as session:
                    publish(session, Target(OURS, service_id, 1), replace(FULL, fees=f"{number}"), ACT)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(work, range(8)))
    assert done.count(True) == 1
    with reading(database) as session:
        assert get_record(session, service_id).record.fees == str(done.index(True))
        assert get_record(session, service_id).version == 2


def test_what_breaks_midway_leaves_nothing(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever step of a publish fails, nothing of it is there."""
    with clock.stopped_at(MOMENT), writing(database) as session:
        session.add(Organization(id=OURS, name="Friends"))
        session.flush()
        service_id = publish(session, Target(OURS), FULL, ACT)
    with reading(database) as session:
        before, counted = get_record(session, service_id), rows(session)
    after = replace(before.record, name="Supper club", phones=(), venues=(), needs=("money",))
    steps = ["write_fields", "_check", "_raise_version", "remember", "_tell_others", "mark_changed"]
    for step in steps:

        def broken(*_arguments: object, **_named: object) -> None:
            raise RuntimeError("power cut")

        for late in (False, True):
            real = getattr(__import__("portal.directory.publishing", fromlist=[step]), step)

            def after_it(*arguments: object, **named: object) -> None:
                real(*arguments, **named)  # noqa: B023
                raise RuntimeError("power cut")

            with monkeypatch.context() as patch:
                patch.setattr(f"portal.directory.publishing.{step}", after_it if late else broken)
                with pytest.raises(RuntimeError), clock.stopped_at(MOMENT), writing(database) as session:
                    publish(session, Target(OURS, service_id, 1), after, ACT, confirmed_by="Friends")
            with reading(database) as session:
                assert get_record(session, service_id) == before
                assert rows(session) == counted
