"""Every kind of page in every language of the demo; `CheckedClient` holds each to the page contract."""

from __future__ import annotations

import re
import uuid

import pytest
from flask.testing import FlaskClient
from page_types import STEADY, page_types
from sqlalchemy import event, select

from portal.db import reading
from portal.directory.models import Organization, Service

LANGUAGES = ("en", "tr", "ur")
STATUSES = {"service, closed": 410, "not found": 404, "shared list, broken": 404}
MOST_STATEMENTS = {"home": 0, "urgent": 0, "advice page": 2, "about": 0, "languages": 0, "results": 2, "locality": 3, "service": 40}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_page_keeps_the_contract(reader: FlaskClient, language: str) -> None:
    engine = reader.application.extensions["directory"].engine
    broken = []
    for name, address in page_types(engine).items():
        try:
            response = reader.get(f"/{language}{address}")
            assert response.status_code == STATUSES.get(name, 200)
        except AssertionError as error:
            broken.append(f"{name}: {error}")
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("language", LANGUAGES)
def test_listings_of_every_kind_keep_the_contract(reader: FlaskClient, language: str) -> None:
    """Every ninth service and organization, others in each language."""
    start = LANGUAGES.index(language) * 3
    with reading(reader.application.extensions["directory"].engine) as session:
        services = session.scalars(select(Service.id).where(Service.status == "active").order_by(Service.name)).all()[start::9]
        with_services = Organization.services.any(Service.status == "active")
        organizations = session.scalars(select(Organization.id).where(with_services).order_by(Organization.name)).all()[start::9]
    broken = []
    for address in (*(f"services/{it}" for it in services), *(f"organizations/{it}" for it in organizations)):
        try:
            assert reader.get(f"/{language}/{address}").status_code == 200
        except AssertionError as error:
            broken.append(str(error))
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("name", MOST_STATEMENTS)
def test_a_page_asks_the_database_no_more_than_it_must(reader: FlaskClient, name: str) -> None:
    engine = reader.application.extensions["directory"].engine
    address = page_types(engine)[name]
    reader.get(f"/en{address}")
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        reader.get(f"/en{address}")
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert len(statements) <= MOST_STATEMENTS[name], "\n".join(statements)


def test_the_bare_address_leads_to_the_first_language_of_the_pack(reader: FlaskClient) -> None:
    assert reader.get("/").location == "/en/"
    assert reader.get("/en").location.endswith("/en/")


def test_pages_for_everybody_are_the_same_for_everybody(reader: FlaskClient) -> None:
    """A cache in between may hand one person's copy to another."""
    for address in (STEADY["home"], STEADY["locality"], STEADY["urgent"]):
        first = reader.get(f"/en{address}").data
        with_list = reader.get(f"/en{address}", headers={"Cookie": "list=abc", "Accept-Language": "ur", "Referer": "http://localhost/x"})
        assert with_list.data == first


def test_pages_are_compressed_and_say_that_they_differ_by_it(reader: FlaskClient) -> None:
    for encoding in ("br", "gzip"):
        response = FlaskClient(reader.application).get("/en/search?q=falls", headers={"Accept-Encoding": encoding})
        assert response.headers["Content-Encoding"] == encoding
        assert "Accept-Encoding" in response.headers["Vary"]
        assert len(response.data) < 25 * 1024


def test_style_script_and_pictures_are_kept_for_a_year_compressed_and_safe(reader: FlaskClient) -> None:
    home = reader.get("/ur/").text
    files = set(re.findall(r'(?:href|src)="(/static[^"#]+)', home))
    assert len(files) >= 4
    for file in files:
        with reader.get(file, headers={"Accept-Encoding": "br"}) as response:
            assert response.status_code == 200
            assert {"public", "immutable"} < set(response.headers["Cache-Control"].split(", "))
            if not file.endswith(".png"):
                assert response.headers["Content-Encoding"] == "br"


def test_the_answer_to_a_supervisor_needs_no_page(reader: FlaskClient) -> None:
    response = reader.get("/healthz")
    assert response.json == {"status": "ok"}
    assert response.headers["Cache-Control"] == "no-store"


def test_a_page_that_fails_says_sorry_in_words_with_a_way_on(reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    app = reader.application
    monkeypatch.setitem(app.view_functions, "directory.service", lambda **_: 1 / 0)
    plain = FlaskClient(app)  # the contract calls a 500 broken, and here it is meant
    response = plain.get(f"/ur/services/{uuid.uuid4()}")
    assert response.status_code == 500
    assert 'lang="ur" dir="rtl"' in response.text
    assert 'href="/ur/urgent"' in response.text
    assert "ZeroDivisionError" not in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_when_even_the_error_page_fails_the_numbers_are_still_there(reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.web.errors.render_template", lambda *_, **__: 1 / 0)
    response = FlaskClient(reader.application).get("/en/nowhere")
    assert response.status_code == 404
    assert 'href="tel:999"' in response.text
