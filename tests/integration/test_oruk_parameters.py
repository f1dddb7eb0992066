"""Each parameter of services, alone and with every other, against a filter over the records themselves that this file writes anew."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.api.oruk.parameter import OF_SERVICES, Answer
from portal.api.oruk.parameters import parameters_of
from portal.db import writing
from portal.directory.changes import mark_changed
from portal.directory.operations import withdraw
from portal.typed import uuid_in

ROOT = "/api/oruk/v3"
TODAY = "2026-11-24"
MIDDLE = (54.07209, 1.24699)  # of ZZ1 1AZ, which lies in Old Town
AROUND = {"Calderwick", "Whole borough of Calderwick", "United Kingdom", "England", "Old Town"}
Record = dict[str, Any]
Test = Callable[[Record, str], bool]


def search(service: Record, text: str) -> bool:
    texts = [service.get("name"), service.get("alternate_name"), service.get("description"), service["organization"]["name"]]
    return all(any(re.search(rf"\b{word}", each or "", re.IGNORECASE) for each in texts) for word in text.split())


def taxonomy_term_id(service: Record, text: str) -> bool:
    return any(each["taxonomy_term_id"] == text for each in service.get("attributes", []))


def taxonomy_id(service: Record, text: str) -> bool:
    return any(each["taxonomy_term"].get("taxonomy_id") == text for each in service.get("attributes", []))


def organization_id(service: Record, text: str) -> bool:
    return bool(service["organization_id"] == text)


def modified_after(service: Record, text: str) -> bool:
    return datetime.fromisoformat(service["last_modified"]) >= datetime.fromisoformat(text)


def minimum_age(service: Record, text: str) -> bool:
    return bool(service.get("maximum_age", math.inf) >= float(text))


def maximum_age(service: Record, text: str) -> bool:
    return bool(service.get("minimum_age", -math.inf) <= float(text))


def postcode(service: Record, _text: str) -> bool:
    areas = service.get("service_areas", [])
    return not areas or any(area["name"] in AROUND for area in areas)


def metres(place: Record) -> float:
    location = place.get("location", {})
    if "latitude" not in location:
        return math.inf
    (here, east), (there, other) = (
        (math.radians(each) for each in point) for point in (MIDDLE, (location["latitude"], location["longitude"]))
    )
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin((other - east) / 2) ** 2
    return 2 * 6_371_009 * math.asin(math.sqrt(half))


def sessions(asked: Mapping[str, str], schedule: Record) -> bool:
    if min(schedule.get("valid_to", "9"), schedule.get("until", "9")) < TODAY:
        return False
    opens, closes = schedule.get("opens_at"), schedule.get("closes_at")
    if asked.get("day", "") not in schedule.get("byday", "-"):
        return False
    if "start_time" in asked and not (
        opens and (closes > asked["start_time"] or closes <= opens if closes else opens >= asked["start_time"])
    ):
        return bool(closes and not opens and closes > asked["start_time"])
    return "end_time" not in asked or bool(opens and opens < asked["end_time"])


SIMPLE: dict[str, Test] = {
    each.__name__: each for each in (search, taxonomy_term_id, taxonomy_id, organization_id, modified_after, minimum_age, maximum_age)
}
TIMES = frozenset({"day", "start_time", "end_time"})


def places_of(asked: Mapping[str, str], service: Record) -> list[str]:
    """Which of a service's places fit: all where nothing was asked of places."""
    fits = service.get("service_at_locations", [])
    if "proximity" in asked:
        fits = [place for place in fits if metres(place) <= int(asked["proximity"])]
    if TIMES & set(asked) and not any(sessions(asked, each) for each in service.get("schedules", [])):
        fits = [place for place in fits if any(sessions(asked, each) for each in place.get("schedules", []))]
    return [place["id"] for place in fits]


def fits(asked: Mapping[str, str], service: Record) -> bool:
    if not all(test(service, asked[name]) for name, test in SIMPLE.items() if name in asked):
        return False
    if TIMES & set(asked):
        whole = [
            *service.get("schedules", []),
            *(it for place in service.get("service_at_locations", []) for it in place.get("schedules", [])),
        ]
        if not any(sessions(asked, each) for each in whole):
            return False
    if "proximity" in asked:
        return any(metres(place) <= int(asked["proximity"]) for place in service.get("service_at_locations", []))
    return "postcode" not in asked or postcode(service, asked["postcode"])


@pytest.fixture
def known(app: Flask, client: FlaskClient) -> list[Record]:
    """Every record whole; a third of them changed an hour later, and one withdrawn."""
    given = lines(client, "/services", full="true")
    with clock.stopped_at(clock.now() + timedelta(hours=1)), writing(app.extensions["search"].engine) as session:
        mark_changed(session, [uuid_in(each["id"]) for each in given[::3] if each])  # type: ignore[misc]
        withdraw(session, uuid_in(given[1]["id"]), "tests", "it closed")  # type: ignore[arg-type]
    return lines(client, "/services", full="true")


def lines(client: FlaskClient, path: str, **asked: str) -> list[Record]:
    response = client.get(f"{ROOT}{path}", query_string={**asked, "format": "ndjson"})
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.data.splitlines()]


