"""A hit as a card and as a pin: when it is on next and where; nothing of a confidential place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from little_borough import FAR_AWAY, NORTH, SOUTH, columns, listing, site

from portal.config import CHECKOUT
from portal.directory.freshness import Freshness
from portal.directory.listing import Listing
from portal.directory.opening import Closure, Hours, Pattern
from portal.localities.answer import Place
from portal.localities.boundaries import Boundaries, load_boundaries
from portal.localities.gazetteer import load_gazetteer
from portal.search.areas import Extents
from portal.search.cards import card_of
from portal.search.hits import Reasons
from portal.search.maps import map_of
from portal.search.query import SearchQuery
from portal.search.reach import reach
from portal.search.results import Hit, SearchResults

TUESDAY = datetime(2026, 11, 24, 10, 30)
MORNING = Hours((Pattern(weekday=1, opens=time(10), closes=time(12)),))
NIGHT = Hours((Pattern(weekday=1, opens=time(22), closes=time(2)),))
AT_NORTH = Place("locality", "North", *NORTH, "north")


def hit(known: Extents, each: Listing, here: Place | None = AT_NORTH, needs: frozenset[str] = frozenset()) -> Hit:
    made = columns([each], known)
    return Reasons(needs, here, reach(made, here, known.numbers(here), None), known).hit(0, each)


def test_a_hit_is_at_the_nearest_of_its_sites(known: Extents) -> None:
    sites = (site(SOUTH, name="South hall"), site(NORTH, name="North hall"), site(name="Nowhere"))
    found = hit(known, listing("Club", sites=sites))
    assert found.site is not None
    assert found.site.name == "North hall"
    assert found.miles == pytest.approx(0, abs=0.01)


def test_from_nowhere_a_hit_is_at_its_first_site_and_no_distance_is_told(known: Extents) -> None:
    found = hit(known, listing("Club", sites=(site(SOUTH, name="South hall"), site(NORTH))), here=None)
    assert found.site is not None
    assert (found.site.name, found.miles, found.covers) == ("South hall", None, False)


def test_of_a_confidential_site_no_distance_is_told(known: Extents) -> None:
    assert hit(known, listing("Refuge", sites=(site(NORTH, postcode="ZZ1 1AB", is_confidential=True),))).miles is None


def test_a_hit_names_the_needs_that_were_asked_for_in_the_order_of_the_listing(known: Extents) -> None:
    assert hit(known, listing("Club", needs=("food", "falls", "work")), needs=frozenset({"work", "food"})).needs == ("food", "work")


def test_a_card_says_what_is_on_now_at_the_site_it_names() -> None:
    each = listing("Club", sites=(site(hours=MORNING),), hours=NIGHT, assured_on=date(2026, 11, 1))
    card = card_of(Hit(each, site=each.sites[0]), TUESDAY)
    assert card.opening is not None
    assert (card.opening.opens, card.is_open, card.freshness, card.other_sites) == (time(10), True, Freshness.RECENT, 0)


def test_a_card_falls_back_on_the_hours_of_the_service() -> None:
    each = listing("Club", sites=(site(), site()), hours=NIGHT)
    card = card_of(Hit(each, site=each.sites[0]), TUESDAY)
    assert card.opening is not None
    assert (card.opening.opens, card.is_open, card.other_sites) == (time(22), False, 1)
    assert card_of(Hit(each), TUESDAY.replace(hour=23)).is_open


def test_a_card_without_hours_says_nothing_of_them() -> None:
    card = card_of(Hit(listing("Club")), TUESDAY)
    assert (card.opening, card.is_open, card.is_round_the_clock, card.freshness) == (None, False, False, Freshness.NEVER)


def test_a_card_does_not_promise_a_session_that_is_called_off() -> None:
    each = listing("Club", hours=replace(MORNING, closures=(Closure(TUESDAY.date(), TUESDAY.date()),)))
    card = card_of(Hit(each), TUESDAY)
    assert card.opening is not None
    assert (card.opening.day, card.is_open) == (date(2026, 12, 1), False)


@pytest.fixture(scope="module")
def demo_places() -> tuple[Boundaries, Extents]:
    folder = CHECKOUT / "content" / "demo" / "localities"
    boundaries = load_boundaries(folder)
    return boundaries, Extents(load_gazetteer(folder), frozenset(), boundaries)


EASTMOOR = Place("locality", "Eastmoor", 54.03569, 1.37954, "eastmoor", 1.18)


def results(*listings: Listing) -> SearchResults:
    hits = tuple(Hit(each, site=next(iter(each.sites), None)) for each in listings)
    return SearchResults(SearchQuery(), EASTMOOR, hits=hits)


def at(position: tuple[float, float], **values: object) -> Listing:
    return listing("Club", how=("in-person",), sites=(site(position, **values),))


def test_pins_carry_the_numbers_of_their_cards_and_lie_on_the_drawing(demo_places: tuple[Boundaries, Extents]) -> None:
    here = (EASTMOOR.latitude, EASTMOOR.longitude)
    drawn = map_of(*demo_places, results(listing("Line", how=("phone",)), at(here), at(FAR_AWAY), at(here)))
    assert drawn is not None
    assert (drawn.numbers, drawn.here) == ((2, 4), "eastmoor")
    assert all(0 <= pin.x <= drawn.drawing.width and 0 <= pin.y <= drawn.drawing.height for pin in drawn.pins)
    assert [outline.slug for outline in drawn.drawing.outlines if outline.slug == drawn.here] == ["eastmoor"]


@pytest.mark.parametrize("each", [listing("Line", how=("phone",)), at(FAR_AWAY), at((54.03569, 1.37954), is_confidential=True)])
def test_there_is_no_map_when_nothing_has_a_place_on_it(demo_places: tuple[Boundaries, Extents], each: Listing) -> None:
    assert map_of(*demo_places, results(each)) is None


def test_what_comes_to_people_has_no_pin_though_it_has_an_office(demo_places: tuple[Boundaries, Extents]) -> None:
    office = listing("Visits", how=("home",), sites=(site((54.03569, 1.37954)),))
    assert map_of(*demo_places, results(office)) is None
