"""Many at once, on SQLite and on a real PostgreSQL: two editors lose nothing, reviewers decide once, what breaks leaves nothing."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace
from proposing import OURS, Stage, drafted, set_up, waiting
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.db import reading, writing
from portal.directory.changes import Change
from portal.directory.publishing import Target, publish
from portal.directory.record import PhoneEntry
from portal.directory.records import get_record
from portal.directory.versions import ServiceVersion, list_versions
from portal.editing.proposals.draft import Decision, Draft, DraftedService, ServiceDecision
from portal.editing.proposals.models import Kind, Notice, Proposal, ProposedService
from portal.editing.proposals.operations import approve, confirm_contacts, propose, save_draft, withdraw_proposal
from portal.editing.proposals.queries import get_proposal
from portal.errors import Conflict
from portal.history import Act, HistoryLine

MOMENT = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
MANY = 6
TABLES = (Proposal, ProposedService, ServiceVersion, HistoryLine, Change, Notice)


@pytest.fixture(params=["database", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An empty database of each kind."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture
def stage(engine: Engine) -> Iterator[Stage]:
    with clock.stopped_at(MOMENT):
        with writing(engine) as session:
            made = set_up(session)
        yield made


def all_at_once(engine: Engine, acts: list[Callable[[Session], object]]) -> list[object]:
    """What each act gives, in a transaction of its own; a conflict is told as one."""
    gate = threading.Barrier(len(acts))

    def work(act: Callable[[Session], object]) -> object:
        with clock.stopped_at(MOMENT):
            gate.wait()
            try:
                with writing(engine) as session:
                    return act(session)
            except Conflict:
                return Conflict

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(work, acts))


def fees(engine: Engine, stage: Stage) -> str:
    with reading(engine) as session:
        return get_record(session, stage.service_id).record.fees


def counted(engine: Engine) -> dict[str, int]:
    with reading(engine) as session:
        return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


def test_one_publish_wins_and_the_others_are_told(engine: Engine, stage: Stage) -> None:
    with reading(engine) as session:
        before = get_record(session, stage.service_id)

    def act(number: int) -> Callable[[Session], object]:
        record = replace(before.record, fees=f"{number}")
        return lambda session: publish(session, Target(OURS, stage.service_id, before.version), record, Act("published", "tests"))

    done = all_at_once(engine, [act(number) for number in range(MANY)])
    assert done.count(Conflict) == MANY - 1
    with reading(engine) as session:
        assert [version.number for version in list_versions(session, stage.service_id)] == [2, 1]
    assert fees(engine, stage) == str(next(number for number, one in enumerate(done) if one is not Conflict))


def test_the_same_draft_saved_at_once_is_one(engine: Engine, stage: Stage) -> None:
    done = all_at_once(engine, [lambda session: drafted(session, stage.editor, stage, fees="3")[0]] * MANY)
    assert len(set(done)) == 1
    assert counted(engine)["proposal"] == counted(engine)["proposed_service"] == 1


def test_two_editors_at_once_lose_nothing(engine: Engine, stage: Stage) -> None:
    first, second = all_at_once(
        engine,
        [
            lambda session: waiting(session, stage.editor, stage, fees="3"),
            lambda session: waiting(session, stage.second_editor, stage, wait_time="A week"),
        ],
    )
    assert isinstance(first, uuid.UUID)
    assert isinstance(second, uuid.UUID)

    def approved(proposal_id: uuid.UUID) -> Callable[[Session], object]:
        return lambda session: approve(session, stage.reviewer, proposal_id, get_proposal(session, proposal_id).lock, Decision())

    done = all_at_once(engine, [approved(first), approved(second)])
    assert Conflict not in done
    with reading(engine) as session:
        found = get_record(session, stage.service_id).record
        assert (found.fees, found.wait_time) == ("3", "A week")


def test_several_reviewers_decide_once(engine: Engine, stage: Stage) -> None:
    with writing(engine) as session:
        proposal_id = waiting(session, stage.editor, stage, fees="3")
        lock = get_proposal(session, proposal_id).lock
    acts: list[Callable[[Session], object]] = [
        *[lambda session: approve(session, stage.reviewer, proposal_id, lock, Decision())] * 2,
        *[lambda session: approve(session, stage.second_reviewer, proposal_id, lock, Decision())] * 2,
        *[lambda session: withdraw_proposal(session, stage.editor, proposal_id, lock)] * 2,
    ]
    done = all_at_once(engine, acts)
    assert done.count(Conflict) == len(acts) - 1
    with reading(engine) as session:
        state = get_proposal(session, proposal_id).state
        published = len(list_versions(session, stage.service_id)) - 1
    assert (state, published, fees(engine, stage)) in (("approved", 1, "3"), ("withdrawn", 0, "Two pounds"))


def test_of_two_conflicting_choices_made_at_once_one_is_told_to_look_again(engine: Engine, stage: Stage) -> None:
    with writing(engine) as session:
        both = [waiting(session, who, stage, fees=said) for who, said in ((stage.editor, "3"), (stage.second_editor, "4"))]
        seen = [get_proposal(session, each) for each in both]

    def act(number: int) -> Callable[[Session], object]:
        [service] = seen[number].services
        said = Decision((ServiceDecision(service.id, ("fees",), service.live_version),))
        return lambda session: approve(session, stage.reviewer, both[number], seen[number].lock, said)

    done = all_at_once(engine, [act(0), act(1)])
    assert done.count(Conflict) == 1
    assert fees(engine, stage) == ("4" if done[0] is Conflict else "3")


def test_what_is_held_is_confirmed_once(engine: Engine, stage: Stage) -> None:
    with writing(engine) as session:
        proposal_id = waiting(session, stage.editor, stage, phones=(PhoneEntry("01632 960777"),))
        approve(session, stage.reviewer, proposal_id, get_proposal(session, proposal_id).lock, Decision())
        lock = get_proposal(session, proposal_id).lock
    done = all_at_once(engine, [lambda session: confirm_contacts(session, stage.second_reviewer, proposal_id, lock)] * MANY)
    assert done.count(Conflict) == MANY - 1


def test_shared_places_changed_from_both_sides_at_once_do_not_stand_in_each_others_way(engine: Engine, stage: Stage) -> None:
    with writing(engine) as session:
        hall = get_record(session, stage.service_id).record.venues[0]
        others = [
            publish(
                session,
                Target(OURS),
                replace(get_record(session, stage.service_id).record, venues=(replace(hall, id=None),)),
                Act("x", "tests"),
            )
            for _ in range(3)
        ]
    lock = threading.Lock()
    failed: list[str] = []

    def act(service_id: uuid.UUID, number: int) -> Callable[[Session], object]:
        def change(session: Session) -> object:
            found = get_record(session, service_id)
            venue = replace(found.record.venues[0], address=f"{number} Oak Street")
            try:
                return publish(session, Target(OURS, service_id), replace(found.record, venues=(venue,)), Act("published", "tests"))
            except Exception as error:
                with lock:
                    failed.append(type(error).__name__)
                raise Conflict("told") from error

        return change

    done = all_at_once(engine, [act(each, number) for number, each in enumerate(others)])
    assert len([one for one in done if one is not Conflict]) >= 1
    with reading(engine) as session:
        assert len({get_record(session, each).record.venues[0].address for each in others}) == 1, "one place has one address"


STEPS = [
    "portal.editing.proposals.reviewing.settle",
    "portal.editing.proposals.settling.publish_on",
    "portal.editing.proposals.settling.reach_elsewhere",
    "portal.editing.proposals.settling._give_back",
    "portal.editing.proposals.settling.note",
    "portal.editing.proposals.reviewing.note",
    "portal.editing.proposals.reviewing._remember",
    "portal.editing.proposals.reviewing.write",
    "portal.directory.publishing.write_fields",
    "portal.directory.publishing._raise_version",
    "portal.directory.publishing.mark_changed",
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("is_late", [False, True])
def test_an_approval_that_breaks_midway_leaves_nothing(database: Engine, monkeypatch: pytest.MonkeyPatch, step: str, is_late: bool) -> None:
    with clock.stopped_at(MOMENT):
        with writing(database) as session:
            stage = set_up(session)
            proposal_id = waiting(session, stage.editor, stage, fees="3", alert="News", url="https://other.example.com")
            seen = get_proposal(session, proposal_id)
        before = counted(database)
        module, _, name = step.rpartition(".")
        real: Callable[..., Any] = getattr(__import__(module, fromlist=[name]), name)

        def broken(*arguments: Any, **named: Any) -> Any:
            if is_late:
                real(*arguments, **named)
            raise RuntimeError("power cut")

        with monkeypatch.context() as patch:
            patch.setattr(step, broken)
            said = Decision((ServiceDecision(seen.services[0].id, ("fees", "url"), seen.services[0].live_version),), "No news")
            with pytest.raises(RuntimeError), writing(database) as session:
                approve(session, stage.reviewer, proposal_id, seen.lock, said)
        assert counted(database) == before
        with reading(database) as session:
            assert get_proposal(session, proposal_id) == seen
        with writing(database) as session:
            done = approve(session, stage.reviewer, proposal_id, seen.lock, said)
        assert (done.published, done.held) == (("fees",), ("url",))


def test_an_import_of_many_is_one_transaction(database: Engine) -> None:
    with clock.stopped_at(MOMENT):
        with writing(database) as session:
            stage = set_up(session)
            clubs = [
                publish(
                    session, Target(OURS), replace(get_record(session, stage.service_id).record, name=f"Club {number}"), Act("x", "tests")
                )
                for number in range(20)
            ]
        before = counted(database)

        def send_approve_and_break() -> None:
            with writing(database) as session:
                drafts = tuple(DraftedService(each, replace(get_record(session, each).record, fees="New")) for each in clubs)
                saved = save_draft(session, stage.editor, Draft(OURS, Kind.IMPORT, drafts))
                propose(session, stage.editor, saved.id)
                approve(session, stage.reviewer, saved.id, get_proposal(session, saved.id).lock, Decision())
                assert get_record(session, clubs[7]).record.fees == "New"
                raise RuntimeError("power cut")

        with pytest.raises(RuntimeError):
            send_approve_and_break()
        assert counted(database) == before
