"""The council's pages of quality: numbers, the listings behind them, orders, pages, the file, and whatever an address may say."""

from __future__ import annotations

import csv
import html
import io
import re
import uuid
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from portal import clock
from portal.accounts.audiences import Role
from portal.db import reading, writing
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.directory.reporting import Wrong, report_problem
from portal.editing.links.models import CheckedLink
from portal.editing.quality.measures import Measure
from portal.editing.quality.measuring import bring_up_to_date
from portal.editing.quality.models import Quality
from portal.editing.quality.queries import PAGE

LINK = re.compile(r'href="(/en/quality/listings[^"]*)">([\d,]+)')
ROW = re.compile(r'<tr role="row"><th scope="row"')
TODAY = date(2026, 11, 24)


@pytest.fixture
def spoilt(app: Flask) -> Flask:
    """The demo borough with something of each measure, measured."""
    room = app.extensions["quality"]
    with writing(room.engine) as session:
        services = session.scalars(select(Service).where(Service.status.in_(PUBLIC_STATUSES)).order_by(Service.id)).all()
        services[0].url = services[1].url = "https://gone.example/"
        session.get_one(Organization, services[2].organization_id).website = "https://gone.example/"
        session.add(CheckedLink(id="x", url="https://gone.example/", next_at=clock.now(), failures=3, reason="gone", broken_since=TODAY))
        for service in services[3:6]:
            report_problem(session, "x" * 32, service.id, Wrong("times", "They are wrong"))
            report_problem(session, "x" * 32, service.id, Wrong("phone"))
        services[7].assured_date = None
    make_person(app, "kim@example.org", organizations=[services[0].organization_id])
    bring_up_to_date(room, 600)
    return app


@pytest.fixture
def council(spoilt: Flask) -> FlaskClient:
    return signed_in(spoilt, make_person(spoilt, "council@example.org", roles=[Role.COUNCIL_EDITOR]))


