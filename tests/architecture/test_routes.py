"""Every address of the site is written down with whom it is for, and none that others rely on disappears."""

from __future__ import annotations

import re
from pathlib import Path

from click import Group
from flask.testing import FlaskClient

from portal.cli import main
from portal.web.audiences import audience_of

LISTED = Path(__file__).with_name("routes.txt")
RELIED_ON = {
    "/<lang>/",
    "/<lang>/search",
    "/<lang>/services/<uuid:service_id>",
    "/<lang>/organizations/<uuid:organization_id>",
    "/<lang>/localities/<slug>",
    "/<lang>/urgent",
    "/<lang>/advice/<slug>",
    "/healthz",
}
COMMANDS = {"serve", "load", "index", "areas", "content", "translations", "people", "audit", "mail"}


def written() -> list[tuple[str, ...]]:
    """(methods, address, audience) of each line that is not a comment."""
    lines = (line.split() for line in LISTED.read_text("utf-8").splitlines())
    return [tuple(words) for words in lines if words and not words[0].startswith("#")]


def served(client: FlaskClient) -> set[tuple[str, str]]:
    rules = client.application.url_map.iter_rules()
    return {(",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})), plain(rule.rule)) for rule in rules}


def plain(rule: str) -> str:
    """An address without what differs from pack to pack: its languages, its colour."""
    return re.sub(r"^(/static/app(\.rtl)?)-\w+", r"\1-<hash>", re.sub(r"<any\([^)]*\):lang_code>", "<lang>", rule))


def test_every_route_is_listed_with_its_audience_and_none_is_lost(reader: FlaskClient) -> None:
    listed = {(methods, address) for methods, address, _audience in written()}
    assert served(reader) - listed == set(), "write new routes into routes.txt, with whom they are for"
    assert listed - served(reader) == set(), "an address that people have kept is gone: let it lead to where it moved"


def test_the_list_says_whom_the_code_lets_in(reader: FlaskClient) -> None:
    listed = {address: audience for _methods, address, audience in written()}
    rules = reader.application.url_map.iter_rules()
    assert {plain(rule.rule): audience_of(rule.endpoint).value for rule in rules} == listed


def test_what_others_rely_on_is_there(reader: FlaskClient) -> None:
    assert {address for _, address in served(reader)} >= RELIED_ON


def test_the_commands_that_others_rely_on_are_there() -> None:
    assert isinstance(main, Group)
    assert set(main.commands) >= COMMANDS


def test_results_can_be_read_by_other_programs(reader: FlaskClient) -> None:
    """`li[data-service]` holds the UUID of each result, and `#urgent` is the urgent card."""
    page = reader.get("/en/search?q=I want to die").text
    assert re.search(r'<li class="card" data-service="[0-9a-f-]{36}"', page)
    assert page.count('id="urgent"') == 1
