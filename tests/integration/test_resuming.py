"""A form sent when the sign-in had ended: nothing typed is lost, nobody else sees it, and whoever sends it again is judged anew."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from signing import room_of
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import clock
from portal.accounts.audiences import Level
from portal.accounts.models import Person
from portal.accounts.signing import sessions
from portal.db import reading
from portal.web.resuming import LARGEST, MOST_FIELDS

AMINA = "amina@example.org"
ACCOUNT = "/en/account"
TYPED = {"name": "Amina Khan", "language": "ur"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def held(page: TestResponse) -> list[tuple[str, str]]:
    """The fields that a page holds."""
    return [(html.unescape(name), html.unescape(value)) for name, value in HIDDEN.findall(page.text)]


def action(page: TestResponse) -> str:
    found = re.search(r'<form class="stack" method="post" action="([^"]*)"', page.text)
    return html.unescape(found[1]) if found else ""


def name_of(app: Flask, person: Person) -> str:
    with reading(room_of(app).engine) as session:
        return session.scalars(select(Person.name).where(Person.id == person.id)).one()


@pytest.fixture
def amina(app: Flask) -> Person:
    return make_person(app, AMINA)


@pytest.fixture
def late(app: Flask, amina: Person) -> Iterator[FlaskClient]:
    """A phone on which the sign-in has just ended."""
    phone = signed_in(app, amina)
    with clock.stopped_at(clock.now() + sessions.IDLE + timedelta(minutes=1)):
        yield phone


def test_what_was_typed_is_sent_again_after_signing_in_elsewhere(app: Flask, late: FlaskClient, amina: Person) -> None:
    page = late.post(ACCOUNT, data=TYPED)
    assert page.status_code == 401
    assert page.headers["WWW-Authenticate"] == "Cookie"
    assert "You were signed out" in page.text
    assert held(page) == list(TYPED.items())
    assert name_of(app, amina) == "Amina Rahman"
    assert 'href="/en/sign-in?then=/en/account/back" target="_blank" rel="noopener"' in page.text
    signed_in(late, amina)
    assert late.post(action(page), data=dict(held(page))).location == ACCOUNT
    assert name_of(app, amina) == "Amina Khan"


def test_the_new_tab_says_to_go_back_to_the_other(late: FlaskClient, amina: Person) -> None:
    assert "press “Send again”" in signed_in(late, amina).get("/en/account/back").text


def test_nobody_keeps_the_page(late: FlaskClient) -> None:
    page = late.post(ACCOUNT, data=TYPED)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    assert "Amina Khan" not in late.get("/en/sign-in").text


def test_sent_again_too_early_it_is_still_not_lost(late: FlaskClient) -> None:
    page = late.post(ACCOUNT, data=TYPED)
    assert held(late.post(action(page), data=dict(held(page)))) == list(TYPED.items())


def test_after_a_link_alone_it_leads_to_the_second_step(app: Flask, amina: Person) -> None:
    page = signed_in(app, amina, Level.LINK).post(ACCOUNT, data=TYPED)
    assert page.status_code == 401
    assert 'href="/en/sign-in/second?then=/en/account/back"' in page.text
    assert held(page) == list(TYPED.items())


def test_somebody_else_who_sends_it_changes_nothing_of_hers(app: Flask, late: FlaskClient, amina: Person) -> None:
    page = late.post(f"/en/organizations/{amina.id}/people/leave", data={"reason": "x"})
    other = signed_in(app, make_person(app, "other@example.org", organizations=[]))
    assert other.post(action(page), data=dict(held(page))).status_code == 403


def test_a_step_of_signing_in_is_not_held(app: Flask) -> None:
    for path in ("/en/sign-in/second", "/en/account/app", "/en/account/passkeys"):
        led = app.test_client().post(path, data={"digits": "123456", "credential": "{}"})
        assert led.status_code == 303
        assert led.location == "/en/sign-in"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_another_sites_post_is_refused_before_anything_is_shown(late: FlaskClient, headers: dict[str, str]) -> None:
    page = late.post(ACCOUNT, data=TYPED, headers=headers)
    assert page.status_code == 403
    assert "Amina Khan" not in page.text


@pytest.mark.parametrize(
    "value",
    [
        '"><script>alert(1)</script>',
        "' onfocus=alert(1) x='",
        "{{ 7*7 }}",
        "%(x)s",
        "line\none",
        "سلام\u200cدنیا",
        "&amp; &lt;",
        "x" * 20_000,
    ],
)
def test_whatever_was_typed_comes_back_as_it_was(late: FlaskClient, value: str) -> None:
    page = late.post(ACCOUNT, data={"name": value, value[:40]: "1"})
    assert ("name", value) in held(page)
    assert "<script>alert" not in page.text


def test_a_field_that_comes_several_times_and_an_empty_one_come_back_in_their_order(late: FlaskClient) -> None:
    body = "need=falls&need=food&empty=&need=falls&language=ur"
    page = late.post(ACCOUNT, data=body, content_type="application/x-www-form-urlencoded")
    assert held(page) == [("need", "falls"), ("need", "food"), ("need", "falls"), ("empty", ""), ("language", "ur")]


def test_control_characters_do_not_break_the_page(late: FlaskClient) -> None:
    page = late.post(ACCOUNT, data={"name": "a\x00b\x1bc\x7fd", "\x00": "x"})
    assert held(page) == [("name", "abcd"), ("", "x")]


def test_the_address_keeps_its_query_and_nothing_in_it_turns_it_elsewhere(late: FlaskClient) -> None:
    asked = "?then=%2Fen%2Faccount&_external=1&_scheme=https&_anchor=x&endpoint=z&lang_code=ur&x=%22%3E%3Cb%3E&y=1&y=2"
    page = late.post(f"/en/account/passkeys/rename{asked}", data={"name": "x"})
    assert action(page) == f"/en/account/passkeys/rename{asked}"
    assert '"><b>' not in page.text


def test_a_file_is_not_held_but_what_was_typed_beside_it_is(late: FlaskClient) -> None:
    page = late.post(ACCOUNT, data={"name": "Amina", "file": (io.BytesIO(b"secret words"), "list.csv")})
    assert held(page) == [("name", "Amina")]
    assert 'enctype="multipart/form-data"' in page.text
    assert "We could not keep the file" in page.text
    assert "secret words" not in page.text


def test_what_is_too_large_or_too_much_is_not_held_and_says_so(late: FlaskClient) -> None:
    too_much = [
        late.post(ACCOUNT, data={"name": "x" * (LARGEST + 1)}),
        late.post(ACCOUNT, data={f"f{number}": "1" for number in range(MOST_FIELDS + 1)}),
        late.post(ACCOUNT, data={"file": (io.BytesIO(b"x" * (LARGEST + 1)), "list.csv")}),
    ]
    for page in too_much:
        assert page.status_code == 401
        assert held(page) == []
        assert "too large to keep" in page.text
        assert "Sign in (opens in a new tab)" in page.text
    assert "Your file is still on your own device" in too_much[-1].text


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "nonsense"])
def test_what_is_no_form_of_ours_does_no_harm(late: FlaskClient, kind: str) -> None:
    page = late.post(ACCOUNT, data=b'{"a": [1, 2\x00]}', content_type=kind)
    assert page.status_code == 401
    assert held(page) == []


def test_a_page_asked_for_still_leads_through_signing_in_and_back(late: FlaskClient) -> None:
    assert late.get(ACCOUNT).location == "/en/sign-in?then=/en/account"
