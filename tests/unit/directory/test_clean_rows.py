"""Values of one row seen together, and what a row cannot be without."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest

from portal import clock
from portal.directory.openreferral.cleaning import clean
from portal.directory.openreferral.rows import Action, RawRow, Row, Source, Value

SOURCE = Source("list.json", [])
ID = uuid.UUID("6d5c8b1e-2f3a-4b5c-8d9e-0f1a2b3c4d5e")


def kept(table: str, **values: object) -> dict[str, Value]:
    rows, _ = clean(RawRow(table, ID, values, "row 1", "Tea", 1), SOURCE)
    return rows[0].values


def actions(table: str, **values: object) -> list[tuple[str, str]]:
    _, findings = clean(RawRow(table, ID, values, "row 1", "Tea", 1), SOURCE)
    return [(finding.field, finding.action.value) for finding in findings]


@pytest.mark.parametrize(
    ("low", "high", "ages"),
    [
        (-1, -1, {}),
        (0, 0, {}),
        (18, 0, {"minimum_age": 18.0}),
        (65, 18, {"minimum_age": 18.0, "maximum_age": 65.0}),
        (0, 5, {"minimum_age": 0.0, "maximum_age": 5.0}),
        (18, 999, {"minimum_age": 18.0}),
    ],
)
def test_ages_that_cannot_be_are_no_limit(low: int, high: int, ages: dict[str, float]) -> None:
    found = kept("service", name="Tea", status="active", minimum_age=low, maximum_age=high)
    assert {key: value for key, value in found.items() if key.endswith("_age")} == ages


@pytest.mark.parametrize(
    ("latitude", "longitude", "position"),
    [
        (0, 0, None),
        ("53.4", "-2.3", (53.4, -2.3)),
        (-2.3, 53.4, (53.4, -2.3)),
        (54.06816, 1.26217, (54.06816, 1.26217)),
        (48.85, 2.35, None),
        (100, 101, None),
        (53.4, None, None),
        ("here", 1.0, None),
    ],
)
def test_positions_are_in_the_british_isles_or_nowhere(latitude: object, longitude: object, position: tuple[float, float] | None) -> None:
    found = kept("location", name="Hall", location_type="physical", latitude=latitude, longitude=longitude)
    assert (found.get("latitude"), found.get("longitude")) == (position or (None, None))
    assert found["name"] == "Hall"


def test_a_dropped_position_shows_what_was_written() -> None:
    _, findings = clean(RawRow("location", ID, {"location_type": "physical", "latitude": 0, "longitude": 0}, "row 1", "Tea", 1), SOURCE)
    assert [finding.before for finding in findings] == ["0.0, 0.0"]


@pytest.mark.parametrize("table", ["service", "organization", "taxonomy_term", "phone", "required_document", "funding"])
def test_a_row_without_the_one_thing_it_is_for_is_refused(table: str) -> None:
    rows, findings = clean(RawRow(table, ID, {}, "row 1", "Tea", 1), SOURCE)
    assert rows == []
    assert findings[-1].action is Action.REFUSED
    assert findings[-1].field == ""


def test_a_row_without_id_and_name_is_refused() -> None:
    rows, findings = clean(RawRow("service", None, {"url": "x.org"}, "row 1", "", 1), SOURCE)
    assert rows == []
    assert findings[0].before == "url: x.org"


def test_a_service_that_does_not_say_is_active_and_says_where_it_is_from() -> None:
    assert kept("service", name="Tea") == {"name": "Tea", "status": "active", "source": "list.json"}
    assert kept("service", name="Tea", source="a survey")["source"] == "a survey"


def test_several_numbers_in_one_field_become_several_telephones() -> None:
    rows, findings = clean(
        RawRow("phone", ID, {"number": "01632 960 001 or 07700 900123", "description": "Office"}, "row 1", "Tea", 1), SOURCE
    )
    assert [(row.values["number"], row.values["description"]) for row in rows] == [("01632 960001", "Office"), ("07700 900123", "Office")]
    assert len({row.id for row in rows}) == 2
    assert rows[0].id == ID
    assert len(findings) == 1


def test_words_in_a_number_go_to_its_description() -> None:
    assert kept("phone", number="01632 960 001 (ask for Jo) ext 4", description="Office") == {
        "number": "01632 960001",
        "extension": "4",
        "description": "Office; ask for Jo",
    }


def test_a_languages_name_gives_its_code_without_a_word() -> None:
    assert kept("language", name="Turkish") == {"name": "Turkish", "code": "tr"}
    assert actions("language", name="Turkish") == []


def test_clean_rows_say_nothing() -> None:
    assert actions("service", name="Tea", status="active", minimum_age=18, url="https://example.org") == []
    assert isinstance(clean(RawRow("service", ID, {"name": "Tea"}, "row 1", "Tea", 1), SOURCE)[0][0], Row)


@pytest.mark.parametrize(("days_ahead", "stays"), [(1, False), (0, True), (-30, True)])
def test_a_check_on_a_day_still_to_come_was_no_check(days_ahead: int, stays: bool) -> None:
    with clock.stopped_at(datetime(2026, 11, 24, 12, tzinfo=clock.LONDON)):
        given = {"name": "Club", "status": "active", "assured_date": (date(2026, 11, 24) + timedelta(days=days_ahead)).isoformat()}
        assert ("assured_date" in kept("service", **given)) == stays
        assert actions("service", **given) == ([] if stays else [("assured_date", "mended")])
