"""Quarters pass, and a commissioner reads exactly what residents reported: on the page of a quarter, in its file, and over time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element

import pytest
from accounts import make_person, signed_in
from contract_rules import Page, text_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from portal import clock, tally
from portal.accounts.audiences import Role
from portal.config import CHECKOUT
from portal.db import reading, writing
from portal.insight.outcomes.measures import MEASURES, SERVICES
from portal.insight.outcomes.queries import list_reports
from portal.insight.outcomes.report import Amount
from portal.insight.periods import Quarter
from portal.localities.versions import load_versions
from portal.tally import Subject

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
SUMMER = {  # (kind, key, locality) → how often in July, August and September
    ("plan went", "service done first", "eastmoor"): (30, 20, 10),
    ("plan went", "service done", "eastmoor"): (10, 10, 3),
    ("plan went", "service no-help", "eastmoor"): (12, 10, 10),
    ("plan went", "service no-entry", "eastmoor"): (3, 3, 3),
    ("plan first", "front-door", "eastmoor"): (20, 20, 20),
    ("plan week", "reached", "northgate"): (40, 10, 10),
    ("plan week", "not-yet", "northgate"): (10, 10, 11),
    ("request", "answered in 1", "northgate"): (500, 600, 700),
    ("request", "answered later", "northgate"): (5, 5, 5),
    ("plan went", "step done", "somewhere-else"): (10, 10, 10),
}
SPRING = {("request", "answered in 1", "northgate"): (20, 10, 10), ("request", "never", "northgate"): (99, 99, 99)}
LATE = ("request", "ended", "northgate")


def counted(engine: Engine, counts: Mapping[tuple[str, str, str], tuple[int, ...]], months: tuple[date, ...]) -> None:
    """As if it had happened on two days of each month."""
    with writing(engine) as session:
        for subject, numbers in counts.items():
            for month, number in zip(months, numbers, strict=True):
                for day, part in ((month, number // 2), (month.replace(day=28), number - number // 2)):
                    if part:
                        tally.add(session, {Subject(day, *subject): part})


@pytest.fixture
def told(app: Flask) -> Iterator[Flask]:
    """A site that has counted for half a year."""
    engine = app.extensions["outcomes"].engine
    counted(engine, SUMMER, Quarter(2026, 3).months)
    counted(engine, {**SPRING, LATE: (80, 0, 0)}, Quarter(2026, 2).months)
    counted(engine, {("plan went", "service done", "eastmoor"): (500, 0, 0)}, Quarter(2026, 4).months)
    with clock.stopped_at(NOW):
        yield app


@pytest.fixture
def commissioner(told: Flask) -> FlaskClient:
    client: FlaskClient = signed_in(told, make_person(told, "plans@example.org", roles=[Role.COMMISSIONER]))
    return client


def page_of(client: FlaskClient, path: str) -> Page:
    response = client.get(path)
    assert response.status_code == 200
    page: Page = response.page  # type: ignore[attr-defined]  # put there by CheckedClient
    return page


def section(page: Page, name: str) -> Element:
    parts: list[Element] = [it for it in page.tree.iter("section") if it.get("aria-labelledby") == f"m-{name}"]
    assert len(parts) == 1
    return parts[0]


def rows(part: Element) -> dict[str, list[str]]:
    """The first table of a part: what stands in each row, by its heading."""
    table = next(part.iter("table"))
    body = next(table.iter("tbody"))
    return {text_of(next(row.iter("th"))): [text_of(cell) for cell in row.iter("td")] for row in body.iter("tr")}


FEW, NOTHING = "fewer than 10", "Too few to tell"


def test_the_report_of_a_quarter_says_exactly_what_was_reported(commissioner: FlaskClient) -> None:
    page = page_of(commissioner, "/en/insight/reports/2026-q3")
    assert text_of(page.all("h1")[0]) == "What came of plans: 1 July 2026 to 30 September 2026"
    services = rows(section(page, "services"))
    assert services["Eastmoor"] == ["85", "30", FEW, "between 69% and 74%"]  # 60 and 25; 85 of 124, to 85 of 115
    assert "Northgate" not in services
    assert "fewer than 10, and may be none, in: Old Town, " in text_of(section(page, "services"))
    first = rows(section(page, "first"))
    assert first["Eastmoor"] == ["at least 60", "60", "between 50% and 53%"]
    week = rows(section(page, "week"))
    assert week["Northgate"] == ["60", FEW, "30", "between 61% and 67%"]
    assert rows(section(page, "steps"))["Area not known"] == ["at least 30", FEW, FEW, NOTHING], "a place that is none of that day"
    [_, by_month] = section(page, "week").iter("table")
    assert [[text_of(cell) for cell in row] for row in by_month.iter("tr")][1:] == [
        ["Northgate", "Yes", "40", "10", "10"],
        ["Northgate", "Not yet", "10", "10", "10"],
    ]


def test_every_area_is_named_in_every_part_whether_or_not_anything_was_counted(commissioner: FlaskClient, told: Flask) -> None:
    """Once: in a row where something can be said of it, and else in one sentence with all others of which nothing can."""
    names = [*(one.name for one in told.extensions["outcomes"].versions.on(NOW.date()).localities.values()), "Area not known"]
    for quarter in ("2026-q3", "2026-q2"):
        page = page_of(commissioner, f"/en/insight/reports/{quarter}")
        for measure in MEASURES:
            part = section(page, measure.id)
            in_rows = rows(part) if list(part.iter("table")) else {"All areas": []}
            sentences = [text_of(it) for it in part.iter("p") if "may be none" in text_of(it)]
            assert list(in_rows)[-1] == "All areas"
            assert all(set(cells) - {FEW, "fewer than 20", NOTHING} for cells in in_rows.values() if cells), "a row says something"
            assert sorted([*in_rows, *(name for name in names if any(name in said for said in sentences))]) == sorted(
                [*names, "All areas"] if list(part.iter("table")) else ["All areas"]
            )


def test_where_nothing_can_be_said_of_any_area_one_sentence_says_so(commissioner: FlaskClient) -> None:
    page = page_of(commissioner, "/en/insight/reports/2025-q4")
    for measure in MEASURES:
        part = section(page, measure.id)
        assert not list(part.iter("table"))
        assert "In every area each of these counts is fewer than 10, and may be none." in text_of(part)
        assert "That is too few to tell a share." in text_of(part)


def test_the_report_writes_its_sentences(commissioner: FlaskClient) -> None:
    page = page_of(commissioner, "/en/insight/reports/2026-q3")
    requests = text_of(section(page, "requests"))
    assert "Requests with a result: at least 1,815." in requests
    assert "At least half of the answers came within 1 working day." in requests
    assert "That is more than in the quarter before." in requests
    week = text_of(section(page, "week"))
    assert "Answers about a good week: at least 90." in week
    assert "the quarter before" not in week, "there was no share then"


def test_the_file_says_the_same_as_the_page(commissioner: FlaskClient) -> None:
    response = commissioner.get("/en/insight/reports/2026-q3/report.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="outcomes-2026-q3.csv"'
    lines = list(csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert lines[0] == ["What we count", "Area", "Answer", "1 July 2026 to 30 September 2026", "July", "August", "September"]
    week = [line[2:] for line in lines if line[:2] == ["Whether people have their good week", "Northgate"]]
    assert week == [
        ["Yes", "60", "40", "10", "10"],
        ["Partly", FEW, "", "", ""],
        ["Not yet", "30", "10", "10", "10"],
        ["Have their good week", "between 61% and 67%", "", "", ""],
    ]
    page = page_of(commissioner, "/en/insight/reports/2026-q3")
    main = text_of(page.all("main")[0])
    for line in lines[1:]:
        said = f"{int(line[3]):,}" if line[3].isdigit() else line[3]
        assert said in main or said == "fewer than 20", line  # two counts, of which the page says that each is fewer than 10


def test_over_time_each_quarter_stands_with_its_number_and_share(commissioner: FlaskClient) -> None:
    page = page_of(commissioner, "/en/insight/outcomes?place=northgate")
    found = rows(section(page, "requests"))
    assert found["1 July 2026 to 30 September 2026"] == ["at least 1,815", "between 98% and 99%"]  # 1800 of 1833, to 1818 of 1833
    assert found["1 April 2026 to 30 June 2026"] == ["at least 120", "between 29% and 42%"]  # 40 of 138, to 58 of 138
    assert len(found) == 10
    assert "2026-q4" not in str([link.get("href") for link in page.all("a")]), "a quarter that is not over has no report"
    assert list(section(page, "requests").iter("figure"))
    assert not list(section(page, "week").iter("figure")), "one quarter is no line"
    everywhere = rows(section(page_of(commissioner, "/en/insight/outcomes"), "requests"))
    assert everywhere["1 July 2026 to 30 September 2026"][0] == "at least 1,815"


@pytest.mark.parametrize("name", ["2026-q4", "2027-q1", "2019-q1", "summer", "2026-q3.csv"])
def test_no_other_span_has_a_report(commissioner: FlaskClient, name: str) -> None:
    for path in (f"/en/insight/reports/{name}", f"/en/insight/reports/{name}/report.csv"):
        assert commissioner.get(path).status_code == 404


def test_a_place_that_is_none_is_all_of_them(commissioner: FlaskClient) -> None:
    assert "Over time in all areas" in text_of(page_of(commissioner, "/en/insight/outcomes?place=<nowhere>").all("main")[0])


def test_what_is_hidden_cannot_be_read_from_any_page(told: Flask, commissioner: FlaskClient) -> None:
    def read() -> list[str]:
        paths = ["outcomes", "outcomes?place=eastmoor", "reports/2026-q3", "reports/2026-q2", "reports/2026-q3/report.csv"]
        return [commissioner.get(f"/en/insight/{path}").get_data(as_text=True) for path in paths]

    engine = told.extensions["outcomes"].engine
    before = read()
    hidden = {("plan week", "partly", "eastmoor"): (3, 3, 3), ("plan went", "step no-help", "northgate"): (9, 0, 0)}
    counted(engine, hidden, Quarter(2026, 3).months)
    hidden = {("request", "withdrawn", "eastmoor"): (0, 0, 9), ("request", "passed on", ""): (1, 0, 0)}
    counted(engine, hidden, Quarter(2026, 2).months)
    assert read() == before
    counted(engine, {("plan week", "partly", "eastmoor"): (1, 0, 0)}, Quarter(2026, 3).months)
    assert read() != before, "ten are shown"


def test_both_databases_add_up_by_month(database: Engine, postgresql: Engine) -> None:
    versions = load_versions(CHECKOUT / "content" / "demo" / "localities")
    for engine in (database, postgresql):
        counted(engine, SUMMER, Quarter(2026, 3).months)
        with reading(engine) as session:
            [report] = list_reports(session, versions, [Quarter(2026, 3)])
        told = {row.slug: report.amount(SERVICES.columns[0], [row]) for row in report.rows}
        assert (told["eastmoor"], told["northgate"]) == (Amount(85, 0), Amount(0, 2))
