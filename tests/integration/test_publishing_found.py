"""What a reviewer approves is found by residents as soon as the index has followed, and what ends is not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import little_borough
import pytest
from little_directory import ORGANIZATION, Directory, held, index_in, service_id
from msgspec.structs import replace
from proposing import member
from sqlalchemy import Engine

from portal.accounts.audiences import Role
from portal.db import writing
from portal.directory.records import get_record
from portal.editing.proposals.draft import Decision, Draft, DraftedService
from portal.editing.proposals.models import Kind
from portal.editing.proposals.operations import approve, propose, restore_version, save_draft
from portal.search.index import Index


@pytest.fixture
def directory(database: Engine) -> Directory:
    made = Directory(database)
    made.fill(5)
    return made


@pytest.fixture
def index(directory: Directory, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Index:
    made = index_in(tmp_path / "index", directory.engine, little_borough.extents(tmp_path_factory.mktemp("localities")))
    made.follow()
    return made


def test_an_approval_is_one_follow_away_from_being_found(index: Index, directory: Directory, stopped_clock: datetime) -> None:
    with writing(directory.engine) as session:
        editor = member(session, "amina@example.org", ORGANIZATION)
        reviewer = member(session, "rita@example.org", roles=(Role.REVIEWER,))
        record = get_record(session, service_id(1)).record
        draft = Draft(ORGANIZATION, Kind.CHANGE, (DraftedService(service_id(1), replace(record, name="Moonlight dancing")),))
        saved = save_draft(session, editor, draft)
        propose(session, editor, saved.id)
        proposal_id, lock = saved.id, saved.lock
        new = save_draft(session, editor, Draft(ORGANIZATION, Kind.NEW, (DraftedService(None, replace(record, name="Choir", venues=())),)))
        propose(session, editor, new.id)
        new_id, new_lock = new.id, new.lock
    assert index.follow() == 0
    assert held(index)[service_id(1)].name == "Club 1", "nothing public changes before"
    with writing(directory.engine) as session:
        approve(session, reviewer, proposal_id, lock, Decision())
        approve(session, reviewer, new_id, new_lock, Decision())
    assert index.follow() == 2
    names = {listing.name for listing in held(index).values()}
    assert {"Moonlight dancing", "Choir"} <= names
    assert held(index) == directory.listings()
    with writing(directory.engine) as session:
        restore_version(session, reviewer, service_id(1), 0, "A joke")
    index.follow()
    assert held(index)[service_id(1)].name == "Club 1"


def test_what_ends_is_not_found_any_more(index: Index, directory: Directory, stopped_clock: datetime) -> None:
    with writing(directory.engine) as session:
        editor = member(session, "amina@example.org", ORGANIZATION)
        reviewer = member(session, "rita@example.org", roles=(Role.REVIEWER,))
        ended = replace(get_record(session, service_id(2)).record, status="inactive")
        saved = save_draft(session, editor, Draft(ORGANIZATION, Kind.WITHDRAWAL, (DraftedService(service_id(2), ended),)))
        propose(session, editor, saved.id)
        approve(session, reviewer, saved.id, saved.lock, Decision())
    index.follow()
    assert service_id(2) not in held(index)
    assert len(held(index)) == 4
