"""Signing in by e-mail: a link for the browser that asked, six digits for any other, nothing for whoever opens and clicks everything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from signing import (
    Mailed,
    add_passkey,
    ask,
    is_half_way,
    is_in,
    letters,
    look_up,
    mailed,
    options,
    room_of,
    sign_in_by_link,
    token_of,
    use_passkey,
)
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from portal import clock
from portal.accounts.audiences import Level, Role
from portal.accounts.signing import asking
from portal.accounts.signing.asking import AT_A_TIME, purge_asked
from portal.accounts.signing.models import Asked, SignIn
from portal.db import reading, writing
from portal.web.app import create_app

AMINA, NOBODY = "amina@example.org", "nobody@example.org"
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _amina(app: Flask) -> None:
    make_person(app, AMINA)


def from_elsewhere(number: int) -> dict[str, Any]:
    """A request from another address of the network, so that limits on one address are not what is tested."""
    return {"environ_overrides": {"REMOTE_ADDR": f"10.0.{number // 250}.{number % 250 + 1}"}}


def type_digits(client: FlaskClient, digits: str, **options: Any) -> TestResponse:
    return client.post("/en/sign-in/sent", data={"digits": digits}, **options)


def wrong(digits: str) -> str:
    """Other digits."""
    return f"{(int(digits.replace(' ', '')) + 1) % 10**6:06}"


def number_signed_in(app: Flask) -> int:
    with reading(room_of(app).engine) as session:
        return session.scalar(select(func.count()).select_from(SignIn)) or 0


@contextmanager
def later(by: timedelta) -> Iterator[None]:
    with clock.stopped_at(clock.now() + by):
        yield


def test_a_link_signs_in_the_browser_that_asked_with_one_tap(client: FlaskClient) -> None:
    assert ask(client, AMINA).location == "/en/sign-in/sent"
    [mail] = mailed(client, AMINA)
    page = client.get(mail.path)
    assert "One tap" in page.text
    assert number_signed_in(client.application) == 0
    assert client.post(mail.path).location == "/en/sign-in/second"
    assert is_half_way(client)
    assert token_of(client, "asked") == "", "what led up to it is taken away"


def test_another_browser_shows_digits_that_work_where_it_was_asked(app: Flask, client: FlaskClient) -> None:
    ask(client, AMINA)
    [mail] = mailed(app, AMINA)
    page = app.test_client().get(mail.path)
    assert mail.digits in page.text
    assert "<form" not in page.text.split("<main")[1].split("</main>")[0]
    assert type_digits(client, mail.digits).location == "/en/sign-in/second"
    assert is_half_way(client)


@pytest.mark.parametrize("typed", ["{0}{1}", " {0}  {1} ", "{0}-{1}", "\u200f{0}\u00a0{1}", "{2}"])
def test_digits_may_be_typed_and_pasted_in_any_way(client: FlaskClient, typed: str) -> None:
    ask(client, AMINA)
    first, second = mailed(client, AMINA)[0].digits.split()
    eastern = (first + second).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    found = type_digits(client, typed.format(first, second, eastern))
    assert (found.status_code == 303) == ("\u200f" not in typed), "a mark that turns text is no digit; it is said so and nothing is lost"


@pytest.mark.parametrize("times", [1, 3])
def test_a_scanner_that_opens_and_posts_every_link_gets_nothing_and_locks_nobody_out(app: Flask, client: FlaskClient, times: int) -> None:
    ask(client, AMINA)
    [mail] = mailed(app, AMINA)
    for _ in range(times):
        scanner = app.test_client()
        addresses = {mail.path, *re.findall(r'(?:href|action)="(/en/sign-in[^"]*)"', scanner.get(mail.path).text)}
        for address in addresses:
            scanner.get(address)
            scanner.post(address)
            scanner.post(address, data={"digits": mail.digits})
        assert not token_of(scanner)
        assert number_signed_in(app) == 0
    assert client.post(mail.path).location == "/en/sign-in/second"


def test_opening_a_link_writes_nothing(app: Flask, client: FlaskClient) -> None:
    ask(client, AMINA)
    [mail] = mailed(app, AMINA)
    with statements(app) as said:
        client.get(mail.path)
        app.test_client().get(mail.path)
    assert not [line for line in said if not line.startswith(("SELECT", "BEGIN"))]


def unusable(client: FlaskClient, mail: Mailed) -> bool:
    """Whether neither the link nor its digits do anything in the browser that asked, and the link says so plainly."""
    page = client.get(mail.path)
    posted = client.post(mail.path)
    typed = type_digits(client, mail.digits)
    says = [
        answer.status_code == 410 and "Ask for a new one" not in answer.text and "Ask for a new link" in answer.text
        for answer in (page, posted)
    ]
    return all(says) and typed.status_code in (410, 422) and not token_of(client)


def test_a_used_link_and_its_digits_are_good_for_nothing(app: Flask, client: FlaskClient) -> None:
    ask(client, AMINA)
    asked = token_of(client, "asked")
    [mail] = mailed(app, AMINA)
    client.post(mail.path)
    again = app.test_client()
    again.set_cookie("asked", asked)
    assert unusable(again, mail)


def test_after_ten_minutes_it_is_over(client: FlaskClient) -> None:
    ask(client, AMINA)
    [mail] = mailed(client, AMINA)
    with later(TEN_MINUTES - timedelta(seconds=1)):
        assert client.get(mail.path).status_code == 200
    with later(TEN_MINUTES):
        assert unusable(client, mail)


def test_a_newer_one_takes_its_place_and_another_persons_does_not(app: Flask, client: FlaskClient) -> None:
    make_person(app, "sam@example.org")
    ask(client, AMINA)
    first = token_of(client, "asked")
    other, sam = app.test_client(), app.test_client()
    ask(other, AMINA)
    ask(sam, "sam@example.org")
    older, newer = mailed(app, AMINA)
    again = app.test_client()
    again.set_cookie("asked", first)
    assert unusable(again, older)
    assert other.post(newer.path).status_code == 303
    assert sam.post(mailed(app, "sam@example.org")[0].path).status_code == 303


@pytest.mark.parametrize("token", ["x", "x" * 43, "é" * 43, "x" * 5000, "%00", "..%2f", "%ff"])
def test_a_link_that_we_never_sent_is_like_one_that_is_over(client: FlaskClient, token: str) -> None:
    for method in (client.get, client.post):
        assert method(f"/en/sign-in/link/{token}").status_code in (404, 410)


def test_of_twenty_taps_at_once_one_signs_in(app: Flask, client: FlaskClient) -> None:
    ask(client, AMINA)
    [mail], asked = mailed(app, AMINA), token_of(client, "asked")

    at = clock.now()

    def tap(number: int) -> bool:
        browser = app.test_client()
        browser.set_cookie("asked", asked)
        with clock.stopped_at(at):
            if number % 2:
                return type_digits(browser, mail.digits, **from_elsewhere(number)).status_code == 303
            return browser.post(mail.path, **from_elsewhere(number)).status_code == 303

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(tap, range(20))) == 1
    assert number_signed_in(app) == 1


def test_five_wrong_codes_end_it_over_all_workers(make_app: Callable[..., Flask], app: Flask, client: FlaskClient) -> None:
    other = create_app(app.extensions["test settings"])
    ask(client, AMINA)
    [mail], asked = mailed(app, AMINA), token_of(client, "asked")
    browsers = [app.test_client(), other.test_client()]
    for browser in browsers:
        browser.set_cookie("asked", asked)
    found = [type_digits(browsers[number % 2], wrong(mail.digits)).status_code for number in range(6)]
    assert found == [422, 422, 422, 422, 410, 410]
    assert unusable(browsers[0], mail)
    ask(client, AMINA)
    assert client.post(mailed(app, AMINA)[-1].path).status_code == 303, "a new one works"


def test_digits_are_worth_nothing_in_a_browser_that_did_not_ask(app: Flask, client: FlaskClient) -> None:
    ask(client, AMINA)
    [mail] = mailed(app, AMINA)
    stranger, other = app.test_client(), app.test_client()
    ask(other, NOBODY)
    assert type_digits(stranger, mail.digits).status_code == 410
    assert type_digits(other, mail.digits).status_code == 422
    assert type_digits(client, mail.digits).status_code == 303


def plain(response: TestResponse) -> tuple[int, str, list[tuple[str, str]]]:
    """What somebody can tell of a response: all of it, but the random value of the cookie and the random number of the request."""
    chance = {"Set-Cookie": r"asked=[\w-]{43}", "X-Request-ID": r"^[0-9a-f]{16}$"}
    headers = sorted((name, re.sub(chance[name], "…", value) if name in chance else value) for name, value in response.headers)
    return response.status_code, response.text, headers


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that the application's database is given."""
    engine, said = room_of(app).engine, []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_pages_and_work_are_the_same_for_addresses_that_nobody_has(app: Flask) -> None:
    make_person(app, "rev@example.org", roles=[Role.REVIEWER])
    seen = []
    for number, email in enumerate((AMINA, NOBODY, "rev@example.org", "amina@EXAMPLE.org")):
        client, where = app.test_client(), from_elsewhere(number)
        client.get("/en/sign-in", **where)
        with statements(app) as said:
            pages = [client.post("/en/sign-in", data={"email": email}, **where)]
            pages.append(client.get("/en/sign-in/sent", **where))
        looked = said[:]
        look_up(app)
        with statements(app) as said:
            pages += [type_digits(client, "000 000", **where) for _ in range(6)]
            pages.append(client.get("/en/sign-in/sent", **where))
        kinds = [re.sub(r"\s\(.*", "", line) for line in (*looked, *said)]
        seen.append(([plain(page) for page in pages], kinds))
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert len(letters(app)) == 3


