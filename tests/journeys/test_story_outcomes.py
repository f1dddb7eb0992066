"""A quarter: residents make plans, say how they went and ask for help; when it is over, a commissioner reads what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element

import pytest
from accounts import make_person, signed_in
from contract_rules import text_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import clock
from portal.accounts.audiences import Role
from portal.db import reading
from portal.mail import Message, Outgoing
from portal.sealing import key_of_site
from portal.sharing.asking.room import AskingRoom

JULY = datetime(2026, 7, 14, 9, 0, tzinfo=UTC)  # a Tuesday
OCTOBER = datetime(2026, 10, 2, 9, 0, tzinfo=UTC)
WAY = ({"who": "me"}, {"none": "1"}, {"place": "Eastmoor"}, {"help": "about"}, {"falling": "fell"})
GOOD_WEEK = {"better": "I cook my own meals."}
HELPED, ASKING = 13, 11  # residents
FEW = "fewer than 10"


@pytest.fixture
def residents(app: Flask) -> Iterator[list[FlaskClient]]:
    """Each with a phone of their own and a plan, made on a day in July."""
    with clock.stopped_at(JULY):
        yield [resident(app, number) for number in range(HELPED + ASKING)]


def resident(app: Flask, number: int) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number + 1}"
    for page, given in enumerate(WAY, 1):
        assert client.post(f"/en/questions/{page}", data=given).status_code == 303
    for page in range(6, 20):
        shown = client.get(f"/en/questions/{page}")
        if shown.status_code == 303:
            break
        first = dict(re.findall(r'name="([^"]+)" type="(?:radio|checkbox)" value="([^"]+)"', shown.text))
        assert client.post(f"/en/questions/{page}", data=GOOD_WEEK if 'name="better"' in shown.text else first).status_code == 303
    return client


def come_back(app: Flask, client: FlaskClient) -> FlaskClient:
    """The same person with another phone, and the code of their plan."""
    client.post("/en/plan/keep", data={"days": "90"})
    code = re.search(r'class="code-large"><bdi dir="ltr">([^<]+)', client.get("/en/plan/keep").text)
    assert code
    other = app.test_client()
    other.environ_base.update(client.environ_base)
    other._typed += client._typed  # type: ignore[attr-defined]
    assert other.post("/en/plan/open", data={"code": code[1]}).location == "/en/plan"
    return other


def ask_the_front_door(client: FlaskClient) -> None:
    fields = {"to": "front-door", "email": "amina@example.com", "until": "30"}
    form = client.post("/en/plan/ask/check", data=fields).text.split('action="/en/plan/ask/send"')[1].split("</form>")[0]
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert client.post("/en/plan/ask/send", data=hidden).location == "/en/plan/asked"


def links_sent(room: AskingRoom) -> list[str]:
    key = key_of_site(room.sender.secret, "mail")
    with reading(room.engine) as session:
        bodies = [Message.unpacked(key.open(row.sealed, str(row.id))).body for row in session.scalars(select(Outgoing))]
    return [found[1] for body in bodies if (found := re.search(r"http://[^/]+(/en/answer/\S+)", body))]


def told(tree: Element, measure: str, area: str) -> list[str]:
    """What stands in the row of an area in the table of a measure."""
    [part] = [it for it in tree.iter("section") if it.get("aria-labelledby") == f"m-{measure}"]
    [row] = [row for row in next(part.iter("tbody")).iter("tr") if text_of(next(row.iter("th"))) == area]
    return [text_of(cell) for cell in row.iter("td")]


def test_what_residents_say_in_a_quarter_is_what_its_report_says(app: Flask, residents: list[FlaskClient]) -> None:
    helped, asking = residents[:HELPED], residents[HELPED:]
    for client in helped:
        found = re.search(r'data-service="([^"]+)"', client.get("/en/plan").text)
        assert found
        for _ in range(2):
            client.post("/en/plan/went", data={"item": found[1], "how": "done"})
        come_back(app, client).post("/en/plan/went", data={"item": "good-week", "how": "partly"})
    for client in asking:
        ask_the_front_door(client)
    room: AskingRoom = app.extensions["asking"]
    with clock.stopped_at(JULY + timedelta(days=2)):  # Thursday
        for link in links_sent(room):
            assert app.test_client().post(f"{link}/reply", data={"kind": "contact", "on": "2026-07-20"}).status_code == 303
    with clock.stopped_at(OCTOBER):
        commissioner = signed_in(app, make_person(app, "plans@example.org", roles=[Role.COMMISSIONER]))
        assert commissioner.get("/en/insight/reports/2026-q2").status_code == 200
        response = commissioner.get("/en/insight/reports/2026-q3")
        tree = response.page.tree  # type: ignore[attr-defined]
    assert told(tree, "services", "Eastmoor")[:3] == ["at least 15", FEW, FEW]
    assert told(tree, "first", "Eastmoor")[:2] == ["at least 15", "10"]
    assert told(tree, "week", "Eastmoor")[:3] == [FEW, "15", FEW]
    assert told(tree, "requests", "Eastmoor")[:3] == [FEW, "10", FEW], "eleven were answered on the second working day"
    with clock.stopped_at(OCTOBER - timedelta(days=1)):
        assert commissioner.get("/en/insight/reports/2026-q3").status_code == 404, "it is still being written"
