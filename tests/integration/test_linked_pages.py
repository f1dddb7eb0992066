"""JSON-LD on the pages that carry it: every one says only what schema.org's vocabulary allows, of itself, in its own language."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from schema_org import problems

BASE = re.compile(r"https?://[^/]+")


def said_by(reader: FlaskClient, path: str) -> list[dict[str, Any]]:
    """The graph of a page, each address without where the site is."""
    answer = reader.get(path)
    assert answer.status_code == 200, path
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    said = json.loads(text)
    assert said["@context"] == "https://schema.org"
    return list(said["@graph"])


def addresses(reader: FlaskClient) -> dict[str, str]:
    """One page of each kind."""
    [service] = reader.get("/api/oruk/v3/services?per_page=1").json["contents"]  # type: ignore[index]
    return {
        "WebSite": "/ur/",
        "Place": "/ur/localities/eastmoor",
        "Organization": f"/ur/organizations/{service['organization_id']}",
        "Service": f"/ur/services/{service['id']}",
    }


@pytest.mark.shared
def test_every_graph_is_in_the_vocabulary_and_speaks_of_its_own_page(reader: FlaskClient) -> None:
    for kind, path in addresses(reader).items():
        graph = said_by(reader, path)
        assert problems(graph) == [], path
        [about] = [node for node in graph if node["@type"] == kind]
        assert BASE.sub("", about["@id"]).startswith(f"{path}#"), path
        assert graph[0]["inLanguage"] == "ur"
        if kind != "WebSite":
            assert graph[0]["mainEntity"] == {"@id": about["@id"]}


def test_the_home_page_tells_how_to_search_and_who_runs_the_site(reader: FlaskClient) -> None:
    site, council = said_by(reader, "/en/")
    action = site["potentialAction"]
    where = BASE.sub("", action["target"]["urlTemplate"])
    assert action["query-input"] == "required name=search_term_string"
    results = reader.get(where.replace("{search_term_string}", "lunch+club"))
    assert results.status_code == 200
    assert "lunch club" in results.text.lower()
    assert site["publisher"] == {"@id": council["@id"]}
    assert council["@type"] == "GovernmentOrganization"
    assert council["contactPoint"]["telephone"] in reader.get("/en/").text


def test_a_locality_says_where_it_lies(reader: FlaskClient) -> None:
    _, place = said_by(reader, "/en/localities/eastmoor")
    assert (place["name"], place["containedInPlace"]["name"]) == ("Eastmoor", "Calderwick")
    assert 49 < place["geo"]["latitude"] < 61
    assert -8 < place["geo"]["longitude"] < 2