def test_a_second_ask_does_not_tell_either(app: Flask) -> None:
    """Whoever asks twice for a stranger's address sees the same, whether or not the second took the first one's place."""
    seen = []
    for number, email in enumerate((AMINA, NOBODY)):
        browsers = [app.test_client(), app.test_client()]
        for browser in browsers:
            ask(browser, email, **from_elsewhere(number))
        seen.append([[plain(type_digits(browser, "000000", **from_elsewhere(number))) for _ in range(6)] for browser in browsers])
    assert seen[0] == seen[1]


def test_whoever_has_an_account_is_looked_up_only_afterwards(app: Flask, client: FlaskClient) -> None:
    with statements(app) as said:
        client.post("/en/sign-in", data={"email": AMINA})
    assert not [line for line in said if "person " in f"{line} " and "FROM person" in line]
    assert letters(app) == []
    assert look_up(app) == 1
    assert look_up(app) == 0
    assert [letter.to for letter in letters(app)] == [AMINA]


def test_a_flood_of_asks_is_looked_up_in_turns(app: Flask) -> None:
    room = room_of(app)
    with writing(room.engine) as session:
        for number in range(AT_A_TIME + 3):
            asking.ask(session, room, f"{number}@example.org", "en", "")
    assert [look_up(app) for _ in range(3)] == [AT_A_TIME, 3, 0]


