"""The page of open data: every address on it answers, and it says what the tables that are served say."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient

from portal.api.formats.offers import OFFERS
from portal.api.oruk.parameter import Answer
from portal.api.oruk.parameters import PARAMETERS

PAGE = "/en/open-data"


@pytest.mark.parametrize("language", ["en", "ur", "ar", "so"])
def test_every_address_on_it_answers(reader: FlaskClient, language: str) -> None:
    text = reader.get(f"/{language}/open-data").text
    found = {address.replace("&amp;", "&") for address in re.findall(r'href="(/api/[^"]*)"', text)}
    assert {offer.path for offer in OFFERS} <= found
    assert len([address for address in found if "?" in address]) >= 4
    for address in found:
        response = reader.get(address)
        assert response.status_code == 200, address
        response.close()


def test_it_names_every_address_and_every_parameter(reader: FlaskClient) -> None:
    text = reader.get(PAGE).text
    for code in (*Answer, *(parameter.name for parameter in PARAMETERS)):
        assert f"<code>{code}</code>" in text, code


def test_it_says_the_licence_and_how_often_one_may_ask(reader: FlaskClient) -> None:
    text = reader.get(PAGE).text
    assert "Open Government Licence" in text
    assert "600" in text


def test_pages_lead_to_it_and_it_leads_feed_readers_on(reader: FlaskClient) -> None:
    assert f'href="{PAGE}"' in reader.get("/en/").text
    assert 'type="application/atom+xml" href="/api/changes.atom"' in reader.get(PAGE).text


def test_programs_find_every_interface_by_themselves(reader: FlaskClient) -> None:
    response = reader.get("/.well-known/api-catalog")
    assert response.content_type == 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    assert 'rel="api-catalog"' in reader.head("/.well-known/api-catalog").headers["Link"]
    catalog, *interfaces = json.loads(response.data)["linkset"]
    assert catalog["anchor"].endswith("/.well-known/api-catalog")
    assert [item["href"] for item in catalog["item"]] == [interface["anchor"] for interface in interfaces]
    assert len(interfaces) == len(OFFERS)
    addresses = {each["href"] for it in interfaces for rel in ("service-desc", "service-doc") for each in it[rel]}
    for address in (*addresses, *(interface["anchor"] for interface in interfaces)):
        found = reader.get(address.removeprefix("http://localhost:8000"))
        assert found.status_code == 200, address
        found.close()
