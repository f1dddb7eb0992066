"""A leak in the library: a council editor tells everybody, in two languages, corrects a fact, and takes it all back when it is over."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from accounts import make_person, signed_in
from contract import CheckedClient
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.accounts.audiences import Role
from portal.council import standing
from portal.council.standing import Standing
from portal.web.app import create_app

LEAK = "Eastmoor Library is closed until Friday because of a leak."
LEAK_IN_URDU = "ایسٹ مور لائبریری جمعہ تک بند ہے۔"


@pytest.fixture
def worker(make_app: Callable[..., Flask]) -> Flask:
    """The process that the editor happens to reach."""
    return make_app()


@pytest.fixture
def other_worker(worker: Flask) -> Iterator[Flask]:
    """Another process of the same site, on the same database."""
    app = create_app(worker.extensions["test settings"])
    app.test_client_class = CheckedClient
    yield app
    app.extensions["council"].engine.dispose()


def editor_of(app: Flask) -> FlaskClient:
    return signed_in(app, make_person(app, "amina@example.org", roles=[Role.COUNCIL_EDITOR]))


def form_of(phone: FlaskClient, address: str) -> dict[str, str]:
    """The version that the form of a page changes."""
    return {"version": re.findall(r'name="version" value="(\d+)"', phone.get(address).text)[0]}


def a_minute_later(app: Flask) -> None:
    """What the thread of each process does once a minute."""
    held: Standing = app.extensions["council"].standing
    held.refresh()


def test_a_notice_from_the_first_word_to_the_last(worker: Flask, other_worker: Flask) -> None:
    editor, resident, elsewhere = editor_of(worker), worker.test_client(), other_worker.test_client()
    assert "No notice shows now" in editor.get("/en/council").text
    typed = {"tone": "care", "words_en": LEAK, "words_ur": LEAK_IN_URDU, "starts_on": "24/11/2026", "ends_on": "27/11/2026", "place": ""}
    draft = editor.post("/en/council/notices/new", data=typed).location
    assert LEAK in editor.get(draft).text
    assert f"<p>{LEAK_IN_URDU}</p>" in editor.get(draft.replace("/en/", "/ur/")).text
    assert LEAK not in resident.get("/en/").text

    editor.post(f"{draft}/put-up", data=form_of(editor, draft))
    assert LEAK in resident.get("/en/").text
    assert LEAK_IN_URDU in resident.get("/ur/advice").text
    a_minute_later(other_worker)
    assert LEAK in elsewhere.get("/en/localities/eastmoor").text

    better = editor.post(f"{draft}/draft").location
    editor.post(better, data={**typed, **form_of(editor, better), "words_en": f"{LEAK} Come to Millbrook Hall.", "words_ur": ""})
    look = better.removesuffix("/change")
    assert "it takes the place of the one" in editor.get(look).text
    editor.post(f"{look}/put-up", data=form_of(editor, look))
    home = resident.get("/en/").text
    assert home.count(LEAK) == 1
    assert "Come to Millbrook Hall." in home

    editor.post(f"{look}/take-down")
    assert LEAK not in resident.get("/en/").text
    a_minute_later(other_worker)
    assert LEAK not in elsewhere.get("/en/").text
    history = editor.get(f"/en/council/history/{look.rsplit('/', 1)[1]}").text
    assert [history.index(act) for act in ("Taken down, ", "Put up, ", "Changed, ", "Written, ")] == sorted(
        history.index(act) for act in ("Taken down, ", "Put up, ", "Changed, ", "Written, ")
    )
    assert history.count("Amina Rahman") == 4


def test_in_april_the_desk_says_what_is_missing_and_pages_leave_it_out_until_somebody_writes_it(worker: Flask) -> None:
    with clock.stopped_at(clock.now() + timedelta(days=140)):  # 13 April 2027: a new financial year, and nobody has read anything
        editor, resident = editor_of(worker), worker.test_client()
        assert "9 are missing this year." in editor.get("/en/council").text
        page = "/en/advice/carers-money-and-work"
        assert "£" not in re.sub(r"£1 a week", "", resident.get(page).text.split('class="prose"')[1].split("</article>")[0])
        address = "/en/council/money/2027/carers_allowance_weekly"
        assert "£86.45" in editor.get(address).text, "the year before stands beside it"
        typed = {**form_of(editor, address), "amount": "89.10", "source": "https://www.gov.uk/carers-allowance", "read_on": "12/04/2027"}
        assert editor.post(address, data=typed).status_code == 303
        assert "£89.10" in resident.get(page).text
        assert "8 are missing this year." in editor.get("/en/council").text


def test_each_process_reads_the_councils_words_at_once_and_then_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    reads, enough = [0], threading.Event()

    def read(_held: Standing) -> None:
        reads[0] += 1
        if reads[0] == 3:
            enough.set()
            threading.Event().wait()  # and no more: the thread dies with the tests

    monkeypatch.setattr(standing, "EVERY_SECONDS", 0.001)
    monkeypatch.setattr(Standing, "refresh", read)
    Standing.follow_for_ever(object.__new__(Standing))
    assert enough.wait(10)
