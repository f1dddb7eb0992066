"""The little borough's services in a database, and an index that follows it: writes as an editor makes them, and what must be found."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from little_borough import laywords, origin, taxonomy
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.db import reading, writing
from portal.directory.changes import mark_changed
from portal.directory.listing import Listing
from portal.directory.listings import list_listings
from portal.directory.models import Organization, Service, Status
from portal.directory.operations import withdraw
from portal.directory.places import Address, Location, ServiceAtLocation
from portal.directory.queries import list_service_ids
from portal.directory.terms import ServiceNeed
from portal.search.areas import Extents
from portal.search.evidence import weighed
from portal.search.index import Index

SIZE = 40  # services at first: so many that a few changes are not yet a rebuild
ORGANIZATION = uuid.uuid5(uuid.NAMESPACE_DNS, "Friends")


@dataclass(frozen=True)
class Directory:
    """Services by number, in `engine`."""

    engine: Engine

    def fill(self, size: int) -> None:
        """Services 0 to `size`, each with a change row."""
        with writing(self.engine) as session:
            session.add(Organization(id=ORGANIZATION, name="Friends"))
            for number in range(size):
                self._add(session, number)

    def add(self, number: int, **values: object) -> None:
        """One more service."""
        with writing(self.engine) as session:
            self._add(session, number, **values)

    def _add(self, session: Session, number: int, **values: object) -> None:
        made = {"name": f"Club {number}", "description": f"A lunch club, number{number}", "status": Status.ACTIVE.value, **values}
        session.add(Service(id=service_id(number), organization_id=ORGANIZATION, **made))
        session.add(ServiceNeed(service_id=service_id(number), need=("falls", "food", "work")[number % 3], position=0, inferred=False))
        location = Location(id=uuid.uuid4(), location_type="physical", latitude=54.0 + number / 1000, longitude=1.0)
        session.add_all([location, Address(id=uuid.uuid4(), location_id=location.id, address_1="Hall", postal_code="ZZ1 1AA")])
        session.flush()
        session.add(ServiceAtLocation(id=uuid.uuid4(), service_id=service_id(number), location_id=location.id))
        mark_changed(session, [service_id(number)])

    def change(self, number: int, **values: object) -> None:
        """Write some fields of a service."""
        with writing(self.engine) as session:
            service = session.get_one(Service, service_id(number))
            for field, value in values.items():
                setattr(service, field, value)
            mark_changed(session, [service.id])

    def withdraw(self, number: int) -> None:
        """Take a service out of public view."""
        with writing(self.engine) as session:
            withdraw(session, service_id(number), "tests", "it closed")

    def add_place(self, number: int) -> None:
        """One more place for a service."""
        with writing(self.engine) as session:
            location = Location(id=uuid.uuid4(), location_type="physical", latitude=54.1, longitude=1.1)
            session.add(location)
            session.flush()
            session.add(ServiceAtLocation(id=uuid.uuid4(), service_id=service_id(number), location_id=location.id))
            mark_changed(session, [service_id(number)])

    def remove_place(self, number: int) -> None:
        """One of its places less, if it has any."""
        with writing(self.engine) as session:
            at = session.scalars(select(ServiceAtLocation).where(ServiceAtLocation.service_id == service_id(number)).limit(1)).first()
            if at is not None:
                session.delete(at)
            mark_changed(session, [service_id(number)])

    def mark(self, numbers: Iterable[int]) -> None:
        """Change rows again for services that did not change."""
        with writing(self.engine) as session:
            mark_changed(session, [service_id(number) for number in numbers])

    def listings(self) -> dict[uuid.UUID, Listing]:
        """Every public service as the index must hold it."""
        heard = laywords()
        with reading(self.engine) as session:
            found = list_listings(session, taxonomy(), list_service_ids(session))
            return {each.id: replace(weighed(each, heard), words="") for each in found}


def service_id(number: int) -> uuid.UUID:
    """The id of a service."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"service {number}")


def index_in(folder: Path, engine: Engine, known: Extents) -> Index:
    """An index of the little borough, as one process has it."""
    return Index(folder, engine, origin(known), laywords())


def held(index: Index) -> dict[uuid.UUID, Listing]:
    """Every listing in the current generation; its columns must say the same."""
    generation = index.snapshot().generation
    rows = dict(generation.inverted.listings())
    assert [row for row, live in enumerate(generation.columns.live) if live] == sorted(rows)
    assert generation.row_ids(rows) == [each.id for each in rows.values()]
    return {each.id: each for each in rows.values()}


def debris(index: Index) -> list[str]:
    """What lies in the folder beside the lock, the pointer and at most two finished generations."""
    names = sorted(entry.name for entry in index.folder.iterdir() if entry.name not in ("lock", "lock.folding", "CURRENT"))
    finished = [name for name in names if not name.startswith(".") and (index.folder / name / "manifest.json").exists()]
    return [name for name in names if name not in finished[-2:]]
