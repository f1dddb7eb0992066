"""Sitemaps: each page once in each language, with its other languages and the day of its last change; nothing that is hidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest import mock
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.db import reading, writing
from portal.directory.models import PUBLIC_STATUSES, Service
from portal.web import sitemap

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
LASTMOD = "{http://www.sitemaps.org/schemas/sitemap/0.9}lastmod"
LINK = "{http://www.w3.org/1999/xhtml}link"


def tree(client: FlaskClient, address: str) -> ET.Element:
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    return ET.fromstring(response.data)  # noqa: S314 - our own answer


def pages(client: FlaskClient, name: str) -> dict[str, ET.Element]:
    found = {str(row.findtext(LOC)): row for row in tree(client, name)}
    assert len(found) == len(tree(client, name))
    return found


def sitemaps(client: FlaskClient) -> list[str]:
    return [str(row.findtext(LOC)).removeprefix("http://localhost:8000") for row in tree(client, "/sitemap.xml")]


def test_every_language_has_its_sitemap_and_every_page_in_it_is_there(reader: FlaskClient) -> None:
    names = sitemaps(reader)
    assert names == [f"/sitemap-{code}.xml" for code in ("en", "tr", "ur", "pl", "ar", "bn", "es", "fr", "pa", "pt", "ro", "so")]
    for address in list(pages(reader, "/sitemap-tr.xml"))[::9]:
        assert reader.get(address.removeprefix("http://localhost:8000")).status_code == 200, address


def test_languages_of_a_page_name_each_other(reader: FlaskClient) -> None:
    every = {code: pages(reader, f"/sitemap-{code}.xml") for code in ("en", "tr")}
    for code, found in every.items():
        for address, row in found.items():
            others = {link.get("hreflang"): link.get("href") for link in row.findall(LINK)}
            assert others[code] == address
            assert {link.get("rel") for link in row.findall(LINK)} == {"alternate"}
            for other in others.keys() & every:
                links = every[str(other)][str(others[other])].findall(LINK)
                assert {link.get("hreflang"): link.get("href") for link in links} == others


def test_services_are_dated_and_so_are_their_organizations(client: FlaskClient, app: Flask) -> None:
    with reading(app.extensions["directory"].engine) as session:
        service = session.scalars(select(Service).where(Service.status.in_(PUBLIC_STATUSES)).order_by(Service.name)).first()
        assert service is not None
        assert service.last_modified is not None
        ours = session.scalars(select(Service.last_modified).where(Service.organization_id == service.organization_id)).all()
    found = pages(client, "/sitemap-en.xml")
    assert found[f"http://localhost:8000/en/services/{service.id}"].findtext(LASTMOD) == service.last_modified.date().isoformat()
    latest = max(day for day in ours if day).date().isoformat()
    assert found[f"http://localhost:8000/en/organizations/{service.organization_id}"].findtext(LASTMOD) == latest


def test_what_is_withdrawn_is_in_no_sitemap(client: FlaskClient, app: Flask) -> None:
    with writing(app.extensions["directory"].engine) as session:
        service = session.scalars(select(Service).where(Service.status.in_(PUBLIC_STATUSES))).first()
        assert service is not None
        service.status, key = "inactive", service.id
    assert str(key) not in client.get("/sitemap-en.xml").text


def test_many_pages_are_in_several_sitemaps_each_once(make_app: Callable[..., Flask]) -> None:
    client = make_app().test_client()
    whole = pages(client, "/sitemap-en.xml")
    with mock.patch.object(sitemap, "MOST_PAGES", 50):
        names = [name for name in sitemaps(client) if name.startswith("/sitemap-en")]
        assert names[:2] == ["/sitemap-en.xml", "/sitemap-en-2.xml"]
        parts = [pages(client, name) for name in names]
        assert {len(part) for part in parts[:-1]} == {50}
        assert [address for part in parts for address in part] == list(whole)
        assert client.get(f"/sitemap-en-{len(names) + 1}.xml").status_code == 404
        assert client.get("/sitemap-en-0.xml").status_code == 404
        assert client.get(f"/sitemap-en-{10**30}.xml").status_code == 404
    assert client.get("/sitemap-xx.xml").status_code == 404


def test_a_sitemap_reads_no_dates_but_its_own(reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counted(listed: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
        def asked(*given: Any) -> list[Any]:
            found = listed(*given)
            read.append(len(found))
            return found

        return asked

    for name in ("list_public_dates", "list_organization_dates"):
        monkeypatch.setattr(sitemap, name, counted(getattr(sitemap, name)))
    monkeypatch.setattr(sitemap, "MOST_PAGES", 50)
    names = [name for name in sitemaps(reader) if name.startswith("/sitemap-en")]
    assert read == [], "the list of sitemaps only counts"
    assert len(pages(reader, names[-2])) == 50
    assert read == [50, 50], "pages asks for it twice"


def test_a_browser_is_told_how_to_search_here_but_not_where_nobody_should_see_that_somebody_was(reader: FlaskClient) -> None:
    [link] = [it for it in reader.get("/tr/").page.all("link") if it.get("rel") == "search"]
    described = reader.get(link.get("href", ""))
    assert described.mimetype == link.get("type")
    assert 'template="http://localhost:8000/tr/search?q={searchTerms}"' in described.text
    assert not [it for it in reader.get("/en/urgent").page.all("link") if it.get("rel") == "search"]
    told = reader.get("/.well-known/security.txt")
    assert (told.status_code, told.mimetype) == (200, "text/plain")
    assert told.text.startswith("Contact: mailto:care@calderwick.example.org\n")
