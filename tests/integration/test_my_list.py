"""My list over HTTP with a real database: keep, note, drop, share, clear; and everything that must not happen."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import count

import pytest
from contract import CheckedClient, check
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import EnvironBuilder, TestResponse

from portal import clock
from portal.config import from_environment
from portal.db import Base, open_engine, writing
from portal.directory.models import Organization, Service
from portal.directory.places import Address, Location, Phone, ServiceAtLocation
from portal.directory.times import Schedule
from portal.sharing.link import write_ids
from portal.web.app import create_app

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday
IDS = [uuid.uuid5(uuid.NAMESPACE_URL, f"service {number}") for number in range(30)]
CLUB, HELPLINE, REFUGE, CLOSING = IDS[:4]
UNKNOWN = uuid.UUID(int=7)
URDU = "کل صبح فون کریں 🌻"
PUBLIC = "https://doorstep.example"
ADDRESSES = count(1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Engine]:
    settings = from_environment({"PORTAL_STATE": str(tmp_path_factory.mktemp("state")), "PORTAL_BASE_URL": "http://localhost"})
    engine = open_engine(settings.database_url)
    app = create_app(settings)
    app.test_client_class = CheckedClient
    Base.metadata.create_all(engine)
    _fill(engine)
    return app, engine


@pytest.fixture
def client(site: tuple[Flask, Engine]) -> Iterator[FlaskClient]:
    """A phone of its own, with an address of its own so that limits on posts do not add up over tests."""
    with clock.stopped_at(NOW):
        yield _phone(site[0])


def _phone(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"127.0.1.{next(ADDRESSES)}"
    return client


def _fill(engine: Engine) -> None:
    with writing(engine) as session:
        organization = Organization(id=uuid.uuid4(), name="Eastmoor Friends")
        session.add(organization)
        session.flush()
        for number, service_id in enumerate(IDS):
            session.add(
                Service(id=service_id, organization_id=organization.id, name=f"Service {number}", status="active", description="Good.")
            )
        session.flush()
        club, helpline, refuge = (session.get_one(Service, service_id) for service_id in (CLUB, HELPLINE, REFUGE))
        club.name, helpline.name, refuge.name = "Steady <Steps>", "Talk Line", "Safe House"
        helpline.how = ["phone"]
        session.add(Phone(id=uuid.uuid4(), service_id=CLUB, number="01632 960 123"))
        _place(session, CLUB, "Eastmoor Library", "1 Mill Lane", is_confidential=False)
        _place(session, REFUGE, "Hidden Court", "9 Quiet Road", is_confidential=True)


def _place(session: Session, service_id: uuid.UUID, name: str, street: str, *, is_confidential: bool) -> None:
    location = Location(id=uuid.uuid4(), location_type="physical", name=name, is_confidential=is_confidential)
    session.add(location)
    session.flush()
    place = ServiceAtLocation(id=uuid.uuid4(), service_id=service_id, location_id=location.id)
    session.add_all([Address(id=uuid.uuid4(), location_id=location.id, address_1=street, postal_code="ZZ1 1AA"), place])
    session.flush()
    times = {"freq": "WEEKLY", "byday": "TU", "opens_at": time(10), "closes_at": time(12)}
    session.add(Schedule(id=uuid.uuid4(), service_at_location_id=place.id, **times))


def _post(client: FlaskClient, change: str, language: str = "en", **form: object) -> TestResponse:
    """Send a form. A page that answers is held to the contract with the form unread, as the view has read its own."""
    path = f"/{language}/list/{change}"
    response = FlaskClient.open(client, path, method="POST", data=form)
    response.request = EnvironBuilder(path, method="POST", data=form).get_request()
    check(response, path, client.application)
    return response


def _kept(client: FlaskClient) -> list[str]:
    return re.findall(r'data-service="([^"]+)"', client.get("/en/list").text)


@pytest.mark.parametrize("language", ["en", "tr", "ur"])
def test_an_empty_list_says_how_to_keep_something_and_sets_no_cookie(client: FlaskClient, language: str) -> None:
    response = client.get(f"/{language}/list")
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert "<title>My list" in client.get("/en/list").text


def test_a_kept_service_shows_who_when_where_and_how_to_ring(client: FlaskClient) -> None:
    response = _post(client, "keep", service=CLUB)
    assert (response.status_code, response.location) == (303, f"/en/list#s-{CLUB}")
    page = client.get("/en/list")
    for words in ("Steady &lt;Steps&gt;", "Tuesday <bdi>10am</bdi>", "Eastmoor Library, 1 Mill Lane, ZZ1 1AA", 'href="tel:01632960123"'):
        assert words in page.text
    assert f'id="s-{CLUB}"' in page.text


def test_services_stand_in_the_order_kept_and_a_double_post_changes_nothing(client: FlaskClient) -> None:
    for service_id in (HELPLINE, CLUB, CLUB, HELPLINE):
        assert _post(client, "keep", service=service_id).status_code == 303
    assert _kept(client) == [str(HELPLINE), str(CLUB)]
    for _ in range(2):
        assert _post(client, "drop", service=HELPLINE).status_code == 303
    assert _kept(client) == [str(CLUB)]
    for _ in range(2):
        assert _post(client, "clear").location == "/en/list"
    assert _kept(client) == []


def test_a_confidential_address_is_not_on_the_list_or_in_a_shared_one(client: FlaskClient) -> None:
    _post(client, "keep", service=REFUGE)
    for page in (client.get("/en/list"), client.get(f"/en/list/shared?s={write_ids([REFUGE])}")):
        assert "Safe House" in page.text
        assert not re.search("Hidden Court|Quiet Road|ZZ1", page.text)


def test_the_cookie_is_theirs_alone_and_lasts_thirty_days(client: FlaskClient) -> None:
    cookie = _post(client, "keep", service=CLUB).headers["Set-Cookie"]
    assert cookie.startswith("list=")
    for attribute in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"):
        assert attribute in cookie.split("; ")
    assert "Secure" not in cookie
    assert "Max-Age=0" in _post(client, "clear").headers["Set-Cookie"]


def test_on_https_the_cookie_is_bound_to_its_host(tmp_path_factory: pytest.TempPathFactory, site: tuple[Flask, Engine]) -> None:
    state = str(tmp_path_factory.mktemp("secure"))
    url = site[1].url.render_as_string(hide_password=False)
    secure = create_app(from_environment({"PORTAL_STATE": state, "PORTAL_BASE_URL": PUBLIC, "PORTAL_DATABASE_URL": url}))
    client = _phone(secure)
    kept = client.post("/en/list/keep", data={"service": str(CLUB)}, base_url=PUBLIC)
    cleared = client.post("/en/list/clear", base_url=PUBLIC)
    for cookie in (kept.headers["Set-Cookie"], cleared.headers["Set-Cookie"]):
        assert cookie.startswith("__Host-list=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_the_list_is_gone_after_thirty_days_unless_it_is_changed(client: FlaskClient) -> None:
    _post(client, "keep", service=CLUB)
    with clock.stopped_at(NOW + timedelta(days=30)):
        assert _kept(client) == [str(CLUB)]
        _post(client, "keep", service=HELPLINE)
    with clock.stopped_at(NOW + timedelta(days=60)):
        assert len(_kept(client)) == 2
    with clock.stopped_at(NOW + timedelta(days=61)):
        assert _kept(client) == []


@pytest.mark.parametrize("value", ["", "junk", "a.b", "A" * 5_000, "eJw.%ff", "é", '"', "..", "\x7f"])
def test_a_broken_or_foreign_cookie_reads_as_an_empty_list(site: tuple[Flask, Engine], value: str) -> None:
    client = site[0].test_client(use_cookies=False)
    page = client.get("/en/list", headers={"Cookie": f"list={value}"})
    assert page.status_code == 200
    assert "Nothing is here yet." in page.text


def test_a_note_is_kept_shown_and_changed(client: FlaskClient) -> None:
    _post(client, "keep", service=CLUB)
    assert _post(client, "note", service=CLUB, note=URDU).location == f"/en/list#s-{CLUB}"
    page = client.get("/ur/list")
    assert page.text.count(URDU) == 2  # to read, and in its field
    _post(client, "note", service=CLUB, note="")
    assert URDU not in client.get("/en/list").text
    assert _kept(client) == [str(CLUB)]


def test_a_note_cannot_turn_text_around_or_put_markup_on_the_page(client: FlaskClient) -> None:
    _post(client, "note", service=CLUB, note="</textarea><script>x</script>\u202e05£")
    page = client.get("/en/list")
    assert "&lt;/textarea&gt;&lt;script&gt;x&lt;/script&gt;05£" in page.text
    assert "\u202e" not in page.text


def test_a_note_too_long_comes_back_whole_with_the_reason(client: FlaskClient) -> None:
    _post(client, "keep", service=CLUB)
    typed = "میں " * 50
    response = _post(client, "note", service=CLUB, note=typed)
    assert response.status_code == 422
    assert typed.strip() in response.text
    assert "Your note has 199 letters. Use 140 or fewer." in response.text
    assert f'href="#note-{CLUB}"' in response.text
    assert "<title>Error: My list" in response.text
    assert "Set-Cookie" not in response.headers


def test_a_note_of_140_letters_is_kept(client: FlaskClient) -> None:
    assert _post(client, "note", service=CLUB, note="ی" * 140).status_code == 303


def test_a_note_on_a_service_no_longer_on_the_list_is_not_lost(client: FlaskClient) -> None:
    assert _post(client, "note", service=CLUB, note="x" * 141).status_code == 422
    _post(client, "note", service=CLUB, note="ask for Pat")
    assert "ask for Pat" in client.get("/en/list").text


def test_when_notes_fill_the_cookie_the_last_one_comes_back_with_the_reason(client: FlaskClient) -> None:
    """Random letters do not squeeze: the hardest notes there are."""
    for service_id in IDS[:18]:
        typed = "".join(chr(0x0904 + byte % 50) for byte in hashlib.shake_128(service_id.bytes).digest(140))
        response = _post(client, "note", service=service_id, note=typed)
        if response.status_code == 422:
            break
        assert len(response.headers["Set-Cookie"]) < 3_800
    assert response.status_code == 422
    assert len(_kept(client)) >= 10
    assert "There is no room for this note." in response.text
    assert typed in response.text
    assert str(service_id) not in _kept(client)
    full = _post(client, "keep", service=[str(service_id) for service_id in IDS[18:25]])
    assert full.status_code == 422
    assert "Your notes fill all the room there is." in full.text


def test_a_full_list_says_what_it_did_not_keep(client: FlaskClient) -> None:
    assert _post(client, "keep", service=[str(service_id) for service_id in IDS[5:30]]).status_code == 303
    assert len(_kept(client)) == 25
    response = _post(client, "keep", service=CLUB)
    assert response.status_code == 422
    assert "It holds 25 services and has 25 now." in response.text
    assert "Steady &lt;Steps&gt;" in response.text
    assert len(_kept(client)) == 25
    assert _post(client, "keep", service=IDS[6]).status_code == 303


def test_a_service_that_has_closed_keeps_its_place_and_its_note(client: FlaskClient, site: tuple[Flask, Engine]) -> None:
    _post(client, "note", service=CLOSING, note="was kind")
    _post(client, "keep", service=CLUB)
    with writing(site[1]) as session:
        session.get_one(Service, CLOSING).status = "defunct"
    page = client.get("/en/list")
    assert _kept(client) == [str(CLOSING), str(CLUB)]
    assert "Service 3" in page.text
    assert "has closed" in page.text
    assert "was kind" in page.text
    assert f"shared?s={write_ids([CLUB])}" in page.text
    assert _post(client, "note", service=CLOSING, note="gone").status_code == 303
    with writing(site[1]) as session:
        session.delete(session.get_one(Service, CLOSING))
    assert "A service that is no longer listed" in client.get("/en/list").text
    assert _post(client, "drop", service=CLOSING).status_code == 303
    assert _kept(client) == [str(CLUB)]


@pytest.mark.parametrize("value", [str(UNKNOWN), "", "junk", "1", "'; --", "\x00", "é" * 300])
@pytest.mark.parametrize("change", ["keep", "note"])
def test_what_is_no_service_is_not_found_and_changes_nothing(client: FlaskClient, change: str, value: str) -> None:
    response = _post(client, change, service=value, note="hello")
    assert response.status_code == 404
    assert "Set-Cookie" not in response.headers
    assert _post(client, change).status_code == 404


@pytest.mark.parametrize("value", [str(UNKNOWN), "junk", ""])
def test_dropping_what_is_not_there_leaves_the_list(client: FlaskClient, value: str) -> None:
    _post(client, "keep", service=CLUB)
    assert _post(client, "drop", service=value).status_code == 303
    assert _kept(client) == [str(CLUB)]


def test_keeping_goes_back_to_where_they_were_on_this_site_only(client: FlaskClient) -> None:
    assert _post(client, "keep", service=CLUB, back="/en/search?q=falls").location == "/en/search?q=falls"
    for back in (
        "//evil.example",
        "https:evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "/en\n//evil.example",
        "/\t/evil.example",
    ):
        assert _post(client, "keep", service=CLUB, back=back).location == f"/en/list#s-{CLUB}"


def test_a_shared_link_shows_the_services_and_no_notes(client: FlaskClient, site: tuple[Flask, Engine]) -> None:
    _post(client, "note", service=HELPLINE, note="private words")
    _post(client, "keep", service=CLUB)
    link = re.search(r'id="share-link"[^>]* value="http://localhost(/en/list/shared\?s=[\w-]+)"', client.get("/en/list").text)
    assert link is not None
    other = _phone(site[0])
    page = other.get(link[1])
    assert re.findall(r'data-service="([^"]+)"', page.text) == [str(HELPLINE), str(CLUB)]
    assert "private words" not in page.text
    assert "Set-Cookie" not in page.headers
    all_of_them = re.findall(r'type="hidden" name="service" value="([^"]+)"', page.text)
    assert _post(other, "keep", service=all_of_them).status_code == 303
    assert _kept(other) == [str(HELPLINE), str(CLUB)]
    assert "Keep all on this phone" not in other.get(link[1]).text


@pytest.mark.parametrize("text", ["", "junk", "%00", "é", "AAAA", write_ids([CLUB])[:-1], write_ids(IDS), "A" * 3_000])
def test_a_broken_link_says_so_in_words(client: FlaskClient, text: str) -> None:
    response = client.get("/en/list/shared", query_string={"s": text})
    assert response.status_code == 404
    assert "This link is not complete" in response.text
    assert client.get("/en/list/shared").status_code == 404


def test_the_code_for_paper_is_on_a_list_and_not_on_an_empty_one(client: FlaskClient) -> None:
    assert 'mm"' not in client.get("/en/list").text
    _post(client, "keep", service=CLUB)
    assert re.search(r'<aside class="wrap print-only"[^>]*>.*<svg width="[\d.]+mm"', client.get("/en/list").text, re.DOTALL)


def test_another_site_cannot_change_the_list_and_a_link_cannot_either(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/en/list/keep", data={"service": str(CLUB)}, headers=headers).status_code == 403
    for change in ("keep", "drop", "note", "clear"):
        assert client.get(f"/en/list/{change}").status_code == 405


def test_nothing_of_a_list_is_written_to_the_database(client: FlaskClient, site: tuple[Flask, Engine]) -> None:
    _post(client, "note", service=CLUB, note="canary-of-the-note")
    with site[1].connect() as connection:
        stored = "\n".join(connection.connection.iterdump())
    assert "Steady <Steps>" in stored
    assert "canary-of-the-note" not in stored
