"""Claims on a real PostgreSQL, which lets many in together: each is written once, and decided once."""

from __future__ import annotations

import pytest
from proposing import OURS, Stage, set_up
from sqlalchemy import Engine, delete
from test_claim_operations import ELSEWHERE, run_claims, run_decisions
from test_people import SENDER

from portal import clock
from portal.accounts.models import Membership
from portal.db import writing
from portal.directory.models import Organization
from portal.editing.claiming import operations, tending
from portal.editing.claiming.queries import get_claim, list_waiting
from portal.editing.claiming.told import Founding, Told

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def engine(postgresql: Engine) -> Engine:
    """A PostgreSQL database with every table."""
    return postgresql


@pytest.fixture
def stage(engine: Engine) -> Stage:
    with writing(engine) as session:
        stage = set_up(session)
        session.execute(delete(Membership).where(Membership.organization_id == OURS))
        return stage


def test_claims_at_once_are_one_each_and_few_are_invited(engine: Engine, stage: Stage) -> None:
    run_claims(engine)


def test_decisions_at_once_are_one(engine: Engine, stage: Stage) -> None:
    run_decisions(engine, stage)


def test_it_is_read_tended_and_found_there_too(engine: Engine, stage: Stage) -> None:
    with writing(engine) as session:
        operations.claim(session, SENDER, OURS, ELSEWHERE)
        founding = Founding(name="The Friends", website="https://friends.example", phone="01632 960001")
        operations.add(session, SENDER, Told(email="a@b.example", name="A", role="B", founding=founding))
    with writing(engine) as session:
        found, total = list_waiting(session, SENDER, 1)
        assert total == 2
        assert {each.name for it in found for each in get_claim(session, SENDER, it.id).alike} == {"Friends"}
        assert session.get_one(Organization, OURS).name == "Friends"
        tending.tend(session, SENDER)
    with clock.stopped_at(clock.now() + tending.OPEN_LASTS), writing(engine) as session:
        assert tending.erase(session) == 2
