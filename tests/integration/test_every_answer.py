"""Headers on every answer, whatever it is and whoever made it; and pages in other languages at safe addresses."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.headers import HEADERS


@pytest.fixture
def plain(_reading_app: Flask, stopped_clock: object) -> FlaskClient:
    """A phone that holds pages to nothing."""
    return FlaskClient(_reading_app, _reading_app.response_class)


def files(plain: FlaskClient) -> list[str]:
    return re.findall(r'(?:href|src)="(/(?:static/|brand)[^"#]+)', plain.get("/en/").text)


def test_headers_are_on_every_kind_of_answer(plain: FlaskClient) -> None:
    static = files(plain)
    assert len(static) >= 3
    kinds = {address: plain.get(address) for address in [*static, "/", "/en/", "/en/search?q=x", "/nowhere", "/healthz", "/en/urgent"]}
    kinds |= {
        "a refused method": plain.delete("/en/"),
        "too much": plain.post("/en/list/keep", data={"service": "x" * 70_000}),
        "from another site": plain.post("/en/list/keep", headers={"Sec-Fetch-Site": "cross-site"}),
        "another host": plain.get("/en/", base_url="http://evil.example"),
        "no such service": plain.get(f"/en/services/{uuid.uuid4()}"),
        "only its head": plain.head("/en/"),
        "what is allowed": plain.options("/en/"),
    }
    assert {name: it.status_code for name, it in kinds.items() if it.status_code >= 500} == {}
    for name, answer in kinds.items():
        with answer:
            assert {header: answer.headers.get(header) for header in HEADERS} == HEADERS, name
            assert answer.headers.get("Cache-Control"), name


def test_files_are_kept_for_ever_since_their_names_change_with_them(plain: FlaskClient) -> None:
    for address in files(plain):
        with plain.get(address) as answer:
            assert "immutable" in answer.headers["Cache-Control"], address
            assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("name", ["endpoint", "_anchor", "_scheme", "_external", "_method", "lang_code", "values", "self"])
@pytest.mark.parametrize("path", ["/en/", "/en/search", "/en/urgent", "/en/list/shared", "/nowhere"])
def test_no_argument_can_steer_the_links_to_other_languages(plain: FlaskClient, path: str, name: str) -> None:
    answer = plain.get(f"{path}?{name}=javascript&{name}=x")
    assert answer.status_code in (200, 404)
    links = re.findall(r'href="([^"]*)"[^>]*hreflang', answer.text)
    assert len(links) >= 2
    assert not [link for link in links if not link.startswith("/")]
