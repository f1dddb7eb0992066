"""The interface's own description: valid OpenAPI 3.1, true of what is answered, and of every address that there is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from portal.api.formats.offers import OFFERS
from portal.api.oruk.parameter import LISTS, ROOT, Answer
from portal.api.oruk.parameters import PARAMETERS, parameters_of


@pytest.fixture
def described(reader: FlaskClient) -> dict[str, Any]:
    found = reader.get("/api/openapi.json")
    assert found.mimetype == "application/json"
    assert found.json is not None
    return dict(found.json)


def schema(described: dict[str, Any], path: str) -> Draft202012Validator:
    """Of what an address answers with, with everything that it refers to."""
    answer = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return Draft202012Validator({**answer, "components": described["components"]}, format_checker=FormatChecker())


def strict(described: dict[str, Any]) -> dict[str, Any]:
    """The same description, in which no record has a field that is not named."""
    text = json.loads(json.dumps(described))
    for each in text["components"]["schemas"].values():
        each["additionalProperties"] = False
    return dict(text)


def test_it_is_valid(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(described).validate()


def test_the_interface_says_where_it_is(reader: FlaskClient, described: dict[str, Any]) -> None:
    details = reader.get(f"{ROOT}/").json
    assert details is not None
    assert details["openapi_url"] == f"{described['servers'][0]['url']}/api/openapi.json"


def test_every_address_for_programs_is_described_and_no_other(reader: FlaskClient, described: dict[str, Any]) -> None:
    served = {rule.rule for rule in reader.application.url_map.iter_rules() if rule.rule.startswith("/api/")}
    served = {rule.replace("<key>", "{id}") for rule in served if "<path:" not in rule}
    assert set(described["paths"]) == served
    names = [each["get"]["operationId"] for each in described["paths"].values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("answer", Answer)
def test_every_parameter_is_described_as_it_is_read(described: dict[str, Any], answer: Answer) -> None:
    path = f"{ROOT}/" if answer is Answer.DETAILS else f"{ROOT}{answer}"
    given = {each["name"]: each["schema"] for each in described["paths"][path]["get"]["parameters"] if each["in"] == "query"}
    assert set(given) == {parameter.name for parameter in parameters_of(answer)}
    for parameter in parameters_of(answer):
        bounds = (given[parameter.name].get("minimum"), given[parameter.name].get("maximum"))
        letters = (given[parameter.name].get("minLength"), given[parameter.name].get("maxLength"))
        assert (parameter.least, parameter.most) in (bounds, letters) or not parameter.most
        assert tuple(given[parameter.name].get("enum", ())) == parameter.choices
    assert PARAMETERS


@pytest.mark.parametrize("query", ["", "?full=true", "?minimal=true", "?modified_after=2020-01-01"])
@pytest.mark.parametrize("answer", LISTS)
def test_what_is_answered_is_what_is_described_and_no_field_more(
    reader: FlaskClient, described: dict[str, Any], answer: Answer, query: str
) -> None:
    response = reader.get(f"{ROOT}{answer}{query}")
    if response.status_code == 400:
        assert query[1:].partition("=")[0] not in {parameter.name for parameter in parameters_of(answer)}
        return
    closed = strict(described)
    schema(closed, f"{ROOT}{answer}").validate(response.json)
    assert response.json is not None
    for each in response.json["contents"][:3]:
        one = reader.get(f"{ROOT}{answer}/{each['id']}")
        if one.status_code == 200:
            schema(closed, f"{ROOT}{answer}/{{id}}").validate(one.json)


def test_a_problem_is_what_is_described(reader: FlaskClient, described: dict[str, Any]) -> None:
    shape = {"$ref": "#/components/schemas/Problem", "components": strict(described)["components"]}
    for path in ("/services?page=0", "/services/nobody", "/services?postcode=AB10 1AB", "/nowhere"):
        response = reader.get(f"{ROOT}{path}")
        assert response.status_code in (400, 404, 422)
        Draft202012Validator(shape).validate(response.json)


def test_every_offer_answers_as_it_says(reader: FlaskClient) -> None:
    for offer in OFFERS:
        response = reader.get(offer.path)
        assert (response.status_code, response.mimetype) == (200, offer.media_type)
        assert reader.get(offer.path, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
        response.close()
