"""Figures about the people of a locality, as its page tells them: of every 100, beside the borough's; absent where nothing is known."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from portal.insight.locality.people import Beside, Figure, people_of
from portal.localities.need import Measure, NeedTable, Source

CENSUS, INDEX = Source("Census", "2021"), Source("Index", "2025")
RESIDENTS = {"here": 1000, "there": 3000}


def table(**numbers: Mapping[str, int | None]) -> NeedTable:
    """Numbers by measure, with underscores for hyphens."""
    found = {Measure(name.replace("_", "-")): column for name, column in numbers.items()}
    return NeedTable({measure: INDEX if measure is Measure.DEPRIVED else CENSUS for measure in found}, found)


def only(told: NeedTable) -> Figure:
    (figure,) = people_of(told, "here").figures
    return figure


def test_a_figure_is_of_every_hundred_beside_the_borough() -> None:
    figure = only(table(residents=RESIDENTS, aged_65={"here": 200, "there": 300}))
    assert (figure.measure, figure.base, figure.number, figure.here, figure.borough) == (Measure.AGED_65, Measure.RESIDENTS, 200, 20, 12)
    assert (figure.beside, figure.source) == (Beside.MORE, CENSUS)


def test_a_share_is_of_those_who_were_asked() -> None:
    carers = table(residents=RESIDENTS, residents_5={"here": 900, "there": 2700}, carers={"here": 90, "there": 528})
    assert (only(carers).base, only(carers).here, only(carers).borough, only(carers).beside) == (Measure.RESIDENTS_5, 10, 17, Beside.FEWER)
    alone = table(households={"here": 400, "there": 1200}, living_alone={"here": 120, "there": 360})
    assert (only(alone).base, only(alone).here, only(alone).beside) == (Measure.HOUSEHOLDS, 30, Beside.SAME)


@pytest.mark.parametrize(
    ("here", "there", "beside"),
    [
        (200, 600, Beside.SAME),
        (207, 600, Beside.SAME),  # 20.7 beside 20.2: within a twentieth
        (240, 600, Beside.MORE),  # 24 beside 21
        (170, 600, Beside.FEWER),  # 17 beside 19.25
        (6, 6, Beside.MORE),  # 0.6 beside 0.3, which read as 1 and as fewer than 1
    ],
)
def test_words_fit_the_numbers(here: int, there: int, beside: Beside) -> None:
    assert only(table(residents=RESIDENTS, disabled={"here": here, "there": there})).beside is beside


def test_two_shares_that_read_the_same_are_the_same() -> None:
    figure = only(table(residents=RESIDENTS, bad_health={"here": 24, "there": 60}))  # 2.4 beside 2.1: a tenth apart
    assert (figure.here, figure.borough, figure.beside) == (2, 2, Beside.SAME)


def test_what_the_pack_does_not_have_is_left_out_and_never_nought() -> None:
    nothing = people_of(NeedTable({}, {}), "here")
    assert (nothing.residents, nothing.households, nothing.figures, nothing.sources) == (None, None, (), ())
    gaps = table(
        residents=RESIDENTS, aged_65={"here": None, "there": 9}, aged_85={"here": 9, "there": None}, carers={"here": 5, "there": 5}
    )
    assert people_of(gaps, "here").figures == (), "unknown here; unknown beside; without those it is a share of"
    assert people_of(gaps, "here").residents == 1000


def test_what_nobody_has_is_no_figure() -> None:
    assert people_of(table(residents=RESIDENTS, deprived={"here": 0, "there": 900}), "here").figures == ()


def test_each_source_is_named_once_and_only_where_it_told_something() -> None:
    told = table(residents=RESIDENTS, aged_65={"here": 200, "there": 300}, deprived={"here": 100, "there": 300})
    assert people_of(told, "here").sources == (CENSUS, INDEX)
    without = table(residents=RESIDENTS, deprived={"here": 0, "there": 300})
    assert people_of(without, "here").sources == (CENSUS,)
