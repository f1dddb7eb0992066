"""The interface tried by a program that knows only its description: it asks what may be asked, and what may not, and believes nothing.

Bounded: few questions for each address in every run. Whoever changes the interface asks more once:
`TRIES=200 pytest tests/integration/test_described_and_tried.py`.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import load_all_checks
from schemathesis.checks import not_a_server_error as answers
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from portal.web import limits

load_all_checks()
TRIES = int(os.environ.get("TRIES", "2"))
ALWAYS = [
    answers,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
ADDRESSES = [
    *("/", "/services", "/services/{id}", "/organizations", "/organizations/{id}", "/taxonomies", "/taxonomies/{id}"),
    *("/taxonomy_terms", "/taxonomy_terms/{id}", "/service_at_locations", "/service_at_locations/{id}"),
]
OTHERS = ["/api/changes.atom", "/api/openapi.json"]  # files have nothing that may be asked
PATHS = [*(f"/api/oruk/v3{address}" for address in ADDRESSES), *OTHERS]
BOUNDED = settings(
    max_examples=TRIES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def described(reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(limits.Allowance, "spend", lambda _self: 0)  # how often one may ask has its own tests
    return schemathesis.openapi.from_wsgi("/api/openapi.json", reader.application)


@pytest.mark.parametrize("path", PATHS)
def test_what_may_be_asked_is_answered_as_described(described: Any, path: str) -> None:
    operation = described[path]["GET"]

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def ask(case: Any) -> None:
        response = case.call(headers={"Accept-Encoding": "identity"})
        case.validate_response(response, checks=ALWAYS)

    ask()


@pytest.mark.parametrize("path", [path for path in PATHS if path not in ("/api/oruk/v3/", "/api/openapi.json")])
def test_what_may_not_be_asked_is_refused_as_described(described: Any, path: str) -> None:
    operation = described[path]["GET"]

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def ask(case: Any) -> None:
        response = case.call(headers={"Accept-Encoding": "identity"})
        case.validate_response(response, checks=[*ALWAYS, checks.negative_data_rejection])

    ask()
