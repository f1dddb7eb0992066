"""What leaves the directory: public services only, whole, in order; pages of every shape; similar services; nothing secret."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from portal.config import CHECKOUT, Settings
from portal.db import opened, reading
from portal.directory import queries
from portal.directory.bank_holidays import is_bank_holiday
from portal.directory.freshness import Freshness, freshness
from portal.directory.listing import Listing
from portal.directory.listings import list_listings
from portal.directory.models import Contact, Organization, Service, Status
from portal.directory.opening import is_open, next_opening
from portal.directory.pages import ServicePage, service_page
from portal.directory.places import Accessibility, Address, Location, Phone, ServiceAtLocation
from portal.directory.plain import load_plain
from portal.directory.queries import (
    count_services,
    find_closed_service,
    find_public,
    get_organization,
    get_service,
    list_service_ids,
    list_services,
)
from portal.directory.records import load_services, recorded
from portal.directory.similar import MOST, list_similar
from portal.directory.terms import ServiceNeed
from portal.directory.times import HolidaySchedule, Schedule
from portal.errors import NotFound
from portal.taxonomy.terms import Taxonomy, load_taxonomy

NOW = datetime(2026, 11, 24, 10, 30)
HIDDEN_STATES = [Status.INACTIVE, Status.DEFUNCT]
SECRETS = (
    "Rosehill",
    "9 Hidden Lane",
    "ZZ9 9ZZ",
    "Round the back",
    "53.4321",
    "Jo Private",
    "jo.private@example.org",
    "Hidden bell",
    "Ramp behind the bakery",
)


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml")


def organization(session: Session, name: str = "Friends") -> Organization:
    made = Organization(id=uuid.uuid4(), name=name)
    session.add(made)
    return made


def service(
    session: Session, name: str = "Lunch club", status: Status = Status.ACTIVE, of: Organization | None = None, **values: object
) -> Service:
    needs = [ServiceNeed(need=need, position=at, inferred=False) for at, need in enumerate(values.pop("needs", ()))]  # type: ignore[arg-type,var-annotated]
    made = Service(id=uuid.uuid4(), name=name, status=status.value, organization=of or organization(session), needs=needs, **values)
    session.add(made)
    session.flush()
    return made


def place(session: Session, of: Service, position: tuple[float, float] | None = None, **values: object) -> ServiceAtLocation:
    latitude, longitude = position or (None, None)
    location = Location(id=uuid.uuid4(), location_type="physical", latitude=latitude, longitude=longitude, **values)
    made = ServiceAtLocation(id=uuid.uuid4(), service=of, location=location)
    session.add(made)
    session.flush()
    return made


def page(session: Session, taxonomy: Taxonomy, of: Service) -> ServicePage:
    session.expire_all()
    return service_page(session, taxonomy, of.id, NOW)


@pytest.mark.parametrize("state", Status)
def test_only_open_and_paused_services_are_public(session: Session, state: Status) -> None:
    found = service(session, status=state)
    is_public = state not in HIDDEN_STATES
    assert find_public(session, [found.id]) == ({found.id} if is_public else set())
    assert (found.id in list_service_ids(session)) == is_public
    assert ([it.id for it in list_services(session, [found.id])] == [found.id]) == is_public
    assert count_services(session) == int(is_public)
    assert (find_closed_service(session, found.id) is None) == is_public


@pytest.mark.parametrize("state", HIDDEN_STATES)
def test_a_hidden_service_is_not_found_nor_is_an_organization_that_has_no_other(session: Session, state: Status) -> None:
    found = service(session, status=state)
    with pytest.raises(NotFound):
        get_service(session, found.id)
    with pytest.raises(NotFound):
        get_organization(session, found.organization_id)
    service(session, of=found.organization)
    assert get_organization(session, found.organization_id).name == "Friends"


def test_what_never_was_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        get_service(session, uuid.uuid4())
    with pytest.raises(NotFound):
        get_organization(session, uuid.uuid4())
    assert find_closed_service(session, uuid.uuid4()) is None
    assert find_public(session, []) == set()


def test_more_services_are_asked_for_than_a_database_takes_at_once(session: Session, postgresql: Engine) -> None:
    made = service(session)
    asked = [*(uuid.UUID(int=number) for number in range(1, 70_001)), made.id]
    assert find_public(session, asked) == {made.id}
    with reading(postgresql) as other:
        assert find_public(other, asked) == set()


def test_services_are_listed_by_name_and_asked_for_in_any_order(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [service(session, name) for name in ("Choir", "Advice", "Boxing", "Advice")]
    ids = list_service_ids(session)
    assert [session.get_one(Service, it).name for it in ids] == ["Advice", "Advice", "Boxing", "Choir"]
    monkeypatch.setattr(queries, "BATCH", 3)
    wanted = [made[0].id, uuid.uuid4(), made[2].id, made[1].id, made[3].id]
    assert [it.name for it in list_services(session, wanted)] == ["Choir", "Boxing", "Advice", "Advice"]
    assert list_service_ids(session, made[0].organization_id) == [made[0].id]


def asked(engine: Engine, work: object) -> int:
    """How many statements `work` sends."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        work()  # type: ignore[operator]
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(sent)


