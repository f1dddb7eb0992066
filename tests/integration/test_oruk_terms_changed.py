"""A term that changes changes every service that is given with it, whichever record it is attached to."""

from __future__ import annotations

import uuid

import pytest
from little_directory import ORGANIZATION, Directory, service_id
from sqlalchemy import Engine, select

from portal.db import writing
from portal.directory.openreferral.applying import _services_of
from portal.directory.places import ServiceAtLocation
from portal.directory.terms import Attribute, TaxonomyTerm


@pytest.mark.parametrize(
    ("entity", "numbers"), [("service", {1}), ("location", {1}), ("organization", {0, 1, 2}), ("service_at_location", set())]
)
def test_services_of_a_term(database: Engine, entity: str, numbers: set[int]) -> None:
    Directory(database).fill(3)
    term = uuid.uuid4()
    with writing(database) as session:
        at = session.scalars(select(ServiceAtLocation).where(ServiceAtLocation.service_id == service_id(1))).one()
        links = {"service": at.service_id, "location": at.location_id, "organization": ORGANIZATION, "service_at_location": at.id}
        session.add(TaxonomyTerm(id=term, name="Gentle", description="Gentle", taxonomy="Theirs"))
        session.flush()
        session.add(Attribute(id=uuid.uuid4(), link_id=links[entity], link_entity=entity, taxonomy_term_id=term))
        session.flush()
        assert _services_of(session, [("taxonomy_term", term)]) == {service_id(number) for number in numbers}
