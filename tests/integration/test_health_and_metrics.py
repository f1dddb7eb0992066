"""What a supervisor and Prometheus are told: whether the site can work, and numbers without a person, a word or a place in them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from portal import clock
from portal.config import from_environment
from portal.db import writing
from portal.errors import ConfigError
from portal.mail import Message, post

TOKEN = "a-token-of-metrics-long-enough"  # noqa: S105 - of a test
ASK = {"Authorization": f"Bearer {TOKEN}"}
CANARY = "quietcanary"
LABELS = {"route", "status", "found", "what", "le"}


def numbers(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Every number by its name and labels."""
    found = client.get("/metrics", headers=ASK)
    assert found.status_code == 200
    assert found.headers["Cache-Control"] == "no-store"
    samples = [sample for family in text_string_to_metric_families(found.text) for sample in family.samples]
    assert {label for sample in samples for label in sample.labels} <= LABELS
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


def test_a_site_that_is_well_is_ready_and_says_so_to_nobodys_cache(client: FlaskClient) -> None:
    found = client.get("/readyz")
    assert (found.status_code, found.headers["Cache-Control"]) == (200, "no-store")
    assert found.json == {"status": "ready", "database": "ok", "migrations": "ok", "outbox": "ok", "index": "ok"}


@pytest.mark.parametrize(("revision", "status", "said"), [("0001", 503, "behind"), ("9999", 200, "ahead")])
def test_a_database_that_is_older_than_the_portal_is_not_ready_and_a_newer_one_is(
    app: Flask, revision: str, status: int, said: str
) -> None:
    with app.extensions["search"].engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    found = app.test_client().get("/readyz")
    assert (found.status_code, found.json["migrations"]) == (status, said)


def test_mail_that_waits_long_is_said_and_nobody_is_turned_away(app: Flask) -> None:
    with clock.stopped_at(clock.now() - timedelta(hours=2)), writing(app.extensions["search"].engine) as session:
        post(session, app.extensions["test settings"].secret_key, Message("email", "amina@example.com", "Your plan", "Here."))
    found = app.test_client().get("/readyz")
    assert (found.status_code, found.json["outbox"]) == (200, "late")


def test_numbers_are_for_who_has_the_token(make_app: Callable[..., Flask]) -> None:
    closed, opened = make_app().test_client(), make_app(metrics_token=TOKEN).test_client()
    for client, headers in ((closed, {}), (closed, {"Authorization": "Bearer "}), (opened, {}), (opened, {"Authorization": "Bearer x"})):
        assert client.get("/metrics", headers=headers).status_code == 404
    assert numbers(opened)["portal_database_up",] == 1


def test_requests_searches_and_what_waits_are_counted(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    app = make_app(metrics_token=TOKEN, backups=tmp_path)
    client = app.test_client()
    (tmp_path / f"{clock.now() - timedelta(minutes=3):%Y%m%dT%H%M%SZ}-abc").mkdir()
    before = numbers(client)
    client.get("/en/search?q=falls")
    client.get("/en/search?q=zzqqxxyy")
    client.get(f"/en/services/{uuid.uuid4()}")
    with writing(app.extensions["search"].engine) as session:
        post(session, app.extensions["test settings"].secret_key, Message("email", "amina@example.com", "Your plan", "Here."))
    after = numbers(client)
    more = {name: after[name] - before.get(name, 0) for name in after}
    assert more["portal_requests_total", "search.results", "200"] == 2
    assert more["portal_requests_total", "directory.service", "404"] == 1
    assert more["portal_request_seconds_count", "search.results"] == 2
    assert (more["portal_searches_total", "some"], more["portal_searches_total", "none"]) == (1, 1)
    assert (after["portal_outbox_waiting",], after["portal_backup_age_seconds",]) == (1, 180)
    assert after["portal_index_behind_seconds",] == 0


def test_nothing_that_anybody_typed_is_in_the_numbers(make_app: Callable[..., Flask]) -> None:
    client = make_app(metrics_token=TOKEN).test_client()
    for address in (f"/en/search?q={CANARY}&place={CANARY}", f"/en/{CANARY}", f"/{CANARY}", f"/en/services/{CANARY}"):
        client.get(address, headers={"Referer": f"http://localhost/{CANARY}", "User-Agent": CANARY})
    said = client.get("/metrics", headers=ASK).text
    assert CANARY not in said
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", said), "an id of somebody or something"


def test_each_request_has_a_number_which_only_a_proxy_may_give(make_app: Callable[..., Flask]) -> None:
    own, behind = make_app().test_client(), make_app(trusted_proxies=1).test_client()
    given = {"X-Request-ID": "0123456789abcdef"}
    assert behind.get("/healthz", headers=given).headers["X-Request-ID"] == given["X-Request-ID"]
    numbers_given = [own.get("/healthz", headers=given).headers["X-Request-ID"] for _ in range(2)]
    numbers_given.append(behind.get("/healthz", headers={"X-Request-ID": "a b\tc <script>"}).headers["X-Request-ID"])
    assert len(set(numbers_given)) == 3
    assert all(re.fullmatch(r"[0-9a-f]{16}", number) for number in numbers_given)


def test_a_token_that_is_easy_to_guess_is_refused() -> None:
    with pytest.raises(ConfigError, match="PORTAL_METRICS_TOKEN"):
        from_environment({"PORTAL_METRICS_TOKEN": "short"})
