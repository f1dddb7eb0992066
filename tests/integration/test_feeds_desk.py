"""The reviewer's desk for feeds: theirs beside ours, decisions that hold, and letters to those whom a feed concerns."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from accounts import make_person, signed_in
from feed_server import HOST, OPTIONS, Feed, caller, feed_served, listing, remote
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import Engine, select

from portal import clock
from portal.accounts.audiences import Role
from portal.db import reading, writing
from portal.directory.feeds.models import Feed as FeedRow
from portal.directory.feeds.models import FeedListing, State
from portal.directory.feeds.operations import add_feed
from portal.directory.feeds.pulling import Pulled, pull
from portal.directory.models import Service
from portal.directory.operations import withdraw
from portal.directory.publishing import Target, publish
from portal.directory.records import get_record
from portal.directory.versions import list_versions
from portal.editing.feeds.telling import tell
from portal.history import Act

NAME = "Next council"
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)
LICENCE = "Open Government Licence v3.0"


@pytest.fixture
def feed() -> Iterator[Feed]:
    with feed_served() as served:
        yield served


@pytest.fixture
def engine(app: Flask) -> Engine:
    engine: Engine = app.extensions["feeds"].engine
    with writing(engine) as session:
        add_feed(session, HOST, NAME, LICENCE, "test")
    return engine


@pytest.fixture
def reviewer(app: Flask) -> FlaskClient:
    return signed_in(app, make_person(app, "rosa@example.org", roles=[Role.REVIEWER]))


def read_at(engine: Engine, days: float = 0) -> Pulled:
    with writing(engine) as session:
        session.scalars(select(FeedRow)).one().whole_at = None
    with clock.stopped_at(NOW + timedelta(days=days)):
        pulled = pull(engine, caller(), OPTIONS, NAME)
    assert pulled is not None
    return pulled[0]


def ours(engine: Engine) -> Service:
    with reading(engine) as session:
        return session.scalars(select(Service).where(Service.name == "Steady Steps")).one()


def same_as_ours(engine: Engine, **changes: object) -> dict[str, object]:
    """A listing of the feed under the id of one that is here."""
    return {**listing(1, name="Steady Steps of theirs", description="Theirs is another text."), "id": str(ours(engine).id), **changes}


def only_key(engine: Engine, state: State = State.WAITING) -> uuid.UUID:
    with reading(engine) as session:
        return session.scalars(select(FeedListing.key).where(FeedListing.state == state)).one()


def decide(reviewer: FlaskClient, key: uuid.UUID, choice: str) -> int:
    page = reviewer.get(f"/en/feeds/{key}")
    lock = re.search(r'name="lock" value="([^"]+)"', page.text)
    assert lock
    return reviewer.post(f"/en/feeds/{key}", data={"choice": choice, "lock": lock[1]}).status_code


def said(engine: Engine, service_id: uuid.UUID) -> str:
    with reading(engine) as session:
        return get_record(session, service_id).record.description


def test_both_are_shown_side_by_side_what_differs_first(engine: Engine, feed: Feed, reviewer: FlaskClient) -> None:
    feed.put(same_as_ours(engine), listing(2))
    read_at(engine)
    waiting = reviewer.get("/en/feeds")
    assert "Steady Steps of theirs" in waiting.text
    assert "1 listing to decide" in waiting.text
    page = reviewer.get(f"/en/feeds/{only_key(engine)}").text
    assert "Theirs is another text." in page
    assert said(engine, ours(engine).id).splitlines()[0][:30] in page
    assert page.index("Theirs is another text.") < page.index("What is to happen?")
    assert LICENCE in page
    assert NAME in page
    assert reviewer.get(f"/ur/feeds/{only_key(engine)}").status_code == 200


def test_ours_is_kept_for_good_and_can_be_decided_again(engine: Engine, feed: Feed, reviewer: FlaskClient) -> None:
    feed.put(same_as_ours(engine))
    read_at(engine)
    before = said(engine, ours(engine).id)
    assert decide(reviewer, only_key(engine), "ours") == 303
    feed.put(same_as_ours(engine, description="Once more, something else."))
    read_at(engine, 1)
    assert said(engine, ours(engine).id) == before
    assert "Nothing waits" in reviewer.get("/en/feeds").text
    assert "Steady Steps of theirs" in reviewer.get("/en/feeds?state=ours").text
    assert "Once more, something else." in reviewer.get(f"/en/feeds/{only_key(engine, State.OURS)}").text, (
        "what is decided on is what is seen"
    )
    assert decide(reviewer, only_key(engine, State.OURS), "theirs") == 303


def test_theirs_takes_the_place_of_ours_keeps_its_owner_and_stays_in_step(engine: Engine, feed: Feed, reviewer: FlaskClient) -> None:
    service = ours(engine)
    before = said(engine, service.id)
    feed.put(same_as_ours(engine))
    read_at(engine)
    assert decide(reviewer, only_key(engine), "theirs") == 303
    assert said(engine, service.id) == "Theirs is another text."
    feed.put({**feed.listings[str(service.id)], "description": "And changed again."})
    assert read_at(engine, 1).report.loaded == 1
    assert said(engine, service.id) == "And changed again."
    with reading(engine) as session:
        assert session.get_one(Service, service.id).organization_id == service.organization_id
        assert before in {version.record.description for version in list_versions(session, service.id)}, "it can be put back"


def test_both_become_two_listings(engine: Engine, feed: Feed, reviewer: FlaskClient) -> None:
    service = ours(engine)
    before = said(engine, service.id)
    feed.put(same_as_ours(engine))
    read_at(engine)
    assert decide(reviewer, only_key(engine), "both") == 303
    with reading(engine) as session:
        other = session.scalars(select(Service).where(Service.name == "Steady Steps of theirs")).one()
    assert other.id != service.id
    assert other.organization_id != service.organization_id
    assert said(engine, service.id) == before
    feed.put(same_as_ours(engine, description="And changed again."))
    read_at(engine, 1)
    assert said(engine, other.id) == "And changed again."


def test_what_was_changed_here_is_decided_between_two_texts(engine: Engine, feed: Feed, reviewer: FlaskClient) -> None:
    feed.put(listing(1), listing(2))
    read_at(engine)
    service_id = uuid.UUID(remote(1))
    with writing(engine) as session:
        live = get_record(session, service_id)
        publish(session, Target(live.organization_id, service_id), replace(live.record, description="Ours."), Act("published", "test"))
    feed.put(listing(1, description="Theirs."))
    read_at(engine, 1)
    key = only_key(engine)
    assert 'value="both"' not in reviewer.get(f"/en/feeds/{key}").text
    assert decide(reviewer, key, "theirs") == 303
    assert said(engine, service_id) == "Theirs."
    feed.put(listing(1, description="Theirs, once more."))
    read_at(engine, 2)
    assert said(engine, service_id) == "Theirs, once more.", "it is in step again"


def test_what_they_changed_while_somebody_looked_is_looked_at_again(engine: Engine, feed: Feed, reviewer: FlaskClient) -> None:
    feed.put(same_as_ours(engine))
    read_at(engine)
    key = only_key(engine)
    lock = re.search(r'name="lock" value="([^"]+)"', reviewer.get(f"/en/feeds/{key}").text)
    assert lock
    feed.put(same_as_ours(engine, description="Changed meanwhile."))
    read_at(engine, 1)
    answer = reviewer.post(f"/en/feeds/{key}", data={"choice": "theirs", "lock": lock[1]})
    assert answer.status_code == 409
    assert "Changed meanwhile." in answer.text
    assert said(engine, ours(engine).id) != "Changed meanwhile."


def test_nothing_chosen_is_said(engine: Engine, feed: Feed, reviewer: FlaskClient) -> None:
    feed.put(same_as_ours(engine))
    read_at(engine)
    for choice in ("", "nonsense"):
        answer = reviewer.post(f"/en/feeds/{only_key(engine)}", data={"choice": choice, "lock": "x"})
        assert answer.status_code == 422
        assert "Choose what is to happen." in answer.text


def test_what_is_decided_already_cannot_be_decided_again_from_an_old_page(engine: Engine, feed: Feed, reviewer: FlaskClient) -> None:
    feed.put(same_as_ours(engine))
    read_at(engine)
    key = only_key(engine)
    lock = re.search(r'name="lock" value="([^"]+)"', reviewer.get(f"/en/feeds/{key}").text)
    assert lock
    assert decide(reviewer, key, "both") == 303
    assert reviewer.post(f"/en/feeds/{key}", data={"choice": "theirs", "lock": lock[1]}).status_code == 409
    assert "This is decided" in reviewer.get(f"/en/feeds/{key}").text


def test_a_decision_about_a_listing_that_was_withdrawn_meanwhile_holds(engine: Engine, feed: Feed, reviewer: FlaskClient) -> None:
    feed.put(same_as_ours(engine))
    read_at(engine)
    with writing(engine) as session:
        withdraw(session, ours(engine).id, "test", "it closed")
    assert decide(reviewer, only_key(engine), "both") == 303


def test_a_page_says_where_its_listing_comes_from_and_under_which_licence(engine: Engine, feed: Feed, client: FlaskClient) -> None:
    feed.put(listing(1))
    read_at(engine)
    page = client.get(f"/en/services/{remote(1)}").text
    assert NAME in page
    assert LICENCE in page
    assert "They last listed it on 24 November 2026" in page
    assert client.get(f"/ur/services/{remote(1)}").status_code == 200


def test_administrators_are_told_of_a_feed_that_is_not_believed_once_a_week(app: Flask, engine: Engine, feed: Feed) -> None:
    make_person(app, "ada@example.org", roles=[Role.ADMINISTRATOR])
    make_person(app, "rosa@example.org", roles=[Role.REVIEWER])
    sender = app.extensions["feeds"].sender
    feed.put(*(listing(number) for number in range(8)))
    read_at(engine)
    feed.listings.clear()
    read_at(engine, 1)
    letters = []
    for day in (1, 2, 3, 9):
        with clock.stopped_at(NOW + timedelta(days=day)), writing(engine) as session:
            letters.append(tell(session, sender))
    assert letters == [1, 0, 0, 1]


def test_administrators_are_told_of_a_feed_that_is_gone_after_two_days(app: Flask, engine: Engine, feed: Feed) -> None:
    make_person(app, "ada@example.org", roles=[Role.ADMINISTRATOR])
    feed.put(listing(1))
    read_at(engine)
    feed.odd["*"] = (500, {}, b"")
    letters = []
    for day in (1, 2, 3, 4):
        read_at(engine, day)
        with clock.stopped_at(NOW + timedelta(days=day)), writing(engine) as session:
            letters.append(tell(session, app.extensions["feeds"].sender))
    assert letters == [0, 0, 1, 0]


def test_reviewers_are_told_what_waits_once_a_day(app: Flask, engine: Engine, feed: Feed) -> None:
    make_person(app, "rosa@example.org", roles=[Role.REVIEWER])
    feed.put(same_as_ours(engine))
    read_at(engine)
    letters = []
    for hours in (1, 2, 23, 24):
        with clock.stopped_at(NOW + timedelta(hours=hours)), writing(engine) as session:
            letters.append(tell(session, app.extensions["feeds"].sender))
    assert letters == [1, 0, 1, 0]


def test_the_desk_says_what_is_wrong_with_a_feed(engine: Engine, feed: Feed, reviewer: FlaskClient) -> None:
    feed.put(listing(1), listing(2))
    read_at(engine)
    feed.odd["*"] = (200, {}, b"<html>")
    read_at(engine, 1)
    assert "What it sends cannot be read." in reviewer.get("/en/feeds").text
