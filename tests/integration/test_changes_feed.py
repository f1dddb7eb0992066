"""The feed of changes: read by another program's reader, page after page, with what closed, and nothing lost while somebody writes."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from portal import clock
from portal.db import reading, writing
from portal.directory.listed import ListedService
from portal.directory.models import Service
from portal.directory.operations import withdraw

FEED = "/api/changes.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: FlaskClient, path: str = FEED) -> Any:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "application/atom+xml")
    feed = feedparser.parse(response.data, response_headers={"content-type": "application/atom+xml; charset=utf-8"})
    assert (feed.bozo, feed.version) == (False, "atom10")
    return feed


def link(feed: Any, rel: str) -> str:
    return next((str(each.href) for each in feed.feed.links if each.rel == rel), "")


def follow(client: FlaskClient, path: str = FEED) -> list[Any]:
    """Every page, from the newest on."""
    pages = [read(client, path)]
    while onward := link(pages[-1], "next"):
        parts = urlsplit(onward)
        pages.append(read(client, f"{parts.path}?{parts.query}"))
    return pages


def spread(app: Flask) -> dict[str, Any]:
    """Let no two services have changed at one moment but for a few; service id → its state."""
    with writing(app.extensions["search"].engine) as session:
        for number, position in enumerate(session.scalars(select(ListedService.position).order_by(ListedService.position))):
            at = clock.now() - timedelta(minutes=number // 3)
            session.execute(update(ListedService).where(ListedService.position == position).values(changed_at=at))
    with reading(app.extensions["search"].engine) as session:
        return {f"urn:uuid:{key}": at for key, at in session.execute(select(ListedService.service_id, ListedService.changed_at))}


def test_every_service_is_an_entry_and_pages_lead_from_the_newest_to_the_oldest(app: Flask, client: FlaskClient) -> None:
    known = spread(app)
    pages = follow(client)
    assert len(pages) == -(-len(known) // 50) > 1
    entries = [entry for page in pages for entry in page.entries]
    assert sorted(entry.id for entry in entries) == sorted(known), "each once"
    moments = [entry.updated for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert all(entry.updated == f"{known[entry.id]:%Y-%m-%dT%H:%M:%S.%f}"[:23] + "Z" for entry in entries)
    assert {link(page, "first") for page in pages} == {"http://localhost:8000/api/changes.atom"}
    assert len({link(page, "self") for page in pages}) == len(pages)


def test_it_has_what_the_standard_asks_for(reader: FlaskClient) -> None:
    tree = ET.fromstring(reader.get(FEED).data)  # noqa: S314 - our own
    for whole in (tree, *tree.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(whole.findall(f"{ATOM}{name}")) == 1, name
    assert tree.find(f"{ATOM}author/{ATOM}name") is not None
    assert "licence" in (tree.findtext(f"{ATOM}rights") or "").casefold()
    for entry in tree.iter(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}summary")
        assert [each.get("rel") for each in entry.findall(f"{ATOM}link")] == ["alternate", "related"]


def test_the_addresses_of_an_entry_lead_to_its_page_and_its_record(reader: FlaskClient) -> None:
    entry = read(reader).entries[0]
    page, record = (urlsplit(each.href).path for each in entry.links)
    assert entry.title in reader.get(page).text
    found = reader.get(record).json
    assert found is not None
    assert f"urn:uuid:{found['id']}" == entry.id


def test_a_service_that_closes_comes_first_and_says_so(app: Flask, client: FlaskClient) -> None:
    known = spread(app)
    last = follow(client)[-1].entries[-1]
    assert "listed" not in last.title
    with writing(app.extensions["search"].engine) as session:
        withdraw(session, UUID(last.id.removeprefix("urn:uuid:")), "tests", "it closed")
    pages = follow(client)
    first = pages[0].entries[0]
    assert first.id == last.id
    assert first.title.startswith(last.title)
    assert first.title != last.title
    assert first.tags[0].term in ("inactive", "defunct")
    assert first.summary != last.summary
    assert len({entry.id for page in pages for entry in page.entries}) == len(known)


def test_who_reads_on_while_somebody_writes_misses_nothing_that_stays(app: Flask, client: FlaskClient) -> None:
    known = spread(app)
    first = read(client)
    onward = urlsplit(link(first, "next"))
    late = follow(client)[-1].entries[-1].id
    with writing(app.extensions["search"].engine) as session:
        withdraw(session, UUID(late.removeprefix("urn:uuid:")), "tests", "it closed")
    rest = follow(client, f"{onward.path}?{onward.query}")
    seen = {entry.id for page in (first, *rest) for entry in page.entries}
    assert seen == set(known) - {late}, "what changed meanwhile is at the front, where a reader looks again"


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00.000Z-1", "2026-11-24T10:30:00.000Z", "1' OR '1'='1"])
def test_a_place_that_is_none_is_refused(reader: FlaskClient, text: str) -> None:
    response = reader.get(FEED, query_string={"before": text})
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert response.json is not None
    assert response.json["parameter"] == "before"


def test_an_unknown_parameter_is_refused(reader: FlaskClient) -> None:
    assert reader.get(f"{FEED}?page=2").status_code == 400
    assert reader.get("/api/services.csv?full=true").status_code == 400


def test_a_copy_is_good_until_somebody_writes(app: Flask, client: FlaskClient) -> None:
    first = client.get(FEED)
    headers = {"If-None-Match": first.headers["ETag"]}
    assert client.get(FEED, headers=headers).status_code == 304
    with reading(app.extensions["search"].engine) as session:
        key = session.scalars(select(Service.id)).first()
    assert key is not None
    with writing(app.extensions["search"].engine) as session:
        withdraw(session, key, "tests", "it closed")
    again = client.get(FEED, headers=headers)
    assert again.status_code == 200
    assert again.headers["ETag"] != first.headers["ETag"]


def test_any_script_may_read_it_and_its_licence_stands_beside_it(reader: FlaskClient) -> None:
    response = reader.get(FEED)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert 'rel="license"' in response.headers["Link"]
