"""Organizations with their services whole: as many as a page bears, and every one by its id or in a stream."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from little_borough import extents, taxonomy
from little_directory import ORGANIZATION, Directory, service_id
from sqlalchemy import Engine

from portal.api.oruk.choosing import Chooser
from portal.api.oruk.parameter import MOST_WHOLE, WITH_SERVICES_PER_PAGE, Answer
from portal.api.oruk.reading import read
from portal.api.oruk.records import Records
from portal.api.oruk.services import Ground
from portal.api.oruk.vocabulary import Vocabulary
from portal.db import reading, writing
from portal.directory.changes import mark_changed
from portal.directory.models import Organization, Service

ASKED = [("full", "true"), ("full_service", "true")]


@pytest.fixture
def records(tmp_path: Path) -> Records:
    own = Vocabulary(taxonomy())
    return Records(Ground(own, lambda _postcode: ""), Chooser(own, extents(tmp_path)))


@pytest.fixture(params=["database", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Both databases."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


def page(records: Records, engine: Engine, **asked: object) -> dict[str, Any]:
    with reading(engine) as session:
        found = records.page(session, read(Answer.ORGANIZATIONS, [*ASKED, *((name, str(value)) for name, value in asked.items())]))
    decoded: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found))
    return decoded


def test_of_an_organization_with_very_many_services_the_first_are_whole_on_a_page_and_none_is_left_out(
    records: Records, engine: Engine
) -> None:
    every = MOST_WHOLE + 3
    Directory(engine).fill(every)
    Directory(engine).withdraw(7)
    public = [str(service_id(number)) for number in range(every) if number != 7]
    for _ in range(2):  # made, and as it was kept
        [given] = page(records, engine)["contents"]
        assert sorted(each["id"] for each in given["services"]) == sorted(public)
        assert ["description" in each for each in given["services"]] == [True] * MOST_WHOLE + [False] * 2
        assert all(set(each) >= {"id", "name", "status", "last_modified"} for each in given["services"])


def test_by_its_id_and_in_a_stream_every_service_is_whole(records: Records, engine: Engine) -> None:
    Directory(engine).fill(MOST_WHOLE + 3)
    with reading(engine) as session:
        one = records.one(session, Answer.ORGANIZATION, ORGANIZATION, read(Answer.ORGANIZATION, [("full_service", "true")]))
        streamed = b"".join(records.stream(engine, session, read(Answer.ORGANIZATIONS, [*ASKED, ("format", "ndjson")])))
    for given in (msgspec.json.decode(msgspec.json.encode(one)), msgspec.json.decode(streamed)):
        assert len(given["services"]) == MOST_WHOLE + 3
        assert all("description" in each for each in given["services"])


def test_a_page_of_organizations_with_whole_services_is_smaller_than_was_asked_and_says_so(records: Records, engine: Engine) -> None:
    many = WITH_SERVICES_PER_PAGE * 2 + 1
    with writing(engine) as session:
        for number in range(many):
            session.add(Organization(id=UUID(int=number + 1), name=f"Friends {number}"))
            session.add(Service(id=service_id(number), organization_id=UUID(int=number + 1), name=f"Club {number}", status="active"))
        mark_changed(session, [service_id(number) for number in range(many)])
    pages = [page(records, engine, per_page=50, page=number) for number in (1, 2, 3)]
    assert [each["size"] for each in pages] == [WITH_SERVICES_PER_PAGE, WITH_SERVICES_PER_PAGE, 1]
    assert [(each["total_items"], each["total_pages"], each["last_page"]) for each in pages] == [
        (many, 3, False),
        (many, 3, False),
        (many, 3, True),
    ]
    assert {each["name"] for part in pages for each in part["contents"]} == {f"Friends {number}" for number in range(many)}
    assert page(records, engine, per_page=4)["size"] == 4
