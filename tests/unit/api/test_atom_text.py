"""The Atom feed as text: whatever a service is called, the document is XML and says what was meant."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.api.changes.atom import Feed, atom
from portal.api.changes.queries import Changed, Mark, read_mark
from portal.directory.models import Status

ATOM = "{http://www.w3.org/2005/Atom}"
AT = datetime(2026, 11, 24, 10, 30, 0, 57_000, tzinfo=UTC)
FEED = Feed("https://x.org/f", "https://x.org/f?a=1&b=2", "", "https://x.org/about", "What changed", "Council", "OGL", "https://l.org", AT)
KEY = uuid.UUID("6f0cbb4e-5a5b-4d3d-9c2a-0a4a9a0c7e01")


def entry_of(name: str, status: str = "active", description: str = "") -> ET.Element:
    changed = Changed(Mark(AT, 7), KEY, status, name, description, name)
    text = "".join(atom(FEED, [changed], "https://x.org"))
    entry = ET.fromstring(text).find(f"{ATOM}entry")  # noqa: S314 - our own
    assert entry is not None
    return entry


@given(st.text(min_size=1) | st.sampled_from(["a & b", "<script>alert(1)</script>", "]]>", "\x0b\x00", "\ufffe", "\U0001f600", "\"'"]))
def test_no_name_breaks_the_document(name: str) -> None:
    legal = "".join(sign for sign in name if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff") or sign == "\r")
    said = entry_of(name).findtext(f"{ATOM}title") or ""
    assert said == legal.replace("\r\n", "\n").replace("\r", "\n"), "XML has one sign for the end of a line"


@pytest.mark.parametrize("status", [Status.TEMPORARILY_CLOSED, Status.INACTIVE, Status.DEFUNCT])
def test_what_closed_says_so_in_its_title_its_words_and_its_category(status: Status) -> None:
    entry, opened = entry_of("Lunch club", status, "A hot meal."), entry_of("Lunch club", "active", "A hot meal.")
    assert (opened.findtext(f"{ATOM}title"), opened.findtext(f"{ATOM}summary")) == ("Lunch club", "A hot meal.")
    assert (entry.findtext(f"{ATOM}title") or "").startswith("Lunch club (")
    assert "A hot meal" not in (entry.findtext(f"{ATOM}summary") or "")
    category = entry.find(f"{ATOM}category")
    assert category is not None
    assert category.get("term") == status


def test_a_service_of_which_nothing_is_left_still_has_a_title() -> None:
    entry = entry_of("", "inactive")
    assert entry.findtext(f"{ATOM}title")
    assert entry.find(f"{ATOM}author") is None, "the feed's own author holds"


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1)), st.integers(0, 999_999_999))
def test_a_place_is_read_as_it_was_written(at: datetime, position: int) -> None:
    mark = Mark(at.replace(tzinfo=UTC, microsecond=at.microsecond // 1000 * 1000), position)
    assert read_mark(str(mark)) == mark


@pytest.mark.parametrize("text", ["", "x", "2026-11-24T10:30:00.000Z", "2026-11-24T25:30:00.000Z-1", "2026-11-24T10:30:00.000Z-1 "])
def test_no_other_text_is_a_place(text: str) -> None:
    assert read_mark(text) is None
