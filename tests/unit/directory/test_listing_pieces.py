"""A service's rows, put into the words of a card: hours, money, places, ways in. No database: rows are made by hand."""

from __future__ import annotations

import uuid
from datetime import date, time

import pytest

from portal.config import CHECKOUT
from portal.directory.listings import address_line, cost_phrase, hours_of, is_free, listing_of, patterns_of, pounds
from portal.directory.models import CostOption, Language, Organization, Service
from portal.directory.opening import Closure, Pattern
from portal.directory.places import Accessibility, Address, Location, Phone, ServiceArea, ServiceAtLocation
from portal.directory.terms import ServiceNeed
from portal.directory.times import HolidaySchedule, Schedule
from portal.taxonomy.terms import Taxonomy, load_taxonomy

SECRET = ("Rosehill", "9 Hidden Lane", "ZZ9 9ZZ", "Blue door by the canal")


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml")


def service(**values: object) -> Service:
    organization = Organization(id=uuid.uuid4(), name="Friends")
    common = {"name": "Lunch club", "description": "", "status": "active", "who_for": [], "how": []}
    return Service(id=uuid.uuid4(), organization=organization, organization_id=organization.id, **{**common, **values})


def place(**values: object) -> ServiceAtLocation:
    common = {
        "location_type": "physical",
        "name": "Mill Hall",
        "latitude": 53.0,
        "longitude": -2.0,
        "is_confidential": False,
        "addresses": [Address(address_1="1 Mill Street", city="Calderwick", postal_code="ZZ1 1AA")],
    }
    return ServiceAtLocation(id=uuid.uuid4(), location=Location(id=uuid.uuid4(), **{**common, **values}))


def test_a_weekly_rule_gives_a_pattern_for_each_day() -> None:
    schedule = Schedule(
        freq="WEEKLY", byday="TU,TH", interval=2, dtstart=date(2026, 9, 8), opens_at=time(10), closes_at=time(12), description="Term time"
    )
    same = {
        "interval": 2,
        "anchor": date(2026, 9, 8),
        "first": date(2026, 9, 8),
        "opens": time(10),
        "closes": time(12),
        "note": "Term time",
    }
    assert list(patterns_of(schedule)) == [Pattern(weekday=1, **same), Pattern(weekday=3, **same)]


@pytest.mark.parametrize(
    ("byday", "expected"),
    [("2TU", [(1, 2)]), ("-1FR", [(4, -1)]), ("+1MO, 3MO", [(0, 1), (0, 3)]), ("tu", [(1, 0)]), ("", []), ("XX,TU", [(1, 0)])],
)
def test_a_monthly_rule_names_which_of_the_days(byday: str, expected: list[tuple[int, int]]) -> None:
    assert [(it.weekday, it.ordinal) for it in patterns_of(Schedule(freq="MONTHLY", byday=byday))] == expected


def test_days_of_the_month_count_only_in_monthly_rules() -> None:
    assert [it.monthday for it in patterns_of(Schedule(freq="MONTHLY", bymonthday="1, 15, -1, -2, x"))] == [1, 15, -1]
    assert list(patterns_of(Schedule(freq="WEEKLY", bymonthday="1,15"))) == []
    assert [it.ordinal for it in patterns_of(Schedule(freq="WEEKLY", byday="2TU"))] == [0]


def test_a_schedule_that_is_only_words_has_no_pattern() -> None:
    assert list(patterns_of(Schedule(description="Ring to arrange a time", opens_at=time(9)))) == []


def test_the_narrower_of_two_ends_holds() -> None:
    both = Schedule(freq="WEEKLY", byday="MO", valid_from=date(2026, 9, 1), valid_to=date(2027, 7, 1), until=date(2026, 12, 1))
    [found] = patterns_of(both)
    assert (found.first, found.last) == (date(2026, 9, 1), date(2026, 12, 1))
    [found] = patterns_of(Schedule(freq="WEEKLY", byday="MO", dtstart=date(2026, 9, 7)))
    assert (found.first, found.last, found.anchor) == (date(2026, 9, 7), None, date(2026, 9, 7)), "as in RFC 5545"


def test_exceptions_are_closed_days_or_other_hours() -> None:
    eve, rest = date(2026, 12, 24), date(2026, 12, 31)
    rows = [
        HolidaySchedule(start_date=eve, end_date=eve, closed=False, opens_at=time(9), closes_at=time(12), description="Early"),
        HolidaySchedule(start_date=eve, end_date=rest, closed=True, opens_at=time(9), closes_at=time(12)),
    ]
    assert hours_of([], rows).closures == (Closure(eve, eve, time(9), time(12), "Early"), Closure(eve, rest, None, time(12), ""))


@pytest.mark.parametrize(
    ("fees", "free"),
    [
        ("Free", True),
        ("free for everybody", True),
        ("FREE. Donations welcome.", True),
        ("  No charge", True),
        ("£0", True),
        ("£0.00", True),
        ("£0 for carers", True),
        ("£0.50 a session", False),
        ("£0.5", False),
        ("£05", False),
        ("Freedom pass holders £1", False),
        ("£3, members free", False),
        ("Free for members, then £5", False),
        ("Free for the first hour, then 50p", False),
        ("Free, worth £0", True),
        ("", False),
        (None, False),
    ],
)
def test_free_is_what_a_listing_says_is_free(fees: str | None, free: bool) -> None:
    assert is_free(service(fees_description=fees)) == free


