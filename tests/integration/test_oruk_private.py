"""What must not leave does not, by any address, parameter or form: a mark in everything that is private, looked for in everything given."""

from __future__ import annotations

import json
import re
from uuid import UUID

import proposing
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from portal.api.oruk.parameter import LISTS, Answer, Kind
from portal.api.oruk.parameters import parameters_of
from portal.db import Base, writing
from portal.directory.changes import mark_changed
from portal.directory.listed import ListedService
from portal.directory.models import Contact, Organization, Service
from portal.directory.operations import withdraw
from portal.directory.places import Accessibility, Address, Location, Phone, ServiceAtLocation
from portal.directory.times import Schedule

ROOT = "/api/oruk/v3"
MARK = "Zyzzyva"
NUMBER = "07700 900987"
SECRET_POINT = (54.06543, 1.23456)
GIVEN: dict[Kind, tuple[str, ...]] = {
    Kind.WORDS: (MARK, "refuge"),
    Kind.WHOLE_NUMBER: ("1", "5"),
    Kind.NUMBER: ("18",),
    Kind.TRUTH: ("true", "false"),
    Kind.MOMENT: ("2020-01-01",),
    Kind.CLOCK: ("00:00", "23:00"),
}


def mark(session: Session, table: Table, where: object, *left: str) -> None:
    """Write the mark into every text of these rows, but for those left."""
    kept = {"id", "status", "location_type", "freq", "byday", "link_entity", *left}
    texts = [column.name for column in table.columns if column.type.python_type is str and column.name not in kept]
    assert texts
    session.execute(update(table).where(where).values(dict.fromkeys(texts, f"{MARK} {table.name}")))  # type: ignore[arg-type]


@pytest.fixture
def marked(app: Flask) -> UUID:
    """A service at a secret place, with the mark in all that nobody may read; its id."""
    with writing(app.extensions["search"].engine) as session:
        at = session.scalars(
            select(ServiceAtLocation).join(ListedService, ListedService.service_id == ServiceAtLocation.service_id)
            .join(Schedule, Schedule.service_at_location_id == ServiceAtLocation.id).limit(1)
        ).one()  # fmt: skip
        keep_secret(session, at)
        session.execute(update(Service).values(assurer_email=f"{MARK}@example.org", assured_by=MARK, source=MARK))
        session.execute(update(Organization).values(source=MARK))
        session.execute(update(Address).values(attention=MARK))
        contact = UUID(int=77)
        person = {"name": MARK, "title": MARK, "department": MARK, "email": f"{MARK}@example.org"}
        session.execute(insert(Contact).values(id=contact, service_id=at.service_id, **person))
        session.execute(
            insert(Phone).values(id=UUID(int=78), service_id=at.service_id, contact_id=contact, number=NUMBER, description=MARK)
        )
        put_work(session)
        mark_changed(session, [at.service_id])
        return at.service_id


def keep_secret(session: Session, at: ServiceAtLocation) -> None:
    place = Location.id == at.location_id
    mark(session, Base.metadata.tables["location"], place)
    mark(session, Base.metadata.tables["address"], Address.location_id == at.location_id)
    rules = ("wkst", "byweekno", "bymonthday", "byyearday")
    mark(session, Base.metadata.tables["schedule"], Schedule.service_at_location_id == at.id, *rules)
    mark(session, Base.metadata.tables["service_at_location"], ServiceAtLocation.id == at.id)
    latitude, longitude = SECRET_POINT
    session.execute(update(Location).where(place).values(is_confidential=True, latitude=latitude, longitude=longitude))
    session.execute(insert(Accessibility).values(id=UUID(int=79), location_id=at.location_id, description=MARK, details=MARK))
    session.execute(insert(Phone).values(id=UUID(int=80), location_id=at.location_id, number=NUMBER))


