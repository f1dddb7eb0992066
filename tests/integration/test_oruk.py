"""Open Referral UK at `/api/oruk/v3/`: what it says of itself, what it refuses and how, who may read it, and what a copy is worth."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.api.oruk.parameter import LISTS, Answer, Kind
from portal.api.oruk.parameters import PARAMETERS, parameters_of
from portal.db import writing
from portal.directory.operations import withdraw
from portal.web import limits
from portal.web.app import create_app

ROOT = "/api/oruk/v3"
WRONG: dict[Kind, tuple[str, ...]] = {
    Kind.WORDS: ("", "   ", "!?", "a" * 201),
    Kind.WHOLE_NUMBER: ("", "0", "-1", "1.5", "one", "1e3", "٣", "9" * 30, "1 OR 1=1"),
    Kind.NUMBER: ("", "-1", "1e3", "151", "nan", "inf", "young"),
    Kind.TRUTH: ("", "yes", "1", "truefalse"),
    Kind.IDENTIFIER: ("", "1", "falls", "3f7b145d84af42d78faeeaca714b02b2", "3f7b145d-84af-42d7-8fae-eaca714b02b2'"),
    Kind.MOMENT: ("", "yesterday", "2026-02-30", "2026-13-01T00:00:00Z", "24/11/2026", "0001-01-01T00:00:00+14:00"),
    Kind.CLOCK: ("", "9", "9:30", "24:00", "09:60", "noon"),
    Kind.CHOICE: ("", "XML", "Montag"),
    Kind.POSTCODE: ("", "ZZ1", "London", "ZZ1 1A", "1" * 50),
}


def get(client: FlaskClient, path: str, **asked: Any) -> TestResponse:
    return client.get(f"{ROOT}{path}", query_string=asked)


def test_it_says_what_it_is_and_under_which_licence(reader: FlaskClient) -> None:
    details = get(reader, "/")
    assert details.json is not None
    assert details.json["version"] == "HSDS-UK-3.0"
    assert details.json["profile"].startswith("https://")
    assert details.json["openapi_url"] == "http://localhost:8000/api/openapi.json"
    assert details.json["license"]["url"].startswith("https://")
    assert f'<{details.json["license"]["url"]}>; rel="license"' in details.headers["Link"]


@pytest.mark.parametrize("path", ["", "/", "/services", "/services/"])
def test_a_stroke_at_the_end_makes_no_difference(reader: FlaskClient, path: str) -> None:
    assert get(reader, path).status_code == 200


@pytest.mark.parametrize("answer", LISTS)
def test_any_script_may_read_it(reader: FlaskClient, answer: Answer) -> None:
    for response in (get(reader, answer), get(reader, answer, nonsense=1), get(reader, f"{answer}/nobody"), get(reader, "/nowhere")):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in response.headers
    asking = {"Origin": "https://elsewhere.example.org", "Access-Control-Request-Method": "GET"}
    allowed = reader.options(f"{ROOT}{answer}", headers=asking)
    assert (allowed.status_code, allowed.data) == (204, b"")
    assert allowed.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in allowed.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("answer", LISTS)
def test_an_unknown_parameter_is_refused_by_name(reader: FlaskClient, answer: Answer) -> None:
    response = get(reader, answer, colour="green")
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert response.json is not None
    assert response.json["parameter"] == "colour"
    assert response.json["allowed"] == [parameter.name for parameter in parameters_of(answer)]
    assert response.json["instance"] == f"{ROOT}{answer}"


@pytest.mark.parametrize(("answer", "name", "kind"), [(answer, it.name, it.kind) for it in PARAMETERS for answer in it.answers])
def test_no_parameter_takes_what_it_may_not_be(reader: FlaskClient, answer: Answer, name: str, kind: Kind) -> None:
    path = answer.replace("{id}", "3f7b145d-84af-42d7-8fae-eaca714b02b2")
    for text in WRONG[kind]:
        response = get(reader, path, **{name: text})
        assert (response.status_code, response.mimetype) == (400, "application/problem+json"), text
        assert response.json is not None
        assert response.json["parameter"] == name
        assert all(response.json["allowed"])
        assert "?" not in response.json["instance"]


def test_a_parameter_given_twice_is_refused(reader: FlaskClient) -> None:
    response = reader.get(f"{ROOT}/services?page=1&page=2")
    assert (response.status_code, response.json and response.json["parameter"]) == (400, "page")


@pytest.mark.parametrize("answer", LISTS)
@pytest.mark.parametrize("key", ["3f7b145d-84af-42d7-8fae-eaca714b02b2", "nobody", "1", "%00", "../../etc/passwd"])
def test_a_record_that_is_not_there_is_a_problem_too(reader: FlaskClient, answer: Answer, key: str) -> None:
    response = get(reader, f"{answer}/{key}")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert response.json is not None
    assert response.json["status"] == 404


def test_nothing_can_be_written(reader: FlaskClient) -> None:
    response = reader.post(f"{ROOT}/services", json={})
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert "GET" in response.headers["Allow"]


def test_an_unknown_postcode_is_said_to_be_unknown(reader: FlaskClient) -> None:
    response = get(reader, "/services", postcode="AB10 1AB")
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.json is not None
    assert response.json["parameter"] == "postcode"
    assert "AB10" not in response.text, "what somebody typed is not said again"


def test_near_without_where_is_refused(reader: FlaskClient) -> None:
    response = get(reader, "/services", proximity=500)
    assert response.status_code == 400
    assert response.json is not None
    assert response.json["parameter"] == "proximity"


@pytest.mark.parametrize("path", ["/services", "/services?full=true", "/services?format=ndjson", "/organizations", "/taxonomy_terms"])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_a_copy_is_good_until_somebody_writes(client: FlaskClient, path: str, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    first = client.get(f"{ROOT}{path}", headers=headers)
    assert "public" in first.headers["Cache-Control"]
    again = client.get(f"{ROOT}{path}", headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = client.get(f"{ROOT}/services?per_page=3", headers=headers)
    assert other.headers["ETag"] != first.headers["ETag"]
    services = client.get(f"{ROOT}/services?per_page=1").json
    assert services is not None
    with writing(client.application.extensions["search"].engine) as session:
        withdraw(session, UUID(services["contents"][0]["id"]), "tests", "it closed")
    assert client.get(f"{ROOT}{path}", headers={**headers, "If-None-Match": first.headers["ETag"]}).status_code == 200


def test_whoever_asks_too_often_is_told_when_to_come_back(client: FlaskClient) -> None:
    statuses = [get(client, "/").status_code for _ in range(limits.READS)]
    assert set(statuses) == {200}
    refused = get(client, "/services")
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert client.get("/en/").status_code == 200, "pages for people have no such limit"
    assert client.options(f"{ROOT}/services").status_code == 204


def test_workers_share_what_one_caller_may_ask(client: FlaskClient) -> None:
    other = client.application.extensions["test settings"]
    second = create_app(other).test_client()
    asked = [get(each, "/").status_code for _ in range(limits.READS // 2 + limits.AT_ONCE) for each in (client, second)]
    assert asked.count(200) == limits.READS
    assert asked.count(429) == 2 * limits.AT_ONCE
