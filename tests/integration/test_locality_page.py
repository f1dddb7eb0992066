"""The public page of a locality beside what the directory itself says: its week, its groups, its numbers; and what it never names."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update

from portal import clock
from portal.config import CHECKOUT
from portal.council.content import PlaceWords
from portal.council.models import Kind
from portal.council.operations import Based, save
from portal.db import reading, writing
from portal.directory.freshness import is_hidden
from portal.directory.listing import Listing, Site
from portal.directory.listings import list_listings
from portal.directory.models import Organization, Service
from portal.directory.opening import openings_on
from portal.directory.queries import list_service_ids
from portal.insight.gap import Verdict
from portal.insight.locality import week
from portal.insight.locality.missing import missing_in
from portal.insight.locality.week import Week, week_in
from portal.localities.need import NeedTable
from portal.search.views import SearchRoom
from portal.web.holdings import hold

DEMO = CHECKOUT / "content" / "demo" / "localities"
TODAY = date(2026, 11, 24)
Found = Counter[tuple[str, date, object]]


def rows(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def home_of() -> dict[str, str]:
    """Postcode without spaces → slug, read from the pack's own list."""
    return {row["postcode"].replace(" ", "").upper(): row["locality"] for row in rows("postcodes.csv")}


@pytest.fixture
def room(reader: FlaskClient) -> SearchRoom:
    return reader.application.extensions["search"]


@pytest.fixture
def listings(room: SearchRoom) -> list[Listing]:
    with reading(room.engine) as session:
        return list(list_listings(session, room.searcher.taxonomy, list_service_ids(session)))


def sites_in(slug: str, listing: Listing, home_of: dict[str, str]) -> list[Site]:
    """By postcode alone: every place of the demo that is no secret has one."""
    return [site for site in listing.sites if home_of.get(site.postcode.replace(" ", "").upper()) == slug]


def expected(slug: str, listings: list[Listing], home_of: dict[str, str]) -> Found:
    found: Found = Counter()
    for listing in listings:
        if listing.status != "active" or "in-person" not in listing.how or is_hidden(listing.since, TODAY):
            continue
        sites = sites_in(slug, listing, home_of)
        sets = [site.hours for site in sites if site.hours.patterns]
        if len(sets) < len(sites):  # places without hours of their own go by the listing's, which are told once
            sets.append(listing.hours)
        for day in (TODAY + timedelta(days=number) for number in range(7)):
            found.update((listing.name, it.day, it.opens) for hours in sets for it in openings_on(hours, day))
    return found


def all_of(found: Week) -> Iterator[week.Happening]:
    yield from found.steady
    for day in found.days:
        yield from day.happenings


@pytest.fixture
def uncapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(week, "MOST_A_DAY", 10_000)
    monkeypatch.setattr(week, "MOST_STEADY", 10_000)
    monkeypatch.setattr(week, "STEADY_DAYS", 8)  # nothing is told once for the whole week


@pytest.mark.usefixtures("uncapped")
def test_the_week_of_every_locality_is_what_its_listings_say(room: SearchRoom, listings: list[Listing], home_of: dict[str, str]) -> None:
    generation = room.index.snapshot().generation
    told = 0
    for number, slug in enumerate(room.searcher.extents.localities):
        found = week_in(generation, number, datetime.combine(TODAY, datetime.min.time()), lambda ids: ids)
        assert Counter((it.listing.name, it.opening.day, it.opening.opens) for it in all_of(found)) == expected(slug, listings, home_of)
        told += len(list(all_of(found)))
    assert told > 300, "the demo has a full week"


def test_what_is_open_most_days_is_told_once_and_the_rest_is_counted(room: SearchRoom) -> None:
    generation = room.index.snapshot().generation
    for number in range(len(room.searcher.extents.localities)):
        found = week_in(generation, number, clock.local_now(), lambda ids: ids)
        named = [(it.listing.id, it.site) for it in found.steady]
        assert len(named) == len(set(named)) <= week.MOST_STEADY
        for day in found.days:
            assert 0 < len(day.happenings) <= week.MOST_A_DAY
            assert not day.others or len(day.happenings) == week.MOST_A_DAY
            assert not {(it.listing.id, it.site) for it in day.happenings} & set(named)


@pytest.mark.usefixtures("uncapped")
def test_what_has_ended_today_is_over(room: SearchRoom) -> None:
    generation, evening = room.index.snapshot().generation, datetime(2026, 11, 24, 20, 0)
    for number in range(len(room.searcher.extents.localities)):
        assert all(it.opening.ends_at > evening for it in all_of(week_in(generation, number, evening, lambda ids: ids)))


