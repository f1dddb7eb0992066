"""What a reviewer is told to look at twice, and what is nobody's business to be told."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.directory.record import PhoneEntry, ServiceRecord, VenueEntry
from portal.editing.proposals.contacts import reach_elsewhere
from portal.editing.proposals.flags import flag, personal
from portal.editing.proposals.links import odd_address
from portal.editing.proposals.numbers import numbers_in_words, odd_number

CLUB = ServiceRecord(
    name="Lunch club",
    description="A warm meal on Tuesdays, and somebody to talk to.",
    phones=(PhoneEntry("01632 960001"),),
    url="https://www.friends.org.uk/lunch",
    email="lunch@friends.org.uk",
    application_process="Just come along, or ring first.",
)


def kinds(after: ServiceRecord, before: ServiceRecord | None = CLUB) -> set[str]:
    return {each.kind for each in flag(after, before, ("https://friends.org.uk",))}


def test_an_ordinary_change_is_not_flagged() -> None:
    plain = replace(CLUB, description="Soup and a chat. Free for carers.", phones=(PhoneEntry("020 7946 0123"), PhoneEntry("07700 900123")))
    assert flag(plain, CLUB) == ()
    assert flag(CLUB, None) == ()
    assert flag(replace(CLUB, name="ویلکم‌کلب"), CLUB) == (), "joiners are letters' own in Urdu"


def test_only_what_changes_is_looked_at() -> None:
    old = replace(CLUB, phones=(PhoneEntry("0871 234 5678"),), description="Ring 01632 960555.")
    assert flag(replace(old, name="Supper club"), old) == ()
    assert kinds(replace(old, phones=(*old.phones, PhoneEntry("01632 960002"))), old) == set()


@pytest.mark.parametrize(
    "number", ["0871 234 5678", "0900 123 4567", "09012 345678", "0845 123 4567", "118 500", "070 1234 5678", "+44 70 1234 5678"]
)
def test_dear_numbers(number: str) -> None:
    assert odd_number(number)
    assert "number" in kinds(replace(CLUB, phones=(PhoneEntry(number),)))


@pytest.mark.parametrize("number", ["+33 1 23 45 67 89", "00353 1 234 5678", "ring the bell", "01632", "01632 960001 960002"])
def test_numbers_elsewhere_and_numbers_that_are_none(number: str) -> None:
    assert odd_number(number)


@pytest.mark.parametrize(
    "number",
    ["01632 960001", "0800 1111", "116 123", "999", "111", "0300 123 4567", "07700 900123", "+44 20 7946 0018", "85258", "0808 2000 247"],
)
def test_numbers_that_anybody_can_ring(number: str) -> None:
    assert odd_number(number) == ""


@pytest.mark.parametrize(
    "address",
    [
        "https://10.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "https://friends.org.uk@evil.example/",
        "https://friends.org.uk\\@evil.example/",
        "javascript:alert(1)",
        "ftp://friends.org.uk",
        "file:///etc/passwd",
        "https://bit.ly/abc",
        "https://xn--frinds-dva.org.uk",
        "https://frіends.org.uk",
        "https://freinds.org.uk",
        "https://friend.org.uk",
        "https://friends-.org.uk",
        "https://frlends.org.uk",
        "https://fri3nds.org.uk",
        "lunch@freinds.org.uk",
        "https://[broken",
        "https:///",
    ],
)
def test_addresses_that_are_not_what_they_seem(address: str) -> None:
    assert odd_address(address, ["https://www.friends.org.uk/lunch"])


@pytest.mark.parametrize(
    "address",
    [
        "https://friends.org.uk/new",
        "http://www.friends.org.uk",
        "friends.org.uk",
        "https://lunch.friends.org.uk",
        "https://www.gov.uk/carers",
        "office@friends.org.uk",
        "https://choir.org.uk",
    ],
)
def test_addresses_that_are(address: str) -> None:
    assert odd_address(address, ["https://www.friends.org.uk/lunch"]) == ()


def test_letters_that_turn_the_order_around_and_those_that_nobody_sees() -> None:
    assert kinds(replace(CLUB, description="Mail \u202emoc.elpmaxe\u202c")) == {"turned"}
    assert kinds(replace(CLUB, name="Lunch\u200b club")) == {"unseen"}


def test_ways_to_reach_people_that_hide_in_words() -> None:
    assert kinds(replace(CLUB, application_process="Ring Jo on 01632 960 555 first")) == {"number in words"}
    assert kinds(replace(CLUB, venues=(VenueEntry("Hall", note="see www.other.example/club"),))) == {"link in words"}
    assert numbers_in_words("Tuesdays 10.00 to 12.30 from 2026-11-24, 12 places") == ()


@pytest.mark.parametrize(
    "text",
    [
        "AB123456C",
        "ab 12 34 56 c",
        "943 476 5919",
        "9434765919",
        "Born on 3.4.1950",
        "DOB 03/04/50",
        "at my home",
        "She lives at 3 Elm Street",
    ],
)
def test_what_looks_like_somebodys_private_details(text: str) -> None:
    assert personal(text)
    assert kinds(replace(CLUB, description=f"Club. {text}.")) >= {"personal"}


@pytest.mark.parametrize(
    "text", ["We come to your home", "Newborn babies welcome", "Charity number 1234567", "Call 01632960001", "Since 1950", "9434765918"]
)
def test_what_does_not(text: str) -> None:
    assert personal(text) == ()


def test_shouting_is_not_grave() -> None:
    [found] = flag(replace(CLUB, description="BEST LUNCH CLUB IN THE BOROUGH, COME NOW"), CLUB)
    assert (found.kind, found.is_grave) == ("shouting", False)
    assert flag(replace(CLUB, name="NHS BSL"), CLUB) == ()


def test_a_secret_place_that_would_be_shown() -> None:
    place = VenueEntry("House", is_confidential=True, id=uuid.uuid4())
    before = replace(CLUB, venues=(place,))
    assert kinds(replace(before, venues=(replace(place, is_confidential=False),)), before) == {"secret"}


@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=30))
def test_nothing_that_people_type_breaks_it(words: str, address: str, number: str) -> None:
    flag(replace(CLUB, description=words, url=address, email=address, phones=(PhoneEntry(number),)), CLUB, (address,))
    odd_address(f"http://{address}", [words])
    reach_elsewhere(CLUB, replace(CLUB, url=address, phones=(PhoneEntry(number),)))


def test_who_is_reached_by_other_words_is_the_same() -> None:
    same = replace(CLUB, url="http://friends.org.uk/lunch/", email="Lunch@friends.org.uk", phones=(PhoneEntry("+441632960001", "Jo"),))
    assert reach_elsewhere(CLUB, same) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "https://friends.org.uk/other"}, "url"),
        ({"url": "https://friends.org.uk.evil.example/lunch"}, "url"),
        ({"url": "https://a@friends.org.uk/lunch"}, "url"),
        ({"url": ""}, "url"),
        ({"email": "lunch@friends.org"}, "email"),
        ({"phones": ()}, "phones"),
        ({"phones": (PhoneEntry("01632 960001"), PhoneEntry("01632 960002"))}, "phones"),
        ({"phones": (PhoneEntry("01632 960001", extension="9"),)}, "phones"),
    ],
)
def test_who_is_reached_elsewhere_is_not(changes: dict[str, object], field: str) -> None:
    assert reach_elsewhere(CLUB, replace(CLUB, **changes)) == (field,)
