""" "Exit this page" over HTTP: everything the site holds about a browser ends, in one post or in two hops; and which pages offer it."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import pytest
import structlog
from contract import Page
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.db import reading
from portal.directory.models import Service
from portal.directory.terms import ServiceNeed
from portal.pack import EXIT_TO
from portal.search.views import search_room
from portal.web import leaving
from portal.web.limits import POSTS

LANGUAGES = ("en", "tr", "ur")
AWAY = "https://weather.example/today"
OURS = {"Sec-Fetch-Site": "same-origin"}
THEIRS = {"Sec-Fetch-Site": "cross-site"}


def page_of(answer: TestResponse) -> Page:
    page: Page = answer.page  # type: ignore[attr-defined]  # put there by CheckedClient
    return page


def taken_back(answer: TestResponse) -> set[str]:
    """Names of cookies that the browser is told to drop."""
    told = [morsel for line in answer.headers.getlist("Set-Cookie") for morsel in SimpleCookie(line).values()]
    return {morsel.key for morsel in told if not morsel.value and morsel["max-age"] == "0" and morsel["path"] == "/"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_script_leaves_with_one_post_that_forgets_all_but_that_it_left(reader: FlaskClient, language: str) -> None:
    reader.set_cookie("list", "something")
    answer = reader.post(f"/{language}/exit", headers=OURS)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies"', "the tab's storage says that it was left"
    assert taken_back(answer) == {"list"}
    assert reader.get_cookie("list") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_script_the_first_hop_says_nothing_and_the_second_forgets_all(reader: FlaskClient, language: str) -> None:
    reader.set_cookie("list", "something")
    first = reader.get(f"/{language}/exit")
    assert taken_back(first) == {"list"}
    assert "Clear-Site-Data" not in first.headers
    refresh = [it.get("content") for it in page_of(first).all("meta") if it.get("http-equiv") == "refresh"]
    assert refresh == [f"0; url=/{language}/exit/away"]
    second = reader.get(f"/{language}/exit/away")
    assert (second.status_code, second.location) == (303, EXIT_TO)
    assert second.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert {first.headers["Cache-Control"], second.headers["Cache-Control"]} == {"no-store"}
    assert second.headers["Referrer-Policy"] == "same-origin", "the page elsewhere is not told where they came from"


def test_cookies_of_a_secure_site_are_taken_back_as_they_were_set(reader: FlaskClient) -> None:
    secure = "https://localhost"
    reader.set_cookie("__Host-list", "something", secure=True, domain="localhost")
    answer = reader.post("/en/exit", base_url=secure, headers=OURS)
    assert taken_back(answer) == {"__Host-list"}
    assert "Secure" in answer.headers["Set-Cookie"], "browsers refuse a __Host- cookie without it"


@pytest.fixture
def small() -> Callable[[Callable[[Response], None]], FlaskClient]:
    """A phone on a site that is nothing but a way out, with a session that ends as given."""

    def client(end: Callable[[Response], None]) -> FlaskClient:
        app = Flask(__name__)
        leaving.install(app, "/en", end, AWAY)
        return app.test_client()

    return client


ASK: dict[str, Any] = {
    "post": lambda phone, **more: phone.post("/en/exit", **more),
    "hop": lambda phone, **more: phone.get("/en/exit/away", **more),
}


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_the_session_is_ended_on_the_answer_itself(small: Any, ask: Any) -> None:
    answer = ask(small(lambda response: response.delete_cookie("session")))
    assert taken_back(answer) == {"session"}


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_whoever_leaves_gets_away_whatever_is_broken(small: Any, ask: Any) -> None:
    def fail(_response: Response) -> None:
        raise OSError("the disk is gone")

    with structlog.testing.capture_logs() as logged:
        answer = ask(small(fail))
    assert answer.status_code in (204, 303)
    assert answer.headers["Clear-Site-Data"]
    assert [line["event"] for line in logged] == ["a session could not be ended"]


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_a_page_of_another_site_ends_nobodys_session(small: Any, ask: Any) -> None:
    ended: list[Response] = []
    phone = small(ended.append)
    phone.set_cookie("list", "something")
    answer = ask(phone, headers=THEIRS)
    assert ended == []
    assert taken_back(answer) == set()
    assert "Clear-Site-Data" not in answer.headers


def test_another_sites_form_is_refused_altogether(reader: FlaskClient) -> None:
    assert reader.post("/en/exit", headers=THEIRS).status_code == 403


def test_nobody_is_asked_to_wait_before_leaving(reader: FlaskClient) -> None:
    answers = [reader.post("/en/exit", headers=OURS).status_code for _ in range(int(POSTS.split()[0]) + 2)]
    assert set(answers) == {204}


SENSITIVE = (
    "/urgent",
    "/easy-read/urgent",
    "/advice/abuse-and-neglect",
    "/easy-read/abuse-and-neglect",
    "/search?need=domestic-abuse",
    "/search?need=food&need=child-safety",
    "/search?q=my+husband+hits+me",
    "/search?q=I+want+to+die",
)
PLAIN = (
    "/",
    "/search?q=falls",
    "/search?need=food",
    "/advice",
    "/advice/staying-steady",
    "/easy-read/help-for-carers",
    "/list",
    "/nowhere",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_abuse_and_of_danger_offer_the_way_out_and_others_do_not(reader: FlaskClient, language: str) -> None:
    offered = {address: page_of(reader.get(f"/{language}{address}")).is_sensitive for address in (*SENSITIVE, *PLAIN)}
    assert offered == {**dict.fromkeys(SENSITIVE, True), **dict.fromkeys(PLAIN, False)}


@pytest.mark.parametrize("question", ["kocam beni dövüyor", "میرا شوہر مجھے مارتا ہے", "żona mnie bije", "زوجي يضربني"])
def test_the_way_out_is_offered_in_whatever_language_somebody_asks(reader: FlaskClient, question: str) -> None:
    assert page_of(reader.get("/en/search", query_string={"q": question})).is_sensitive


def test_a_listing_offers_it_when_it_helps_with_a_sensitive_need(reader: FlaskClient) -> None:
    with reader.application.app_context():
        room = search_room()
    with reading(room.engine) as session:
        active = select(Service.id, Service.organization_id).where(Service.status == "active").order_by(Service.id)
        safe = ServiceNeed.need.in_([need.id for need in room.searcher.taxonomy.needs.values() if need.is_sensitive])
        service, organization = session.execute(active.where(Service.id.in_(select(ServiceNeed.service_id).where(safe)))).first() or ()
        other, _ = session.execute(active.where(Service.id.not_in(select(ServiceNeed.service_id).where(safe)))).first() or ()
    for address, is_sensitive in ((f"services/{service}", True), (f"organizations/{organization}", True), (f"services/{other}", False)):
        answer = reader.get(f"/en/{address}")
        assert page_of(answer).is_sensitive is is_sensitive, address
        assert "public" in answer.headers["Cache-Control"], "for everybody, and so kept as before"
        assert "noindex" not in answer.text, "people in danger find it by search engines"


def test_what_must_work_when_the_site_does_not_is_on_the_page_itself(reader: FlaskClient) -> None:
    link = next(it for it in page_of(reader.get("/en/urgent")).all("a"))
    assert (link.get("href"), link.get("data-away")) == ("/en/exit", EXIT_TO)
