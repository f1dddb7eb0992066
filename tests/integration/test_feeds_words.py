"""What a feed sends stays words: hostile text in every field of its listings, on every page and in every file that shows them."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from accounts import make_person, signed_in
from feed_server import HOST, OPTIONS, caller, feed_served, listing, remote
from flask import Flask
from flask.testing import FlaskClient
from hostile_words import HOSTILE, injected
from sqlalchemy import Engine, select

from portal import clock
from portal.accounts.audiences import Role
from portal.db import reading, writing
from portal.directory.feeds.models import FeedListing, State
from portal.directory.feeds.operations import add_feed
from portal.directory.feeds.pulling import pull
from portal.directory.models import Service

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)
NAME, LICENCE = HOSTILE[1], HOSTILE[7]
FIRST = 500  # of the listings that are here already


def hostile(number: int, text: str) -> dict[str, Any]:
    """A listing with `text` in every field that takes words, for lonely people, so that searches find it."""
    address = {"address_1": text, "address_2": text, "city": text, "region": text, "state_province": text, "postal_code": "CW1 1AA"}
    place = {"name": text, "description": text, "transportation": text, "url": text, "addresses": [{**address, "country": text}]}
    place |= {"accessibility": [{"description": text, "details": text, "url": text}], "phones": [{"number": text, "description": text}]}
    times = [{"freq": "WEEKLY", "byday": "MO", "opens_at": "12:00", "closes_at": "14:00", "description": text, "schedule_link": text}]
    words = ("alternate_name", "url", "email", "interpretation_services", "application_process", "fees", "fees_description", "wait_time")
    more = ("accreditations", "licenses", "alert", "eligibility_description", "assurer_email", "status_reason", "source", text)
    lists = {
        "phones": [{"number": text, "extension": text, "description": text, "type": text}, {"number": f"01632 96{number:04}"}],
        "schedules": times,
        "service_areas": [{"name": text, "description": text, "extent": text, "extent_type": text, "uri": text}],
        "service_at_locations": [{"description": text, "location": {**place, "id": f"place {number}"}, "schedules": times}],
        "cost_options": [{"option": text, "amount": 2.5, "currency": "GBP", "amount_description": text}],
        "required_documents": [{"document": text, "uri": text}],
        "languages": [{"name": text, "code": text, "note": text}, {"code": "ur", "note": text}],
        "funding": [{"source": text}],
        "contacts": [{"name": text, "title": text, "department": text, "email": text}],
        "attributes": [
            {"label": text, "value": text, "taxonomy_term": {"name": text, "description": text, "code": text, "term_uri": text}}
        ],
        "program": {"name": text, "alternate_name": text, "description": text},
    }
    owner = dict.fromkeys(("description", "alternate_name", "email", "website", "url", "logo", "uri", "legal_status", "tax_id"), text)
    said = dict.fromkeys((*words, *more), text) | lists
    return listing(
        number,
        **said,
        name=f"Zither {number} {text}",  # of markup alone nothing is left, and it would be refused
        description=f"Zither. Befriending for lonely people. {text}",
        organization={"id": f"owner {number}", "name": text, **owner},
    )


@pytest.fixture
def engine(app: Flask) -> Engine:
    """A directory after a feed with two listings of each hostile text: a new one, and one under the id of a service that is here."""
    engine: Engine = app.extensions["feeds"].engine
    with reading(engine) as session:
        here = session.scalars(select(Service.id).where(Service.status == "active").order_by(Service.id).limit(len(HOSTILE))).all()
    with writing(engine) as session:
        add_feed(session, HOST, NAME, LICENCE, "test")
    with feed_served() as feed, clock.stopped_at(NOW):
        feed.size = 50
        feed.put(*(hostile(number, text) for number, text in enumerate(HOSTILE)))
        feed.put(*({**hostile(FIRST + at, text), "id": str(here[at])} for at, text in enumerate(HOSTILE)))
        done = pull(engine, caller(), OPTIONS, NAME)
    assert done
    assert (done[0].problem, done[0].report.loaded, done[0].report.waiting) == (None, len(HOSTILE), len(HOSTILE))
    app.extensions["search"].index.follow()
    return engine


def who_reads(client: FlaskClient) -> FlaskClient:
    """The same, for whom the contract knows that these words are somebody's: they look like mistakes of ours.

    What is escaped as it comes is given with a word more: as it stands, the first of these words becomes it when it is escaped.
    """
    client._typed += [f"{text} so" if text.startswith("&lt;") else text for text in HOSTILE]  # type: ignore[attr-defined]
    return client


def pages(engine: Engine) -> Iterator[tuple[str, str]]:
    """Who reads which pages."""
    with reading(engine) as session:
        ids = [session.get_one(Service, uuid.UUID(remote(number))) for number in range(len(HOSTILE))]
        owners = [service.organization_id for service in ids]
        waiting = session.scalars(select(FeedListing.key).where(FeedListing.state == State.WAITING)).all()
    assert len(waiting) == len(HOSTILE)
    yield from (("anybody", f"/en/services/{service.id}") for service in ids)
    yield from (("anybody", f"/ur/services/{service.id}") for service in ids[:3])
    yield from (("anybody", f"/en/organizations/{owner}") for owner in owners)
    yield from (("anybody", f"/{language}/search?q=zither") for language in ("en", "ur"))
    yield from (("anybody", f"/{language}/embed?need=loneliness&q=zither") for language in ("en", "ur"))
    yield from (("reviewer", f"/{language}/feeds") for language in ("en", "ur"))
    yield from (("reviewer", f"/en/feeds/{key}") for key in waiting)
    yield ("reviewer", f"/ur/feeds/{waiting[0]}")


def test_nothing_that_a_feed_sends_runs_on_any_page(app: Flask, engine: Engine) -> None:
    reviewer = signed_in(app, make_person(app, "rosa@example.org", roles=[Role.REVIEWER]))
    clients = {"anybody": who_reads(app.test_client()), "reviewer": who_reads(reviewer)}
    shown = 0
    for who, address in pages(engine):
        answer = clients[who].get(address)
        assert answer.status_code == 200, address
        own = ["base"] if "/embed" in address else []  # which opens the site itself, and leads nowhere
        assert list(injected(answer.text)) == own, address
        assert answer.text.count("<base") == answer.text.count('<base target="_top">') == len(own), address
        shown += "alert(1)" in answer.text
    assert shown > 2 * len(HOSTILE), "they are there to be read"


def test_nothing_that_a_feed_sends_runs_in_a_file(app: Flask, engine: Engine) -> None:
    client = app.test_client()
    atom = client.get("/api/changes.atom")
    tree = ET.fromstring(atom.data)  # noqa: S314 - our own
    plain = [it for it in tree.iter() if it.tag.endswith(("title", "summary", "content", "name"))]
    assert any("alert(1)" in (it.text or "") for it in plain), "it is there as text"
    assert {it.get("type") for it in plain} <= {None, "text"}
    assert all(it.get("href", "https:").startswith("http") for it in tree.iter() if it.tag.endswith("link"))
    assert not [it for it in tree.iter() if re.search(r"script|iframe|svg|img|form", it.tag.rsplit("}", 1)[-1])]
    with client.get("/api/services.csv") as file:
        table = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert {len(row) for row in table} == {len(table[0])}, "no text begins a row or a cell of its own"
    assert any("alert(1)" in cell for row in table for cell in row)
    for path in (f"/api/oruk/v3/services/{remote(0)}", "/api/oruk/v3/services?full=true&search=zither"):
        answer = client.get(path)
        assert answer.mimetype == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not re.search(r'"(url|website|uri|logo|term_uri)": ?"(?!https?://)', answer.text)
