"""Names, links, numbers, dates, days and words from closed lists, one value at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.directory.openreferral.cleaning import CLEANERS
from portal.directory.openreferral.rows import Action
from portal.directory.openreferral.tables import KINDS, TABLES, Kind, kinds_of
from portal.directory.openreferral.values.links import clean_email, clean_url
from portal.directory.openreferral.values.moments import clean_clock, clean_day, clean_moment
from portal.directory.openreferral.values.numbers import clean_age, clean_amount, clean_count, clean_flag
from portal.directory.openreferral.values.titles import LONGEST, clean_title
from portal.directory.openreferral.values.weekdays import clean_weekdays
from portal.directory.openreferral.values.words import clean_ids, clean_language, clean_place_type, clean_postcode, clean_status


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Older People'S Group", "Older People's Group"),
        ("Friends Of St Ann'S (Uk)", "Friends of St Ann's (UK)"),
        ("AGE UK CALDERWICK", "Age UK Calderwick"),
        ("THE FRIENDS OF O'NEILL PARK AND BBC CLUB", "The Friends of O'neill Park and BBC Club"),
        ("<b>Tea &amp; chat</b>", "Tea & chat"),
    ],
)
def test_names_are_not_shouted(written: str, kept: str) -> None:
    assert clean_title(written).value == kept


@pytest.mark.parametrize("written", ["YMCA", "MIND", "RNIB UK", "Friends Of The Park", "eBay group", "Step By Step", "ACE CIC"])
def test_names_that_may_be_meant_so_stay(written: str) -> None:
    assert clean_title(written) == (written, ())


def test_a_name_of_a_thousand_letters_is_cut() -> None:
    name = clean_title("Long " * 200).value
    assert isinstance(name, str)
    assert len(name) <= LONGEST


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("www.example.org", "https://www.example.org"),
        ("example.org/visits", "https://example.org/visits"),
        ("HTTP://Example.org", "http://Example.org"),
        ("http:/example.org", "http://example.org"),
        ("https//example.org", "https://example.org"),
        ("//example.org/x", "https://example.org/x"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("http://a.example.org http://b.example.org", "http://a.example.org"),
        ("https://example.org:8080/x", "https://example.org:8080/x"),
    ],
)
def test_web_addresses_are_completed(written: str, kept: str) -> None:
    found = clean_url(written)
    assert found.value == kept
    assert bool(found.remarks) == (written != kept)


@pytest.mark.parametrize(
    "written",
    ["javascript:alert(1)", "JAVASCRIPT:alert(1)", " java\0script:alert(1)", "data:text/html,x", "ftp://example.org", "not known",
     "hello@example.org",
     "http://", "https://user@example.org", "vbscript:x", "http://[", "mailto:a@example.org"],
)  # fmt: skip
def test_addresses_that_nobody_should_follow_are_refused(written: str) -> None:
    found = clean_url(written)
    assert found.value is None
    assert found.remarks[0].action is Action.REFUSED


@given(st.text())
def test_no_link_is_anything_but_http(written: str) -> None:
    value = clean_url(written).value
    assert value is None or str(value).startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a@example.org", "a@example.org"),
        ("mailto:a@example.org", "a@example.org"),
        ("Jo <jo@example.org>", "jo@example.org"),
        ("a@example.org or b@example.org", "a@example.org"),
        ("ask Jo", None),
    ],
)
def test_only_the_email_address_is_kept(written: str, kept: str | None) -> None:
    assert clean_email(written).value == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (18, 18.0),
        ("18", 18.0),
        ("18+", 18.0),
        ("0.5", 0.5),
        (-1, None),
        ("-1", None),
        (999, None),
        ("", None),
        (True, None),
        ({}, None),
        (float("nan"), None),
    ],
)
def test_ages_are_ages_or_nothing(written: object, kept: float | None) -> None:
    assert clean_age(written).value == kept


def test_minus_one_is_mended_and_says_so() -> None:
    assert clean_age(-1).remarks[0].action is Action.MENDED


def test_money_counts_and_flags() -> None:
    assert clean_amount("£1,234.50").value == 1234.5
    assert clean_amount(-3).value is None
    assert clean_count("2").value == 2
    assert clean_count(0).value is None
    assert clean_flag("Yes").value is True
    assert clean_flag("false").value is False
    assert clean_flag("perhaps").value is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("22/11/2026", date(2026, 11, 22)),
        ("22.11.26", date(2026, 11, 22)),
        ("22nd November 2026", date(2026, 11, 22)),
        ("Sunday, 1 Feb 2026", date(2026, 2, 1)),
        ("20261122", date(2026, 11, 22)),
        ("2026-11-22T10:00:00Z", date(2026, 11, 22)),
        (date(2026, 1, 2), date(2026, 1, 2)),
        ("2026-02-30", None),
        ("31/02/2026", None),
        ("soon", None),
        (7, None),
    ],
)
def test_dates_in_any_spelling(written: object, kept: date | None) -> None:
    assert clean_day(written).value == kept


def test_a_moment_without_an_offset_is_londons() -> None:
    summer = clean_moment("2026-07-01T12:00:00")
    assert summer.value == datetime(2026, 7, 1, 11, tzinfo=UTC)
    assert summer.remarks[0].action is Action.MENDED
    assert clean_moment("2026-07-01T12:00:00+02:00") == (datetime(2026, 7, 1, 10, tzinfo=UTC), ())
    assert clean_moment("2026-07-01T12:00:00.123Z").remarks == ()
    assert clean_moment("9999999999999").value is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("09:30", time(9, 30)),
        ("09:30:00", time(9, 30)),
        ("9.30am", time(9, 30)),
        ("9 am", time(9)),
        ("12pm", time(12)),
        ("12am", time(0)),
        ("7:05 p.m.", time(19, 5)),
        ("1730", time(17, 30)),
        ("24:00", time(0)),
        ("noon", time(12)),
        ("midnight", time(0)),
        ("09:30Z", time(9, 30)),
        ("25:00", None),
        ("9", None),
        ("late", None),
        ("13pm", time(13)),
    ],
)
def test_times_in_any_spelling(written: str, kept: time | None) -> None:
    assert clean_clock(written).value == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("MO,TU", "MO,TU"),
        ("mo, we", "MO,WE"),
        ("Monday", "MO"),
        ("Mon-Fri", "MO,TU,WE,TH,FR"),
        ("Fri to Mon", "FR,SA,SU,MO"),
        ("Tuesdays and Thursdays", "TU,TH"),
        ("2TU", "2TU"),
        ("-1FR", "-1FR"),
        ("2nd Tuesday", "2TU"),
        ("last Friday", "-1FR"),
        ("weekdays", "MO,TU,WE,TH,FR"),
        ("Every day", "MO,TU,WE,TH,FR,SA,SU"),
        ("whenever", None),
        ("Sunset", None),
    ],
)
def test_days_in_any_spelling(written: str, kept: str | None) -> None:
    assert clean_weekdays(written).value == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("zz6 2ab", "ZZ6 2AB"),
        ("M41AA", "M4 1AA"),
        ("SW1A1AA", "SW1A 1AA"),
        ("E8  1EA", "E8 1EA"),
        ("ABC 1234", "ABC 1234"),
        ("ZZ1 1DR", "ZZ1 1DR"),
    ],
)
def test_postcodes_have_capitals_and_one_space(written: str, kept: str) -> None:
    assert clean_postcode(written).value == kept


def test_words_from_closed_lists() -> None:
    assert clean_status("Active").value == "active"
    assert clean_status("temporarily-closed").value == "temporarily closed"
    assert clean_status("purple").remarks[0].action is Action.REFUSED
    assert clean_place_type("PHYSICAL").value == "physical"
    assert clean_language("Turkish").value == "tr"
    assert clean_language("bfi").value == "bfi"
    assert clean_language("Klingon?").value is None
    assert clean_ids("adult, carer,adult").value == ["adult", "carer"]


def test_every_column_has_a_kind_and_every_kind_a_cleaner() -> None:
    assert set(CLEANERS) == set(Kind)
    assert {kind for table in TABLES for kind in kinds_of(table).values()} <= set(CLEANERS)
    columns = {column for table in TABLES for column in kinds_of(table)}
    assert {name.rsplit(".", 1)[-1] for name in KINDS} <= columns  # nothing is left of columns that are gone


_JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)


@given(st.sampled_from(list(Kind)), _JUNK)
def test_no_cleaner_ever_raises(kind: Kind, junk: object) -> None:
    found = CLEANERS[kind](junk)
    assert found.value is None or found.value != ""
