"""Months are kept once, as they were, and shown: by tending, on both databases, over a change of boundaries, on the page."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from accounts import make_person, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, update

from portal import clock
from portal.accounts.audiences import Role
from portal.db import reading, writing
from portal.directory.changes import mark_changed
from portal.directory.models import Service
from portal.errors import IndexUnavailable
from portal.insight.facts import EVERY
from portal.insight.figures import Figures
from portal.insight.monthly.lines import Number
from portal.insight.monthly.models import Month, MonthCell
from portal.insight.monthly.operations import remember
from portal.insight.monthly.queries import find_values, list_months
from portal.web import tending
from portal.web.holdings import Holdings, hold

PAGE = "/en/insight/over-time"
NOVEMBER = date(2026, 11, 1)
DAYS = {12: datetime(2026, 12, 1, 9, tzinfo=UTC), 1: datetime(2027, 1, 1, 9, tzinfo=UTC), 2: datetime(2027, 2, 2, 9, tzinfo=UTC)}


@pytest.fixture
def held(app: Flask) -> Holdings:
    return hold(app.extensions["test settings"])


@pytest.fixture
def commissioner(app: Flask) -> FlaskClient:
    return signed_in(app, make_person(app, "plans@example.org", roles=[Role.COMMISSIONER]))


def cells(engine: Engine) -> list[Any]:
    with reading(engine) as session:
        return list(session.execute(select(MonthCell.__table__).order_by(MonthCell.month, MonthCell.need, MonthCell.locality)))


def row_of(page: str, day: str) -> list[str]:
    """The cells of the row of a day."""
    row = re.search(rf'rowheader">{day}</th>(.*?)</tr>', page, re.DOTALL)
    assert row, day
    return [each.strip() for each in re.findall(r"<div>(.*?)</div>", row[1])]


def test_tending_keeps_the_month_once_and_it_never_changes(app: Flask, held: Holdings) -> None:
    tending.tend(app.extensions["test settings"], held)
    first = cells(held.engine)
    matrix = held.figures.matrix(clock.today())
    assert len(first) == (len(matrix.needs) + 1) * (len(matrix.localities) + 1)
    with writing(held.engine) as session:
        session.execute(update(Service).values(status="inactive"))
    with clock.stopped_at(datetime(2026, 11, 30, 20, tzinfo=UTC)):
        assert not remember(held.engine, held.figures)
    assert cells(held.engine) == first


def test_what_is_kept_is_what_the_pages_say_on_that_day(held: Holdings) -> None:
    assert remember(held.engine, held.figures)
    matrix = held.figures.matrix(clock.today())
    with reading(held.engine) as session:
        (month,) = list_months(session)
        for number in (Number.COVERS, Number.HOURS, Number.EVENING):
            kept = find_values(session, number, "carer-support", matrix.localities)
            assert kept == {
                (NOVEMBER, slug): pytest.approx(getattr(matrix.cell(slug, "carer-support").provision, number.value))
                for slug in matrix.localities
            }
        ratios = find_values(session, Number.RATIO, "falls", matrix.localities)
        assert ratios == {
            (NOVEMBER, slug): pytest.approx(ratio)
            for slug in matrix.localities
            if (ratio := matrix.cell(slug, "falls").gap.ratio) is not None
        }
        whole = find_values(session, Number.COVERS, "falls", [EVERY])
    assert whole == {(NOVEMBER, EVERY): matrix.by_need["falls"].provision.covers}
    assert (month.month, month.taken_on, month.version, month.counted) == (NOVEMBER, date(2026, 11, 24), "", matrix.counted)


def test_nothing_is_kept_while_the_figures_would_not_be_those_of_the_day(held: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_given: object) -> None:
        raise IndexUnavailable("test")

    with monkeypatch.context() as patch:
        patch.setattr(Figures, "facts", away)
        assert not remember(held.engine, held.figures)
    with monkeypatch.context() as patch:  # started before the localities changed
        former = replace(held.figures.ground, areas=replace(held.areas, ends_on=date(2026, 9, 30)))
        patch.setattr(held.figures, "ground", former)
        assert not remember(held.engine, held.figures)
    with writing(held.engine) as session:
        mark_changed(session, session.scalars(select(Service.id).limit(1)).all())
    assert not remember(held.engine, held.figures)  # the index is behind
    held.index.follow()
    assert remember(held.engine, held.figures)


@pytest.mark.parametrize("which", ["sqlite", "postgresql"])
def test_of_many_processes_one_keeps_the_month(held: Holdings, which: str, request: pytest.FixtureRequest, stopped_clock: datetime) -> None:
    engine: Engine = held.engine if which == "sqlite" else request.getfixturevalue("postgresql")
    gate = threading.Barrier(4)
    held.figures.matrix(clock.today())

    def work(_number: int) -> bool:
        with clock.stopped_at(stopped_clock):
            gate.wait()
            return remember(engine, held.figures)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Month)) == 1
        assert session.scalar(select(func.count()).select_from(MonthCell)) == 94 * 9


def test_the_page_says_that_nothing_is_kept_yet_and_then_shows_each_month(held: Holdings, commissioner: FlaskClient) -> None:
    assert "No month is kept yet." in commissioner.get(PAGE).text
    remember(held.engine, held.figures)
    page = commissioner.get(PAGE).text
    assert "One month is kept so far." in page
    assert row_of(page, "24 November 2026") == [str(held.figures.facts(clock.today()).provision().covers)]
    for number in (12, 2):  # nobody ran in January
        with clock.stopped_at(DAYS[number]):
            remember(held.engine, held.figures)
    with writing(held.engine) as session:
        session.execute(
            update(MonthCell)
            .where(MonthCell.month == date(2026, 12, 1), MonthCell.need == "falls", MonthCell.locality == "eastmoor")
            .values(local=7)
        )
    page = commissioner.get(f"{PAGE}?need=falls&number=local&area=eastmoor&area=quayside").text
    names = re.findall(r'columnheader">([^<]+)<', page)
    assert names == ["As it was on", *(place.name for slug, place in held.areas.localities.items() if slug in ("eastmoor", "quayside"))]
    assert dict(zip(names[1:], row_of(page, "1 December 2026"), strict=True))["Eastmoor"] == "7"
    assert page.count('class="chart-line ') == 2
    assert re.findall(r'class="chart-month"[^>]*>([^<]+)<', page) == ["Nov 2026", "Dec 2026", "Jan 2027", "Feb 2027"]
    for line in re.findall(r'class="chart-line [^"]*" d="([^"]+)"', page):
        assert (line.count("M"), line.count("L")) == (2, 1)  # November to December, a gap, February
    assert "January 2027</th>" not in page


def test_what_an_address_cannot_mean_is_as_usual(held: Holdings, commissioner: FlaskClient) -> None:
    remember(held.engine, held.figures)
    usual = commissioner.get(PAGE).text
    odd = commissioner.get(f"{PAGE}?need=dragons&number=secrets&area=atlantis").text
    assert row_of(odd, "24 November 2026") == row_of(usual, "24 November 2026")
    areas = "&".join(f"area={slug}" for slug in held.areas.localities)
    many = commissioner.get(f"{PAGE}?{areas}").text
    assert "These are the first four that you chose." in many
    assert many.count('class="chart-line ') == 4
    ratio = commissioner.get(f"{PAGE}?number=ratio&need=falls").text
    assert "Choose up to four areas." in ratio


@pytest.mark.parametrize("language", ["ur", "pl"])
def test_the_page_opens_in_other_languages(held: Holdings, commissioner: FlaskClient, language: str) -> None:
    remember(held.engine, held.figures)
    answer = commissioner.get(f"/{language}/insight/over-time?need=falls&area=eastmoor&number=hours")
    assert answer.status_code == 200
