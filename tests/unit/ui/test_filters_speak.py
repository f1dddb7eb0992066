"""Numbers, money, dates and times in English, Turkish and Urdu."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from babel import Locale
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from portal.i18n.languages import LANGUAGES
from portal.ui import filters

EN, TR, UR = Locale("en"), Locale("tr"), Locale("ur")
TUESDAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("locale", "miles", "words"),
    [
        (EN, 0.84, "0.8 miles"),
        (EN, 1.0, "1 mile"),
        (EN, 0.0, "0.1 miles"),
        (EN, 9.96, "10 miles"),
        (EN, 14.6, "15 miles"),
        (TR, 0.84, "0,8 mil"),
        (UR, 0.84, "0.8 میل"),
    ],
)
def test_a_distance_has_one_decimal_under_ten_miles(locale: Locale, miles: float, words: str) -> None:
    assert filters.distance(locale, miles) == words


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_language_shows_the_name_of_a_pattern_for_a_mile(code: str) -> None:
    assert "length" not in filters.distance(Locale(code), 2.5)


@pytest.mark.parametrize("locale", [EN, TR, UR])
@pytest.mark.parametrize(("pounds", "written"), [(2.5, "£2.50"), (Decimal(23250), "£23,250"), (Decimal("0.05"), "£0.05")])
def test_money_is_written_the_british_way_in_every_language(locale: Locale, pounds: float, written: str) -> None:
    assert filters.money(locale, pounds) == f'<bdi dir="ltr">{written}</bdi>'


@pytest.mark.parametrize(("locale", "words"), [(EN, "Tuesday 3 March"), (TR, "3 Mart Salı"), (UR, "منگل، 3 مارچ")])
def test_a_long_date_names_the_day_and_not_the_year(locale: Locale, words: str) -> None:
    assert filters.long_date(locale, TUESDAY) == words


@pytest.mark.parametrize(("locale", "words"), [(EN, "3 March 2026"), (TR, "3 Mart 2026"), (UR, "3 مارچ، 2026")])
def test_a_short_date_has_its_year(locale: Locale, words: str) -> None:
    assert filters.short_date(locale, TUESDAY) == words


@pytest.mark.parametrize(("locale", "name"), [(EN, "Tuesday"), (TR, "Salı"), (UR, "منگل")])
def test_days_of_the_week_count_from_monday(locale: Locale, name: str) -> None:
    assert filters.weekday(locale, TUESDAY.weekday()) == name


def test_no_language_borrows_the_days_of_another() -> None:
    named = {code: filters.weekday(Locale(code), TUESDAY.weekday()) for code in sorted(LANGUAGES, reverse=True)}
    assert named == {code: format_date(TUESDAY, "EEEE", locale=code) for code in LANGUAGES}
    assert len(set(named.values())) == len(LANGUAGES)


def test_a_long_date_is_long_in_every_language() -> None:
    for code in LANGUAGES:
        words = filters.long_date(Locale(code), TUESDAY)
        assert format_date(TUESDAY, "EEEE", locale=code) in words
        assert format_date(TUESDAY, "MMMM", locale=code) in words
    assert filters.long_date(Locale("es"), TUESDAY) == "martes, 3 de marzo"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (time(10), "10am"),
        (time(14, 30), "2.30pm"),
        (time(12), "12 noon"),
        (time(0), "midnight"),
        (time(12, 15), "12.15pm"),
        (time(0, 5), "12.05am"),
    ],
)
def test_english_times_read_as_people_say_them(moment: time, words: str) -> None:
    assert filters.clock_time(EN, moment) == f"<bdi>{words}</bdi>"


def test_other_languages_write_times_their_own_way() -> None:
    assert filters.clock_time(TR, time(14, 30)) == "<bdi>14:30</bdi>"
    assert filters.time_range(EN, time(10), time(12)) == "<bdi>10am to 12 noon</bdi>"
    assert filters.time_range(TR, time(10), time(12)) == "<bdi>10:00–12:00</bdi>"


@pytest.mark.parametrize(
    ("locale", "days", "words"),
    [
        (EN, 21, "3 weeks ago"),
        (EN, 1, "1 day ago"),
        (EN, 0, "1 day ago"),
        (EN, 330, "11 months ago"),
        (TR, 21, "3 hafta önce"),
        (UR, 21, "3 ہفتے پہلے"),
    ],
)
def test_how_long_ago_is_told_in_words(locale: Locale, days: int, words: str) -> None:
    assert filters.ago(locale, TUESDAY - timedelta(days=days), TUESDAY) == words


def test_items_are_joined_as_in_a_sentence_and_escaped() -> None:
    assert filters.list_and(EN, ["falls", "shopping", "transport"]) == "falls, shopping and transport"
    assert filters.list_and(TR, ["a", "b"]) == "a ve b"
    assert filters.list_and(EN, ["<b>", Markup("<i>x</i>")]) == "&lt;b&gt; and <i>x</i>"


def test_numbers_take_their_languages_separators() -> None:
    assert (filters.number(EN, 1284), filters.number(TR, 1284)) == ("1,284", "1.284")


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("01632 960 001", "01632960001"),
        ("(01632) 960-001", "01632960001"),
        ("+44 1632 960001", "+441632960001"),
        ("111, option 2", "111"),
        ("0800 123 456 ext 4", "0800123456"),
        ("ask at the desk", ""),
    ],
)
def test_only_what_a_telephone_dials_is_dialled(written: str, dialled: str) -> None:
    assert filters.dialable(written) == dialled


@given(st.text())
def test_what_is_dialled_is_never_anything_but_digits(written: str) -> None:
    assert set(filters.dialable(written)) <= set("+0123456789")
