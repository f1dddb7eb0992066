"""The flat table: what stands in each cell of a line, whatever a service has one, several or none of; and that no cell runs."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import inert
from portal.api.package.flat import BOM, COLUMNS, lines

KEY = "6f0cbb4e-5a5b-4d3d-9c2a-0a4a9a0c7e01"
SITE = "https://help.example.org"
BARE = {"id": KEY, "name": "Lunch club", "status": "active", "organization_id": KEY}


def place(name: str, **values: Any) -> dict[str, Any]:
    return {"location": {"name": name, **values}}


WHOLE: dict[str, Any] = {
    **BARE,
    "description": "A hot meal.\nEvery week.",
    "organization": {"name": "Friends of Eastmoor"},
    "minimum_age": 0,
    "maximum_age": 25.5,
    "eligibility_description": "For older people",
    "application_process": "Just come",
    "fees": "£2, or what you can",
    "email": "lunch@example.org",
    "url": "https://lunch.example.org",
    "assured_date": "2026-11-01",
    "last_modified": "2026-11-24T10:30:00.000Z",
    "phones": [{"number": "01632 960 111"}],
    "languages": [{"name": "Turkish", "code": "tr"}, {"code": "ur"}, {"note": "ask"}],
    "service_areas": [{"name": "Eastmoor", "extent": "E05000001"}, {"extent": "E05000002"}],
    "attributes": [{"taxonomy_term": {"name": "Food"}}, {"taxonomy_term": {"name": "Loneliness"}}],
    "service_at_locations": [
        place("Online"),
        {
            **place(
                "Mill Hall",
                latitude=0.0,
                longitude=-2.2,
                addresses=[{"address_1": "Mill Hall", "address_2": "1 Mill Street", "city": "Calderwick", "postal_code": "ZZ1 1AA"}],
            ),
            "phones": [{"number": "01632 960 222"}, {"number": "01632 960 111"}],
        },
        {**place("Old Library", latitude=53.1), "location_id": "x"},
        {"location_id": "of a place nothing is told"},
    ],
}
EXPECTED = {
    "id": KEY,
    "name": "Lunch club",
    "organization": "Friends of Eastmoor",
    "description": "A hot meal.\nEvery week.",
    "status": "active",
    "helps_with": "Food; Loneliness",
    "minimum_age": "0",
    "maximum_age": "25.5",
    "eligibility": "For older people",
    "how_to_start": "Just come",
    "fees": "£2, or what you can",
    "phones": "01632 960 111; 01632 960 222",
    "email": "lunch@example.org",
    "url": "https://lunch.example.org",
    "languages": "Turkish; ur",
    "areas": "Eastmoor; E05000002",
    "places": "Online; Mill Hall, 1 Mill Street, Calderwick, ZZ1 1AA; Old Library",
    "latitude": "0.0",
    "longitude": "-2.2",
    "assured_date": "2026-11-01",
    "last_modified": "2026-11-24T10:30:00.000Z",
    "page": f"{SITE}/en/services/{KEY}",
}


def read(*services: dict[str, Any]) -> list[dict[str, str]]:
    """The file as a program for tables reads it."""
    text = "".join(lines(services, SITE))
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def test_every_cell_of_a_whole_service() -> None:
    assert read(WHOLE) == [EXPECTED]
    assert list(EXPECTED) == [*COLUMNS, "page"], "every column is expected above"


def test_of_what_is_not_known_the_cell_is_empty_and_never_says_so_in_words() -> None:
    known = {"id", "name", "status", "page"}
    [row] = read(BARE)
    assert {name: value for name, value in row.items() if name not in known} == dict.fromkeys(set(EXPECTED) - known, "")


def test_an_empty_directory_is_a_table_with_its_headings_only() -> None:
    assert "".join(lines([], SITE)) == BOM + ",".join(EXPECTED) + "\r\n"


def test_position_is_that_of_the_first_place_that_has_one() -> None:
    [row] = read({**BARE, "service_at_locations": [place("A"), place("B", latitude=1.5, longitude=2.5), place("C", latitude=3.5)]})
    assert (row["latitude"], row["longitude"]) == ("1.5", "2.5")


def test_a_secret_place_has_neither_a_name_nor_an_address_in_the_table() -> None:
    secret = {"location": {"id": KEY, "location_type": "physical"}, "phones": [{"number": "01632 960 333"}]}
    [row] = read({**BARE, "service_at_locations": [secret]})
    assert (row["places"], row["latitude"], row["longitude"], row["phones"]) == ("", "", "", "01632 960 333")


TEXTS = ["name", "description", "status", "eligibility_description", "application_process", "fees", "email", "url", "assured_date"]
COLUMN_OF = {"eligibility_description": "eligibility", "application_process": "how_to_start"}
LISTS: dict[str, Any] = {
    "helps_with": lambda text: {"attributes": [{"taxonomy_term": {"name": text}}]},
    "languages": lambda text: {"languages": [{"name": text}]},
    "areas": lambda text: {"service_areas": [{"extent": text}]},
    "phones": lambda text: {"phones": [{"number": text}]},
    "places": lambda text: {"service_at_locations": [place(text)]},
    "organization": lambda text: {"organization": {"name": text}},
}
FORMULAS = ["=1+1", "+44 1632 960111", "-1", "@SUM(A1)", "\t=1", "＝1", "a; =1", "a,=1", '"=1', " =HYPERLINK(1)"]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("name", [*TEXTS, *LISTS])
def test_no_cell_starts_a_formula_and_each_reads_back_as_it_was(name: str, formula: str) -> None:
    values = LISTS[name](formula) if name in LISTS else {name: formula}
    [row] = read({**BARE, **values})
    cell = row[COLUMN_OF.get(name, name)]
    assert not inert.looks_like_formula(cell)
    assert inert.as_meant(cell) == formula


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_whatever_a_service_says_a_line_is_one_line_and_reads_back(text: str) -> None:
    rows = read({**BARE, "name": text, "description": text}, BARE)
    assert len(rows) == 2
    assert [inert.as_meant(rows[0][name]) for name in ("name", "description")] == [text, text]
