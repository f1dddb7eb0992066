"""Listings to measure, for tests: a ground of three localities, services of two organizations, and whatever a measure can count."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

from little_borough import extents
from msgspec.structs import replace
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal import clock
from portal.db import writing
from portal.directory.models import Organization
from portal.directory.publishing import Target, publish
from portal.directory.record import PhoneEntry, ServiceRecord, SessionEntry, VenueEntry
from portal.editing.quality.placing import Ground
from portal.editing.quality.room import QualityRoom
from portal.history import Act

ACT = Act("loaded", "tests")
FRIENDS, OTHERS = uuid.UUID(int=1), uuid.UUID(int=2)
WHOLE = ServiceRecord(
    name="Lunch club",
    description="Hot food and company every Tuesday. Come on your own or bring a friend.",
    needs=("food",),
    venues=(VenueEntry(name="Hall", postcode="ZZ1 1AA", access=("Step-free",), sessions=(SessionEntry(byday="TU"),)),),
    phones=(PhoneEntry("01632 960001"),),
    application_process="Just come along.",
    fees="£4",
)


def ground_in(folder: Path) -> Ground:
    return Ground(extents(folder))


def room_of(engine: Engine, folder: Path) -> QualityRoom:
    return QualityRoom(engine, ground_in(folder))


def add_organizations(session: Session) -> None:
    session.add_all([Organization(id=FRIENDS, name="Friends"), Organization(id=OTHERS, name="Others")])
    session.flush()


def add(engine: Engine, organization_id: uuid.UUID = FRIENDS, **changes: object) -> uuid.UUID:
    """A service that says what `WHOLE` says but for these changes, checked today."""
    with writing(engine) as session:
        return publish(session, Target(organization_id), replace(WHOLE, **changes), ACT, confirmed_by="Friends")


def long_ago() -> object:
    """A day of checking that is long past."""
    return clock.today() - timedelta(days=400)
