"""The commissioners' tables: every number is the length of the list behind it, orders, the file, the map, comparisons, odd addresses."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.accounts.audiences import Role
from portal.db import writing
from portal.insight.desk.numbers import FIELDS, Number, value_of
from portal.insight.desk.wording import TITLES, VERDICTS
from portal.insight.gap import Verdict
from portal.insight.matrix import Matrix
from portal.tally import Subject, add

CELL = re.compile(r'<a href="(/en/insight/areas/([\w-]+)/([\w-]+)(?:\?[^"]*)?)">([\d.,]+)</a>')
AREA = re.compile(r'rowheader"><a href="/en/insight/areas/([\w-]+)')
OF_PEOPLE = (
    "matrix?group=about&number=missed",
    "needs/falls",
    "areas/eastmoor/falls",
    "areas/old-town/falls",
    "map?need=falls&number=missed",
    "matrix.csv",
)
URDU = ("", "/matrix", "/matrix?number=hours", "/map", "/method", "/areas/eastmoor", "/areas/eastmoor/falls", "/needs/falls")
LISTED = re.compile(r'<li><a href="/en/services/([0-9a-f-]{36})"')


@pytest.fixture
def commissioner(app: Flask) -> FlaskClient:
    return signed_in(app, make_person(app, "plans@example.org", roles=[Role.COMMISSIONER]))


def figures(app: Flask) -> Matrix:
    found: Matrix = app.extensions["insight"].figures.matrix(clock.today())
    return found


def listed(commissioner: FlaskClient, address: str) -> list[str]:
    """Ids of the services on all pages of a list."""
    found: list[str] = []
    while address:
        text = commissioner.get(html.unescape(address)).text
        found += LISTED.findall(text)
        more = re.search(r'<a href="([^"]+)" rel="next"', text)
        address = more[1] if more else ""
    return found


def test_every_number_of_services_is_the_length_of_its_list(app: Flask, commissioner: FlaskClient) -> None:
    seen = 0
    for number in FIELDS:
        text = commissioner.get(f"/en/insight/matrix?group=people&number={number}").text
        links = CELL.findall(text)
        shown = {(slug, need): float(value.replace(",", "")) for _, slug, need, value in links}
        cells = [cell for cell in figures(app).cells.values() if app.extensions["insight"].taxonomy.needs[cell.need].group == "people"]
        assert shown == {(c.locality, c.need): pytest.approx(value_of(c, number), abs=0.051) for c in cells if value_of(c, number)}, number
        for address, _slug, _need, value in links[:: max(1, len(links) // 2)]:
            ids = listed(commissioner, address)
            assert len(ids) == len(set(ids)) > 0
            if number not in (Number.PLACES, Number.HOURS):
                assert len(ids) == float(value.replace(",", "")), address
            seen += 1
    assert seen > len(FIELDS)


def test_the_gap_is_said_in_words_and_with_its_limits(app: Flask, commissioner: FlaskClient) -> None:
    text = commissioner.get("/en/insight/matrix?group=home").text
    needs = [need.id for need in app.extensions["insight"].taxonomy.needs_by_group["home"]]
    verdicts = [figures(app).cell(slug, need).gap.verdict for slug in figures(app).localities for need in needs]
    for verdict in set(verdicts):
        assert text.count(f"</span>{VERDICTS[verdict]}</span>") == verdicts.count(verdict)
    cell = figures(app).cell("eastmoor", "falls")
    page = commissioner.get("/en/insight/areas/eastmoor/falls").text
    assert cell.gap.ratio is not None
    assert cell.gap.low is not None
    assert f"Here beside expected: {cell.gap.ratio:.2f}. Chance alone could make it anything from {cell.gap.low:.2f}" in page
    assert 'class="interval"' in page


@pytest.mark.parametrize("number", ["covers", "hours", "gap"])
def test_areas_stand_in_the_order_that_is_asked_for(app: Flask, commissioner: FlaskClient, number: str) -> None:
    at = f"/en/insight/matrix?group=people&number={number}"
    matrix, names = figures(app), app.extensions["insight"].localities
    assert AREA.findall(commissioner.get(at).text) == sorted(matrix.localities, key=lambda slug: names[slug].name)
    least = AREA.findall(commissioner.get(f"{at}&sort=loneliness").text)
    most = AREA.findall(commissioner.get(f"{at}&sort=loneliness&most=yes").text)
    values = [value_of(matrix.cell(slug, "loneliness"), Number(number)) for slug in least]
    assert values == sorted(values, key=lambda value: value or 0)
    assert [value_of(matrix.cell(slug, "loneliness"), Number(number)) for slug in most] == values[::-1]


def test_numbers_for_each_1000_are_of_the_people_who_have_the_need(app: Flask, commissioner: FlaskClient) -> None:
    text = commissioner.get("/en/insight/matrix?group=about&number=covers&rate=yes").text
    cell = figures(app).cell("eastmoor", "falls")
    assert cell.people
    shown = {(slug, need): float(value) for _, slug, need, value in CELL.findall(text)}
    assert shown["eastmoor", "falls"] == pytest.approx(1000 * cell.provision.covers / cell.people, abs=0.05)


def test_the_file_has_every_cell(app: Flask, commissioner: FlaskClient) -> None:
    answer = commissioner.get("/en/insight/matrix.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="need-and-provision-2026-11-24.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    matrix = figures(app)
    assert [(row["Area code"], row["Need code"]) for row in rows] == [(slug, need) for slug in matrix.localities for need in matrix.needs]
    for row in rows:
        cell = matrix.cell(row["Area code"], row["Need code"])
        for number in FIELDS:
            assert float(row[TITLES[number]]) == pytest.approx(value_of(cell, number), abs=0.001)
        assert row["The gap in words"] == VERDICTS[cell.gap.verdict]
        assert (float(row["Here beside expected"]) if row["Here beside expected"] else None) == pytest.approx(cell.gap.ratio, abs=0.001)
        assert row[TITLES[Number.MISSED]] == row[TITLES[Number.PLANNED]] == "fewer than 10"


def read_when(app: Flask, eastmoor: int, old_town: int) -> list[str]:
    """What a commissioner reads when so many searches for help with falls found nothing in each of two areas last quarter."""
    july = clock.today().replace(month=7, day=5)
    counts = {Subject(july, "search missed", "falls", "eastmoor"): eastmoor, Subject(july, "search missed", "falls", "old-town"): old_town}
    with writing(app.extensions["insight"].engine) as session:
        add(session, {subject: count for subject, count in counts.items() if count})
    client = signed_in(app, make_person(app, "plans@example.org", roles=[Role.COMMISSIONER]))
    return [client.get(f"/en/insight/{path}").text for path in OF_PEOPLE]


def test_the_first_page_says_where_most_is_missing(app: Flask, commissioner: FlaskClient) -> None:
    every = [cell for cell in figures(app).cells.values() if cell.gap.verdict in (Verdict.FEWER, Verdict.NONE_HERE)]
    most = sorted(every, key=lambda cell: (cell.gap.expected or 0.0) - cell.provision.local, reverse=True)
    text = commissioner.get("/en/insight").text
    assert f"We found {len(every)} gap" in text
    assert re.findall(r'<li><a href="/en/insight/areas/([\w-]+)/([\w-]+)">', text) == [(it.locality, it.need) for it in most[:5]]
    assert every


def test_people_are_shown_as_the_rules_allow_and_in_no_other_way(make_app: Callable[..., Flask]) -> None:
    some, others = read_when(make_app(), 12, 9), read_when(make_app(), 10, 0)
    assert some == others, "nothing tells 12 from 10, or 9 from 0"
    assert "<div>10</div>" in some[0]
    assert some[0].count("<div>fewer than 10</div>") > 1
    assert "At least 10 searches for it found nothing." in some[1]


def test_the_map_says_what_its_table_says(app: Flask, commissioner: FlaskClient) -> None:
    for number in ("gap", "covers", "missed"):
        text = commissioner.get(f"/en/insight/map?need=falls&number={number}").text
        assert text.count('class="map-choice"') == len(figures(app).localities) == text.count('class="swatch"')
        assert re.findall(r'map-choice" fill="([^"]+)"', text) == re.findall(r'<rect width="28" height="20" fill="([^"]+)"', text)


def test_areas_are_compared_when_there_are_two(commissioner: FlaskClient) -> None:
    assert "There is a problem" not in commissioner.get("/en/insight/compare").text
    one = commissioner.get("/en/insight/compare?with=eastmoor&group=money").text
    assert "Choose two areas or more." in one
    assert re.search(r'value="eastmoor" checked', one), "what was chosen is not lost"
    assert '<option value="money" selected>' in one
    two = commissioner.get("/en/insight/compare?with=eastmoor&with=old-town&group=money&number=covers").text
    assert set(re.findall(r"/en/insight/areas/([\w-]+)/debt", two)) <= {"eastmoor", "old-town"}
    assert two.count('rowheader"><a href="/en/insight/needs/') == 7


@pytest.mark.parametrize(
    "odd",
    [
        "matrix?group=x&number=y&sort=z&rate=yes&most=yes",
        "matrix?group=&sort=falls",
        "map?need=none&number=gap&rate=yes",
        "compare?with=nowhere&with=&group=x",
        "areas/eastmoor/falls?of=missed&language=xx&page=999999999999",
        "areas/eastmoor/falls?language=ur&page=-1",
        "areas/eastmoor?group=x",
    ],
)
def test_what_an_address_cannot_mean_is_as_usual(commissioner: FlaskClient, odd: str) -> None:
    assert commissioner.get(f"/en/insight/{odd}").status_code == 200


def test_what_there_is_not_is_not_found(commissioner: FlaskClient) -> None:
    for path in ("needs/x", "areas/x", "areas/x/falls", "areas/eastmoor/x"):
        assert commissioner.get(f"/en/insight/{path}").status_code == 404, path


def test_each_page_can_be_read_in_urdu(commissioner: FlaskClient) -> None:
    for path in (*URDU, "/compare?with=eastmoor&with=old-town&group=money"):
        assert commissioner.get(f"/ur/insight{path}").status_code == 200, path