def section(response_page: object, heading: str) -> Element | None:
    found = [it for it in response_page.all("section") if it.get("aria-labelledby") == heading]  # type: ignore[attr-defined]
    return found[0] if found else None


def links(element: Element | None) -> list[str]:
    return [] if element is None else ["".join(link.itertext()) for link in element.iter("a")]


def test_groups_are_named_where_all_their_places_are(reader: FlaskClient, listings: list[Listing], home_of: dict[str, str]) -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for listing in listings:
        for site in () if is_hidden(listing.since, TODAY) else listing.sites:
            if not site.is_confidential and (site.postcode or site.latitude is not None):
                where[listing.organization].add(home_of.get(site.postcode.replace(" ", "").upper(), ""))
    for slug in sorted(set(home_of.values()) - {""}):
        at_home = sorted((name for name, places in where.items() if places == {slug}), key=str.lower)
        page = reader.get(f"/en/localities/{slug}").page
        assert links(section(page, "at-home")) == at_home, slug


def test_the_borough_says_how_many_services_are_based_in_each_part(
    reader: FlaskClient, listings: list[Listing], home_of: dict[str, str]
) -> None:
    text = re.sub(r"<[^>]+>|\s+", " ", reader.get("/en/localities").text)
    for row in [row for row in rows("places.csv") if row["kind"] == "locality"]:
        based = sum(bool(sites_in(row["locality"], each, home_of)) for each in listings if not is_hidden(each.since, TODAY))
        assert based > 1
        assert re.search(rf"{row['name']}\s+{based} services based here", text), row["name"]


def test_each_need_leads_to_as_many_as_it_says(reader: FlaskClient) -> None:
    page = reader.get("/en/localities/quayside").page
    needs = [item for item in page.all("li") for link in item.findall("a") if "need=" in link.get("href", "") and item.findall("span")]
    assert len(needs) > 30
    for item in needs[::9]:
        promised = int(re.sub(r"\D", "", "".join(item.find("span").itertext())))
        found = re.sub(r"<[^>]+>", "", reader.get(item.find("a").get("href")).text)
        assert re.search(rf"\b{promised} services?\b", found), item.find("a").get("href")


def test_who_lives_there_is_what_the_pack_says_beside_the_whole(reader: FlaskClient) -> None:
    """Shares worked out anew from the file itself: 65 or over of all, and carers of those aged 5 or over."""
    known = {row["locality"]: row for row in rows("need.csv")}
    for slug, row in known.items():
        told = section(reader.get(f"/en/localities/{slug}").page, "people")
        text = " ".join("".join(told.itertext()).split())
        assert f"{int(row['residents']):,} people live in" in text
        assert f"in {int(row['households']):,} homes" in text
        for part, base, name in (("aged-65", "residents", "65 or over"), ("carers", "residents-5", "Look after someone without pay")):
            of_all = sum(int(each[part]) for each in known.values()) / sum(int(each[base]) for each in known.values())
            here, borough = round(100 * int(row[part]) / int(row[base])), round(100 * of_all)
            said = text[text.index(name) :]
            assert said.index(f"{here} of every 100 people") < said.index(f"({int(row[part]):,})") < 80
            assert f"where it is {borough}." in said[:220]
        assert "invented" in text
        assert "2026" in text


def test_nothing_secret_is_told(reader: FlaskClient, listings: list[Listing]) -> None:
    refuge = next(listing for listing in listings if listing.name == "Sure Ground refuge")
    for slug in reader.application.extensions["search"].searcher.extents.localities:
        week_of = section(reader.get(f"/en/localities/{slug}").page, "week")
        assert refuge.name not in links(week_of)


def test_what_was_withdrawn_a_moment_ago_is_not_named(app: Flask) -> None:
    client, engine = app.test_client(), app.extensions["search"].engine
    before = client.get("/en/localities/eastmoor").page
    name, group = links(section(before, "week"))[0], links(section(before, "at-home"))[0]
    with writing(engine) as session:  # no change row: the index does not hear of it
        owner = select(Organization.id).where(Organization.name == group).scalar_subquery()
        session.execute(update(Service).where((Service.name == name) | (Service.organization_id == owner)).values(status="defunct"))
    after = client.get("/en/localities/eastmoor").page
    assert name not in links(section(after, "week"))
    assert group not in links(section(after, "at-home"))


