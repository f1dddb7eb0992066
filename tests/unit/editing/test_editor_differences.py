"""What changes in a listing, word by word, and a listing in words."""

from __future__ import annotations

from datetime import date, time

from babel import Locale

from portal.directory.record import FIELDS, ClosureEntry, CostEntry, PhoneEntry, ServiceRecord, SessionEntry, VenueEntry
from portal.editing.differences import Mark, compare
from portal.editing.saying import LABELS, Line, Speech, say_field
from portal.taxonomy.terms import Taxonomy

SPEECH = Speech(Taxonomy({}, {}, {}, {}, {}), Locale.parse("en"), date(2026, 11, 24))


def shown(before: list[str], after: list[str]) -> list[str]:
    marks = {Mark.KEPT: "{}", Mark.GONE: "-{}-", Mark.NEW: "+{}+"}
    lines = compare([Line(each) for each in before], [Line(each) for each in after])
    return ["".join(marks[piece.mark].format(piece.text) for piece in line.pieces) for line in lines]


def test_words_that_change_are_marked_and_the_rest_stays() -> None:
    told = "Hot food and company every {} in the hall, for all who would like to eat together."
    assert shown([told.format("Tuesday")], [told.format("Thursday")]) == [told.format("-Tuesday -+Thursday +").replace("+ in", "+in")]
    assert shown(["One"], ["One"]) == ["One"]
    assert shown([], ["New"]) == ["+New+"]
    assert shown(["Old"], []) == ["-Old-"]


def test_a_short_line_is_struck_whole_so_that_times_read_at_a_glance() -> None:
    assert shown(["Every Tuesday, 2pm"], ["Every Tuesday, 3pm"]) == ["-Every Tuesday, 2pm-", "+Every Tuesday, 3pm+"]


def test_a_line_that_has_little_in_common_is_struck_whole() -> None:
    assert shown(["Every Tuesday, 2pm to 4pm"], ["By appointment"]) == ["-Every Tuesday, 2pm to 4pm-", "+By appointment+"]


def test_lines_of_different_languages_are_never_mixed() -> None:
    [gone, new] = compare([Line("one two", "en")], [Line("one two", "ur")])
    assert (gone.lang, new.lang) == ("en", "ur")


def test_nothing_is_lost_or_made_up() -> None:
    long = "one two three four five six seven eight nine ten eleven twelve"
    before, after = [f"{long} c d", "e f", "g"], [f"{long} x d", "g", "h"]
    lines = compare([Line(each) for each in before], [Line(each) for each in after])
    pieces = [piece for line in lines for piece in line.pieces]
    old = " ".join("".join(piece.text for piece in line.pieces if piece.mark != Mark.NEW) for line in lines)
    assert old.split() == " ".join(before).split()
    assert [piece.text for piece in pieces if piece.mark == Mark.NEW] == ["x ", "h"]


def test_every_field_of_a_record_has_a_name() -> None:
    assert set(LABELS) == set(FIELDS)


def test_a_record_is_said_in_words() -> None:
    session = SessionEntry(byday="TU", opens=time(14), closes=time(16), note="term time")
    closed = ClosureEntry(date(2026, 12, 25), date(2026, 12, 25))
    venue = VenueEntry(name="Hall", address="1 High Street", postcode="ZZ1 1AZ", sessions=(session,), closures=(closed,), access=("Lift",))
    record = ServiceRecord(
        "Lunch",
        minimum_age=18,
        venues=(venue,),
        costs=(CostEntry(2.5, "Tea"),),
        phones=(PhoneEntry("01632 960001", "Joan"),),
    )
    assert [line.text for line in say_field(record, "venues", SPEECH)] == [
        "Hall, 1 High Street, ZZ1 1AZ",
        "Lift",
        "Every Tuesday, 2pm to 4pm (term time)",
        "Closed on Friday 25 December",
    ]
    assert [line.text for line in say_field(record, "costs", SPEECH)] == ["Tea: £2.50"]
    assert [line.text for line in say_field(record, "phones", SPEECH)] == ["01632 960001 · Joan"]
    assert [line.text for line in say_field(record, "minimum_age", SPEECH)] == ["18"]
    assert say_field(record, "description", SPEECH) == ()
