"""A pack is read whole, or refused in words that name the file and the place in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from portal.errors import ContentError
from portal.localities.gazetteer import Gazetteer, Locality, load_gazetteer
from portal.localities.place import place

WritePack = Callable[..., Path]


def test_localities_keep_the_packs_order_codes_and_authorities(calder: Gazetteer) -> None:
    assert (calder.name, calder.boundary_date, calder.source) == ("Calder", date(2025, 5, 1), "Made for tests")
    assert list(calder.localities)[:2] == ["millbrook", "eastmoor"]
    assert calder.localities["eastmoor"] == Locality("eastmoor", "Eastmoor", ("E05000002", "E05000003"), ("Eastshire", "Westshire"))


def test_a_locality_drawn_by_hand_needs_no_codes_or_authorities(demo: Gazetteer) -> None:
    assert demo.localities["eastmoor"] == Locality("eastmoor", "Eastmoor")
    assert len(demo.localities) == 8


@pytest.mark.parametrize("missing", ["localities.geojson", "postcodes.csv", "places.csv"])
def test_a_missing_file_is_named(tmp_path: Path, write_pack: WritePack, missing: str) -> None:
    (write_pack(tmp_path) / missing).unlink()
    with pytest.raises(ContentError, match=missing):
        load_gazetteer(tmp_path)


@pytest.mark.parametrize("row", ["ZY1,54,1,millbrook", "ZY1 1AA,north,1,millbrook", "ZY1 1AA,54,1,nowhere", "ZY1 1AA,54"])
def test_a_wrong_postcode_row_is_named_by_its_line(tmp_path: Path, write_pack: WritePack, row: str) -> None:
    with pytest.raises(ContentError, match=r"postcodes\.csv, line 3"):
        load_gazetteer(write_pack(tmp_path, postcodes=["ZY1 1AB,54,1,millbrook", row]))


def test_a_row_without_end_is_refused(tmp_path: Path, write_pack: WritePack) -> None:
    with pytest.raises(ContentError, match="field larger"):
        load_gazetteer(write_pack(tmp_path, postcodes=["X" * 200_000 + ",1,1,"]))


@pytest.mark.parametrize("row", ["Farley,hamlet,54,1,", "Farley,place,x,1,", "Farley,place,54,1,nowhere", "Farley"])
def test_a_wrong_place_row_is_named_by_its_line(tmp_path: Path, write_pack: WritePack, row: str) -> None:
    with pytest.raises(ContentError, match=r"places\.csv, line 2"):
        load_gazetteer(write_pack(tmp_path, places=[row]))


@pytest.mark.parametrize(
    ("file", "head"), [("postcodes.csv", "postcode,lat,locality"), ("places.csv", "name,kind,lat,long"), ("postcodes.csv", "")]
)
def test_a_missing_column_is_named(tmp_path: Path, write_pack: WritePack, file: str, head: str) -> None:
    (write_pack(tmp_path) / file).write_text(head, "utf-8")
    with pytest.raises(ContentError, match=rf"{file}: the column '\w+' is missing"):
        load_gazetteer(tmp_path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"features": [], "name": "x", "source": "y", "boundary_date": "soon"}'])
def test_a_collection_that_is_none_is_named(tmp_path: Path, write_pack: WritePack, text: str) -> None:
    (write_pack(tmp_path) / "localities.geojson").write_text(text, "utf-8")
    with pytest.raises(ContentError, match=r"localities\.geojson"):
        load_gazetteer(tmp_path)


def test_two_localities_of_one_slug_are_refused(tmp_path: Path, write_pack: WritePack) -> None:
    twice = [{"slug": "millbrook", "name": "Millbrook"}, {"slug": "millbrook", "name": "Mill Brook"}]
    with pytest.raises(ContentError, match="one slug"):
        load_gazetteer(write_pack(tmp_path, localities=twice))


def test_a_locality_without_postcodes_or_a_middle_is_known_but_nowhere(tmp_path: Path, write_pack: WritePack) -> None:
    localities = [{"slug": "millbrook", "name": "Millbrook"}, {"slug": "empty", "name": "Emptiness"}]
    gazetteer = load_gazetteer(
        write_pack(tmp_path, localities=localities, postcodes=["ZY1 1AA,54,1,millbrook"], places=["A,place,54,1,millbrook"])
    )
    assert "empty" in gazetteer.localities
    assert "Emptiness" in str(place("Emptiness", gazetteer))
    assert "Unknown" in str(place("Emptiness", gazetteer))
