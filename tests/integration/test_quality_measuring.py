"""Measures follow the listings: what was published, loaded or moved is measured anew, in small batches that can be broken off."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace as altered
from quality import ACT, FRIENDS, WHOLE, add, add_organizations, room_of
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from portal.db import Base, reading, writing
from portal.directory.models import Service
from portal.directory.operations import withdraw
from portal.directory.publishing import Target, publish
from portal.directory.records import get_record
from portal.editing.quality import measures, measuring
from portal.editing.quality.measures import rule_of
from portal.editing.quality.measuring import bring_up_to_date, count_waiting
from portal.editing.quality.models import Quality, QualityPlace
from portal.editing.quality.operations import Reading, keep
from portal.editing.quality.room import QualityRoom


@pytest.fixture
def room(database: Engine, tmp_path: Path, stopped_clock: datetime) -> QualityRoom:
    with writing(database) as session:
        add_organizations(session)
    return room_of(database, tmp_path)


def waiting(room: QualityRoom) -> int:
    with reading(room.engine) as session:
        return count_waiting(session, rule_of(room.ground))


def number(room: QualityRoom, table: type[Base]) -> int:
    with reading(room.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def row(room: QualityRoom, service_id: uuid.UUID) -> Quality:
    with reading(room.engine) as session:
        return session.get_one(Quality, service_id)


def places(room: QualityRoom, service_id: uuid.UUID) -> list[str]:
    with reading(room.engine) as session:
        query = select(QualityPlace.place).where(QualityPlace.service_id == service_id).order_by(QualityPlace.place)
        return list(session.scalars(query))


def change(room: QualityRoom, service_id: uuid.UUID, **changes: object) -> None:
    with writing(room.engine) as session:
        publish(session, Target(FRIENDS, service_id), altered(get_record(session, service_id).record, **changes), ACT)


def test_every_public_listing_is_measured_once(room: QualityRoom) -> None:
    whole, hard = add(room.engine), add(room.engine, description="We facilitate holistic provision. " * 3, fees="")
    closed = add(room.engine)
    with writing(room.engine) as session:
        withdraw(session, closed, acted_by="tests", reason="closed")
    assert waiting(room) == 2
    assert bring_up_to_date(room) == 2
    assert (waiting(room), number(room, Quality)) == (0, 2)
    assert (row(room, whole).is_complete, row(room, whole).is_plain, row(room, whole).missing) == (True, True, [])
    assert (row(room, hard).is_complete, row(room, hard).is_plain, row(room, hard).missing) == (False, False, ["cost"])
    assert places(room, whole) == ["north"]
    assert bring_up_to_date(room) == 0


def test_a_change_that_is_published_is_measured_anew_and_its_area_moves(room: QualityRoom) -> None:
    service_id = add(room.engine)
    bring_up_to_date(room)
    [venue] = WHOLE.venues
    change(room, service_id, fees="", venues=(altered(venue, postcode="ZZ3 1AA"),))
    assert waiting(room) == 1
    assert bring_up_to_date(room) == 1
    assert (row(room, service_id).missing, places(room, service_id)) == (["cost"], ["south"])


def test_a_confirmation_alone_measures_nothing(room: QualityRoom) -> None:
    service_id = add(room.engine)
    bring_up_to_date(room)
    with writing(room.engine) as session:
        publish(session, Target(FRIENDS, service_id), get_record(session, service_id).record, ACT, confirmed_by="Somebody else")
    assert bring_up_to_date(room) == 0


def test_another_rule_measures_everything_anew(room: QualityRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        add(room.engine)
    bring_up_to_date(room)
    monkeypatch.setattr(measures, "RULE", measures.RULE + 1)
    assert waiting(room) == 3
    assert bring_up_to_date(room) == 3
    assert waiting(room) == 0


def test_what_is_broken_off_goes_on_where_it_was(room: QualityRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "AT_ONCE", 2)
    for _ in range(7):
        add(room.engine)
    kept = measuring.keep
    calls: list[int] = []

    def break_off(session: Session, readings: Mapping[uuid.UUID, Reading], rule: str) -> None:
        kept(session, readings, rule)
        calls.append(len(readings))
        if len(calls) == 2:
            raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(measuring, "keep", break_off)
        with pytest.raises(RuntimeError, match="killed"):
            bring_up_to_date(room)
    assert 7 - waiting(room) == calls[0], "what was written with the one that was killed is not there"
    assert number(room, Quality) == number(room, QualityPlace) == calls[0]
    assert bring_up_to_date(room) == 7 - calls[0]
    assert waiting(room) == 0


def test_a_pass_has_an_end(room: QualityRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "AT_ONCE", 2)
    for _ in range(7):
        add(room.engine)
    passes = 0
    while bring_up_to_date(room, longest=-1.0):
        passes += 1
    assert 4 <= passes <= 5, "each passes over one batch, on either side of where it begins"
    assert waiting(room) == 0


def test_an_older_reading_never_takes_the_place_of_a_newer_one(room: QualityRoom) -> None:
    service_id = add(room.engine)
    with reading(room.engine) as session:
        old = get_record(session, service_id)
    change(room, service_id, fees="")
    bring_up_to_date(room)
    late = measures.measure(old.record, room.ground)
    with writing(room.engine) as session:
        keep(session, {service_id: Reading(old.version, replace(late, places=("south",)))}, rule_of(room.ground))
    assert (row(room, service_id).missing, places(room, service_id), waiting(room)) == (["cost"], ["north"], 0)


def test_what_is_gone_meanwhile_is_left_out(room: QualityRoom) -> None:
    read = measures.measure(WHOLE, room.ground)
    with writing(room.engine) as session:
        keep(session, {uuid.uuid4(): Reading(1, read)}, rule_of(room.ground))
    there = add(room.engine)
    with writing(room.engine) as session:
        keep(session, {uuid.uuid4(): Reading(1, read), there: Reading(1, read)}, rule_of(room.ground))
    assert number(room, Quality) == 1


def test_what_a_load_writes_waits_too(room: QualityRoom) -> None:
    service_id = add(room.engine)
    bring_up_to_date(room)
    with writing(room.engine) as session:  # as a load does: the version goes up, and no version is kept
        session.execute(update(Service).where(Service.id == service_id).values(description="", version=Service.version + 1))
    assert bring_up_to_date(room) == 1
    assert row(room, service_id).missing == ["about"]
    assert not row(room, service_id).is_plain
