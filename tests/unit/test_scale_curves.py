"""What `make bench-scale` writes: a size that was not done says so, and pictures hold what was measured and nothing else."""

from __future__ import annotations

import sys
import time
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bench.curves import draw_all, drawn, table_of
from bench.scale import LATE, Row, _run

SVG = "{http://www.w3.org/2000/svg}"


def _row(listings: int, **figures: float) -> Row:
    return {"database": "sqlite", "size": listings, "listings": listings, **figures}


def test_a_table_has_a_dash_for_what_was_not_measured_and_says_why() -> None:
    table = table_of([_row(1000, build_s=2.5), {"database": "sqlite", "size": 5000, "failed": LATE}])
    build = next(line for line in table.splitlines() if line.startswith("build s"))
    assert build.split()[2:] == ["2.5", "–"]
    assert f"5,000 on sqlite: {LATE}" in table


def test_a_picture_is_drawn_of_measured_points_only(tmp_path: Path) -> None:
    rows = [_row(1000, open_cpu_s=1.0), _row(10_000, open_cpu_s=2.0), {**_row(100_000), "failed": LATE}]
    draw_all(rows, tmp_path)
    picture = ET.fromstring((tmp_path / "opening.svg").read_text("utf-8"))  # noqa: S314 - our own
    assert [file.name for file in tmp_path.iterdir()] == ["opening.svg"]
    assert picture.findtext(f"{SVG}desc") == "open at start: 1,000 listings 1, 10,000 listings 2"
    assert len(picture.findall(f"{SVG}path[@class='line']")) == 1


def test_what_grows_in_proportion_is_drawn_along_the_grey_line() -> None:
    picture = ET.fromstring(drawn("Growth", {"even": [(1000, 1.0), (10_000, 10.0)]}))  # noqa: S314 - our own
    line = picture.find(f"{SVG}path[@class='line']")
    even = picture.find(f"{SVG}path[@class='even']")
    assert line is not None
    assert even is not None
    points = [[float(number) for number in point.split()] for point in line.attrib["d"][1:].split("L")]
    expected = [[float(number) for number in point.split()] for point in even.attrib["d"][1:].split("L")]
    assert points == expected


def test_names_of_lines_that_end_at_one_point_do_not_lie_upon_each_other() -> None:
    points = [(1000, 1.0), (10_000, 1.0)]
    picture = ET.fromstring(drawn("Growth", {"one": points, "two": points, "three": points}))  # noqa: S314 - our own
    heights = sorted(float(each.attrib["y"]) for each in picture.findall(f"{SVG}text") if each.text in {"one", "two", "three"})
    assert all(lower - upper >= 16 for upper, lower in pairwise(heights))


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import json; print(json.dumps({'a': 1})); raise SystemExit('it broke')", "ended with 1: it broke"),
        ("import json, time; print(json.dumps({'a': 1}), flush=True); time.sleep(60)", LATE),
    ],
)
def test_a_process_that_does_not_end_well_keeps_its_figures_and_says_why(program: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text(program, "utf-8")
    row: Row = {}
    assert _run([sys.executable, str(tmp_path / "it.py")], row, time.monotonic() + 3).endswith(said)
    assert row == {"a": 1}