@pytest.mark.parametrize(
    ("amounts", "free", "phrase"),
    [
        ([0], True, ""),
        ([0, 0], True, ""),
        ([0, 5], False, "£0 – £5"),
        ([2.5], False, "£2.50"),
        ([4, 2.5, 4], False, "£2.50 – £4"),
        ([23250], False, "£23,250"),
        ([None], False, "Ring us"),
    ],
)
def test_prices_count_before_words(amounts: list[float | None], free: bool, phrase: str) -> None:
    found = service(fees_description="Ring us", cost_options=[CostOption(amount=amount) for amount in amounts])
    assert (is_free(found), cost_phrase(found)) == (free, phrase)


def test_a_price_in_other_money_is_told_in_words() -> None:
    assert cost_phrase(service(fees_description="Five euros", cost_options=[CostOption(amount=5, currency="EUR")])) == "Five euros"
    assert cost_phrase(service(cost_options=[CostOption(amount=5, currency="gbp")])) == "£5"
    assert pounds(1234.5) == "£1,234.50"


def test_an_address_says_each_part_once() -> None:
    address = Address(address_1=" 1 Mill Street ", address_2="Calderwick", region="", city="Calderwick", postal_code="ZZ1 1AA")
    assert address_line(address) == "1 Mill Street, Calderwick, ZZ1 1AA"


def test_a_confidential_place_is_nowhere_on_the_listing(taxonomy: Taxonomy) -> None:
    name, street, postcode, way = SECRET
    hidden = place(
        is_confidential=True,
        name=name,
        transportation=way,
        addresses=[Address(address_1=street, city="Calderwick", postal_code=postcode)],
        latitude=53.123,
        longitude=-2.456,
    )
    hidden.schedules = [Schedule(freq="WEEKLY", byday="MO", opens_at=time(9), closes_at=time(17))]
    listing = listing_of(service(service_at_locations=[hidden, place()]), taxonomy)
    assert not [secret for secret in (*SECRET, "53.123", "2.456") if secret in repr(listing)]
    assert listing.sites[0].is_confidential
    assert listing.sites[0].hours.patterns, "when is no secret"
    assert listing.sites[1].postcode == "ZZ1 1AA"


def test_post_boxes_and_video_links_are_no_places(taxonomy: Taxonomy) -> None:
    found = listing_of(service(service_at_locations=[place(location_type="postal"), place(location_type="virtual")]), taxonomy)
    assert (found.sites, found.how) == ((), ())
    assert listing_of(service(service_at_locations=[place()]), taxonomy).how == ("in-person",)
    assert listing_of(service(service_at_locations=[place()], how=["home"]), taxonomy).how == ("home",)


def test_a_place_without_a_name_is_called_by_its_street(taxonomy: Taxonomy) -> None:
    assert listing_of(service(service_at_locations=[place(name=None)]), taxonomy).sites[0].name == "1 Mill Street"
    assert listing_of(service(service_at_locations=[place(name=None, addresses=[])]), taxonomy).sites[0].address == ""


def test_the_service_own_number_comes_before_its_places(taxonomy: Taxonomy) -> None:
    there = place()
    there.phones = [Phone(number="01632 960 111")]
    assert listing_of(service(service_at_locations=[there]), taxonomy).phone == "01632 960 111"
    both = service(service_at_locations=[there], phones=[Phone(number="01632 960 222")])
    assert listing_of(both, taxonomy).phone == "01632 960 222"
    assert listing_of(service(), taxonomy).phone == ""


def test_access_is_heard_in_words_and_signing_in_languages(taxonomy: Taxonomy) -> None:
    there = place(accessibility=[Accessibility(description="Step-free entrance"), Accessibility(description="Hearing loop in the hall")])
    found = listing_of(service(service_at_locations=[there], languages=[Language(code="bfi", name="BSL")]), taxonomy)
    assert set(found.access) >= {"step-free", "hearing-loop", "bsl"}
    assert listing_of(service(service_at_locations=[place()]), taxonomy).access == ()


def test_needs_that_the_pack_does_not_know_are_left_out(taxonomy: Taxonomy) -> None:
    needs = [ServiceNeed(need="falls", position=0, inferred=False), ServiceNeed(need="gone-long-ago", position=1, inferred=True)]
    found = listing_of(service(needs=needs), taxonomy)
    assert (found.needs, found.inferred) == (("falls",), False)


def test_what_can_be_searched_holds_areas_and_languages_but_no_private_names(taxonomy: Taxonomy) -> None:
    found = listing_of(
        service(
            description="Company",
            languages=[Language(code="tr", name="Turkish")],
            service_areas=[ServiceArea(name="Eastmoor", extent="eastmoor", uri=None)],
            assurer_email="someone.private@example.org",
        ),
        taxonomy,
    )
    assert {"Company", "Turkish", "Eastmoor"} <= set(found.words.splitlines())
    assert found.areas[0].extent == "eastmoor"
    assert "someone.private" not in repr(found)
