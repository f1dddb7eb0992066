"""Every list that is given out, with all its records, held to the published schemas of Open Referral UK 3.0 by another reader of them.

Over the demo borough and over Trafford's real services: plain, `minimal` and `full`, page by page, line by line, and some by their ids.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from portal.api.oruk.parameter import LISTS, Answer
from portal.config import CHECKOUT, Settings, from_environment
from portal.db import opened
from portal.directory.openreferral.loading import LoadOptions, load
from portal.taxonomy.rules import load_rules
from portal.taxonomy.terms import load_taxonomy
from portal.web import limits
from portal.web.app import create_app
from portal.web.serving import prepare_database

pytestmark = pytest.mark.shared

BY_ID = 30
AS_LIST = 20  # records of each page that are held to the schema of the list, too: it repeats that of the record
ROOT = "/api/oruk/v3"
PUBLISHED = "https://openreferraluk.org/specifications/3.0/schema/"
OF_LISTS = {
    Answer.SERVICES: "service",
    Answer.ORGANIZATIONS: "organization",
    Answer.TAXONOMIES: "taxonomy",
    Answer.TAXONOMY_TERMS: "taxonomy_term",
    Answer.SERVICE_AT_LOCATIONS: "service_at_location",
}
WAYS = {
    Answer.SERVICES: ({}, {"minimal": "true"}, {"full": "true"}, {"modified_after": "2020-01-01"}),
    Answer.ORGANIZATIONS: ({}, {"full": "true"}, {"full_service": "true"}, {"full": "true", "full_service": "true"}),
    Answer.TAXONOMIES: ({},),
    Answer.TAXONOMY_TERMS: ({}, {"top_only": "true"}),
    Answer.SERVICE_AT_LOCATIONS: ({}, {"full": "true"}, {"modified_after": "2020-01-01"}),
}
Judge = Callable[[str, Any], list[str]]


@pytest.fixture(scope="module")
def judge() -> Judge:
    folder = Path(__file__).parents[2].parent / "shared" / "standards" / "open-referral-uk-3.0" / "schema"
    if not folder.is_dir():
        pytest.skip("../shared is not here: it is not part of the repository")
    published = {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    known: Registry[Any] = Registry().with_resources(
        (f"{PUBLISHED}{name}.json", Resource(contents=schema, specification=DRAFT202012)) for name, schema in published.items()
    )
    validators = {name: Draft202012Validator(schema, registry=known, format_checker=FormatChecker()) for name, schema in published.items()}

    def errors(name: str, given: Any) -> list[str]:
        found = [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in validators[name].iter_errors(given)]
        return found + list(_empty(given))

    return errors


def _empty(given: Any, path: str = "") -> Iterator[str]:
    """What is null, or empty though it could be left out: the standard's checks pass over extra fields."""
    if given is None or given in ("", []):
        yield f"{path} is {given!r}"
    for key, inner in given.items() if isinstance(given, Mapping) else enumerate(given) if isinstance(given, list) else ():
        if path or key != "contents":
            yield from _empty(inner, f"{path}/{key}")
        else:
            for number, record in enumerate(inner):
                yield from _empty(record, f"contents/{number}")
    if isinstance(given, Mapping):
        yield from (f"{path}/{key} is no UUID" for key, it in given.items() if (key == "id" or key.endswith("_id")) and not _is_uuid(it))


def _is_uuid(text: Any) -> bool:
    try:
        return isinstance(text, str) and str(UUID(text)) == text
    except ValueError:
        return False


@pytest.fixture
def trafford(shared: Path, tmp_path: Path, quick_start: None, stopped_clock: datetime) -> Settings:
    """Trafford's 657 services, loaded and never edited."""
    settings = from_environment({"PORTAL_STATE": str(tmp_path / "trafford")})
    prepare_database(settings)
    content = CHECKOUT / "content"
    options = LoadOptions(load_taxonomy(content / "taxonomy.yaml"), load_rules(content / "taxonomy_rules.yaml"))
    with opened(settings.database_url) as engine:
        load(engine, [str(shared / "data" / "services" / "trafford_services_ogl.json")], options)
    return settings


