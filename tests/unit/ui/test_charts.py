"""Charts: numbers become coordinates that stay inside, keep their order, and leave out what is not known."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.ui.charts import HEIGHT, INTERVAL_WIDTH, Series, bar, interval, line_chart

TEMPLATES = Path(__file__).parents[3] / "portal" / "ui" / "templates"
MONTHS = ["July", "August", "September"]


def test_lines_start_at_nothing_and_a_larger_number_stands_higher() -> None:
    chart = line_chart(MONTHS, [Series("North", (0, 5, 10))])
    heights = [y for _x, y in chart.lines[0].points]
    assert chart.ticks[0] == (0, heights[0])
    assert heights[0] - heights[1] == heights[1] - heights[2] > 0
    assert all(0 <= y <= HEIGHT for y in heights)
    assert chart.lines[0].points[0][0] == chart.left
    assert chart.lines[0].points[-1][0] == chart.right


def test_a_month_that_is_not_known_breaks_the_line_and_is_not_drawn_as_nothing() -> None:
    line = line_chart(MONTHS, [Series("North", (4, None, 6))]).lines[0]
    assert len(line.points) == 2
    assert line.path.count("M") == 2
    assert "L" not in line.path


def test_what_is_never_known_has_no_line() -> None:
    assert [line.name for line in line_chart(MONTHS, [Series("A", (None,) * 3), Series("B", (1, 1, 1))]).lines] == ["B"]
    assert line_chart([], []).lines == ()


@pytest.mark.parametrize("most", [0, 1, 4, 5, 7, 9.5, 40, 41, 99, 1_000, 123_456])
def test_steps_are_whole_and_reach_the_highest(most: float) -> None:
    ticks = [value for value, _height in line_chart(["July"], [Series("A", (most,))]).ticks]
    assert all(value == int(value) for value in ticks)
    assert 4 <= max(ticks) >= most
    assert 3 <= len(ticks) <= 7


def test_names_of_lines_that_end_together_can_each_be_read() -> None:
    chart = line_chart(MONTHS, [Series(name, (3, 3, value)) for name, value in (("A", 0), ("B", 0), ("C", 0.1), ("D", 12))])
    heights = sorted(line.name_at[1] for line in chart.lines)
    assert all(below - above >= 16 for above, below in pairwise(heights))
    assert max(heights) <= HEIGHT


def test_the_last_month_is_always_written_and_never_more_than_four() -> None:
    for count in range(1, 40):
        marks = line_chart([str(month) for month in range(count)], []).marks
        assert marks[-1][0] == str(count - 1)
        assert len(marks) <= 4


def test_a_ratio_is_drawn_by_doublings_about_the_middle() -> None:
    drawn = interval(0.5, 1, 2)
    assert drawn.even == drawn.value == INTERVAL_WIDTH // 2
    assert drawn.high - drawn.even == drawn.even - drawn.low > 0
    assert (drawn.low_beyond, drawn.high_beyond) == (False, False)


def test_what_lies_beyond_the_edge_is_said_to() -> None:
    drawn = interval(0, 0, 30)
    assert (drawn.low, drawn.value, drawn.high) == (0, 0, INTERVAL_WIDTH)
    assert drawn.low_beyond
    assert drawn.high_beyond


def test_a_bar_of_something_is_never_nothing() -> None:
    assert [bar(value, 1_000) for value in (0, 1, 500, 1_000, 2_000)] == [0, 1, 50, 100, 100]
    assert bar(3, 0) == 0


def test_what_is_drawn_has_its_names_escaped_and_each_line_its_own_dashes_and_marks() -> None:
    env = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    env.filters["number"] = str
    drawn = str(
        env.get_template("ui/charts.html").module.lines(line_chart(MONTHS, [Series(f"<{n}>", (n, n, n)) for n in range(4)]), "Months")
    )
    assert drawn.count("&lt;") == 4
    assert sorted(re.findall(r"chart-line-(\d)", drawn)) == ["0", "1", "2", "3"]
    assert "style=" not in drawn
    shapes = [tag for tag in ("<circle", "<rect") if drawn.count(tag) == 3]
    assert shapes == ["<circle", "<rect"]
