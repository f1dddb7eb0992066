"""Nested objects become flat rows that know their parents."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from portal.directory.openreferral.identifiers import child_id, pack_id
from portal.directory.openreferral.readers.json_file import from_objects, list_objects, noun_of, parse
from portal.directory.openreferral.rows import RawRow, Source
from portal.errors import SourceError

SERVICE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def read(*things: Mapping[str, object], namespace: str = "test") -> Source:
    return from_objects(list(things), "test.json", namespace)


def rows(source: Source, table: str) -> list[RawRow]:
    return [row for row in source.rows if row.table == table]


def test_children_learn_their_parents_id_at_every_depth() -> None:
    source = read(
        {
            "id": SERVICE,
            "name": "Tea",
            "organization": {"id": "org-1", "name": "Friends"},
            "service_at_locations": [
                {"location": {"id": "hall", "addresses": [{"address_1": "1 High Street"}]}, "schedules": [{"byday": "MO"}]}
            ],
            "contacts": [{"name": "Desk", "phones": [{"number": "111", "languages": ["Turkish"]}]}],
        }
    )
    (at,), (location,), (address,) = rows(source, "service_at_location"), rows(source, "location"), rows(source, "address")
    assert at.values["service_id"] == uuid.UUID(SERVICE)
    assert at.values["location_id"] == location.id == address.values["location_id"]
    assert rows(source, "schedule")[0].values["service_at_location_id"] == at.id
    assert rows(source, "phone")[0].values["contact_id"] == rows(source, "contact")[0].id
    assert rows(source, "language")[0].values == {"name": "Turkish", "phone_id": rows(source, "phone")[0].id}
    assert rows(source, "service")[0].values["organization_id"] == rows(source, "organization")[0].id
    assert {row.listing for row in source.rows} == {"Tea", "Friends"}


def test_an_organization_named_by_id_is_the_same_as_one_nested() -> None:
    source = read(
        {"id": "a", "name": "A", "organization": {"id": "org-1", "name": "Friends"}}, {"id": "b", "name": "B", "organization_id": "org-1"}
    )
    first, second = rows(source, "service")
    assert first.values["organization_id"] == second.values["organization_id"]


def test_ids_are_the_same_each_time_and_differ_between_sources() -> None:
    thing = {"id": "12", "name": "Tea", "phones": [{"number": "111"}]}
    assert [row.id for row in read(thing).rows] == [row.id for row in read(thing).rows]
    assert read(thing).rows[0].id != read(thing, namespace="other").rows[0].id
    assert read(thing).made_ids == 1


def test_uuids_are_kept_in_any_spelling() -> None:
    for spelling in (SERVICE, SERVICE.upper(), f"{{{SERVICE}}}", f"urn:uuid:{SERVICE}"):
        source = read({"id": spelling, "name": "Tea"})
        assert source.rows[0].id == uuid.UUID(SERVICE)
        assert source.made_ids == 0


def test_children_without_ids_are_told_apart_by_their_place() -> None:
    source = read({"id": SERVICE, "name": "Tea", "schedules": [{"byday": "MO"}, {"byday": "MO"}]})
    assert [row.id for row in rows(source, "schedule")] == [child_id(uuid.UUID(SERVICE), f"schedule/{place}") for place in (0, 1)]


def test_a_service_without_id_has_one_made_from_its_name() -> None:
    assert read({"name": "Tea", "status": "active"}).rows[0].id is not None
    assert read({"status": "active"}).rows[0].id is None


def test_what_has_no_column_is_counted() -> None:
    source = read(
        {"id": "1", "name": "A", "colour": "red", "licenses": ""}, {"id": "2", "name": "B", "colour": "blue", "programs": [{}, {}]}
    )
    assert source.unkept == {"service.colour": 2, "service.programs": 1}


def test_keys_are_fit_for_a_terminal() -> None:
    assert list(read({"id": "1", "name": "A", "\x1b[31m" + "k" * 100: 1}).unkept) == ["service.[31m" + "k" * 56]


@pytest.mark.parametrize(
    ("thing", "table", "column", "value"),
    [
        ({"id": "1", "name": "A", "fees": "£2"}, "service", "fees_description", "£2"),
        ({"id": "1", "name": "A", "services": [], "url": "x.org"}, "organization", "website", "x.org"),
        ({"id": "1", "location_type": "physical", "accessibility": [{"accessibility": "Ramp"}]}, "accessibility", "description", "Ramp"),
        ({"id": "1", "name": "A", "service_areas": [{"service_area": "Eastmoor"}]}, "service_area", "name", "Eastmoor"),
        ({"id": "1", "name": "A", "attributes": [{"term": "Food bank", "taxonomy": "UK-CAT"}]}, "taxonomy_term", "taxonomy", "UK-CAT"),
    ],
)
def test_other_names_for_a_field_are_understood(thing: dict[str, Any], table: str, column: str, value: str) -> None:
    source = read(thing)
    assert rows(source, table)[0].values[column] == value
    assert not source.unkept


def test_an_alias_that_says_something_else_is_counted() -> None:
    assert read({"id": "1", "name": "A", "fees_description": "Free", "fees": "£2"}).unkept == {"service.fees": 1}


def test_attributes_know_what_they_are_attached_to() -> None:
    source = read({"id": SERVICE, "name": "Tea", "attributes": [{"taxonomy_term": {"id": "t1", "name": "Food"}}]})
    attribute = rows(source, "attribute")[0]
    assert attribute.values["link_id"] == uuid.UUID(SERVICE)
    assert attribute.values["link_entity"] == "service"
    assert attribute.values["taxonomy_term_id"] == rows(source, "taxonomy_term")[0].id


def test_one_term_in_words_is_one_term_wherever_it_is_used() -> None:
    things = [{"id": name, "name": name, "attributes": [{"term": "Food bank", "taxonomy": "UK-CAT"}]} for name in "ab"]
    assert len({row.id for row in rows(read(*things), "taxonomy_term")}) == 1


def test_an_object_that_contains_itself_ends() -> None:
    inner: dict[str, Any] = {"id": "0", "name": "S"}
    for number in range(50):
        inner = {"id": str(number), "name": "S", "organization": {"id": "o", "name": "O", "services": [inner]}}
    assert len(read(inner).rows) < 20


@pytest.mark.parametrize(
    ("keys", "noun"),
    [
        ("id name status organization", "service"),
        ("id location service", "service_at_location"),
        ("id name description website logo", "organization"),
        ("id name description parent_id taxonomy term_uri", "taxonomy_term"),
        ("id name description uri version", "taxonomy"),
        ("id name latitude addresses", "location"),
        ("id name", "service"),
    ],
)
def test_a_noun_shows_in_its_fields(keys: str, noun: str) -> None:
    assert noun_of(dict.fromkeys(keys.split(), "")) == noun


def test_lists_envelopes_and_single_objects_are_read() -> None:
    assert list_objects([{"id": 1}], "x") == [{"id": 1}]
    assert list_objects({"total_items": 1, "contents": [{"id": 1}]}, "x") == [{"id": 1}]
    assert list_objects({"id": 1, "name": "A"}, "x") == [{"id": 1, "name": "A"}]


@pytest.mark.parametrize("thing", [7, "text", None, [1, 2], {"contents": "no"}, [[{}]]])
def test_other_json_is_no_source(thing: object) -> None:
    with pytest.raises(SourceError):
        list_objects(thing, "x")


@pytest.mark.parametrize("text", [b"", b"{", b"<html>", b"[" * 100_000, b"\xff\xfe\x00", b"1" * 5000])
def test_what_is_no_json_is_no_source(text: bytes) -> None:
    with pytest.raises(SourceError):
        list_objects(parse(text, "x"), "x")


def test_json_with_a_byte_order_mark_is_read() -> None:
    assert parse("\ufeff[]".encode(), "x") == []
    assert parse('["é"]'.encode("utf-16"), "x") == ["é"]


def test_ids_of_a_pack_can_be_known_beforehand() -> None:
    assert pack_id("service", "tea") == from_objects([{"id": "tea", "name": "Tea"}], "x", "pack").rows[0].id
