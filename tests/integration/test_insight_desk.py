"""The commissioners' desk: one list of its pages, from the first page and from each to the others."""

from __future__ import annotations

import pytest
from accounts import make_person, signed_in
from flask import Flask, url_for
from flask.testing import FlaskClient

from portal.accounts.audiences import Audience, Role
from portal.errors import IndexUnavailable
from portal.insight.contents import PAGES
from portal.insight.figures import Figures
from portal.web.audiences import audience_of


@pytest.fixture
def commissioner(app: Flask) -> FlaskClient:
    return signed_in(app, make_person(app, "plans@example.org", roles=[Role.COMMISSIONER]))


def test_the_bar_of_the_desk_leads_a_commissioner_to_the_first_page(commissioner: FlaskClient) -> None:
    assert 'href="/en/insight">Need and provision</a>' in commissioner.get("/en/account").text


def test_the_first_page_leads_to_every_page_and_each_leads_back(app: Flask, commissioner: FlaskClient) -> None:
    with app.test_request_context("/en/insight"):
        addresses = {page.title: url_for(page.endpoint, lang_code="en") for page in PAGES}
    first = commissioner.get("/en/insight").text
    for title, address in addresses.items():
        page = commissioner.get(address)
        assert page.status_code == 200, address
        assert f'href="{address}"><b>{title}</b>' in first
        assert 'href="/en/insight"' in page.text
        assert [other for other in addresses.values() if f'href="{other}"' not in page.text] == [], address


def test_the_first_page_leads_on_while_nothing_can_be_counted(commissioner: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise IndexUnavailable("away")

    assert "Where to look first" in commissioner.get("/en/insight").text
    monkeypatch.setattr(Figures, "matrix", away)
    first = commissioner.get("/en/insight")
    assert first.status_code == 200
    assert "Where to look first" not in first.text
    assert 'href="/en/insight/core-offer"' in first.text


def test_every_page_is_for_commissioners() -> None:
    assert {audience_of(page.endpoint) for page in PAGES} <= {Audience.COMMISSIONER}