def test_without_a_database_it_counts_and_names_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    engine: Engine = app.extensions["search"].engine
    with writing(engine) as session:
        session.connection().exec_driver_sql("ALTER TABLE service RENAME TO gone")
    response = app.test_client().get("/en/localities/eastmoor")
    assert response.status_code == 200
    assert section(response.page, "week") is None
    assert section(response.page, "at-home") is None
    assert re.search(r"<dt>services</dt>\s*<dd>\d+</dd>", response.text)


def test_a_bank_holiday_is_marked(make_app: Callable[..., Flask]) -> None:
    with clock.stopped_at(datetime(2026, 12, 24, 9, 0, tzinfo=clock.LONDON)):
        found = section(make_app().test_client().get("/en/localities/old-town").page, "week")
    days = {"".join(heading.itertext()): heading for heading in found.iter("h3")}
    assert any("Friday 25 December" in name and "Bank holiday" in name for name in days) or not any("25 December" in name for name in days)
    assert any("Monday 28 December" in name and "Bank holiday: check before you go" in name for name in days)
    assert all("Bank holiday" not in name for name in days if "24 December" in name)


def test_the_sitemap_says_when_listings_or_words_last_changed(app: Flask) -> None:
    engine, index = app.extensions["search"].engine, app.extensions["search"].index
    later = datetime(2026, 12, 2, 23, 30, tzinfo=clock.LONDON)
    with clock.stopped_at(later), writing(engine) as session:
        save(session, Based(Kind.LOCALITY, "eastmoor", 0, "kim@example.org"), PlaceWords(about={"en": "By the moor."}))
    sitemap = app.test_client().get("/sitemap-ur.xml").text
    days = dict(re.findall(r"/ur/localities/([\w-]+)</loc><lastmod>([\d-]+)</lastmod>", sitemap))
    assert days.pop("eastmoor") == "2026-12-02"
    assert set(days.values()) == {index.snapshot().generation.built_at.astimezone(clock.LONDON).date().isoformat()}
    assert len(days) == len(rows("need.csv")) - 1


def test_a_place_that_is_none_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/en/localities/atlantis").status_code == 404


def test_what_is_missing_is_what_commissioners_read(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    holdings = hold(app.extensions["test settings"])
    matrix, labels = holdings.figures.matrix(TODAY), holdings.taxonomy.needs
    client, told = app.test_client(), 0
    for slug in matrix.localities:
        verdicts = {cell.need: cell.gap.verdict for cell in matrix.of_locality(slug) if matrix.by_need[cell.need].provision.covers}
        lacking = [need for of in (Verdict.NONE_HERE, Verdict.FEWER) for need, verdict in verdicts.items() if verdict is of]
        found = section(client.get(f"/en/localities/{slug}").page, "missing")
        told_to_us = ["tell us"] * bool(lacking)
        assert [link.lower() for link in links(found)] == [labels[need].label.lower() for need in lacking] + told_to_us, slug
        assert ("clearly less than the rest of" in "".join(found.itertext())) is not bool(lacking)
        told += len(lacking)
    assert told


def test_what_is_missing_leads_to_the_nearest_there_is(reader: FlaskClient) -> None:
    found = section(reader.get("/en/localities/eastmoor").page, "missing")
    address = next(link.get("href") for link in found.iter("a") if "need=day-activities" in link.get("href", ""))
    assert "data-service" in reader.get(address).text


def test_where_nobody_knows_who_lives_there_nothing_is_said_to_be_missing(reader: FlaskClient) -> None:
    room = reader.application.extensions["localities"]
    columns, extents = room.search.index.snapshot().generation.columns, room.search.searcher.extents
    unknown = replace(room.needing, table=NeedTable({}, {}))
    assert missing_in(columns, extents, unknown, "quayside", TODAY) is None


def test_what_nobody_in_the_borough_offers_is_no_gap_of_one_part(reader: FlaskClient) -> None:
    room = reader.application.extensions["localities"]
    columns, extents = room.search.index.snapshot().generation.columns, room.search.searcher.extents
    number = list(room.needing.measures).index("day-activities")
    meets = columns.meets.copy()
    meets[:, number] = False
    before, after = (missing_in(each, extents, room.needing, "eastmoor", TODAY) for each in (columns, replace(columns, meets=meets)))
    assert "day-activities" in before.none
    assert "day-activities" not in after.none