def test_an_address_is_kept_sealed_and_only_until_it_is_looked_up(app: Flask, client: FlaskClient) -> None:
    client.post("/en/sign-in", data={"email": NOBODY})
    engine = room_of(app).engine
    with reading(engine) as session:
        [row] = session.scalars(select(Asked))
        assert b"nobody" not in row.sealed_address
        assert row.sealed_address
    look_up(app)
    with reading(engine) as session:
        [row] = session.scalars(select(Asked))
        assert (row.sealed_address, row.person_id, row.link_id) == (b"", None, None)
    with later(timedelta(hours=1)), writing(engine) as session:
        purge_asked(session)
        assert session.scalars(select(Asked)).all() == []


def test_nobody_is_sent_more_than_five_in_an_hour_and_the_last_one_still_works(app: Flask, client: FlaskClient) -> None:
    asked = []
    for number in range(8):
        ask(client, AMINA, **from_elsewhere(number))
        asked.append(token_of(client, "asked"))
    mails = mailed(app, AMINA)
    assert len(mails) == 5
    browser = app.test_client()
    browser.set_cookie("asked", asked[4])
    assert browser.post(mails[4].path).status_code == 303
    with later(timedelta(hours=1)):
        ask(client, AMINA)
        assert len(mailed(app, AMINA)) == 6


def test_a_reviewer_with_a_passkey_is_sent_no_link(app: Flask, client: FlaskClient) -> None:
    reviewer = make_person(app, "rev@example.org", roles=[Role.REVIEWER])
    device, _ = add_passkey(signed_in(app, reviewer))
    assert ask(client, "rev@example.org").location == "/en/sign-in/sent"
    letter = letters(app)[-1]
    assert (letter.to, letter.subject) == ("rev@example.org", "Sign in with your passkey")
    assert "/sign-in/link" not in letter.body
    assert not re.search(r"\b\d{3} \d{3}\b", letter.body)
    assert use_passkey(client, device).status_code == 303
    assert is_in(client)


def test_the_mail_is_in_the_language_of_the_page_and_says_no_more_than_it_must(app: Flask, client: FlaskClient) -> None:
    ask(client, AMINA)
    [english] = letters(app)
    ask(client, AMINA, "/ur/sign-in")
    [urdu] = [letter for letter in letters(app) if letter != english]
    assert "/ur/sign-in/link/" in urdu.body
    assert "Amina" not in english.body
    assert "you need do nothing" in english.body
    assert "ten minutes" in english.body
    assert len(re.findall(r"https?://", english.body)) == 1


