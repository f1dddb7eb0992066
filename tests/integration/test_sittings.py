"""Answers while somebody is answering: found by their token only, half an hour long, sealed, and gone when they have ended."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, update

from portal import clock
from portal.assessment.answers import Answers
from portal.assessment.keeping import LASTS, SealedSitting, Sitting, end_sitting, find_sitting, purge_sittings, save_sitting
from portal.db import reading, writing
from portal.sealing import key_of_token, new_token

CANARY = "a robin sings at dusk"
TOLD = Sitting(Answers({"who": ("me",), "help": ("mood",), "behind": ("afraid",)}, place="Eastmoor", texts={"better": CANARY}))
MOMENT = timedelta(seconds=1)


def save(engine: Engine, token: str, sitting: Sitting = TOLD) -> None:
    with writing(engine) as session:
        save_sitting(session, token, sitting)


def find(engine: Engine, token: str) -> Sitting | None:
    with reading(engine) as session:
        return find_sitting(session, token)


def count(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(SealedSitting)) or 0


def test_a_sitting_is_found_by_its_token_as_it_was_and_by_no_other(database: Engine, stopped_clock: datetime) -> None:
    token = new_token()
    save(database, token)
    assert find(database, token) == TOLD
    for other in (new_token(), token[:-1], token.swapcase(), "", key_of_token(token, "sitting").id):
        assert find(database, other) is None


def test_two_phones_do_not_see_each_others_answers(database: Engine, stopped_clock: datetime) -> None:
    one, other = new_token(), new_token()
    save(database, one)
    save(database, other, Sitting(Answers({"who": ("helping",)})))
    assert find(database, one) == TOLD
    assert find(database, other) == Sitting(Answers({"who": ("helping",)}))


def test_a_sitting_saved_again_takes_the_place_of_the_one_before(database: Engine, stopped_clock: datetime) -> None:
    token = new_token()
    save(database, token)
    save(database, token, Sitting(code="AB"))
    assert find(database, token) == Sitting(code="AB")
    assert count(database) == 1


def test_it_ends_half_an_hour_after_it_was_last_used(database: Engine) -> None:
    token, begun = new_token(), datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)
    with clock.stopped_at(begun):
        save(database, token)
    with clock.stopped_at(begun + LASTS - MOMENT):
        assert find(database, token) == TOLD
        save(database, token)
    for later, found in ((LASTS, TOLD), (2 * LASTS - 2 * MOMENT, TOLD), (2 * LASTS - MOMENT, None), (3 * LASTS, None)):
        with clock.stopped_at(begun + later):
            assert find(database, token) == found, later
    assert timedelta(minutes=30) == LASTS


@pytest.mark.parametrize("change", ["flipped", "cut", "emptied", "another's"])
def test_a_row_that_was_altered_is_as_good_as_none(database: Engine, stopped_clock: datetime, change: str) -> None:
    token, other = new_token(), new_token()
    save(database, token)
    save(database, other, Sitting(code="other"))
    own, theirs = (key_of_token(each, "sitting").id for each in (token, other))
    with writing(database) as session:
        sealed = session.get_one(SealedSitting, own).sealed
        spoilt = {
            "flipped": sealed[:-1] + bytes([sealed[-1] ^ 1]),
            "cut": sealed[:20],
            "emptied": b"",
            "another's": session.get_one(SealedSitting, theirs).sealed,
        }
        session.execute(update(SealedSitting).where(SealedSitting.id == own).values(sealed=spoilt[change]))
    assert find(database, token) is None


def test_a_row_of_a_shape_that_we_no_longer_read_is_as_good_as_none(database: Engine, stopped_clock: datetime) -> None:
    token = new_token()
    key = key_of_token(token, "sitting")
    with writing(database) as session:
        session.add(SealedSitting(id=key.id, sealed=key.seal(b'{"answers": 3}', key.id), ends_at=clock.now() + LASTS))
    assert find(database, token) is None


def test_what_is_ended_is_gone_and_only_that(database: Engine, stopped_clock: datetime) -> None:
    one, other = new_token(), new_token()
    save(database, one)
    save(database, other)
    with writing(database) as session:
        end_sitting(session, one)
        end_sitting(session, new_token())
    assert find(database, one) is None
    assert find(database, other) == TOLD
    assert count(database) == 1


def test_sittings_that_have_ended_are_purged_and_others_stay(database: Engine) -> None:
    old, young, begun = new_token(), new_token(), datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)
    with clock.stopped_at(begun):
        save(database, old)
    with clock.stopped_at(begun + LASTS - MOMENT):
        save(database, young)
    with clock.stopped_at(begun + LASTS), writing(database) as session:
        purge_sittings(session)
    assert count(database) == 1
    with clock.stopped_at(begun + LASTS):
        assert find(database, young) == TOLD


def test_the_database_holds_nothing_of_a_sitting_that_anybody_can_read(database: Engine, stopped_clock: datetime) -> None:
    token = new_token()
    save(database, token)
    held = bytes_of(Path(database.url.database or ""))
    for secret in (CANARY, "Eastmoor", "afraid", "mood", token, key_of_token(token, "sitting").secret.hex()):
        assert secret.encode() not in held, secret
    assert key_of_token(token, "sitting").id.encode() in held


def bytes_of(path: Path) -> bytes:
    """Everything that lies on the disk for an SQLite file, its log too."""
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def answered(client: FlaskClient) -> None:
    """Somebody answers, types and looks at the plan."""
    assert client.post("/en/questions/1", data={"who": "me"}).status_code == 303
    assert client.post("/en/questions/2", data={"none": "1"}).status_code == 303
    assert client.post("/en/questions/3", data={"place": "Eastmoor"}).status_code == 303
    assert client.post("/en/questions/4", data={"help": ["mood"]}).status_code == 303
    assert client.post("/en/questions/5", data={"counted-on": "nobody"}).status_code == 303
    assert client.post("/en/questions/6", data={"feeling": "most"}).status_code == 303
    assert client.post("/en/questions/7", data={"behind": "afraid"}).status_code == 303
    assert client.post("/en/questions/8", data={"conditions": "nothing"}).status_code == 303
    typed = {name: f"{CANARY} {name}" for name in ("works", "helpers", "better", "step")}
    assert client.post("/en/questions/9", data=typed).status_code == 303
    plan = client.get("/en/plan")
    assert plan.status_code == 200
    assert f"{CANARY} step" in plan.text


def test_what_was_typed_lies_nowhere_on_the_disk(app: Flask, client: FlaskClient) -> None:
    answered(client)
    state = Path(app.extensions["test settings"].instance).parent
    cookie = client.get_cookie("answers")
    assert cookie
    for file in (each for each in state.rglob("*") if each.is_file()):
        assert CANARY.encode() not in file.read_bytes(), file
        assert cookie.value.encode() not in file.read_bytes(), file


def test_what_was_typed_is_in_no_column_but_sealed_and_a_copy_of_the_database_opens_nothing(app: Flask, client: FlaskClient) -> None:
    answered(client)
    path = app.extensions["test settings"].database_url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        everything = "\n".join(connection.iterdump())
        sealed = connection.execute("select sealed from sitting").fetchall()
    connection.close()
    assert CANARY not in everything
    assert CANARY.encode().hex().upper() not in everything.upper()
    assert len(sealed) == 1
    assert "afraid" not in everything


def test_the_same_phone_finds_its_answers_and_another_finds_none(app: Flask, client: FlaskClient) -> None:
    answered(client)
    assert "Low, worried or stressed on most days" in client.get("/en/questions/check").text
    stranger = app.test_client()
    for page in ("/en/questions/2", "/en/questions/check", "/en/plan"):
        assert stranger.get(page).location == "/en/questions/ended"
    stranger.set_cookie("answers", "x" * 43)
    assert stranger.get("/en/plan").location == "/en/questions/ended"


def test_answers_that_have_ended_are_not_shown_and_a_new_beginning_gets_a_new_token(app: Flask, client: FlaskClient) -> None:
    answered(client)
    before = client.get_cookie("answers")
    with clock.stopped_at(clock.now() + LASTS):
        assert client.get("/en/plan").location == "/en/questions/ended"
        assert client.post("/en/questions/1", data={"who": "me"}).status_code == 303
        after = client.get_cookie("answers")
        assert before
        assert after
        assert before.value != after.value
        assert CANARY not in client.get("/en/questions/2").text


def test_the_cookie_is_the_browsers_own_for_as_long_as_it_is_open_and_out_of_reach_of_script(client: FlaskClient) -> None:
    [told] = client.post("/en/questions/1", data={"who": "me"}).headers.getlist("Set-Cookie")
    assert "HttpOnly" in told
    assert "SameSite=Lax" in told
    assert "Expires" not in told
    assert "Max-Age" not in told


def test_half_an_hour_more_is_given_when_asked_for_and_not_after_the_end(client: FlaskClient) -> None:
    answered(client)
    begun = clock.now()
    with clock.stopped_at(begun + LASTS - MOMENT):
        assert client.post("/en/questions/stay").status_code == 204
    with clock.stopped_at(begun + LASTS + LASTS / 2):
        assert client.get("/en/plan").status_code == 200
    with clock.stopped_at(begun + 4 * LASTS):
        assert client.post("/en/questions/stay").status_code == 410


def test_the_ticks_of_danger_are_kept_nowhere(app: Flask, client: FlaskClient) -> None:
    client.post("/en/questions/1", data={"who": "me"})
    cookie = client.get_cookie("answers")
    assert cookie
    before = find(app.extensions["assessment"].engine, cookie.value)
    page = client.post("/en/questions/2", data={"danger": ["abuse"]})
    assert page.status_code == 200
    assert "What to do now" in page.text
    assert find(app.extensions["assessment"].engine, cookie.value) == before
