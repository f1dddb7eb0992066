"""What becomes of a row: nothing that somebody left alone is changed, whatever a record holds; the rest is what the file says."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, time

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.directory.record import (
    AreaEntry,
    ClosureEntry,
    CostEntry,
    LanguageEntry,
    PhoneEntry,
    ServiceRecord,
    SessionEntry,
    TranslationEntry,
    VenueEntry,
)
from portal.directory.records import Recorded
from portal.editing.spreadsheet.columns import BY_KEY, COLUMNS, known_headings
from portal.editing.spreadsheet.examples import EXAMPLES
from portal.editing.spreadsheet.export import as_csv, as_workbook
from portal.editing.spreadsheet.mapping import guess
from portal.editing.spreadsheet.plan import Choices, Fate, Plan, PlannedRow
from portal.editing.spreadsheet.planning import EMPTY, cell_of, plan, versions_told
from portal.editing.spreadsheet.reading import read_table
from portal.editing.spreadsheet.shown import LONGEST, changes_of, page_of, show
from portal.editing.spreadsheet.table import Row, Table, Unclear
from portal.editing.spreadsheet.words import STATES, WAYS, Words
from portal.editing.spreadsheet.words import Choices as Listed

ORGANIZATION = uuid.uuid4()
WORDS = Words(
    needs=Listed({"falls": "falls and balance", "personal-care": "washing, dressing and using the toilet", "lonely": "feeling lonely"}, {}),
    who_for=Listed({"adult": "Adults", "carer": "People who look after someone"}, {"carers": "carer"}),
    ways=Listed(WAYS, {}),
    states=Listed(STATES, {}),
    areas={"calderwick": "Calderwick", "eastmoor": "Eastmoor"},
)
TEXT = st.text(alphabet=st.characters(exclude_categories=("Cs",)) | st.sampled_from("=+-@'\"|;,:\n\t()£"), max_size=30)
IDS = st.uuids()
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))
TIMES = st.none() | st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


def some(entry: st.SearchStrategy[object], most: int = 2) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(entry, max_size=most).map(tuple)


SESSIONS = some(
    st.builds(
        SessionEntry,
        freq=st.sampled_from(["WEEKLY", "MONTHLY", ""]),
        interval=st.integers(1, 9),
        byday=st.sampled_from(["", "TU", "MO,WE", "2TU", "-1FR", "nonsense"]),
        bymonthday=st.sampled_from(["", "15", "-1"]),
        opens=TIMES,
        closes=TIMES,
        start=st.none() | DAYS,
        first=st.none() | DAYS,
        last=st.none() | DAYS,
        note=TEXT,
        id=IDS,
    )
)
CLOSURES = some(st.builds(ClosureEntry, DAYS, DAYS, TIMES, TIMES, TEXT, IDS))
VENUES = some(
    st.builds(
        VenueEntry,
        TEXT,
        TEXT,
        TEXT,
        TEXT,
        st.booleans(),
        access=some(TEXT),
        directions=TEXT,
        note=TEXT,
        sessions=SESSIONS,
        closures=CLOSURES,
        id=IDS,
    )
)
RECORDS = st.builds(
    ServiceRecord,
    name=TEXT,
    description=TEXT,
    status=st.sampled_from([*STATES, "odd"]),
    needs=st.lists(st.sampled_from(["falls", "lonely", "gone"]), unique=True).map(tuple),
    minimum_age=st.none() | st.floats(0, 120),
    venues=VENUES,
    sessions=SESSIONS,
    closures=CLOSURES,
    areas=some(st.builds(AreaEntry, TEXT, TEXT, IDS)),
    phones=some(st.builds(PhoneEntry, TEXT, TEXT, TEXT, IDS)),
    email=TEXT,
    url=TEXT,
    costs=some(st.builds(CostEntry, st.none() | st.floats(0, 1000), TEXT, TEXT, IDS)),
    documents=some(TEXT),
    languages=some(st.builds(LanguageEntry, TEXT, TEXT, IDS)),
    translations=some(st.builds(TranslationEntry, TEXT, TEXT, TEXT, IDS)),
)


def recorded(record: ServiceRecord, service_id: uuid.UUID | None = None) -> Recorded:
    return Recorded(service_id or uuid.uuid4(), ORGANIZATION, 1, record)


def planned(services: list[Recorded], headings: str, *rows: str, empties: bool = False) -> Plan:
    """The plan of a file whose cells are written with | between them."""
    table = Table(tuple(headings.split("|")), tuple(Row(number, tuple(row.split("|"))) for number, row in enumerate(rows, start=2)), "CSV")
    return plan(table, Choices(guess(table.headings), empties), services, WORDS)


def only(made: Plan) -> PlannedRow:
    assert len(made.rows) == 1
    return made.rows[0]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(RECORDS, min_size=1, max_size=3), st.booleans())
def test_what_goes_out_and_comes_back_untouched_changes_nothing(records: list[ServiceRecord], empties: bool) -> None:
    services = [recorded(record) for record in records]
    for make in (as_csv, as_workbook):
        table = read_table(make(services, WORDS), known_headings())
        made = plan(table, Choices(guess(table.headings), empties), services, WORDS)
        assert [row.fate for row in made.rows] == [Fate.SAME] * len(services)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(COLUMNS), TEXT)
def test_whatever_is_in_a_cell_it_is_read_or_asked_about(column: object, text: str) -> None:
    record = replace_venues(EMPTY)
    try:
        read = column.read(text, record, WORDS)  # type: ignore[attr-defined]
    except Unclear:
        return
    assert cell_of(column, read, WORDS) is not None  # type: ignore[arg-type]


def replace_venues(record: ServiceRecord) -> ServiceRecord:
    return msgspec.structs.replace(record, venues=(VenueEntry("A"), VenueEntry("B")))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_examples_can_be_sent_in_as_they_are(example: ServiceRecord) -> None:
    record = EMPTY
    for column in COLUMNS:
        if column.key not in ("needs", "who_for"):
            record = column.read(cell_of(column, example, WORDS), record, WORDS)
    assert msgspec.structs.replace(record, needs=example.needs) == example


def test_a_line_that_was_not_changed_keeps_all_that_a_line_cannot_say() -> None:
    kept = SessionEntry("WEEKLY", byday="TU", opens=time(10), closes=time(12), start=date(2026, 1, 6), id=uuid.uuid4())
    changed = SessionEntry("WEEKLY", byday="TH", opens=time(10), closes=time(12), id=uuid.uuid4())
    service = recorded(ServiceRecord("Walk", sessions=(kept, changed)))
    text = cell_of(BY_KEY["times"], service.record, WORDS).split("\n")
    row = only(planned([service], "Name|Times", f"Walk|{text[0]}\nThursday 11am to 1pm"))
    assert row.record is not None
    assert row.record.sessions[0] == kept
    assert row.record.sessions[1] == msgspec.structs.replace(changed, opens=time(11), closes=time(13))


def test_a_place_with_another_street_stays_the_same_place_and_loses_its_position() -> None:
    ids = {"id": uuid.uuid4(), "location_id": uuid.uuid4()}
    venue = VenueEntry("Hall", "5 High Street", "Calderwick", "ZZ5 1AB", latitude=54.0, longitude=1.3, **ids)
    service = recorded(ServiceRecord("Walk", venues=(venue,)))
    table = Table(("Name", "Places"), (Row(2, ("Walk", "Hall | 7 High Street | Calderwick | ZZ5 1AB")),), "CSV")
    record = only(plan(table, Choices(("name", "venues")), [service], WORDS)).record
    assert record is not None
    assert record.venues == (msgspec.structs.replace(venue, address="7 High Street", latitude=None, longitude=None),)


def test_another_place_at_another_address_is_not_the_place_that_others_may_share() -> None:
    venue = VenueEntry("Hall", "5 High Street", "Calderwick", "ZZ5 1AB", id=uuid.uuid4(), location_id=uuid.uuid4())
    service = recorded(ServiceRecord("Walk", venues=(venue,)))
    table = Table(("Name", "Places"), (Row(2, ("Walk", "Library | 1 Low Street | Calderwick | ZZ1 1AA")),), "CSV")
    record = only(plan(table, Choices(("name", "venues")), [service], WORDS)).record
    assert record is not None
    assert record.venues[0].id is None
    assert record.venues[0].location_id is None


def test_times_follow_the_places_of_the_file_when_these_change_their_order() -> None:
    first = VenueEntry("Hall", postcode="ZZ1 1AA", sessions=(SessionEntry(byday="MO"),), id=uuid.uuid4())
    second = VenueEntry("Library", postcode="ZZ2 2BB", sessions=(SessionEntry(byday="TU"),), id=uuid.uuid4())
    service = recorded(ServiceRecord("Walk", venues=(first, second)))
    times = cell_of(BY_KEY["times"], service.record, WORDS)
    table = Table(("Name", "Places", "Times"), (Row(2, ("Walk", "Library | | | ZZ2 2BB\nHall | | | ZZ1 1AA", times)),), "CSV")
    record = only(plan(table, Choices(("name", "venues", "times")), [service], WORDS)).record
    assert record is not None
    assert [(venue.name, venue.sessions[0].byday) for venue in record.venues] == [("Library", "MO"), ("Hall", "TU")]


def test_with_several_places_each_line_says_which() -> None:
    service = recorded(ServiceRecord("Walk", venues=(VenueEntry("A", id=uuid.uuid4()), VenueEntry("B", id=uuid.uuid4()))))
    assert "several places" in only(planned([service], "Name|Times", "Walk|Monday 10am-12")).mistakes[0].sentence
    assert "no place 3" in only(planned([service], "Name|Times", "Walk|Place 3: Monday 10am-12")).mistakes[0].sentence
    record = only(planned([service], "Name|Times", "Walk|place 2 - Monday 10am-12\nNo place: Tuesday 9am-10am")).record
    assert record is not None
    assert [len(venue.sessions) for venue in record.venues] == [0, 1]
    assert record.sessions[0].byday == "TU"


def test_a_place_in_several_columns_is_one_place() -> None:
    row = only(planned([], "Name|What it does|Venue name|Address 1|Town|Postcode", "Walk|We walk|Hall|5 High Street|Calderwick|zz51ab"))
    assert row.record is not None
    assert row.record.venues == (VenueEntry("Hall", "5 High Street", "Calderwick", "ZZ5 1AB"),)


def test_services_are_known_by_id_then_by_name() -> None:
    walk, talk = recorded(ServiceRecord("Walk", "We walk")), recorded(ServiceRecord("Talk", "We talk"))
    both = [walk, talk]
    row = only(planned(both, "Id|Name", f"{walk.service_id}|Slow walk"))
    assert (row.fate, row.service_id, row.record.name if row.record else "") == (Fate.CHANGED, walk.service_id, "Slow walk")
    assert only(planned(both, "Id|Name", "|  wALK ")).service_id == walk.service_id
    assert only(planned(both, "Name|What it does", "Run|We run")).fate == Fate.NEW
    for wrong in (str(uuid.uuid4()), "1", "\x00", str(uuid.UUID(int=0))):
        assert "do not know this id" in only(planned(both, "Id|Name", f"{wrong}|Walk")).mistakes[0].sentence


def test_rows_that_stand_for_the_same_service_are_mistakes() -> None:
    walk = recorded(ServiceRecord("Walk", "We walk"))
    made = planned([walk], "Id|Name", f"{walk.service_id}|Walk", "|Walk")
    assert [row.fate for row in made.rows] == [Fate.WRONG, Fate.WRONG]
    made = planned([], "Name|What it does", "Run|We run", "run|We run fast")
    assert made.count("wrong") == 2
    namesakes = [recorded(ServiceRecord("Walk")), recorded(ServiceRecord("Walk"))]
    assert "more than one service of this name" in only(planned(namesakes, "Name|Notice", "Walk|New")).mistakes[0].sentence


def test_a_new_service_has_to_have_a_name_and_words() -> None:
    row = only(planned([], "Name|What it does|Tel", "||111"))
    assert [mistake.heading for mistake in row.mistakes] == ["Name", "What it does"]


def test_an_empty_cell_leaves_or_takes_away_as_was_chosen_but_never_a_name() -> None:
    service = recorded(ServiceRecord("Walk", "We walk", email="a@example.org"))
    assert only(planned([service], "Id|Name|E-mail", f"{service.service_id}|Walk|")).fate == Fate.SAME
    row = only(planned([service], "Id|Name|E-mail", f"{service.service_id}|Walk|", empties=True))
    assert row.record is not None
    assert row.record.email == ""
    assert only(planned([service], "Id|Name", f"{service.service_id}|", empties=True)).fate == Fate.WRONG


@pytest.mark.parametrize("word", ["CafÃ©", "donâ€™t", "Â£2", "Ã–zlem", "a\ufffdb"])
def test_letters_that_were_broken_on_their_way_are_not_taken(word: str) -> None:
    assert "broken" in only(planned([], "Name|What it does", f"Walk|We like {word}")).mistakes[0].sentence


@pytest.mark.parametrize("word", ["Café", "£2", "Özlem", "don’t", "قهوة", "ਪੰਜਾਬੀ", "São", "NAÏVE", "Łódź", "𝄞"])
def test_letters_of_other_languages_are_not_taken_for_broken_ones(word: str) -> None:
    assert only(planned([], "Name|What it does", f"Walk|We like {word}")).fate == Fate.NEW


def test_words_of_lists_are_found_though_not_quite_as_they_are() -> None:
    table = "Name|What it does|Needs"
    row = only(planned([], table, "Walk|We walk|Falls and balance; washing, dressing and using the toilet, feelng lonely"))
    assert row.record is not None
    assert row.record.needs == ("falls", "personal-care", "lonely")
    assert "Did you mean “falls and balance”?" in only(planned([], table, "Walk|We walk|balance")).mistakes[0].sentence


def test_columns_are_guessed_by_what_people_call_them() -> None:
    headings = ("Service name", "Phone no.", "Opening times", "Web", "E-mail address", "Telephone numbr", "Leader's cat", "NAME", "")
    assert guess(headings) == ("name", "phones", "times", "url", "email", "", "", "", "")


def test_every_heading_that_we_know_belongs_to_one_column() -> None:
    own = [column.heading for column in COLUMNS]
    assert guess(own) == tuple(column.key for column in COLUMNS)


def test_a_page_shows_what_is_wrong_first_and_only_the_lines_that_change() -> None:
    service = recorded(ServiceRecord("Walk", "We walk", documents=("A", "B", "C")))
    made = planned([service], "Name|What to bring|E-mail", "Walk|A\nX\nC|", "Run||", "Talk||not one")
    shown = show(made)
    assert [row.fate for row in shown] == [Fate.WRONG, Fate.WRONG, Fate.CHANGED]
    assert [it.sentence for it in shown[0].mistakes] == ["Write what the service does."]
    (difference,) = shown[2].differences
    assert [(change.was, change.now) for change in difference.changes] == [("B", "X")]
    (planned_difference,) = made.rows[0].differences
    assert changes_of(replace(planned_difference, was="", now="x" * 500))[0].now == "x" * LONGEST + "…"


@pytest.mark.parametrize(("asked", "rows", "page"), [("2", 25, (2, 3)), ("9", 25, (3, 3)), ("x", 20, (1, 2)), ("", 0, (1, 1))])
def test_a_page_that_is_not_there_is_the_nearest(asked: str, rows: int, page: tuple[int, int]) -> None:
    assert page_of(asked, rows) == page


def taken_then(then: ServiceRecord, now: ServiceRecord, *, is_kept: bool = True, **cells: str) -> PlannedRow:
    """The plan of a row that was taken in version 1, with these cells changed, when the service is in version 3."""
    service = Recorded(uuid.uuid4(), ORGANIZATION, 3, now)
    keys = ("id", "version", *BY_KEY)
    said = {key: cell_of(column, then, WORDS) for key, column in BY_KEY.items()} | cells
    table = Table(keys, (Row(2, (str(service.service_id), "1", *(said[key] for key in BY_KEY))),), "CSV")
    choices = Choices(keys, empties=True)
    assert versions_told(table, choices, [service]) == {(service.service_id, 1)}
    return only(plan(table, choices, [service], WORDS, {(service.service_id, 1): then} if is_kept else {}))


def test_what_others_changed_since_the_file_was_taken_is_not_undone() -> None:
    then = ServiceRecord("Walk", "We walk", email="old@example.org")
    now = ServiceRecord("Walk", "We walk", email="new@example.org")
    assert taken_then(then, now).fate == Fate.SAME
    row = taken_then(then, now, description="We walk far")
    assert row.record == ServiceRecord("Walk", "We walk far", email="new@example.org")
    assert [difference.is_meanwhile for difference in row.differences] == [False]


def test_what_both_changed_is_said() -> None:
    then = ServiceRecord("Walk", "We walk", email="old@example.org")
    now = ServiceRecord("Walk", "We walk", email="new@example.org")
    row = taken_then(then, now, email="third@example.org")
    assert [(difference.was, difference.is_meanwhile) for difference in row.differences] == [("new@example.org", True)]


def test_where_nobody_knows_what_the_file_was_taken_from_each_change_is_marked() -> None:
    row = taken_then(ServiceRecord("Walk", email="old@example.org"), ServiceRecord("Walk", email="new@example.org"), is_kept=False)
    assert [(difference.now, difference.is_meanwhile) for difference in row.differences] == [("old@example.org", True)]


def test_times_by_numbers_of_places_that_are_others_by_now_are_not_guessed_at() -> None:
    hall, library = VenueEntry("Hall", id=uuid.uuid4()), VenueEntry("Library", id=uuid.uuid4())
    then, now = ServiceRecord("Walk", venues=(hall, library)), ServiceRecord("Walk", venues=(library, hall))
    assert taken_then(then, now).fate == Fate.SAME
    row = taken_then(then, now, times="Place 1: Monday 10:00–11:00")
    assert "places of this service have changed" in row.mistakes[0].sentence


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "١"])
def test_a_version_that_is_none_is_passed_over(version: str) -> None:
    service = recorded(ServiceRecord("Walk", "We walk"))
    assert only(planned([service], "Id|Version|Name", f"{service.service_id}|{version}|Walk")).fate == Fate.SAME
