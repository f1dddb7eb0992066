"""Counts and figures on a real PostgreSQL: workers that write in the same moment add up, and none waits for another for ever."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine, update

from portal import clock
from portal.accounts.audiences import Level, Member
from portal.db import reading, writing
from portal.directory.counting import Counts
from portal.directory.listing import Listing
from portal.directory.models import Organization, Service
from portal.editing.figures.queries import Figure, get_figures
from portal.tally import Tally


def test_workers_add_up_and_figures_are_read_on_postgresql_too(postgresql: Engine) -> None:
    club, lunch = uuid.UUID(int=1), uuid.UUID(int=11)
    with writing(postgresql) as session:
        session.add(Organization(id=club, name="Steady Club"))
        session.flush()
        session.add(Service(id=lunch, name="Lunch club", organization_id=club, status="active"))
    workers = [Counts() for _ in range(6)]
    others = [Listing(uuid.UUID(int=number), "Other", uuid.UUID(int=number), "Other") for number in range(100, 300)]
    for number, counts in enumerate(workers):
        for _ in range(10):
            counts.shown([Listing(lunch, "Lunch club", club, "Steady Club"), *(others if number % 2 else others[::-1])], ["food"])
            counts.called(lunch)
    with ThreadPoolExecutor(len(workers)) as pool:
        list(pool.map(lambda counts: counts.flush(postgresql), workers))
    with writing(postgresql) as session:
        session.execute(update(Tally).values(counted_on=clock.today() - timedelta(days=1)))
    member = Member(uuid.uuid4(), "Kim", "kim@example.org", "en", frozenset(), frozenset({club}), Level.PASSKEY, "")
    with reading(postgresql) as session:
        figures = get_figures(session, member, club, ["food", "falls"], 1)
    assert [(it.shown, it.opened, it.called) for it in figures.services] == [(Figure(60, 60), Figure(), Figure(60, 60))]
    assert [(it.need, it.figure) for it in figures.sought] == [("food", Figure(60, 60))]
