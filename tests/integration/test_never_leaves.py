"""What must never leave does not, at any open address for programs, in any format: a word is put wherever something is private.

Secret addresses with all that may say where they are, people's names, e-mails and numbers, who checked a listing, what residents
reported, and listings that are not public. Each address is then asked, and its files are opened.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.api.formats.offers import OFFERS
from portal.api.oruk.parameter import LISTS, ROOT
from portal.db import writing
from portal.directory.changes import mark_changed
from portal.directory.models import Contact, Organization, Service
from portal.directory.places import Address, Location, Phone, ServiceAtLocation
from portal.directory.reports import ListingReport
from portal.directory.times import Schedule

CANARY: Final = "kanarie"
SECRET_PLACE: Final = ("name", "alternate_name", "description", "transportation", "external_identifier", "external_identifier_type")
SECRET_ADDRESS: Final = ("attention", "address_1", "address_2", "city", "region", "state_province")


def spoil(session: Session) -> None:
    """Put the word into everything private of the directory."""
    hidden = select(Location.id).where(Location.is_confidential)
    at_hidden = select(ServiceAtLocation.id).where(ServiceAtLocation.location_id.in_(hidden))
    assert session.scalars(hidden).all(), "the demo has a secret place"
    session.execute(
        update(Location).where(Location.is_confidential).values({**dict.fromkeys(SECRET_PLACE, CANARY), "url": f"https://{CANARY}.org"})
    )
    session.execute(update(Location).where(Location.is_confidential).values(latitude=51.98765, longitude=-1.98765))
    for location in session.scalars(hidden).all():
        session.execute(
            insert(Address).values(id=uuid.uuid4(), location_id=location, postal_code="ZZ9 9ZZ", **dict.fromkeys(SECRET_ADDRESS, CANARY))
        )
    session.execute(update(ServiceAtLocation).where(ServiceAtLocation.id.in_(at_hidden)).values(description=CANARY))
    told = {"description": CANARY, "notes": CANARY, "schedule_link": f"https://{CANARY}.org"}
    session.execute(update(Schedule).where(Schedule.service_at_location_id.in_(at_hidden)).values(told))
    session.execute(update(Address).values(attention=CANARY))
    session.execute(update(Service).values(assurer_email=f"{CANARY}@example.org", assured_by=CANARY))
    _add_people(session)
    _add_what_is_not_public(session)


def _add_people(session: Session) -> None:
    service = session.scalars(select(Service.id).where(Service.status == "active").order_by(Service.id)).first()
    person, values = uuid.uuid4(), {"name": CANARY, "title": CANARY, "department": CANARY, "email": f"{CANARY}@example.org"}
    session.execute(insert(Contact).values(id=person, service_id=service, **values))
    session.execute(insert(Phone).values(id=uuid.uuid4(), contact_id=person, service_id=service, number="07700 900999", description=CANARY))
    row = {"service_id": service, "kind": "closed", "message": CANARY, "reported_at": clock.now()}
    session.add(ListingReport(**row))
    session.flush()


def _add_what_is_not_public(session: Session) -> None:
    """A service that was never public, of an organization that has no other."""
    owner = Organization(id=uuid.uuid4(), name=CANARY, description=CANARY)
    session.add(owner)
    session.flush()
    draft = Service(id=uuid.uuid4(), organization_id=owner.id, name=CANARY, description=CANARY, status="inactive", who_for=[], how=[])
    session.add(draft)
    session.flush()
    mark_changed(session, [draft.id])


def addresses() -> list[str]:
    """Every open address for programs, in each of its forms; single records are found from the lists."""
    forms = ("", "?full=true", "?minimal=true", "?format=ndjson", "?modified_after=2000-01-01", "?full_service=true")
    lists = [f"{ROOT}{answer}{form}" for answer in LISTS for form in forms]
    searched = [f"{ROOT}{answer}?search={CANARY}" for answer in LISTS]
    return [
        *(offer.path for offer in OFFERS),
        *(f"{ROOT}/services?format=ndjson&full=true", f"{ROOT}/service_at_locations?format=ndjson&full=true"),
        *(f"{ROOT}/organizations?full=true&full_service=true&per_page=500", "/sitemap.xml", "/sitemap-en.xml", "/robots.txt"),
        *("/.well-known/security.txt", "/.well-known/api-catalog", "/en/opensearch.xml", "/en/open-data", f"{ROOT}/"),
        *lists,
        *searched,
    ]


def opened(data: bytes) -> str:
    """An answer as text: every file of a zip."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "\n".join(package.read(name).decode("utf-8") for name in package.namelist())


@pytest.fixture
def spoilt(app: Flask) -> FlaskClient:
    with writing(app.extensions["search"].engine) as session:
        spoil(session)
    return app.test_client()


def test_nothing_private_leaves_in_any_format(spoilt: FlaskClient) -> None:
    answered = 0
    for address in addresses():
        response = spoilt.get(address, headers={"Accept-Encoding": "identity"})
        text = opened(response.data).casefold()
        response.close()
        answered += response.status_code == 200
        where = text.find(CANARY)
        assert where < 0 or response.status_code != 200, f"{address}: …{text[max(where - 200, 0) : where + 80]}…"
        for private in ("07700 900999", "51.98765", "zz9 9zz"):
            assert private not in text, f"{address}: {private}"
    assert answered > 30


def test_the_pages_and_calendars_of_secret_places_say_nothing_either(app: Flask, spoilt: FlaskClient) -> None:
    with writing(app.extensions["search"].engine) as session:
        hidden = select(ServiceAtLocation.service_id, ServiceAtLocation.id).join(Location).where(Location.is_confidential)
        found = session.execute(hidden).all()
        session.execute(update(Service).values(assured_by="the council"))  # which a page may say
    assert found
    for service_id, place_id in found:
        for address in (
            f"/en/services/{service_id}",
            f"/en/services/{service_id}/calendar/{place_id}.ics",
            f"{ROOT}/services/{service_id}",
        ):
            text = spoilt.get(address).text.casefold()
            assert CANARY not in text, address
            assert "51.98" not in text