def rows_of_file(council: FlaskClient, query: str = "") -> list[dict[str, str]]:
    answer = council.get(f"/en/quality/table.csv?{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def listed(council: FlaskClient, path: str) -> list[str]:
    """Ids of the listings on all pages of a list."""
    found: list[str] = []
    for page in range(1, 40):
        text = council.get(f"{path}&page={page}").text
        found += re.findall(r'rowheader"><a href="/en/services/([0-9a-f-]{36})"', text)
        if 'rel="next"' not in text:
            return found
    raise AssertionError("too many pages")


@pytest.mark.parametrize("path", ["/en/quality", "/en/quality?by=organization"])
def test_every_number_is_the_length_of_the_list_behind_it(council: FlaskClient, path: str) -> None:
    links = [(html.unescape(link), int(number.replace(",", ""))) for link, number in LINK.findall(council.get(path).text)]
    measures = {parse_qs(urlsplit(link).query)["measure"][0] for link, _number in links}
    assert measures >= {measure.value for measure in Measure} - {"unmeasured"}
    step = max(1, len(links) // 60)
    for link, number in links[::step]:
        found = listed(council, link)
        assert len(found) == len(set(found)) == number, link


def test_what_is_broken_reported_unchecked_and_kept_is_counted(council: FlaskClient, spoilt: Flask) -> None:
    whole = rows_of_file(council)[0]
    with reading(spoilt.extensions["quality"].engine) as session:
        public = session.scalars(select(Service).where(Service.status.in_(PUBLIC_STATUSES))).all()
        sites = dict(session.execute(select(Organization.id, Organization.website)).all())
    old = [it for it in public if it.assured_date is None or (TODAY - it.assured_date).days > 182]
    broken = [it for it in public if "https://gone.example/" in (it.url, sites[it.organization_id])]
    assert int(whole["Listings"]) == len(public)
    assert int(whole["Not checked in 6 months"]) == len(old)
    assert int(whole["Checked in 6 months"]) == len(public) - len(old)
    assert int(whole["A web link does not work"]) == len(broken) >= 3
    assert int(whole["Somebody told us that something is wrong"]) == 3, "two reports of one listing are one listing"
    kept = {it.organization_id for it in public if it.id == sorted(each.id for each in public)[0]}
    assert int(whole["Nobody keeps these listings"]) == sum(it.organization_id not in kept for it in public)
    assert int(whole["Complete"]) + int(whole["Something is missing"]) == len(public)


def test_areas_and_organizations_add_up(council: FlaskClient) -> None:
    whole, *organizations = rows_of_file(council, "by=organization")
    for heading in ("Listings", "Listings to put right", "Something is missing", "Hard to read", "Not checked in 6 months"):
        assert sum(int(row[heading]) for row in organizations) == int(whole[heading])
    areas = rows_of_file(council)[1:]
    assert sum(int(row["Listings"]) for row in areas) >= int(whole["Listings"]), "a listing may count in several"
    assert {"Old Town", "The whole borough, or wider"} <= {row["Area"] for row in areas}


@pytest.mark.parametrize(
    ("sort", "heading"),
    [
        ("", "Listings to put right"),
        ("unchecked", "Not checked in 6 months"),
        ("incomplete", "Something is missing"),
        ("hard", "Hard to read"),
        ("broken", "A web link does not work"),
        ("reported", "Somebody told us that something is wrong"),
        ("all", "Listings"),
        ("nonsense", "Listings to put right"),
    ],
)
def test_the_worst_comes_first_in_every_order(council: FlaskClient, sort: str, heading: str) -> None:
    for by in ("place", "organization"):
        numbers = [int(row[heading]) for row in rows_of_file(council, f"by={by}&sort={sort}")[1:]]
        assert numbers == sorted(numbers, reverse=True)
        assert len(set(numbers)) > 1


def test_names_come_by_the_alphabet(council: FlaskClient) -> None:
    names = [row["Organisation"] for row in rows_of_file(council, "by=organization&sort=name")[1:]]
    assert names == sorted(names, key=str.lower)
    page = council.get("/en/quality?by=organization&sort=name").text
    assert page.count('aria-sort="ascending"') == 1


def test_fifty_organizations_a_page_and_all_of_them_in_the_file(council: FlaskClient) -> None:
    number = len(rows_of_file(council, "by=organization")) - 1
    pages = -(-number // PAGE)
    sizes = [len(ROW.findall(council.get(f"/en/quality?by=organization&page={page}").text)) for page in range(1, pages + 1)]
    assert sizes == [PAGE + 1] + [PAGE] * (pages - 2) + [number - PAGE * (pages - 1)], "the first page begins with all listings"
    assert f"Page {pages} of {pages}" in council.get("/en/quality?by=organization&page=9999").text


def test_organizations_that_nobody_keeps_are_a_table_of_their_own(council: FlaskClient) -> None:
    every, unkept = rows_of_file(council, "by=organization"), rows_of_file(council, "by=organization&nobody=yes")
    assert len(every) - len(unkept) == 1
    assert all(row["Nobody keeps these listings (%)"] == "100.0" for row in unkept[1:])
    said = re.search(r"Nobody keeps the listings of ([\d,]+) of them", council.get("/en/quality").text)
    assert said
    assert int(said[1]) == len(unkept) - 1


def test_each_listing_says_what_to_put_right_and_where(council: FlaskClient, spoilt: Flask) -> None:
    with reading(spoilt.extensions["quality"].engine) as session:
        first = session.scalars(select(Service).where(Service.url == "https://gone.example/").order_by(Service.id)).first()
        assert first
    page = council.get(f"/en/quality/listings?measure=broken&organization={first.organization_id}").text
    for path in (f"/en/services/{first.id}", f"/en/services/{first.id}/history", f"/en/due/{first.id}"):
        assert f'href="{path}"' in page
        assert council.get(path).status_code == 200
    assert "https://gone.example/" in page
    assert "It does not say what it costs." in council.get("/en/quality/listings?measure=incomplete").text
    assert re.search(r"long word|hard to read\.|cut it in two", council.get("/en/quality/listings?measure=hard").text)
    assert "Somebody told us that something is wrong." in council.get("/en/quality/listings?measure=reported").text
    with reading(spoilt.extensions["quality"].engine) as session:
        never = select(Service.organization_id).where(Service.assured_date.is_(None), Service.status.in_(PUBLIC_STATUSES))
        organization_id = session.scalars(never).first()
    assert "Never" in council.get(f"/en/quality/listings?measure=unchecked&organization={organization_id}").text


def test_the_page_says_what_is_not_measured_yet(council: FlaskClient, spoilt: Flask) -> None:
    engine = spoilt.extensions["quality"].engine
    assert "have not looked through" not in council.get("/en/quality").text
    with writing(engine) as session:
        some = session.scalars(select(Quality.service_id).order_by(Quality.service_id).limit(12)).all()
        session.execute(update(Service).where(Service.id.in_(some)).values(version=Service.version + 1))
    page = council.get("/en/quality").text
    assert "We have not looked through 12 of" in page
    assert len(listed(council, "/en/quality/listings?measure=unmeasured")) == 12
    whole = rows_of_file(council)[0]
    assert int(whole["Complete"]) + int(whole["Something is missing"]) == int(whole["Listings"]) - 12
    assert whole["Not looked through yet"] == "12"
    bring_up_to_date(spoilt.extensions["quality"], 600)
    assert "have not looked through" not in council.get("/en/quality").text


def test_nothing_measured_at_all_is_said_and_breaks_nothing(app: Flask) -> None:
    council = signed_in(app, make_person(app, "council@example.org", roles=[Role.REVIEWER]))
    page = council.get("/en/quality").text
    assert "We have not looked through" in page
    assert "There are no listings here." in page
    assert rows_of_file(council)[0]["Complete (%)"] == ""
    assert council.get("/en/quality?by=organization").status_code == 200


def test_time_alone_makes_a_listing_unchecked(council: FlaskClient) -> None:
    before = int(rows_of_file(council)[0]["Not checked in 6 months"])
    with clock.stopped_at(clock.now() + timedelta(minutes=20)):
        assert int(rows_of_file(council)[0]["Not checked in 6 months"]) == before


ODD = ("%00", "%E2%80%AEx", "9" * 20, "-1", "0", "x" * 3000, "%27%20OR%201=1", "<script>", "*", "-", str(uuid.uuid4()), "[]", "%ff")


def test_whatever_an_address_says_gives_a_page(council: FlaskClient) -> None:
    for odd in ODD:
        for query in (f"by={odd}&sort={odd}&nobody={odd}&page={odd}", f"by=organization&sort={odd}&page={odd}"):
            assert council.get(f"/en/quality?{query}").status_code == 200
        for query in (f"measure={odd}&page={odd}", f"place={odd}&measure=hard"):
            assert council.get(f"/en/quality/listings?{query}").status_code == 200
        assert council.get(f"/en/quality/listings?organization={odd}").status_code in (200, 404)
    assert council.get("/en/quality/table.csv?by=%00&sort=%00&by=organization").status_code == 200
    assert council.get(f"/en/quality/listings?organization={uuid.uuid4()}").status_code == 404
    assert council.get("/en/quality?sort=hard&sort=name&page=1&page=2").status_code == 200


def test_a_name_that_is_a_formula_or_markup_does_nothing(council: FlaskClient, spoilt: Flask) -> None:
    with writing(spoilt.extensions["quality"].engine) as session:
        organization = session.scalars(select(Organization).join(Service, Service.organization_id == Organization.id)).first()
        assert organization
        organization.name = '=cmd|"/C calc"!A0<img src=x onerror=alert(1)>'
    assert any(row["Organisation"].startswith("'=cmd") for row in rows_of_file(council, "by=organization"))
    assert "<img src=x" not in council.get("/en/quality?by=organization&sort=name").text


@pytest.mark.parametrize("code", ["ur", "ar", "pl", "bn"])
def test_the_pages_are_there_in_other_languages(council: FlaskClient, code: str) -> None:
    for path in ("quality", "quality?by=organization", "quality/listings?measure=hard"):
        assert council.get(f"/{code}/{path}").status_code == 200
    file = council.get(f"/{code}/quality/table.csv").get_data(as_text=True)
    assert not {"\ue000", "\ue001"} & set(file)


@pytest.mark.parametrize("path", ["/en/quality", "/en/quality/table.csv", "/en/quality/listings"])
def test_the_pages_are_for_the_council_and_kept_nowhere(council: FlaskClient, spoilt: Flask, path: str) -> None:
    assert council.get(path).headers["Cache-Control"] == "no-store"
    assert spoilt.test_client().get(path).status_code == 303
    with reading(spoilt.extensions["quality"].engine) as session:
        mine = session.scalars(select(Service.organization_id)).first()
    assert mine
    editor = signed_in(spoilt, make_person(spoilt, "editor@example.org", organizations=[mine]))
    assert editor.get(path).status_code == 403
