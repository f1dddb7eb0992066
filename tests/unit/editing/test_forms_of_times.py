"""Times of day as people type them."""

from __future__ import annotations

from datetime import time

import pytest

from portal.editing.writing.clock_words import read_span, read_time


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10", time(10)),
        ("10am", time(10)),
        ("10 am", time(10)),
        ("10 a.m.", time(10)),
        ("10AM", time(10)),
        ("10.30", time(10, 30)),
        ("10:30", time(10, 30)),
        ("1030", time(10, 30)),
        ("10.30 am", time(10, 30)),
        ("2pm", time(14)),
        ("2", time(14)),
        ("02:00", time(2)),
        ("9", time(9)),
        ("14:30", time(14, 30)),
        ("14h30", time(14, 30)),
        ("noon", time(12)),
        ("12 noon", time(12)),
        ("Midday", time(12)),
        ("12", time(12)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("midnight", time(0)),
        ("24:00", time(0)),
        ("0:00", time(0)),
        ("23:59", time(23, 59)),
        ("half past ten", time(10, 30)),
        ("Half-past ten", time(10, 30)),
        ("quarter past nine", time(9, 15)),
        ("quarter to two", time(13, 45)),
        ("quarter to 1 pm", time(12, 45)),
        ("half past 7 pm", time(19, 30)),
        ("ten", time(10)),
        ("two pm", time(14)),
        ("10 o'clock", time(10)),
        ("ten o’clock", time(10)),
        ("١٠", time(10)),
        ("１０：３０", time(10, 30)),
        (" 10 ", time(10)),
    ],
)
def test_a_time_is_read_however_it_is_typed(typed: str, meant: time) -> None:
    assert read_time(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "25",
        "10.75",
        "13pm",
        "0pm",
        "half past",
        "half past thirty",
        "99999999999999999999",
        "-1",
        "10-12",
        "1:2",
        "\0",
        "x" * 100_000,
    ],
)
def test_what_is_no_time_is_none(typed: str) -> None:
    assert read_time(typed) is None


@pytest.mark.parametrize(
    ("opens", "closes", "span"),
    [
        ("10", "12", (time(10), time(12))),
        ("10", "2", (time(10), time(14))),
        ("7pm", "9", (time(19), time(21))),
        ("7", "9", (time(7), time(9))),
        ("10", "10", (time(10), time(22))),
        ("10pm", "2am", (time(22), time(2))),
        ("2pm", "4.30", (time(14), time(16, 30))),
        ("6pm", "midnight", (time(18), time(0))),
        ("9am", "9am", (time(9), time(9))),
        ("", "", (None, None)),
        ("10", "", (time(10), None)),
    ],
)
def test_a_bare_closing_hour_comes_after_the_opening(opens: str, closes: str, span: tuple[time | None, time | None]) -> None:
    assert read_span(opens, closes) == span
