"""When even the error page breaks, the numbers to ring still stand, with the right status and headers."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from flask import Flask, redirect
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import default_exceptions

from portal.errors import NotFound
from portal.web import errors, headers


@pytest.fixture
def bare() -> Flask:
    """An application that has no template at all, and fails in every way."""
    app = Flask(__name__)
    headers.install(app, production=True)
    errors.install(app)

    @app.route("/<way>", methods=["GET"])
    def fail(way: str) -> object:
        if way == "moved":
            return redirect("/elsewhere")
        failures = {"missing": NotFound("x"), "database": OperationalError("SELECT 1", {}, Exception("gone")), "bug": ZeroDivisionError()}
        raise failures[way] if way in failures else default_exceptions[int(way)]()

    return app


@pytest.mark.parametrize(
    ("way", "status"),
    [("missing", 404), ("database", 503), ("bug", 500), ("400", 400), ("403", 403), ("410", 410), ("413", 413), ("418", 418), ("429", 429)],
)
def test_a_broken_template_leaves_the_numbers_standing(bare: Flask, way: str, status: int) -> None:
    response = bare.test_client().get(f"/{way}")
    assert response.status_code == status
    assert 'href="tel:999"' in response.text
    assert 'href="tel:111"' in response.text
    assert 'lang="en"' in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert {name: response.headers[name] for name in headers.HEADERS} == headers.HEADERS
    assert ("Retry-After" in response.headers) == (status == HTTPStatus.SERVICE_UNAVAILABLE)


def test_what_is_allowed_is_said_with_a_refused_method(bare: Flask) -> None:
    response = bare.test_client().post("/missing")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert response.headers.getlist("Content-Type") == ["text/html; charset=utf-8"]


def test_a_way_elsewhere_is_no_error(bare: Flask) -> None:
    response = bare.test_client().get("/moved")
    assert (response.status_code, response.headers["Location"]) == (302, "/elsewhere")
    assert response.headers["Cache-Control"] == "no-store", "nobody decided about it"


@pytest.mark.parametrize(("url", "is_told"), [("https://help.example.org", True), ("http://help.example.org", False)])
def test_browsers_are_told_to_stay_on_https_only_there(bare: Flask, url: str, is_told: bool) -> None:
    assert ("Strict-Transport-Security" in bare.test_client().get("/missing", base_url=url).headers) == is_told
