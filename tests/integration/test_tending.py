"""What has to be done again and again: one pass does all that is due, and what fails keeps nothing else from being done."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import clock, tally
from portal.assessment.keeping import LASTS, SealedSitting, Sitting, save_sitting
from portal.config import CHECKOUT
from portal.db import Base, reading, writing
from portal.errors import IndexUnavailable
from portal.mail import Message, Outgoing, post
from portal.sealing import new_token
from portal.sharing.plans.kept import KeptPlan
from portal.sharing.plans.operations import keep_plan
from portal.web import tending
from portal.web.holdings import Holdings, hold

Fill = Callable[[], None]


@pytest.fixture
def held(app: Flask) -> Holdings:
    return hold(app.extensions["test settings"])


def tend(app: Flask, held: Holdings) -> None:
    tending.tend(app.extensions["test settings"], held)


def number(engine: Engine, table: type[Base]) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def fill(held: Holdings, secret: str) -> None:
    with writing(held.engine) as session:
        save_sitting(session, new_token(), Sitting())
        keep_plan(session, Sitting(), secret, timedelta(days=7))
        post(session, secret, Message("email", "kim@example.com", "Your next steps", "…"))
        tally.count(session, "plan made", "", "eastmoor")


def test_a_pass_sends_what_waits_and_deletes_what_has_ended(app: Flask, held: Holdings) -> None:
    settings = app.extensions["test settings"]
    fill(held, settings.secret_key)
    tend(app, held)
    assert len([file for file in (settings.instance / "outbox").iterdir() if file.is_file()]) == 1
    assert (number(held.engine, SealedSitting), number(held.engine, KeptPlan)) == (1, 1)
    with clock.stopped_at(clock.now() + LASTS + timedelta(minutes=1)):
        tend(app, held)
    assert (number(held.engine, SealedSitting), number(held.engine, KeptPlan)) == (0, 1)
    with clock.stopped_at(clock.now() + timedelta(days=8)):
        tend(app, held)
    assert (number(held.engine, KeptPlan), number(held.engine, Outgoing)) == (0, 0)
    assert number(held.engine, tally.Tally) == 1
    with clock.stopped_at(clock.now() + tending.COUNTS_LAST + timedelta(days=1)):
        tend(app, held)
    assert number(held.engine, tally.Tally) == 0


def test_a_pass_killed_midway_is_made_good_by_the_next(app: Flask, held: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(held, app.extensions["test settings"].secret_key)

    def killed(_session: Session) -> None:
        raise KeyboardInterrupt

    with clock.stopped_at(clock.now() + timedelta(days=8)):
        with monkeypatch.context() as patch:
            patch.setattr(tending, "purge_kept", killed)
            with pytest.raises(KeyboardInterrupt):
                tend(app, held)
        assert (number(held.engine, SealedSitting), number(held.engine, KeptPlan)) == (0, 1)
        tend(app, held)
        assert number(held.engine, KeptPlan) == 0


@pytest.mark.parametrize("error", [OperationalError("select", {}, Exception("locked")), ValueError("not foreseen")])
def test_what_fails_keeps_nothing_else_from_being_done(
    app: Flask, held: Holdings, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    fill(held, app.extensions["test settings"].secret_key)

    def failing(_session: Session) -> None:
        raise error

    monkeypatch.setattr(tending, "purge_sittings", failing)
    with clock.stopped_at(clock.now() + timedelta(days=8)):
        tend(app, held)
    assert (number(held.engine, SealedSitting), number(held.engine, KeptPlan)) == (1, 0)


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (9, None), (10, 10), (12, 10), (13, 15), (88, 90)])
def test_small_counts_are_never_shown(count: int, shown: int | None) -> None:
    assert tally.published(count) == shown


def test_totals_add_up_the_days(database: Engine) -> None:
    for day in range(3):
        with clock.stopped_at(clock.now() - timedelta(days=day)), writing(database) as session:
            tally.count(session, "plan need", "falls", "eastmoor")
            tally.count(session, "plan need", "food")
    with reading(database) as session:
        assert tally.totals(session, "plan need") == [("falls", "eastmoor", 3), ("food", "", 3)]


def test_a_server_that_runs_on_when_localities_change_says_that_it_is_to_be_started_again(app: Flask, tmp_path: Path) -> None:
    content = shutil.copytree(CHECKOUT / "content" / "demo", tmp_path / "pack")
    settings = replace(app.extensions["test settings"], content=content)
    held = hold(settings)
    later = content / "localities" / "versions" / "2027-01-01"
    shutil.copytree(content / "localities", later, ignore=shutil.ignore_patterns("versions"))
    said = []
    for day in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)):
        with clock.stopped_at(datetime.combine(day, time(12), clock.LONDON)), structlog.testing.capture_logs() as logs:
            tending.tend(settings, held)
        said.append([line for line in logs if line["event"].startswith("localities have changed")])
    assert [len(lines) for lines in said] == [0, 1, 0]  # once is enough
    assert said[1][0]["starts_on"] == "2027-01-01"
    held.engine.dispose()


def test_figures_of_insight_wait_for_whoever_asks(app: Flask, held: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    tend(app, held)
    monkeypatch.setattr("portal.insight.figures.matrix_of", pytest.fail)
    assert held.figures.matrix(clock.today()).counted
    monkeypatch.setattr(held.figures, "matrix", unavailable)
    with structlog.testing.capture_logs() as logs:
        tend(app, held)
    assert not [entry for entry in logs if entry.get("what") == "figures"], "a site that is putting its listings in order is no trouble"


def unavailable(day: date) -> None:
    raise IndexUnavailable(f"on {day}")
