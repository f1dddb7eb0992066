"""With 3,000 organizations and as many people, pages of people are as quick as with a few, and ask the database as seldom."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial

import pytest
from accounts import make_person, signed_in
from effort import effort
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert

from portal import clock
from portal.accounts.audiences import Role
from portal.accounts.models import Membership, Person
from portal.db import writing
from portal.directory.models import Organization

MANY = 3_000
QUICK = 10  # as `effort` tells it
MOST_ASKED = 12  # statements, who is signed in among them
PAGES = (
    "people",
    "people/keepers?page=7",
    "people/organizations",
    "people/organizations?show=all&page=30",
    "people/organizations?show=somebody&name=12",
)


@pytest.fixture
def boss(app: Flask) -> FlaskClient:
    """An administrator's browser, on a site with many organizations; two of three have an editor, one of four somebody who is asked."""
    now = clock.now()
    organizations = [{"id": uuid.uuid4(), "name": f"Organization {number}"} for number in range(MANY)]
    people = [
        {"id": uuid.uuid4(), "email": f"p{number}@example.org", "name": f"Person {number}", "added_at": now} for number in range(MANY)
    ]
    given = {"invited_by": "test", "invited_at": now}
    kept = [(place, person, now) for number, (place, person) in enumerate(zip(organizations, people, strict=True)) if number % 3]
    asked = [
        (place, person, None) for number, (place, person) in enumerate(zip(organizations, people[::-1], strict=True)) if not number % 4
    ]
    rows = {(person["id"], place["id"]): {"accepted_at": at, **given} for place, person, at in (*asked, *kept)}
    memberships = [{"person_id": person, "organization_id": place, **row} for (person, place), row in rows.items()]
    with writing(app.extensions["people"].engine) as session:
        for table, made in ((Organization, organizations), (Person, people), (Membership, memberships)):
            session.execute(insert(table), made)
    app.test_client_class = FlaskClient  # the page contract takes its own time
    return signed_in(app, make_person(app, "boss@example.org", roles=[Role.ADMINISTRATOR]))


@pytest.fixture
def asked(app: Flask) -> Iterator[list[str]]:
    """What the database is asked."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = app.extensions["people"].engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_pages_of_people_stay_quick(boss: FlaskClient, asked: list[str]) -> None:
    for address in PAGES:
        boss.get(f"/en/{address}")  # templates are read once
        asked.clear()
        assert boss.get(f"/en/{address}").status_code == 200
        assert len(asked) <= MOST_ASKED, asked
        taken = [effort(partial(boss.get, f"/en/{address}")) for _ in range(3)]
        assert min(taken) < QUICK, f"{address}: {taken}"
