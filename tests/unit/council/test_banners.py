"""Banners, whether they show and whether they may; amounts as people type them; what the desk's pages list as missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.advice.money import Figure, Money
from portal.council.banners import MOST_AT_ONCE, Banner, Obstacle, Tone, obstacle, shown
from portal.council.facts import Facts
from portal.editing.council.amounts import as_pounds, missing

TODAY = date(2026, 11, 24)
BANNER = Banner({"en": "Words"}, TODAY, TODAY + timedelta(days=2))


def of(start: int, length: int, place: str = "", tone: Tone = Tone.INFO) -> Banner:
    first = TODAY + timedelta(days=start)
    return Banner({"en": "Words"}, first, first + timedelta(days=length), tone, place)


BANNERS = st.builds(of, st.integers(-10, 70), st.integers(0, 60), st.sampled_from(["", "eastmoor", "millbrook"]), st.sampled_from(Tone))


@given(st.lists(BANNERS, max_size=12))
def test_whatever_is_put_up_one_after_another_no_page_has_more_than_two_on_any_day(wanted: list[Banner]) -> None:
    standing: list[Banner] = []
    for banner in wanted:
        if obstacle(banner, standing, TODAY) is None:
            standing.append(banner)
    for days in range(140):
        day = TODAY + timedelta(days=days)
        for place in ("", "eastmoor", "millbrook"):
            here = [it for it in standing if it.covers(day) and it.place in ("", place)]
            assert len(here) <= MOST_AT_ONCE
            assert sorted(shown(standing, day, place), key=id) == sorted(here, key=id), "so that none is hidden"


def test_what_to_take_care_of_comes_first_and_then_the_newest() -> None:
    old, new, care = of(-3, 9), of(-1, 9), of(-5, 9, tone=Tone.CARE)
    assert shown([old, new], TODAY) == (new, old)
    assert shown([old, care], TODAY) == (care, old)
    assert shown([old, new, care], TODAY) == (care, new)


def test_a_banner_shows_on_its_first_and_last_day_and_not_beside_them() -> None:
    days = [TODAY + timedelta(days=number) for number in range(-1, 4)]
    assert [bool(shown([BANNER], day)) for day in days] == [False, True, True, True, False]


def test_sixty_days_is_the_most() -> None:
    assert obstacle(replace(BANNER, ends_on=TODAY + timedelta(days=60)), (), TODAY) is None
    assert obstacle(replace(BANNER, ends_on=TODAY + timedelta(days=61)), (), TODAY) is Obstacle.TOO_LONG


def test_words_and_the_words_of_the_link_fall_back_to_english_each_for_itself() -> None:
    banner = replace(BANNER, words={"en": "Words", "ur": "الفاظ"}, url="https://x.org", link_words={"en": "More"})
    urdu, polish = banner.said_in("ur"), banner.said_in("pl")
    assert (urdu.text, urdu.language, urdu.link_text, urdu.link_language) == ("الفاظ", "ur", "More", "en")
    assert (polish.text, polish.language) == ("Words", "en")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("86.45", "£86.45"), ("£86.45", "£86.45"), ("£ 204", "£204"), ("23250", "£23,250"), ("23,250", "£23,250"),
        ("£1,023,250.00", "£1,023,250.00"), ("", ""), ("86.4", ""), ("2,32", ""), ("-5", ""), ("86,45", ""), ("lots", ""),
        ("£", ""), ("٣٤", ""), ("1e9", ""), ("9" * 20, ""), ("£5 a week", ""),
    ],
)  # fmt: skip
def test_an_amount_is_written_as_pages_write_it_or_it_is_none(typed: str, written: str) -> None:
    assert as_pounds(typed) == written


def test_what_is_missing_is_what_neither_the_file_nor_the_council_has_for_the_year() -> None:
    figure = Figure("£1", "https://x.org", TODAY)
    money = Money({"a": "A", "b": "B", "c": "C"}, {2025: {"c": figure}, 2026: {"a": figure}})
    facts = Facts((((2025, "a"), "£2"), ((2026, "b"), "£3")))
    assert missing(money, facts, 2026) == ("c",)
    assert missing(money, facts, 2025) == ("b",)
    assert missing(money, facts, 2027) == ("a", "b", "c")
