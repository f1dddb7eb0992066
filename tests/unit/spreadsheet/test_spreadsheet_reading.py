"""Files of every kind are read as what they are, or refused in a sentence; none is run and none fills the memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from xlsxwriter import Workbook

from portal.editing.spreadsheet.reading import read_table
from portal.editing.spreadsheet.table import NotTaken, Table

KNOWN = frozenset({"name", "phone", "what it does"})
TEXT = "Name,What it does\nCafé “Zoë” – teas,Kahve · قهوة\n"


def read(content: bytes) -> Table:
    return read_table(content, KNOWN)


def refusal(content: bytes) -> str:
    with pytest.raises(NotTaken) as caught:
        read(content)
    return str(caught.value)


def workbook(write: Callable[[Workbook], Any]) -> bytes:
    content = io.BytesIO()
    with Workbook(content) as book:
        write(book)
    return content.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return content.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_unicode_comes_out_as_it_went_in(encoding: str) -> None:
    table = read(TEXT.encode(encoding))
    assert table.rows[0].cells == ("Café “Zoë” – teas", "Kahve · قهوة")
    assert ("UTF-16" if "16" in encoding else "UTF-8") in table.read_as


def test_letters_of_older_windows_programs_are_read_and_said() -> None:
    table = read("Name,What it does\nCafé “Zoë” – teas,£2\n".encode("cp1252"))
    assert table.rows[0].cells == ("Café “Zoë” – teas", "£2")
    assert table.read_as == "CSV, Windows-1252"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_sign_between_the_cells(sign: str, end: str) -> None:
    text = end.join((sign.join(("Name", "What it does", "Phone")), sign.join(('"A, B; C"', '"two\nlines"', "111")), ""))
    assert read(text.encode()).rows[0].cells == ("A, B; C", "two\nlines", "111")


def test_excels_own_line_about_the_sign_is_obeyed() -> None:
    assert read(b"sep=;\r\nName;Phone\r\na,b;1\r\n").rows[0].cells == ("a,b", "1")


def test_titles_above_the_headings_are_passed_over_and_rows_keep_their_numbers() -> None:
    table = read(b"Our groups 2026,,\n,,\nName,Phone,\nWalk,111,\n,,\nTalk,112,\n")
    assert table.headings == ("Name", "Phone")
    assert [row.number for row in table.rows] == [4, 6]


def test_rows_of_unequal_length_are_filled_up() -> None:
    assert read(b"Name,Phone\nWalk\nTalk,1,extra\n").rows[0].cells == ("Walk", "", "")


def test_a_workbook_gives_what_its_cells_show() -> None:
    def write(book: Workbook) -> None:
        book.add_worksheet("Empty")
        sheet = book.add_worksheet("Groups")
        sheet.write_row(1, 1, ["Name", "Phone", "Day", "Time", "Sum", "Formula"])
        sheet.write_row(2, 1, ["Zoë", 1632960001])
        sheet.write_datetime(2, 3, date(2026, 11, 24), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_datetime(2, 4, time(10, 30), book.add_format({"num_format": "hh:mm"}))
        sheet.write_number(2, 5, 2.5)
        sheet.write_formula(2, 6, '=HYPERLINK("http://example.org","x")', None, "the last value")
        sheet.merge_range(3, 1, 3, 3, "Over three cells")

    table = read(workbook(write))
    assert table.rows[0].cells == ("Zoë", "1632960001", "2026-11-24", "10:30", "2.5", "the last value")
    assert table.rows[0].number == 3
    assert table.rows[1].cells[0] == "Over three cells"
    assert (table.read_as, table.sheet) == ("XLSX", "Groups")


def test_text_that_begins_like_a_formula_is_text() -> None:
    def write(book: Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Phone"])
        sheet.write_string(1, 0, "=1+1")
        sheet.write_formula(1, 1, "=1+1", None, "=2+2")

    assert read(workbook(write)).rows[0].cells == ("=1+1", "=2+2")


def test_what_is_no_spreadsheet() -> None:
    assert "empty" in refusal(b"")
    assert "empty" in refusal(b"\n\n,,,\n")
    assert "no services" in refusal(b"Name,Phone\n")
    assert "headings" in refusal(b"1,2\n3,4\n")
    for content in (b"%PDF-1.4", b"\x89PNG\r\n", b"<!DOCTYPE html><table>", b"<?xml version='1.0'?>", b"{\\rtf1"):
        assert "not a spreadsheet" in refusal(content)
    assert "letters" in refusal(bytes(range(256)) * 40)
    assert "letters" in refusal(b"\xff\xfe\x00\xd8")
    assert "damaged" in refusal(b"PK\x03\x04junk")
    assert "not a workbook" in refusal(archive({"word/document.xml": b"<a/>"}))


def test_a_password_and_an_older_excel_are_told_apart() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    assert "password" in refusal(old + "EncryptedPackage".encode("utf-16-le"))
    assert "older" in refusal(old)


def test_too_much_is_refused_politely() -> None:
    assert "2,000 rows" in refusal(b"Name,Phone\n" + b"a,1\n" * 2_001)
    assert len(read(b"Name,Phone\n" + b"a,1\n" * 2_000).rows) == 2_000
    assert "5 MB" in refusal(b"a" * (5 * 1024 * 1024 + 1))
    assert "60 columns" in refusal(b",".join(b"Name%d" % number for number in range(61)) + b"\n" + b"a," * 60 + b"b\n")
    assert "10,000" in refusal(b"Name,Phone\n" + b"a" * 10_001 + b",1\n")
    assert "too much text" in refusal(b"Name,Phone\n" + (b"a" * 9_000 + b",1\n") * 500)
    assert "quotation mark" in refusal(b"Name,Phone\n" + b'"' + b"a" * 200_000 + b"\n")


def test_rows_are_not_read_further_than_they_are_taken() -> None:
    taken = 0

    def rows() -> Any:
        nonlocal taken
        while True:
            taken += 1
            yield ["a", "b"]

    from portal.editing.spreadsheet.table import table_of

    with pytest.raises(NotTaken, match="2,000"):
        table_of(rows(), "CSV", KNOWN)
    assert taken < 2_100


def test_bombs_do_not_go_off() -> None:
    sheet = "xl/worksheets/sheet1.xml"
    assert "far more" in refusal(archive({sheet: b" " * (51 << 20)}))
    assert "far more" in refusal(archive({f"xl/worksheets/sheet{number}.xml": b"" for number in range(600)}))
    laughs = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet><c><v>&b;</v></c></worksheet>'
    assert "damaged" in refusal(archive({sheet: laughs}))
    assert "damaged" in refusal(archive({sheet: b"<worksheet/>", "xl/sharedStrings.xml": laughs}))
    outside = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    assert "damaged" in refusal(archive({sheet: b"<worksheet/>", "xl/workbook.xml": outside}))
    assert "2,000 rows" in refusal(workbook(lambda book: book.add_worksheet().write(1_048_575, 0, "x")))
    assert "columns" in refusal(workbook(lambda book: book.add_worksheet().write(0, 16_383, "x")))


def test_a_part_that_lies_about_its_size_is_damaged() -> None:
    content = bytearray(archive({"xl/worksheets/sheet1.xml": b" " * 100_000}))
    size = (100_000).to_bytes(4, "little")
    for at in (content.find(size), content.rfind(size)):
        content[at : at + 4] = (10).to_bytes(4, "little")
    assert "damaged" in refusal(bytes(content))


def test_archives_within_and_paths_outside_are_nothing_to_us() -> None:
    good = workbook(lambda book: book.add_worksheet().write_column(0, 0, ["Name", "Walk"]))
    content = io.BytesIO(good)
    with zipfile.ZipFile(content, "a") as made:
        made.writestr("../../etc/cron.d/x", b"x")
        made.writestr("xl/vbaProject.bin", b"macro")
        made.writestr("xl/externalLinks/externalLink1.xml", b"<!DOCTYPE a>")
    assert read(content.getvalue()).rows[0].cells == ("Walk",)