def test_a_hundred_listings_cost_no_more_questions_than_ten(demo: Settings, taxonomy: Taxonomy) -> None:
    with opened(demo.database_url) as engine, reading(engine) as session:
        ids = list_service_ids(session)

        def read(number: int) -> int:
            return asked(engine, lambda: list(list_listings(session, taxonomy, ids[:number])))

        assert read(100) == read(10) <= 15


def test_nothing_of_a_confidential_place_or_a_private_person_leaves(session: Session, taxonomy: Taxonomy) -> None:
    refuge = service(session, "Refuge", assurer_email=SECRETS[6])
    session.add(Contact(id=uuid.uuid4(), service_id=refuge.id, name=SECRETS[5], email=SECRETS[6]))
    there = place(
        session, refuge, (53.4321, -2.1), name=SECRETS[0], is_confidential=True, transportation=SECRETS[3], description=SECRETS[7]
    )
    session.add(Address(id=uuid.uuid4(), location_id=there.location_id, address_1=SECRETS[1], postal_code=SECRETS[2]))
    session.add(Accessibility(id=uuid.uuid4(), location_id=there.location_id, description=SECRETS[8]))
    session.flush()
    shown = page(session, taxonomy, refuge)
    assert not [secret for secret in SECRETS if secret in repr(shown)]
    assert shown.venues[0].site.is_confidential


def test_the_page_says_when_in_rules_dates_and_exceptions(session: Session, taxonomy: Taxonomy) -> None:
    club = service(session, assured_date=date(2026, 10, 1))
    common = {"service_id": club.id, "freq": "WEEKLY", "opens_at": time(10), "closes_at": time(12)}
    session.add_all(
        [
            Schedule(id=uuid.uuid4(), byday="TU,TH", **common),
            Schedule(id=uuid.uuid4(), byday="MO", **common),
            Schedule(id=uuid.uuid4(), byday="FR", valid_to=date(2026, 11, 1), **common),
            Schedule(id=uuid.uuid4(), service_id=club.id, description="Ring to arrange"),
            HolidaySchedule(id=uuid.uuid4(), service_id=club.id, start_date=date(2026, 11, 26), end_date=date(2026, 11, 26)),
            HolidaySchedule(id=uuid.uuid4(), service_id=club.id, start_date=date(2026, 8, 1), end_date=date(2026, 8, 31)),
        ]
    )
    session.flush()
    shown = page(session, taxonomy, club)
    assert [rule.weekdays for rule in shown.when.rules] == [(0, 1, 3)], "days of the same hours on one line; what is over is left out"
    assert shown.when.words == ("Ring to arrange",)
    assert [it.day.day for it in shown.when.coming] == [24, 30, 1, 3, 7, 8]
    assert [it.first for it in shown.when.closures] == [date(2026, 11, 26)]
    assert shown.when.is_open
    assert shown.freshness is Freshness.RECENT


def test_a_page_without_anything_is_still_a_page(session: Session, taxonomy: Taxonomy) -> None:
    shown = page(session, taxonomy, service(session))
    assert (shown.venues, shown.when.rules, shown.when.coming, shown.phones, shown.freshness) == ((), (), (), (), Freshness.NEVER)
    assert not shown.when.is_open


def test_numbers_and_addresses_are_of_the_place_they_belong_to(session: Session, taxonomy: Taxonomy) -> None:
    club = service(session)
    there = place(session, club, name="Mill Hall")
    session.add_all(
        [
            Phone(id=uuid.uuid4(), service_at_location_id=there.id, number="01632 960 111", extension="2"),
            Address(id=uuid.uuid4(), location_id=there.location_id, address_1="1 Mill Street", city="Calderwick", postal_code="ZZ1 1AA"),
        ]
    )
    session.flush()
    [venue] = page(session, taxonomy, club).venues
    assert venue.lines == ("Mill Hall", "1 Mill Street", "Calderwick", "ZZ1 1AA")
    assert [(it.number, it.extension) for it in venue.phones] == [("01632 960 111", "2")]


def similar(session: Session, taxonomy: Taxonomy, to: Service) -> list[str]:
    session.flush()
    [listing] = list_listings(session, taxonomy, [to.id])
    return [it.name for it in list_similar(session, taxonomy, listing)]