def test_every_pair_of_parameters_gives_what_both_ask(client: FlaskClient, known: list[Record]) -> None:
    attribute = known[40]["attributes"][0]
    asked = {
        "search": "lunch",
        "taxonomy_term_id": attribute["taxonomy_term_id"],
        "taxonomy_id": attribute["taxonomy_term"]["taxonomy_id"],
        "organization_id": max((each["organization_id"] for each in known), key=[each["organization_id"] for each in known].count),
        "modified_after": "2026-11-24T11:00:00Z",
        "minimum_age": "60",
        "maximum_age": "17.5",
        "day": "TU",
        "start_time": "13:00:00",
        "end_time": "11:30:00",
        "postcode": "ZZ1 1AZ",
        "proximity": "1500",
    }
    views = {"page", "per_page", "format", "minimal", "full"}
    assert set(asked) | views == {each.name for answer in OF_SERVICES for each in parameters_of(answer)}, "none is left out"
    names = [(each,) for each in asked] + list(combinations(asked, 2))
    for chosen in names:
        some = {name: asked[name] for name in chosen}
        if "proximity" in some:
            some["postcode"] = asked["postcode"]
        expected = [each for each in known if fits(some, each)]
        found = [each["id"] for each in lines(client, "/services", **some, minimal="true") if each["status"] != "inactive"]
        assert found == [each["id"] for each in expected], some
        there = [each["id"] for each in lines(client, "/service_at_locations", **some) if each["service"]["status"] != "inactive"]
        assert there == [place for each in expected for place in places_of(some, each)], some
    for name, value in asked.items():
        assert 0 < sum(fits({"postcode": "", name: value} if name == "proximity" else {name: value}, it) for it in known) < len(known), name


@pytest.mark.parametrize("asked", [{}, {"search": "lunch"}, {"day": "WE", "full": "true"}, {"full": "true"}, {"minimal": "true"}])
@pytest.mark.parametrize("answer", OF_SERVICES)
def test_pages_put_together_are_the_stream(reader: FlaskClient, answer: Answer, asked: dict[str, str]) -> None:
    if answer is Answer.SERVICE_AT_LOCATIONS:
        asked = {name: value for name, value in asked.items() if name != "minimal"}
    whole = lines(reader, answer, **asked)
    pages, number, last = [], 1, False
    while not last:
        page = reader.get(f"{ROOT}{answer}", query_string={**asked, "page": number, "per_page": 150}).json
        assert page is not None
        assert page["total_items"] == len(whole)
        pages += page["contents"]
        number, last = number + 1, page["last_page"]
    assert pages == whole
    assert lines(reader, answer, **asked, page="2", per_page="7") == whole[7:14], "one page, one record a line"


def test_minimal_is_everything_on_one_page_and_beats_full(reader: FlaskClient) -> None:
    page = reader.get(f"{ROOT}/services?minimal=true&full=true").json
    assert page is not None
    assert (page["total_pages"], page["size"], page["last_page"]) == (1, page["total_items"], True)
    assert {field for each in page["contents"] for field in each} == {
        "id", "organization_id", "name", "status", "last_modified", "modified_date",
    }  # fmt: skip


def test_a_page_beyond_the_last_is_empty(reader: FlaskClient) -> None:
    page = reader.get(f"{ROOT}/services?page=1000000&per_page=500").json
    assert page is not None
    assert (page["empty"], page["contents"], page["first_page"], page["last_page"]) == (True, [], False, True)


def test_terms_by_taxonomy_by_parent_and_by_words(reader: FlaskClient) -> None:
    terms = lines(reader, "/taxonomy_terms")
    ours = terms[0]["taxonomy_id"]
    top = [each for each in terms if "parent_id" not in each]
    assert lines(reader, "/taxonomy_terms", top_only="true") == top
    assert (
        lines(reader, "/taxonomy_terms", parent_id=top[0]["id"]) == [each for each in terms if each.get("parent_id") == top[0]["id"]] != []
    )
    assert lines(reader, "/taxonomy_terms", taxonomy_id=ours) == [each for each in terms if each["taxonomy_id"] == ours]
    assert lines(reader, "/taxonomy_terms", taxonomy_id=ours, top_only="true", search=top[1]["name"]) == [top[1]]
    assert lines(reader, "/taxonomy_terms", parent_id=top[0]["id"], top_only="true") == []


def test_organizations_by_words_and_with_their_services(reader: FlaskClient) -> None:
    everybody = lines(reader, "/organizations", full="true")
    services = lines(reader, "/services", minimal="true")
    assert {each["id"] for each in everybody} == {each["organization_id"] for each in services}
    for each in everybody:
        assert [it["id"] for it in each["services"]] == [it["id"] for it in services if it["organization_id"] == each["id"]]
    name = everybody[3]["name"]
    assert everybody[3]["id"] in {each["id"] for each in lines(reader, "/organizations", search=name)}
    whole = reader.get(f"{ROOT}/organizations/{everybody[3]['id']}?full_service=true").json
    assert whole is not None
    theirs = [reader.get(f"{ROOT}/services/{each['id']}").json for each in everybody[3]["services"]]
    assert whole["services"] == theirs
