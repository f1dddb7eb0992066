"""The policy of a plan: different needs before the same twice, at most ten, and no need without a way to what serves it."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from little_borough import listing

from portal.assessment.needs import Revealed, Told
from portal.directory.listing import Listing
from portal.search.menu import MOST_OFFERED, Offer
from portal.search.results import Hit
from portal.signposting.plan import Suggestion
from portal.signposting.suggest import MOST_FOR_ONE, MOST_SERVICES, choose, left_over, unmet

NEEDS = tuple("abcdefghijklmno")
Offers = dict[str, Offer]
Wanted = list[tuple[str, bool]]
Listings = list[list[str]]


def revealed(*needs: str, is_for_carer: bool = False) -> tuple[Revealed, ...]:
    return tuple(Revealed(need, (Told(words=need),), is_for_carer) for need in needs)


def hit(*needs: str, name: str = "") -> Hit:
    return Hit(listing(name or " ".join(needs), needs=needs), needs)


def offers_of(*hits: Hit) -> Offers:
    """What there is for each need, in this order."""
    found: dict[str, list[Hit]] = {}
    for one in hits:
        for need in one.listing.needs:
            found.setdefault(need, []).append(one)
    return {need: Offer(tuple(each[:MOST_OFFERED]), len(each)) for need, each in found.items()}


def names(chosen: tuple[Suggestion, ...]) -> list[str]:
    return [suggestion.hit.listing.name for suggestion in chosen]


def test_each_need_is_served_in_its_order_then_each_again() -> None:
    offers = offers_of(hit("a", name="a1"), hit("a", name="a2"), hit("b", name="b1"), hit("b", name="b2"))
    assert names(choose(revealed("b", "a"), offers)) == ["b1", "a1", "b2", "a2"]


def test_a_service_that_meets_several_needs_counts_for_all_of_them() -> None:
    both = hit("a", "b")
    [suggestion] = choose(revealed("a", "b"), offers_of(both))
    assert [each.need for each in suggestion.revealed] == ["a", "b"]
    assert [told.words for told in suggestion.because] == ["a", "b"]


def test_a_service_counts_only_for_the_needs_that_it_names_first() -> None:
    chosen = choose(revealed("a", "d"), offers_of(hit("a", "b", "c", "d", name="many"), hit("d", name="own")))
    counted = {suggestion.hit.listing.name: [each.need for each in suggestion.revealed] for suggestion in chosen}
    assert counted == {"many": ["a"], "own": ["d"]}


def test_what_is_first_of_all_for_something_else_comes_only_where_nothing_else_serves() -> None:
    other = hit("z", "a", name="for something else")
    assert names(choose(revealed("a"), offers_of(other, hit("a", name="for this")))) == ["for this"]
    assert names(choose(revealed("a"), offers_of(other))) == ["for something else"]


def test_at_most_three_for_one_need_and_ten_in_all() -> None:
    many = [hit(need, name=f"{need}{number}") for need in "abcdef" for number in range(6)]
    chosen = choose(revealed("a"), offers_of(*many))
    assert names(chosen) == ["a0", "a1", "a2"]
    assert len(choose(revealed(*"abcdef"), offers_of(*many))) == 10


def test_a_carers_own_need_is_told_apart_and_served_by_the_same_service() -> None:
    [suggestion, *_] = choose((*revealed("a"), *revealed("a", is_for_carer=True)), offers_of(hit("a")))
    assert not suggestion.is_for_carer
    [own, *_] = choose(revealed("a", is_for_carer=True), offers_of(hit("a")))
    assert own.is_for_carer


def test_needs_for_which_there_is_no_room_are_named_with_how_much_there_is() -> None:
    wanted = revealed(*"abcdefghijkl")
    offers = offers_of(*(hit(need, name=f"{need}{number}") for need in "abcdefghijkl" for number in range(2)))
    chosen = choose(wanted, offers)
    assert [(more.need, more.count) for more in left_over(wanted, offers, chosen)] == [("k", 2), ("l", 2)]
    assert unmet(wanted, offers) == ()


def test_needs_that_nothing_meets_are_named_once_and_those_nobody_looked_for_are_not() -> None:
    offers = {"a": Offer((), 0), **offers_of(hit("b"))}
    assert unmet((*revealed("a", "b", "c"), *revealed("a", is_for_carer=True)), offers) == ("a",)
    assert unmet(revealed("a"), {}) == ()


LISTINGS = st.lists(st.lists(st.sampled_from(NEEDS), min_size=1, max_size=4, unique=True), max_size=24)
WANTED = st.lists(st.tuples(st.sampled_from(NEEDS), st.booleans()), max_size=15, unique=True)


def made(wanted: Wanted, listings: Listings) -> tuple[tuple[Revealed, ...], Offers]:
    hits = [hit(*needs, name=f"{number}") for number, needs in enumerate(listings)]
    told = tuple(Revealed(need, (Told(words=need),), is_for_carer) for need, is_for_carer in wanted)
    return told, {**{need: Offer((), 0) for need, _ in wanted}, **offers_of(*hits)}


@settings(deadline=None, max_examples=300)
@given(WANTED, LISTINGS)
def test_the_same_needs_and_offers_bring_the_same(wanted: Wanted, listings: Listings) -> None:
    told, offers = made(wanted, listings)
    assert choose(told, offers) == choose(told, dict(reversed(offers.items())))


@settings(deadline=None, max_examples=300)
@given(WANTED, LISTINGS)
def test_nobody_gets_more_than_ten_nor_anything_twice_nor_without_a_reason(wanted: Wanted, listings: Listings) -> None:
    told, offers = made(wanted, listings)
    chosen = choose(told, offers)
    ids = [suggestion.hit.listing.id for suggestion in chosen]
    assert len(ids) <= MOST_SERVICES
    assert len(set(ids)) == len(ids)
    for suggestion in chosen:
        assert suggestion.revealed
        assert set(suggestion.revealed) <= set(told)
        assert all(suggestion.hit in offers[each.need].hits for each in suggestion.revealed)
        assert len(set(suggestion.revealed)) == len(suggestion.revealed)


@settings(deadline=None, max_examples=300)
@given(WANTED, LISTINGS)
def test_no_need_is_left_unserved_while_something_serves_it_unless_it_is_named(wanted: Wanted, listings: Listings) -> None:
    told, offers = made(wanted, listings)
    chosen = choose(told, offers)
    served = {each.need for suggestion in chosen for each in suggestion.revealed}
    named = {more.need for more in left_over(told, offers, chosen)}
    nothing = set(unmet(told, offers))
    for need, _ in wanted:
        assert [need in served, need in named, need in nothing].count(True) == 1
        assert (need in nothing) is (offers[need].total == 0)
    if len(chosen) < MOST_SERVICES:
        shown = {suggestion.hit.listing.id for suggestion in chosen}
        assert all({one.listing.id for one in offers[need].hits} <= shown for need in named), "there was room, and something to show"


@settings(deadline=None, max_examples=300)
@given(WANTED, LISTINGS)
def test_different_needs_are_all_served_before_any_is_served_twice(wanted: Wanted, listings: Listings) -> None:
    told, offers = made(wanted, listings)
    chosen = choose(told, offers)
    first_hand = Counter(suggestion.revealed[0] for suggestion in chosen)
    served = {each for suggestion in chosen for each in suggestion.revealed}
    shown = {suggestion.hit.listing.id for suggestion in chosen}
    if max(first_hand.values(), default=0) > 1:
        assert all({one.listing.id for one in offers[each.need].hits} <= shown for each in told if each not in served)


@settings(deadline=None, max_examples=300)
@given(WANTED, LISTINGS)
def test_no_need_brings_more_than_three_services(wanted: Wanted, listings: Listings) -> None:
    told, offers = made(wanted, listings)
    first_hand = Counter(suggestion.revealed[0] for suggestion in choose(told, offers))
    assert max(first_hand.values(), default=0) <= MOST_FOR_ONE


@settings(deadline=None, max_examples=300)
@given(WANTED, LISTINGS)
def test_services_come_in_at_most_three_rounds_each_in_the_order_of_the_needs(wanted: Wanted, listings: Listings) -> None:
    told, offers = made(wanted, listings)
    places = [told.index(suggestion.revealed[0]) for suggestion in choose(told, offers)]
    assert sum(after <= before for before, after in pairwise(places)) < MOST_FOR_ONE


def test_a_listing_that_changed_in_between_is_still_the_same_service() -> None:
    one: Listing = listing("one", needs=("a", "b"))
    hits = {"a": Offer((Hit(one, ("a",)),), 1), "b": Offer((Hit(replace(one, summary="new"), ("b",)),), 1)}
    [suggestion] = choose(revealed("a", "b"), hits)
    assert suggestion.hit.listing.id == one.id == uuid.uuid5(uuid.NAMESPACE_URL, "one")