@pytest.fixture(params=["demo", "trafford"])
def everywhere(request: pytest.FixtureRequest, shared: Path) -> FlaskClient:
    if request.param == "demo":
        app: Flask = request.getfixturevalue("app")
    else:
        app = create_app(request.getfixturevalue("trafford"))
    app.test_client_class = FlaskClient  # nothing here is a page
    return app.test_client()


def _get(client: FlaskClient, path: str, asked: Mapping[str, Any] | None = None) -> Any:
    caller = {"REMOTE_ADDR": f"198.51.{(_get.count // 400) % 250}.7"}  # type: ignore[attr-defined]
    _get.count += 1  # type: ignore[attr-defined]
    response = client.get(f"{ROOT}{path}", query_string=asked, environ_overrides=caller)
    assert response.status_code == 200, (path, asked, response.text)
    return response


_get.count = 0  # type: ignore[attr-defined]


def test_every_list_and_record_is_as_published(everywhere: FlaskClient, judge: Judge) -> None:
    assert limits.READS > 400
    assert judge("api_details", _get(everywhere, "/").json) == []
    for answer in LISTS:
        name, ids = OF_LISTS[answer], set()
        for asked in WAYS[answer]:
            pages = list(_read_pages(everywhere, answer, asked))
            for page in pages:
                assert judge(f"{name}_list", {**page, "contents": page["contents"][:AS_LIST]}) == [], (answer, asked)
                assert [error for record in page["contents"] for error in judge(name, record)] == [], (answer, asked)
            ids |= {record["id"] for page in pages for record in page["contents"]}
            lines = [json.loads(line) for line in _get(everywhere, answer, {**asked, "format": "ndjson"}).data.splitlines()]
            assert lines == [record for page in pages for record in page["contents"]], "one a line, the same"
        assert len(ids) >= 1
        for key in sorted(ids)[:: max(1, len(ids) // BY_ID)]:  # whole, as `full` gives them
            record = _get(everywhere, f"{answer}/{key}").json
            assert record["id"] == key
            assert judge(name, record) == [], f"{answer}/{key}"


def _read_pages(client: FlaskClient, answer: Answer, asked: Mapping[str, str]) -> Iterator[Any]:
    number, last = 1, False
    while not last:
        page = _get(client, answer, {**asked, "page": number, "per_page": 200}).json
        assert (page["page_number"], page["first_page"], page["size"]) == (number, number == 1, len(page["contents"]))
        yield page
        number, last = number + 1, page["last_page"]


def test_the_checks_can_fail(judge: Judge) -> None:
    good = {"id": "3f7b145d-84af-42d7-8fae-eaca714b02b2", "name": "A", "status": "active", "url": "https://example.org/a%20b"}
    assert judge("service", good) == []
    wrong: list[dict[str, Any]] = [
        {"id": "7"}, {"status": "open"}, {"url": "example.org"}, {"url": "https://example.org/a b"}, {"name": None},
        {"last_modified": "2026-11-24"}, {"minimum_age": "18"}, {"organization": {"id": good["id"], "name": "B"}}, {"schedules": []},
        {"email": "somebody"}, {"schedules": [{"id": good["id"], "freq": "DAILY"}]}, {"wait_time": ""},
    ]  # fmt: skip
    for change in wrong:
        assert judge("service", {**good, **change}), change


def test_what_we_give_has_every_field_that_the_published_examples_have_where_we_know_it(reader: FlaskClient, shared: Path) -> None:
    """An example's fields that we never give are named here, each with its reason."""
    folder = shared / "standards" / "open-referral-uk-3.0" / "examples"
    withheld = {"contacts", "assurer_email"}  # people's names and addresses never leave
    for answer, name in OF_LISTS.items():
        example = json.loads((folder / f"{name}_list.json").read_text("utf-8"))
        ours = reader.get(f"{ROOT}{answer}?full=true" if "full" in str(WAYS[answer]) else f"{ROOT}{answer}").json
        assert ours is not None
        assert set(example) <= set(ours)
        fields = {field for record in ours["contents"] for field in record}
        plain = set(example["contents"][0]) if example["contents"] else set()
        assert plain - fields - withheld <= {
            "uri",
            "logo",
            "accreditations",
            "parent_id",
            "term_uri",
            "language",
            "alert",
            "version",
            "parent_organization_id",
        }, name
