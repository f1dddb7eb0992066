"""The list for other sites' pages: what it shows, what it never shows, who may frame it, and the words that are copied for it."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import tally
from portal.db import reading
from portal.directory.models import Service


def test_it_shows_the_first_services_that_a_search_finds_and_the_way_to_all(reader: FlaskClient) -> None:
    page = reader.get("/en/embed?near=Eastmoor&need=falls")
    searched = re.findall(r'data-service="([^"]+)"', reader.get("/en/search?place=Eastmoor&need=falls").text)
    assert re.findall(r'data-service="([^"]+)"', page.text) == searched[:5]
    assert "<h1" in page.text
    assert "Services near Eastmoor" in page.text
    assert 'href="/en/search?place=Eastmoor&amp;need=falls"' in page.text


def test_anybody_may_frame_it_and_nothing_else(reader: FlaskClient) -> None:
    policy = reader.get("/en/embed?near=Eastmoor").headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'none'" in policy
    for address in ("/en/embed/make", "/en/search?place=Eastmoor", "/en/urgent", "/en/"):
        assert "frame-ancestors 'none'" in reader.get(address).headers["Content-Security-Policy"], address


def test_it_sets_no_cookie_runs_no_script_and_opens_the_site_itself(reader: FlaskClient) -> None:
    page = reader.get("/en/embed?near=Eastmoor&need=falls")
    assert "Set-Cookie" not in page.headers
    assert "<script" not in page.text
    assert "<form" not in page.text
    assert '<base target="_top">' in page.text


@pytest.mark.parametrize(
    "asked",
    ["need=domestic-abuse", "need=domestic-abuse&need=falls", "q=my+husband+hits+me", "q=I+want+to+die", "q=he+hurts+me&need=falls"],
)
def test_what_nobody_should_be_seen_reading_is_neither_listed_nor_named(reader: FlaskClient, asked: str) -> None:
    page = reader.get(f"/en/embed?near=Eastmoor&{asked}")
    assert page.status_code == 200
    assert "data-service" not in page.text
    assert not re.search(r"abuse|violen|refuge|suicid|hurt|hits|die\b|Eastmoor", page.text, re.IGNORECASE)
    assert 'href="/en/urgent"' in page.text
    assert 'href="/en/"' in page.text


def test_every_sensitive_need_of_the_taxonomy_is_hushed(app: Flask, reader: FlaskClient) -> None:
    taxonomy = app.extensions["search"].searcher.taxonomy
    hushed = [need for need in taxonomy.needs if taxonomy.is_sensitive([need])]
    assert hushed
    for need in hushed:
        assert "data-service" not in reader.get(f"/en/embed?need={need}").text


@pytest.mark.parametrize(
    "asked",
    ["near=XX1+9ZZ", "near=Mill", "near=%00", "near=" + "x" * 5_000, "need=nothing", "near=<script>alert(1)</script>", ""],
)
def test_whatever_is_asked_it_answers_with_something(reader: FlaskClient, asked: str) -> None:
    page = reader.get(f"/en/embed?{asked}")
    assert page.status_code == 200
    assert "data-service" in page.text


def test_in_another_language_it_speaks_it_and_marks_english(reader: FlaskClient) -> None:
    page = reader.get("/ur/embed?near=Eastmoor&need=falls").text
    assert '<html lang="ur" dir="rtl">' in page
    assert 'lang="en" dir="ltr"' in page


def test_nobody_is_counted(app: Flask, client: FlaskClient) -> None:
    person = {"User-Agent": "Mozilla/5.0 (iPhone)", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    client.get("/en/embed?near=Eastmoor&need=falls&q=zzqqxv", headers=person)
    app.extensions["search"].counts.flush(app.extensions["search"].engine)
    with reading(app.extensions["search"].engine) as session:
        assert session.scalars(select(tally.Tally)).all() == []


def test_a_withdrawn_service_is_gone_at_once(app: Flask, client: FlaskClient) -> None:
    from portal.db import writing
    from portal.directory.operations import withdraw

    first = re.findall(r'data-service="([^"]+)"', client.get("/en/embed?need=falls").text)[0]
    with writing(app.extensions["search"].engine) as session:
        service = next(it for it in session.scalars(select(Service)) if str(it.id) == first)
        withdraw(session, service.id, "test", "it closed")
    assert first not in client.get("/en/embed?need=falls").text


def test_what_is_copied_is_a_frame_and_a_link_to_the_public_address(reader: FlaskClient) -> None:
    page = reader.get("/en/embed/make?near=Eastmoor&need=falls").text
    frame, link = (html.unescape(html.unescape(each)) for each in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL))
    assert frame.startswith('<iframe src="http://localhost:8000/en/embed?near=Eastmoor&need=falls" title="Services near Eastmoor"')
    assert "<script" not in frame
    assert link == '<a href="http://localhost:8000/en/search?place=Eastmoor&need=falls">Services near Eastmoor</a>'
    once = html.unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[0])
    assert "&amp;need=falls" in once, "what is copied is valid HTML itself"


def test_a_place_that_nobody_knows_is_said_and_kept(reader: FlaskClient) -> None:
    answer = reader.get("/en/embed/make?near=XX1+9ZZ&need=falls")
    assert answer.status_code == 422
    assert 'value="XX1 9ZZ"' in answer.text
    assert "We don&#39;t know this place" in answer.text
    assert "Eastmoor" in answer.text
    assert "&lt;iframe" not in answer.text


def test_no_sensitive_need_can_be_chosen(app: Flask, reader: FlaskClient) -> None:
    page = reader.get("/en/embed/make").text
    assert 'value="falls"' in page
    assert 'value="domestic-abuse"' not in page
    forced = reader.get("/en/embed/make?need=domestic-abuse&near=Eastmoor").text
    copied = re.findall(r"<textarea[^>]*>(.*?)</textarea>", forced, re.DOTALL)
    assert len(copied) == 2
    assert not any("abuse" in each for each in copied)


def test_hostile_places_stay_words(reader: FlaskClient) -> None:
    for text in ('"><script>alert(1)</script>', "</textarea><script>alert(1)</script>", "' onload='alert(1)"):
        assert "<script>alert" not in reader.get("/en/embed/make", query_string={"near": text, "need": "falls"}).text
        assert "<script>alert" not in reader.get("/en/embed", query_string={"near": text, "q": text}).text
