"""Pages with what the council wrote beside the files: amounts, the front door's line, and the days on which pages were still right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from portal.advice.page import ADVICE, SITE
from portal.advice.pages import Library
from portal.config import Settings
from portal.council.content import LineWords
from portal.council.facts import Facts
from portal.pack import Pack

DAY = date(2026, 11, 24)
MORE = 'needs = ["food"]\ngroup = "money"'
BODY = "- The limit is {{money.limit}}.\n- The grant is {{money.grant}}.\n- Ring {{front_door_number}}, {{front_door_hours}}."


def test_the_councils_amounts_take_the_place_of_the_files_in_their_year_only(
    settings: Settings, pack: Pack, write: Callable[..., Path]
) -> None:
    write("project/advice/food/en.md", BODY, more=MORE)
    library = Library(settings, pack)
    facts = Facts(amounts=(((2026, "grant"), "£30,000"), ((2026, "limit"), "£99"), ((2026, "unknown"), "£1")))
    body = library.on(DAY, facts).get_page(ADVICE, "food", "en").body
    assert ("£99" in body, "£30,000" in body, "£23,250" in body) == (True, True, False)
    plain = library.on(DAY).get_page(ADVICE, "food", "en").body
    assert ("£99" in plain, "grant" in plain, "£23,250" in plain) == (False, False, True)
    assert "limit" not in library.on(date(2027, 4, 6), facts).get_page(ADVICE, "food", "en").body


def test_the_front_doors_line_is_the_councils_while_the_pack_is_what_it_was(
    settings: Settings, pack: Pack, write: Callable[..., Path]
) -> None:
    write("project/advice/food/en.md", BODY, more=MORE)
    library = Library(settings, pack)
    door = pack.front_door
    words = LineWords("01632 960 999", "Always <b>", door.number, door.hours)
    body = library.on(DAY, Facts(front_door=words)).get_page(ADVICE, "food", "en").body
    assert 'href="tel:01632960999"' in body
    assert "Always &lt;b&gt;" in body
    older = LineWords("01632 960 999", "Always", "01632 960 000", door.hours)
    assert "01632 960 001" in library.on(DAY, Facts(front_door=older)).get_page(ADVICE, "food", "en").body


def test_a_check_moves_the_day_of_the_review_and_the_next_one_as_far_as_the_author_allowed(settings: Settings, pack: Pack) -> None:
    library = Library(settings, pack)
    page = library.on(DAY, Facts(checks=(("site/about", date(2027, 6, 1)), ("site/nowhere", DAY)))).get_page(SITE, "about", "en")
    assert (page.reviewed_on, page.review_by) == (date(2027, 6, 1), date(2027, 11, 29))
    other = library.on(DAY, Facts(checks=(("site/about", date(2027, 6, 1)),))).get_page(SITE, "contact", "en")
    assert (other.reviewed_on, other.review_by) == (date(2026, 11, 1), date(2027, 5, 1))


def test_a_check_before_the_authors_own_review_says_nothing_new(settings: Settings, pack: Pack) -> None:
    page = Library(settings, pack).on(DAY, Facts(checks=(("site/about", date(2026, 10, 1)),))).get_page(SITE, "about", "en")
    assert (page.reviewed_on, page.review_by) == (date(2026, 11, 1), date(2027, 5, 1))


def test_a_translation_older_than_its_english_was_not_what_was_checked(settings: Settings, pack: Pack, write: Callable[..., Path]) -> None:
    write("project/site/about/tr.md", translates="0123456789ab")
    page = Library(settings, pack).on(DAY, Facts(checks=(("site/about", date(2027, 6, 1)),))).get_page(SITE, "about", "tr")
    assert page.is_outdated
    assert page.reviewed_on == date(2026, 11, 2)


def test_pages_made_once_are_not_made_again_for_the_same_facts_and_old_ones_are_forgotten(settings: Settings, pack: Pack) -> None:
    library = Library(settings, pack)
    facts = [Facts(checks=(("site/about", date(2027, 1, day)),)) for day in range(1, 31)]
    first = library.on(DAY, facts[0])
    assert library.on(DAY, Facts(checks=facts[0].checks)) is first
    for each in facts[1:]:
        library.on(DAY, each)
    assert library.on(DAY, facts[0]) is not first
    assert len(library._checked) <= 4
