"""Headers on every answer, whatever it is and whoever made it; and pages in other languages at safe addresses."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.web.headers import HEADERS, OF_FILES


@pytest.fixture
def plain(_reading_app: Flask, stopped_clock: object) -> FlaskClient:
    """A phone that holds pages to nothing."""
    return FlaskClient(_reading_app, _reading_app.response_class)


def files(plain: FlaskClient) -> list[str]:
    return sorted(set(re.findall(r'(?:href|src)="(/static/[^"#]+)', plain.get("/en/").text)))


Ask = Callable[[FlaskClient], TestResponse]
KINDS: dict[str, Ask] = {
    "a refused method": lambda client: client.delete("/en/"),
    "too much": lambda client: client.post("/en/list/keep", data={"service": "x" * 70_000}),
    "from another site": lambda client: client.post("/en/list/keep", headers={"Sec-Fetch-Site": "cross-site"}),
    "another host": lambda client: client.get("/en/", base_url="http://evil.example"),
    "no such service": lambda client: client.get(f"/en/services/{uuid.uuid4()}"),
    "only its head": lambda client: client.head("/en/"),
    "what is allowed": lambda client: client.options("/en/"),
    **{
        address: (lambda client, address=address: client.get(address))
        for address in ("/", "/en/", "/en/search?q=x", "/nowhere", "/healthz", "/en/urgent")
    },
}


@pytest.mark.parametrize("ask", KINDS.values(), ids=KINDS)
def test_headers_are_on_every_kind_of_answer(plain: FlaskClient, ask: Ask) -> None:
    answer = ask(plain)
    assert answer.status_code < 500
    assert {header: answer.headers.get(header) for header in HEADERS} == HEADERS
    assert answer.headers.get("Cache-Control")


def test_files_have_those_of_files_and_are_kept_for_ever_since_their_names_change_with_them(plain: FlaskClient) -> None:
    assert len(files(plain)) >= 3
    for address in files(plain):
        with plain.get(address) as answer:
            assert answer.data
            assert {header: answer.headers.get(header) for header in OF_FILES} == OF_FILES, address
            assert "immutable" in answer.headers["Cache-Control"], address
            assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_site_under_another_name_gets_the_numbers_and_no_alarm(plain: FlaskClient) -> None:
    with structlog.testing.capture_logs() as logged:
        answer = plain.get("/en/search?q=falls", base_url="http://evil.example")
    assert answer.status_code == 400
    assert 'href="tel:999"' in answer.text
    assert "evil.example" not in answer.text
    assert logged == []


@pytest.mark.parametrize("name", ["endpoint", "_anchor", "_scheme", "_external", "_method", "lang_code", "values", "self"])
@pytest.mark.parametrize("path", ["/en/", "/en/search", "/en/urgent", "/en/list/shared", "/nowhere"])
def test_no_argument_can_steer_the_links_to_other_languages(plain: FlaskClient, path: str, name: str) -> None:
    answer = plain.get(f"{path}?{name}=javascript&{name}=x")
    assert answer.status_code in (200, 404)
    links = re.findall(r'href="([^"]*)"[^>]*hreflang', answer.text)
    assert len(links) >= 2
    assert not [link for link in links if not link.startswith("/")]