def put_work(session: Session) -> None:
    """What nobody has approved, what is withdrawn, and a service that was never public."""
    stage = proposing.set_up(session)
    proposing.waiting(session, stage.editor, stage, description=f"{MARK} waits")
    proposing.drafted(session, stage.second_editor, stage, description=f"{MARK} is a draft")
    gone = session.scalars(select(ListedService.service_id).order_by(ListedService.position.desc()).limit(1)).one()
    session.execute(update(Service).where(Service.id == gone).values(description=f"{MARK} is gone", email=f"{MARK}@example.org"))
    withdraw(session, gone, "tests", "it closed")
    hidden = {"name": MARK, "description": MARK, "status": "inactive"}
    session.execute(insert(Service).values(id=UUID(int=81), organization_id=proposing.OURS, **hidden))
    mark_changed(session, [UUID(int=81)])


def addresses(client: FlaskClient, secret: UUID) -> list[str]:
    """Every list with every parameter, alone and whole; every record that may say something."""
    term = (client.get(f"{ROOT}/taxonomy_terms").json or {})["contents"][3]
    found = ["/", f"/services/{secret}", f"/services/{UUID(int=81)}"]
    for answer in LISTS:
        known = {parameter.name for parameter in parameters_of(answer)}
        for parameter in parameters_of(answer):
            texts = GIVEN.get(parameter.kind, parameter.choices)
            texts = (str(term["id"]), str(proposing.OURS), str(term["taxonomy_id"])) if parameter.kind is Kind.IDENTIFIER else texts
            texts = ("ZZ1 1AZ",) if parameter.kind is Kind.POSTCODE else texts
            for text in texts:
                near = "&postcode=ZZ1%201AZ" if parameter.name == "proximity" else ""
                found += [
                    f"{answer}?{parameter.name}={text}{near}{whole}"
                    for whole in ("", "&full=true")
                    if not whole or ("full" in known and parameter.name != "full")
                ]
    return [
        *found,
        "/organizations?full=true&full_service=true&format=ndjson",
        "/services?modified_after=2020-01-01&full=true&format=ndjson",
    ]


def test_nothing_private_is_given_by_any_address(client: FlaskClient, marked: UUID) -> None:
    for path in addresses(client, marked):
        response = client.get(f"{ROOT}{path}")
        assert response.status_code in ({200, 404} if str(UUID(int=81)) in path else {200}), path
        assert re.findall(f".{{60}}{MARK}", response.text, re.IGNORECASE) == [], path
        assert "".join(NUMBER.split()) not in re.sub(r"\s", "", response.text), path
        assert all(str(each) not in response.text for each in SECRET_POINT), path
        assert '"contacts"' not in response.text
        assert '"assurer_email"' not in response.text


def test_every_record_by_its_id_keeps_what_is_private(client: FlaskClient, marked: UUID) -> None:
    for answer in (Answer.SERVICE_AT_LOCATIONS, Answer.ORGANIZATIONS):
        for record in [json.loads(line) for line in client.get(f"{ROOT}{answer}?format=ndjson").data.splitlines()][::8]:
            assert MARK not in client.get(f"{ROOT}{answer}/{record['id']}").text


def test_of_a_secret_place_only_that_it_is_one_is_given(client: FlaskClient, marked: UUID) -> None:
    service = client.get(f"{ROOT}/services/{marked}").json
    assert service is not None
    secret = [place for place in service["service_at_locations"] if set(place["location"]) == {"id", "location_type"}]
    assert len(secret) == 1
    assert set(secret[0]) <= {"id", "service_id", "location_id", "location", "schedules", "holiday_schedules", "phones"}
    assert secret[0]["schedules"], "when it happens may be known"
    assert client.get(f"{ROOT}/service_at_locations/{secret[0]['id']}").status_code == 200


def test_nobody_finds_a_secret_place_by_where_it_is(client: FlaskClient, marked: UUID) -> None:
    found = [
        json.loads(line)
        for metres in (1, 100, 5_000, 50_000)
        for line in client.get(f"{ROOT}/service_at_locations?postcode=ZZ1%201AZ&proximity={metres}&format=ndjson").data.splitlines()
    ]
    assert found
    assert all("latitude" in each["location"] or "name" in each["location"] for each in found)