@pytest.mark.parametrize(
    "email",
    [
        "",
        "x",
        "@",
        "a@b@c.org",
        "\x00",
        "a" * 50_000 + "@example.org",
        "amina@example.org\nBcc: x@example.org",
        "\u202eamina@example",
        "<b>@x",
    ],
)
def test_what_is_no_address_is_said_to_be_none(client: FlaskClient, email: str) -> None:
    found = client.post("/en/sign-in", data={"email": email})
    assert (found.status_code, "Write an e-mail address like" in found.text) == (422, True)


@pytest.mark.parametrize("digits", ["", "12345", "1234567", "abcdef", "\x00" * 6, "9" * 50_000, "①②③④⑤⑥", "½½½½½½"])
def test_what_is_not_six_digits_is_said_not_to_be_and_does_not_count(client: FlaskClient, digits: str) -> None:
    ask(client, AMINA)
    for _ in range(6):
        assert type_digits(client, digits).status_code == 422
    assert type_digits(client, mailed(client, AMINA)[0].digits).status_code == 303


def test_the_page_that_was_wanted_is_gone_on_to_after_everything(app: Flask) -> None:
    person = make_person(app, "kim@example.org")
    client = app.test_client()
    found = client.get("/en/account")
    assert found.location == "/en/sign-in?then=/en/account"
    assert 'action="/en/sign-in?then=/en/account"' in client.get(found.location).text
    assert sign_in_by_link(client, "kim@example.org", found.location).location == "/en/sign-in/second?then=/en/account"
    device, _ = add_passkey(signed_in(app, person))
    assert use_passkey(client, device, "/en/sign-in/passkey?then=/en/advice").location == "/en/advice"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example/en/account",
        "/\\evil.example",
        "/%2fevil.example",
        "/en/../..//evil.example",
        "evil.example",
        "javascript:alert(1)",
        "/en/account\r\nSet-Cookie: x=1",
        "/\x00",
        "/en/sign-out",
        "/nowhere",
        "/en/sign-in/link/x",
        "/en/" + "a" * 5000,
    ],
)
def test_nobody_is_led_elsewhere(app: Flask, wanted: str) -> None:
    client = app.test_client()
    query = {"then": wanted}
    assert "evil" not in client.get("/en/sign-in", query_string=query).text
    person = make_person(app, "kim@example.org")
    device, _ = add_passkey(signed_in(app, person))
    found = client.post("/en/sign-in/passkey", query_string=query, data={"credential": device.use(options(client))})
    assert found.location == "/en/account"


def test_this_machine_by_number_is_led_to_the_sites_own_name(app: Flask, client: FlaskClient) -> None:
    found = client.get("/en/sign-in?then=/en/account", headers={"Host": "127.0.0.1:8000"})
    assert (found.status_code, found.location) == (303, "http://localhost:8000/en/sign-in?then=/en/account")


def test_a_planted_cookie_never_becomes_signed_in(app: Flask) -> None:
    planted = "p" * 43
    client = app.test_client()
    for name in ("desk", "asked", "ceremony"):
        client.set_cookie(name, planted)
    ask(client, AMINA)
    assert token_of(client, "asked") != planted
    client.post(mailed(app, AMINA)[-1].path)
    assert is_half_way(client)
    assert token_of(client) != planted
    thief = app.test_client()
    thief.set_cookie("desk", planted)
    assert thief.get("/en/account").location.startswith("/en/sign-in?")


def test_half_signed_in_ends_after_half_an_hour_and_opens_no_desk(app: Flask) -> None:
    client = app.test_client()
    sign_in_by_link(client, AMINA)
    for path in ("/en/account", "/en/adviser"):
        assert client.get(path).location.startswith("/en/sign-in/second")
    with later(timedelta(minutes=30)):
        assert client.get("/en/sign-in/second").location.startswith("/en/sign-in?")


def test_somebody_who_has_left_is_sent_nothing_and_gets_no_further(app: Flask, client: FlaskClient) -> None:
    kim = make_person(app, "kim@example.org")
    ask(client, "kim@example.org")
    [mail] = mailed(app, "kim@example.org")
    with writing(room_of(app).engine) as session:
        session.get_one(type(kim), kim.id).left_at = clock.now()
    assert client.post(mail.path).status_code == 404
    assert not token_of(client)
    ask(client, "kim@example.org")
    assert len(mailed(app, "kim@example.org")) == 1


def test_signing_in_again_ends_what_was_before_on_this_device(app: Flask) -> None:
    person = make_person(app, "kim@example.org")
    client = signed_in(app, person, Level.CODE)
    before = token_of(client)
    sign_in_by_link(client, AMINA)
    thief = app.test_client()
    thief.set_cookie("desk", before)
    assert not is_in(thief)
