"""The page of what if over HTTP: a service added or taken away on paper, what would change, nothing stored, nothing typed lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal import clock
from portal.accounts.audiences import Role
from portal.db import Base, reading
from portal.directory.models import Service
from portal.errors import IndexUnavailable
from portal.insight.facts import Facts
from portal.insight.matrix import Matrix
from portal.insight.supposing.forms import hours_in
from portal.insight.supposing.room import SupposingRoom

PAGE = "/en/insight/what-if"
ADD = {"act": "add", "need": "falls", "where": "eastmoor", "how": "place", "hours": "3"}
ROW = re.compile(r'rowheader"><span lang="en" dir="ltr">([^<]+)</span></th>(.*?)</tr>', re.DOTALL)


@pytest.fixture
def commissioner(app: Flask) -> FlaskClient:
    return signed_in(app, make_person(app, "plans@example.org", roles=[Role.COMMISSIONER]))


def room_of(app: Flask) -> SupposingRoom:
    room: SupposingRoom = app.extensions["supposing"]
    return room


def matrix_of(app: Flask) -> Matrix:
    return room_of(app).figures.matrix(clock.today())


def rows_in(page: str) -> dict[str, list[str]]:
    """What would change, by area, as it is read."""
    found: dict[str, list[str]] = {}
    for area, rest in ROW.findall(page):
        found.setdefault(area, []).append(" ".join(unescape(re.sub(r"<[^>]+>", " ", rest)).split()))
    return found


def name_of(app: Flask, slug: str) -> str:
    return room_of(app).figures.ground.areas.localities[slug].name


def counts(app: Flask) -> dict[str, int]:
    with reading(room_of(app).engine) as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
            if not name.startswith(("sign", "person", "session"))
        }


def test_at_first_the_page_asks_and_says_that_nothing_is_stored(commissioner: FlaskClient) -> None:
    page = commissioner.get(PAGE).text
    assert "Nothing is stored" in page
    assert "What would change</h2>" not in page
    assert commissioner.get("/ur/insight/what-if").status_code == 200


def test_one_service_more_counts_where_it_is_and_nothing_is_stored(app: Flask, commissioner: FlaskClient) -> None:
    before, stored = matrix_of(app).cell("eastmoor", "falls").provision, counts(app)
    found = rows_in(commissioner.get(PAGE, query_string={**ADD, "ticks": ["free", "evening"], "speaks": "ur"}).text)
    assert set(found) >= {name_of(app, "eastmoor")}
    said = found[name_of(app, "eastmoor")][0]
    for title, number in (
        ("Services that people here can use", before.covers),
        ("Services for this area or near it", before.local),
        ("Services with a place here", before.based),
        ("Places to go to here", before.places),
        ("Free services", before.free),
        ("Services open in the evening", before.evening),
        ("Services in other languages", before.in_languages),
    ):
        assert f"{title}: {number}, then {number + 1}" in said, said
    assert "Hours open a week" in said
    assert "step-free" not in said.lower(), "what it would not be is not told"
    assert all(
        "Services that people here can use" not in row
        for name, rows in found.items()
        for row in rows
        if name not in (name_of(app, "eastmoor"),)
    )
    assert counts(app) == stored
    assert matrix_of(app).cell("eastmoor", "falls").provision == before


def test_one_for_every_area_at_home_counts_in_each_and_has_no_place(app: Flask, commissioner: FlaskClient) -> None:
    page = commissioner.get(PAGE, query_string={"act": "add", "need": "falls", "also": "loneliness", "where": "all", "how": "remote"}).text
    found = rows_in(page)
    assert len(found) == len(matrix_of(app).localities)
    for rows in found.values():
        assert len(rows) == 2
        assert all("Services that people here can use" in row and "Places to go to here" not in row for row in rows)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"need": ""}, "Choose which kind of help"),
        ({"need": "<script>"}, "Choose which kind of help"),
        ({"also": "nonsense"}, "leave it empty"),
        ({"where": ""}, "Choose which area"),
        ({"where": "atlantis"}, "Choose which area"),
        ({"how": "by boat"}, "Choose how people would have it"),
        ({"hours": "three"}, "such as 7.5"),
        ({"hours": "0"}, "such as 7.5"),
        ({"hours": "169"}, "such as 7.5"),
        ({"hours": ""}, "such as 7.5"),
        ({"hours": "1e2"}, "such as 7.5"),
        ({"ticks": "gold"}, "Tick only"),
        ({"speaks": "tlh"}, "Tick only"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(commissioner: FlaskClient, changes: dict[str, str], message: str) -> None:
    answer = commissioner.get(PAGE, query_string={**ADD, "ticks": "free", **changes})
    assert answer.status_code == 422
    assert message in answer.text
    assert "<title>Error: " in answer.text
    asked = {**ADD, "ticks": "free", **changes}
    if "hours" in changes:
        assert f'value="{changes["hours"]}"' in answer.text or not changes["hours"]
    for name in {"need", "where"} - set(changes):
        assert re.search(rf'<option value="{asked[name]}" selected', answer.text), name
    assert "What would change</h2>" not in answer.text


def counted(app: Flask) -> tuple[Facts, Service]:
    """The facts, and a service that is counted somewhere and whose name no other has."""
    facts = room_of(app).figures.facts(clock.today())
    with reading(room_of(app).engine) as session:
        services = {service.id.bytes: service for service in session.scalars(select(Service).order_by(Service.name))}
    shown = [services[key] for at, row in enumerate(facts.ids) if (key := row.tobytes()) in services and facts.covers[at].any()]
    return facts, next(it for it in shown if sum(it.name.lower() in other.name.lower() for other in services.values()) == 1)


def test_one_service_less_by_name_by_part_of_it_or_by_address(app: Flask, commissioner: FlaskClient) -> None:
    _facts, service = counted(app)
    pages = [
        commissioner.get(PAGE, query_string={"act": "remove", "service": typed}).text
        for typed in (service.name, service.name.upper()[:-1], f"https://doorstep.example/en/services/{service.id}?from=search")
    ]
    found = [rows_in(page) for page in pages]
    assert found[0] == found[1] == found[2]
    assert found[0]
    cell = matrix_of(app)
    for name, rows in found[0].items():
        slug = next(slug for slug in cell.localities if name_of(app, slug) == name)
        assert all(
            any(f"can use: {it.provision.covers}, then {it.provision.covers - 1}" in row for it in cell.of_locality(slug)) for row in rows
        )


def test_a_name_of_several_lets_choose(app: Flask, commissioner: FlaskClient) -> None:
    page = commissioner.get(PAGE, query_string={"act": "remove", "service": "a"}).text
    assert "Which one?" in page
    links = re.findall(r'href="(/en/insight/what-if\?act=remove&amp;service=[0-9a-f-]{36})"', page)
    assert len(links) > 3
    assert "What would change</h2>" in commissioner.get(unescape(links[0])).text


@pytest.mark.parametrize("typed", ["No such service here", "", "%", "_", "00000000-0000-4000-8000-000000000000", "' OR 1=1 --"])
def test_what_is_no_service_is_said_and_stays(commissioner: FlaskClient, typed: str) -> None:
    answer = commissioner.get(PAGE, query_string={"act": "remove", "service": typed})
    assert answer.status_code == 422
    assert "copy the address of its page" in answer.text
    assert not typed or f'value="{typed}"' in unescape(answer.text)


def test_another_language_keeps_what_was_asked(commissioner: FlaskClient) -> None:
    page = commissioner.get(PAGE, query_string={**ADD, "hours": "oops"}).text
    links = [unescape(link) for link in re.findall(r'href="(/ur/insight/what-if\?[^"]*)"', page)]
    assert links
    assert all(part in links[0] for part in ("act=add", "need=falls", "where=eastmoor", "hours=oops"))


def test_while_the_index_is_away_the_page_says_so_and_keeps_what_was_asked(
    app: Flask, commissioner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> Facts:
        raise IndexUnavailable("away")

    monkeypatch.setattr(room_of(app).figures, "facts", away)
    answer = commissioner.get(PAGE, query_string=ADD)
    assert answer.status_code == 503
    assert "Come back in a few minutes" in answer.text
    assert re.search(r'<option value="falls" selected', answer.text)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("3", 3.0), ("7.5", 7.5), ("7,5", 7.5), ("", None), ("-1", None), ("inf", None), ("nan", None), ("\u0663", None), ("1.2.3", None)],
)
def test_hours_as_they_are_typed(typed: str, hours: float | None) -> None:
    assert hours_in(typed) == hours
