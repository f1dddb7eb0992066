"""Nothing that commissioners can open tells a count that is hidden: every page, file and brief says the same for 0 as for 9."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

import pytest
from accounts import make_person, signed_in
from flask import Flask

from portal import clock
from portal.accounts.audiences import Audience, Role
from portal.db import writing
from portal.insight.outcomes.measures import CELLS
from portal.insight.periods import Quarter
from portal.search.misses import KIND as MISSED
from portal.signposting.counting import KIND_NEED as PLANNED
from portal.tally import Subject, add
from portal.web.audiences import audience_of

NOW: Final = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
SUMMER, SPRING = Quarter(2026, 3), Quarter(2026, 2)
NEEDS: Final = ("falls", "debt", "food")
HIDDEN_IN: Final = ("eastmoor", "old-town", "")
SHOWN: Final = [(MISSED, "falls", "northgate"), (PLANNED, "falls", "northgate"), *((*cell, "northgate") for cell in CELLS)]
ASKED: Final = [(kind, need) for kind in (MISSED, PLANNED) for need in NEEDS]
HIDDEN: Final = [(*what, place) for what in (*ASKED, *CELLS) for place in HIDDEN_IN]
QUERIES: Final = (
    "matrix?group=about&number=missed",
    "matrix?group=about&number=planned&rate=yes&sort=falls&most=yes",
    "map?need=falls&number=missed",
    "map?need=food&number=planned&rate=yes",
    "compare?with=eastmoor&with=northgate&group=about&number=missed",
    "outcomes?place=eastmoor",
    "outcomes?place=old-town",
    "over-time?need=falls&number=covers",
    "what-if?act=add&need=falls&also=&where=eastmoor&how=place&hours=5",
)
FILLED: Final = {
    "slug": ("eastmoor", "old-town", "northgate"),
    "need": ("falls", "food"),
    "quarter": (SUMMER.name, SPRING.name),
    "lang_code": ("en",),
}


def counted(app: Flask, subjects: list[tuple[str, str, str]], spread_over: tuple[int, int, int]) -> None:
    """Each of these so often in each month of two quarters."""
    days = [month.replace(day=10) for quarter in (SUMMER, SPRING) for month in quarter.months]
    with writing(app.extensions["outcomes"].engine) as session:
        for what in subjects:
            add(session, {Subject(day, *what): number for day, number in zip(days, spread_over * 2, strict=True) if number})


def addresses(app: Flask) -> Iterator[str]:
    """Every address that only commissioners may open, as the application itself has them, with everything that can fill it."""
    for rule in app.url_map.iter_rules():
        free = sorted(rule.arguments)
        if audience_of(rule.endpoint) is not Audience.COMMISSIONER or "GET" not in (rule.methods or ()) or not set(free) <= set(FILLED):
            continue
        for values in every([FILLED[name] for name in free]):
            built = rule.build(dict(zip(free, values, strict=True)))
            assert built
            yield built[1]
    yield from (f"/en/insight/{query}" for query in QUERIES)


def every(choices: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    for each in choices:
        found = [(*done, one) for done in found for one in each]
    return found


def read(app: Flask, hidden: tuple[int, int, int]) -> dict[str, str]:
    """What all of it says where counts that are shown are the same, and each hidden one is this by month."""
    counted(app, SHOWN, (12, 11, 10))
    counted(app, HIDDEN, hidden)
    client = signed_in(app, make_person(app, "plans@example.org", roles=[Role.COMMISSIONER]))
    told = {address: client.get(address) for address in addresses(app)}
    assert {response.status_code for response in told.values()} == {200}
    return {address: response.get_data(as_text=True) for address, response in told.items()}


def test_nothing_that_a_commissioner_can_open_tells_a_hidden_count(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.insight.briefs.views.to_pdf", lambda brief: repr(brief).encode())
    with clock.stopped_at(NOW):
        least, at_most, one_more = (read(make_app(), hidden) for hidden in ((0, 0, 0), (9, 0, 0), (10, 0, 0)))
    assert len(least) > 30
    assert least == at_most
    telling = {address for address in least if least[address] != one_more[address]}
    for part in ("/insight/matrix.csv", "/insight/needs/falls", "/insight/areas/eastmoor/falls", "/insight/outcomes", "/borough.pdf"):
        assert any(part in address for address in telling), f"{part} shows ten, so that this test would see nine"
