"""A council's list of localities is taken at its word, unless it contradicts itself or the files beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from shapely.geometry import box

from portal.errors import SourceError
from portal.localities.area_sources import Member, PlaceName, Postcode, Remarks
from portal.localities.authorities import name_authorities
from portal.localities.membership import Ground, from_list, from_wards, slugify
from portal.localities.zones import Zone

WARDS, LSOAS, MSOAS = Path("wards.geojson"), Path("lsoas.geojson"), Path("msoas.geojson")
LADS = {"E07000001": "Eastshire", "E07000002": "Westshire"}


def zone(code: str, name: str, lad: str = "E07000001", file: Path = WARDS) -> Zone:
    at = int(code[-2:])
    return Zone(code, name, lad, box(at / 10, 54, at / 10 + 0.1, 54.1), file)


def postcode(ward: str, lsoa: str = "", text: str = "ZY1 1AA") -> Postcode:
    return Postcode(text, 54.0, 1.0, ward, lsoa)


ZONES = {
    one.code: one
    for one in (
        zone("E05000001", "St Mary's"), zone("E05000002", "St Mary's", "E07000002"), zone("E05000003", "Harbour & Quay"),
        zone("E05000004", "Twice"), zone("E05000005", "Twice"), zone("E01000001", "Eastshire 001A", file=LSOAS),
        zone("E01000002", "Eastshire 001B", file=LSOAS), zone("E02000001", "Eastshire 001", file=MSOAS),
    )
}  # fmt: skip
POSTCODES = (postcode("E05000001", "E01000001"), postcode("E05000003", "E01000002"), postcode("E05000009", "E01000009"))


def ground(postcodes: Sequence[Postcode] = POSTCODES) -> Ground:
    return Ground(tuple(postcodes), ZONES, LADS)


def listed(*rows: tuple[str, str]) -> list[Member]:
    return [Member(line, locality, code) for line, (locality, code) in enumerate(rows, 2)]


def test_without_a_list_each_ward_is_a_locality_named_apart_from_its_namesakes() -> None:
    made = from_wards(ground())
    assert [(one.slug, one.name, one.codes, one.lads) for one in made.localities] == [
        ("harbour-and-quay", "Harbour & Quay", ("E05000003",), ("Eastshire",)),
        ("st-marys-eastshire", "St Mary's (Eastshire)", ("E05000001",), ("Eastshire",)),
        ("st-marys-westshire", "St Mary's (Westshire)", ("E05000002",), ("Westshire",)),
        ("twice-eastshire-e05000004", "Twice (Eastshire) (E05000004)", ("E05000004",), ("Eastshire",)),
        ("twice-eastshire-e05000005", "Twice (Eastshire) (E05000005)", ("E05000005",), ("Eastshire",)),
    ]


def test_a_locality_may_mix_wards_and_lsoas_of_two_authorities() -> None:
    made = from_list(listed(("North", "E05000002"), ("South", "E05000003"), ("North", "E01000001"), ("North", "E05000002")), ground())
    assert [(one.slug, one.codes, one.lads) for one in made.localities] == [
        ("north", ("E01000001", "E05000002"), ("Eastshire", "Westshire")),
        ("south", ("E05000003",), ("Eastshire",)),
    ]


def test_a_postcode_goes_by_its_lsoa_or_else_its_ward_and_else_lies_outside() -> None:
    made = from_list(listed(("North", "E01000001"), ("South", "E05000003")), ground())
    assert [made.slug_of(one) for one in POSTCODES] == ["north", "south", ""]
    assert made.slug_of(postcode("E05000001", "E01000002")) == ""


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("North", "E05999999"), ("North", "E05000001")], r"in no boundaries: E05999999 \(line 2\)"),
        ([("North", "E02000001")], r"neither wards nor LSOAs of the postcodes: E02000001"),
        ([("North", "E05000001"), ("South", "E05000001")], r"'North' \(line 2\) and 'South' \(line 3\)"),
        ([("North", "E05000001"), ("south", "E05000002"), ("South", "E05000003")], "one address, 'south'"),
        ([("North", "E05000001"), ("South", "E01000001")], "E01000001 in 'south' and the ward E05000001, in which it lies, in 'north'"),
    ],
)
def test_a_list_that_contradicts_itself_or_the_files_is_refused_in_words(rows: list[tuple[str, str]], words: str) -> None:
    with pytest.raises(SourceError, match=words):
        from_list(listed(*rows), ground())


def test_a_few_postcodes_across_the_edge_of_a_ward_are_no_contradiction() -> None:
    postcodes = [postcode("E05000003", "E01000002"), postcode("E05000003", "E01000002"), postcode("E05000001", "E01000002")]
    made = from_list(listed(("North", "E05000001"), ("South", "E01000002")), ground(postcodes))
    assert [made.slug_of(one) for one in postcodes] == ["south"] * 3


def test_boundaries_of_other_wards_are_refused() -> None:
    with pytest.raises(SourceError, match="None of the boundaries are wards of the postcodes"):
        from_wards(ground([postcode("E05000099")]))


def test_authorities_are_named_by_their_lsoas_or_the_places_in_them() -> None:
    remarks = Remarks()
    places = [PlaceName("Farley", 54.05, 0.25, "Westshire"), PlaceName("Far", 50.0, 0.25, "Elsewhere"), PlaceName("No", 54.05, 0.25, "")]
    assert name_authorities(ZONES, places, remarks) == LADS
    assert remarks.warnings == []


def test_an_authority_that_no_file_names_is_warned_of() -> None:
    remarks = Remarks()
    assert name_authorities(ZONES, [], remarks) == {"E07000001": "Eastshire"}
    assert "E07000002" in remarks.warnings[0]


def test_an_authority_given_by_name_needs_no_other_file() -> None:
    remarks = Remarks()
    assert name_authorities({"E05000001": zone("E05000001", "Harbour", "Calder")}, [], remarks) == {"Calder": "Calder"}
    assert remarks.warnings == []


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("St Mary's", "st-marys"),
        ("St Mary’s", "st-marys"),
        ("Hoxton East & Shoreditch", "hoxton-east-and-shoreditch"),
        ("Ôld  Tôwn!", "old-town"),
        ("東京", "locality"),
    ],
)
def test_slugs_are_plain_letters(name: str, slug: str) -> None:
    assert slugify(name) == slug
