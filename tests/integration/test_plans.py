"""A plan to keep: under a code, in files, in a message; opened on another phone, followed and deleted."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy import Engine, func, select

from portal import clock
from portal.assessment.answers import Answers
from portal.assessment.keeping import SealedSitting, Sitting
from portal.db import reading, writing
from portal.mail import carriers_from, deliver
from portal.sealing import key_of_code
from portal.sharing.plans.kept import LETTERS, KeptPlan, find_kept, new_code, purge_kept, read_code, save_kept, shown
from portal.sharing.plans.operations import add_requests, delete_plan, follow, keep_plan, list_requests, open_plan
from portal.tally import Tally

SECRET = "x" * 40
FALLS = ({"who": "me"}, {"none": "1"}, {"place": "Eastmoor"}, {"help": "about"}, {"falling": "fell", "finish": "1"})


def answer(client: FlaskClient, *pages: dict[str, str], language: str = "en") -> None:
    """Answer the pages one after another."""
    for number, given in enumerate(pages, 1):
        assert client.post(f"/{language}/questions/{number}", data=given).status_code == 303


def code_of(client: FlaskClient) -> str:
    found = re.search(r'class="code-large"><bdi dir="ltr">([^<]+)', client.get("/en/plan/keep").text)
    assert found
    return found[1]


@pytest.fixture
def engine(app: Flask) -> Engine:
    found: Engine = app.extensions["plans"].engine
    return found


def test_a_plan_is_kept_under_a_code_and_opened_on_another_phone(app: Flask, client: FlaskClient) -> None:
    answer(client, *FALLS)
    assert client.post("/en/plan/keep", data={"days": "7"}).location == "/en/plan/keep"
    other = app.test_client()
    assert other.get("/en/plan").location == "/en/questions/ended"
    typed = code_of(client).lower().replace("-", " ")
    assert other.post("/en/plan/open", data={"code": typed}).location == "/en/plan"
    assert "Falls – Yes, a fall in the last year" in other.get("/en/plan").text


def test_what_is_ticked_off_on_one_phone_is_seen_on_the_other(app: Flask, client: FlaskClient) -> None:
    answer(client, *FALLS)
    service = re.search(r'data-service="([^"]+)"', client.get("/en/plan").text)
    assert service
    client.post("/en/plan/keep", data={"days": "7"})
    client.post("/en/plan/went", data={"item": service[1], "how": "no-entry"})
    other = app.test_client()
    other.post("/en/plan/open", data={"code": code_of(client)})
    assert "Couldn&#39;t get in</span>" in other.get("/en/plan").text
    client.post("/en/plan/went", data={"item": service[1], "how": ""})
    other.post("/en/plan/open", data={"code": code_of(client)})
    assert "Couldn&#39;t get in</span>" not in other.get("/en/plan").text


def test_changed_answers_are_kept_and_what_changed_is_told_when_it_is_opened(app: Flask, client: FlaskClient) -> None:
    answer(client, *FALLS)
    client.get("/en/plan")
    client.post("/en/plan/keep", data={"days": "7"})
    code = code_of(client)
    other = app.test_client()
    other.post("/en/plan/open", data={"code": code})
    assert "What has changed" not in other.get("/en/plan").text
    client.post("/en/questions/4?back=check", data={"help": "people"})
    client.post("/en/questions/5?back=check", data={"lonely": "often", "finish": "1"})
    other.post("/en/plan/open", data={"code": code})
    page = other.get("/en/plan").text
    assert "What has changed since you kept this plan" in page
    assert "New</span>" in page


@pytest.mark.parametrize("typed", ["", "abc", "2345-2345-2345-234", "AAAA-EEEE-IIII-OOOO", "2345 2345 2345 23456"])
def test_what_cannot_be_a_code_is_said_in_words_and_kept(client: FlaskClient, typed: str) -> None:
    page = client.post("/en/plan/open", data={"code": typed})
    assert page.status_code == 422
    assert "A code has 16 letters and numbers" in page.text
    assert f'value="{typed}"' in page.text or not typed


def test_a_wrong_code_opens_nothing_and_guessing_ends_soon(client: FlaskClient) -> None:
    answers = [client.post("/en/plan/open", data={"code": new_code()}) for _ in range(11)]
    assert "We cannot open a plan with this code" in answers[0].text
    assert answers[-1].status_code == 429


def test_deleted_is_deleted_at_once(app: Flask, client: FlaskClient, engine: Engine) -> None:
    answer(client, *FALLS)
    client.post("/en/plan/keep", data={"days": "90"})
    code = code_of(client)
    client.post("/en/plan/delete")
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(KeptPlan)) == 0
        assert session.scalar(select(func.count()).select_from(SealedSitting)) == 0
    assert client.get("/en/plan").location == "/en/questions/ended"
    assert app.test_client().post("/en/plan/open", data={"code": code}).status_code == 422


def test_leaving_forgets_the_answers_but_not_a_plan_that_was_kept(app: Flask, client: FlaskClient, engine: Engine) -> None:
    answer(client, *FALLS)
    client.post("/en/plan/keep", data={"days": "7"})
    code = code_of(client)
    client.get("/en/exit")
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(SealedSitting)) == 0
    assert client.get("/en/plan").location == "/en/questions/ended"
    assert app.test_client().post("/en/plan/open", data={"code": code}).status_code == 303


def test_files_are_for_this_phone_only_and_nobody_keeps_them(app: Flask, client: FlaskClient) -> None:
    answer(client, *FALLS)
    for name, kind in (
        ("next-steps.pdf", "application/pdf"),
        ("next-steps-large.pdf", "application/pdf"),
        ("next-steps.txt", "text/plain"),
    ):
        file = client.get(f"/en/plan/{name}")
        assert (file.status_code, file.mimetype, file.headers["Cache-Control"]) == (200, kind, "no-store")
        assert app.test_client().get(f"/en/plan/{name}").location == "/en/questions/ended"
    assert client.get("/en/plan/next-steps.pdf").data.startswith(b"%PDF")
    text = client.get("/en/plan/next-steps.txt").text
    assert "Because you told us: Falls – Yes, a fall in the last year" in text
    assert "01632 960001" in text
    assert "This plan does not decide what you can get." in text


@pytest.mark.parametrize("language", ["ur", "tr", "pl", "ar"])
def test_files_speak_the_language_of_the_page(client: FlaskClient, language: str) -> None:
    answer(client, *FALLS, language=language)
    assert client.get(f"/{language}/plan/next-steps.pdf").data.startswith(b"%PDF")
    assert "Because you told us" not in client.get(f"/{language}/plan/next-steps.txt").text


@pytest.mark.parametrize(("to", "sent_to"), [("kim@example.com", "kim@example.com"), ("07700 900 123", "+447700900123")])
def test_a_plan_is_sent_once_where_it_is_asked_to(app: Flask, client: FlaskClient, engine: Engine, to: str, sent_to: str) -> None:
    answer(client, *FALLS)
    assert client.post("/en/plan/send", data={"to": to}).location == "/en/plan/sent"
    assert "put in a folder" in client.get("/en/plan/sent").text
    settings = app.extensions["test settings"]
    assert deliver(engine, settings.secret_key, carriers_from(settings)) == 1
    files = [file for file in (settings.instance / "outbox").iterdir() if file.is_file()]
    assert len(files) == 1
    assert sent_to in files[0].read_text()


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_plan_in_a_letter_says_the_same_in_text_and_in_html(app: Flask, client: FlaskClient, engine: Engine, language: str) -> None:
    answer(client, *FALLS, language=language)
    client.post(f"/{language}/plan/send", data={"to": "kim@example.com"})
    settings = app.extensions["test settings"]
    assert deliver(engine, settings.secret_key, carriers_from(settings)) == 1
    [file] = (file for file in (settings.instance / "outbox").iterdir() if file.is_file())
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert letter["Content-Language"] == language
    plain, html = (str(part.get_content()) for part in letter.iter_parts())
    said = " ".join(Markup(html.partition("<body")[2].partition(">")[2]).striptags().split())  # noqa: S704 - our own, to read
    lines = [line.removeprefix("[ ]").strip() for line in plain.splitlines() if line.strip(" -")]
    assert len(lines) > 10
    assert [line for line in lines if line not in said and "·" not in line] == []
    assert f'dir="{"rtl" if language == "ur" else "ltr"}"' in html


def test_a_double_click_sends_a_plan_once(app: Flask, client: FlaskClient, engine: Engine) -> None:
    answer(client, *FALLS)
    once = re.search(r'name="once" value="([^"]+)"', client.get("/en/plan/send").text)
    assert once
    for _ in range(3):
        client.post("/en/plan/send", data={"to": "kim@example.com", "once": once[1]})
    settings = app.extensions["test settings"]
    assert deliver(engine, settings.secret_key, carriers_from(settings)) == 1


@pytest.mark.parametrize("to", ["", "kim@", "12345", "020 7946 0000", "+33 6 12 34 56 78"])
def test_an_address_that_cannot_be_sent_to_is_said_in_words_and_kept(client: FlaskClient, to: str) -> None:
    answer(client, *FALLS)
    page = client.post("/en/plan/send", data={"to": to})
    assert page.status_code == 422
    assert f'value="{to}"' in page.text or not to


def test_needs_are_counted_once_with_the_locality_and_nothing_else(client: FlaskClient, engine: Engine) -> None:
    answer(client, *FALLS)
    for _ in range(3):
        client.get("/en/plan")
    with reading(engine) as session:
        counts = {(row.kind, row.key, row.locality): row.count for row in session.scalars(select(Tally))}
    assert counts[("plan made", "", "eastmoor")] == 1
    assert counts[("plan need", "falls", "eastmoor")] == 1


def test_the_key_is_bound_to_its_end_and_to_the_secret(database: Engine) -> None:
    code = new_code()
    key = key_of_code(code, SECRET)
    with writing(database) as session:
        sitting = keep_plan(session, Sitting(Answers({"who": ("me",)})), SECRET)
        code = sitting.code
        key = key_of_code(code, SECRET)
    with writing(database) as session:
        row = session.get(KeptPlan, key.id)
        assert row is not None
        row.ends_at += timedelta(days=400)
    with reading(database) as session:
        assert find_kept(session, key) is None, "an end that was put off opens nothing"
        assert find_kept(session, key_of_code(code, "y" * 40)) is None


def test_a_kept_plan_ends_and_is_purged(database: Engine) -> None:
    with writing(database) as session:
        sitting = keep_plan(session, Sitting(), SECRET, timedelta(days=7))
    with clock.stopped_at(clock.now() + timedelta(days=7, minutes=1)):
        with reading(database) as session:
            assert open_plan(session, sitting.code, SECRET) is None
        with writing(database) as session:
            purge_kept(session)
            assert session.scalar(select(func.count()).select_from(KeptPlan)) == 0


def test_nobody_keeps_a_plan_longer_than_ninety_days(database: Engine) -> None:
    with writing(database) as session:
        keep_plan(session, Sitting(), SECRET, timedelta(days=1000))
        ends_at = session.scalars(select(KeptPlan.ends_at)).one()
    assert ends_at <= clock.now() + timedelta(days=90)


def test_requests_are_remembered_with_the_plan_and_keep_it_if_need_be(database: Engine) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    with writing(database) as session:
        sitting = add_requests(session, Sitting(Answers({"who": ("me",)})), [first], SECRET)
        assert sitting.code
        again = add_requests(session, sitting, [first, second], SECRET)
        assert again.code == sitting.code
        assert list_requests(session, again) == (first, second)
        follow(session, again)
        assert list_requests(session, again) == (first, second)
        delete_plan(session, again)
        assert list_requests(session, again) == ()


def test_codes_are_hard_to_mishear_and_read_however_they_are_typed() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("01OILAEU")
    for code in codes:
        assert read_code(shown(code)) == read_code(f" {shown(code).lower().replace('-', ' ')} ") == code
    assert len(LETTERS) == len(set(LETTERS)) == 28


def test_a_plan_kept_again_has_the_same_code_and_another_end(database: Engine) -> None:
    with writing(database) as session:
        once = keep_plan(session, Sitting(), SECRET, timedelta(days=7))
        again = keep_plan(session, once, SECRET, timedelta(days=30))
        assert again.code == once.code
        kept = find_kept(session, key_of_code(once.code, SECRET))
        assert kept is not None
        assert kept.ends_at > clock.now() + timedelta(days=29)
        save_kept(session, key_of_code(once.code, SECRET), kept)


def test_a_plan_with_requests_is_kept_for_as_long_as_they_may_be_shared(database: Engine) -> None:
    with writing(database) as session:
        sitting = keep_plan(session, Sitting(), SECRET, timedelta(days=7))
        add_requests(session, sitting, (uuid.uuid4(),), SECRET)
        assert sitting.key is not None
        kept = find_kept(session, sitting.key)
        assert kept is not None
        assert kept.ends_at > clock.now() + timedelta(days=89)