def test_similar_services_share_most_needs_and_then_are_nearest(session: Session, taxonomy: Taxonomy) -> None:
    here = (53.0, -2.0)
    asked_for = service(session, "Asked", needs=["falls", "loneliness"])
    place(session, asked_for, here)
    for name, needs, position in (
        ("Far", ["falls"], (53.2, -2.0)),
        ("Near", ["falls"], (53.001, -2.0)),
        ("Both", ["loneliness", "falls"], (53.3, -2.0)),
        ("Nowhere", ["falls"], None),
        ("Other", ["food"], here),
    ):
        made = service(session, name, needs=needs)
        if position:
            place(session, made, position)
    gone = service(session, "Gone", status=Status.INACTIVE, needs=["falls", "loneliness"])
    place(session, gone, here)
    assert similar(session, taxonomy, asked_for) == ["Both", "Near", "Nowhere", "Far"]


def test_at_most_a_few_are_similar_and_none_to_what_has_no_needs(session: Session, taxonomy: Taxonomy) -> None:
    for number in range(MOST + 3):
        service(session, f"Club {number}", needs=["falls"])
    assert similar(session, taxonomy, service(session, "Asked", needs=["falls"])) == [f"Club {number}" for number in range(MOST)]
    assert similar(session, taxonomy, service(session, "Needless")) == []


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (date(2026, 12, 25), True),
        (date(2026, 12, 28), True),
        (date(2026, 12, 24), False),
        (date(2026, 4, 3), True),
        (date(2026, 4, 6), True),
        (date(2026, 8, 31), True),
        (date(2026, 11, 30), False),
        (date(2027, 1, 1), True),
        (date(2027, 1, 4), False),
    ],
    ids=str,
)
def test_bank_holidays_are_england_s(day: date, is_one: bool) -> None:
    assert is_bank_holiday(day) == is_one


def shapes(listings: Iterable[Listing]) -> dict[tuple[str, object], uuid.UUID]:
    """One service for each way in which listings differ in what is there and what is not."""
    found: dict[tuple[str, object], uuid.UUID] = {}
    for it in listings:
        sets = [it.hours, *(site.hours for site in it.sites)]
        traits: dict[str, object] = {name: bool(value) for name, value in vars(it).items()}
        traits |= {
            "coming": any(next_opening(hours, NOW) for hours in sets),
            "open": any(is_open(hours, NOW) for hours in sets),
            "own hours": bool(it.hours.patterns),
            "closures": any(hours.closures for hours in sets),
            "places": min(len(it.sites), 2),
            "secret": any(site.is_confidential for site in it.sites),
            "how": it.how,
            "status": it.status,
            "freshness": freshness(it.assured_on, NOW.date()),
            "ages": (it.minimum_age is None, it.maximum_age is None),
        }
        for trait in traits.items():
            found.setdefault(trait, it.id)
    return found


@pytest.fixture
def plain_client(_reading_app: Flask, stopped_clock: datetime) -> FlaskClient:
    return FlaskClient(_reading_app, _reading_app.response_class)


def test_listings_of_every_shape_have_a_page_and_a_calendar(demo: Settings, taxonomy: Taxonomy, plain_client: FlaskClient) -> None:
    with opened(demo.database_url) as engine, reading(engine) as session:
        found = shapes(list_listings(session, taxonomy, list_service_ids(session)))
    assert {("secret", True), ("status", "temporarily closed"), ("coming", False), ("places", 2), ("places", 0)} <= found.keys()
    for service_id in sorted(set(found.values())):
        assert plain_client.get(f"/en/services/{service_id}").status_code == 200
        calendar = plain_client.get(f"/en/services/{service_id}/calendar/{service_id}.ics")
        assert calendar.mimetype == "text/calendar"
        assert calendar.headers["Content-Disposition"].startswith("attachment")
        assert Calendar.from_ical(calendar.data).walk("VTIMEZONE")


def test_a_calendar_is_only_of_a_place_of_that_service(demo: Settings, plain_client: FlaskClient) -> None:
    with opened(demo.database_url) as engine, reading(engine) as session:
        one, other = session.scalars(select(ServiceAtLocation).where(ServiceAtLocation.service_id.in_(list_service_ids(session))).limit(2))
        ours, theirs, service_id = one.id, other.id, one.service_id
    assert plain_client.get(f"/en/services/{service_id}/calendar/{ours}.ics").status_code == 200
    assert plain_client.get(f"/en/services/{uuid.uuid4()}/calendar/{theirs}.ics").status_code == 404
    assert plain_client.get(f"/en/services/{service_id}/calendar/{uuid.uuid4()}.ics").status_code == 404


def test_plain_rows_say_what_mapped_objects_say(demo: Settings) -> None:
    unknown = uuid.uuid4()
    with opened(demo.database_url) as engine, reading(engine) as session:
        ids = list(session.scalars(select(Service.id).order_by(Service.name.desc(), Service.id)))
        mapped = {service.id: recorded(service) for service in load_services(session, ids)}
        assert [recorded(service) for service in load_plain(session, [*ids, unknown])] == [mapped[each] for each in ids]
        assert load_plain(session, [unknown]) == []
    for part in ("sessions", "venues", "translations", "phones", "needs"):  # what has an order, and more than one
        assert max(len(getattr(each.record, part)) for each in mapped.values()) > 1
