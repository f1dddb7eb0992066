"""JSON-LD: only what schema.org allows, nothing empty, nothing secret, and safe inside a page."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schema_org import graph_of, nodes, problems

from portal.directory.freshness import Freshness
from portal.directory.linked_data import linked_organization, linked_service
from portal.directory.listing import Listing, Site
from portal.directory.models import Organization, OrganizationIdentifier
from portal.directory.opening import Hours, Pattern
from portal.directory.pages import ServicePage, Venue, When
from portal.directory.places import Phone

ADDRESS = "https://help.example.org/en/services/1"
ORGANIZATION = "https://help.example.org/en/organizations/2"
WEEKLY = Pattern(weekday=1, opens=time(10), closes=time(12), first=date(2026, 9, 1), last=date(2027, 7, 1))
HOURS = Hours((WEEKLY, Pattern(weekday=2, ordinal=2, opens=time(9), closes=time(10)), Pattern(monthday=3), Pattern(weekday=4, interval=2)))
SITE = Site("Mill Hall", "1 Mill Street, Calderwick, ZZ1 1AA", "ZZ1 1AA", 53.1, -2.2, hours=HOURS)
SECRET_SITE = Site("Rosehill", "9 Hidden Lane, ZZ9 9ZZ", "ZZ9 9ZZ", 53.9, -2.9, is_confidential=True)


def venue(site: Site) -> Venue:
    when = When(uuid.uuid4(), (), (), (), (), is_open=False)
    return Venue(site, (site.name, *site.address.split(", ")), (), "", "", (), when)


def page(**listing: Any) -> ServicePage:
    whole = Listing(uuid.uuid4(), "Lunch club", uuid.uuid4(), "Friends of Eastmoor", **listing)
    return ServicePage(
        listing=whole,
        description="",
        alert="",
        eligibility="",
        how_to_start="",
        wait="",
        fees="",
        costs=(),
        documents=(),
        accreditations="",
        interpreting="",
        funding=(),
        phones=(),
        email="",
        url="",
        languages=(),
        venues=(),
        when=When(whole.id, (), (), (), (), is_open=False),
        assured_by="",
        freshness=Freshness.NEVER,
        is_hidden=False,
        source="",
        provenance=None,
        area_names=(),
    )


FULL = replace(
    page(
        summary="A hot meal.",
        minimum_age=0,
        maximum_age=25.5,
        is_free=True,
        phone="01632 960 111",
        hours=HOURS,
        assured_on=date(2026, 11, 1),
    ),
    url="https://lunch.example.org",
    languages=(("tr", "Turkish"), ("", "Sylheti")),
    venues=(venue(SITE), venue(SECRET_SITE)),
    area_names=("Eastmoor", "Northgate"),
)


def graph(of: ServicePage) -> list[dict[str, Any]]:
    return graph_of(linked_service(of, ADDRESS, ORGANIZATION, "en"))


def node(of: ServicePage, kind: str) -> dict[str, Any]:
    [found] = [it for it in nodes(graph(of)) if it.get("@type") == kind]
    return found


@pytest.mark.shared
@pytest.mark.parametrize("of", [FULL, page(), replace(page(), venues=(venue(Site("", "")),))], ids=["full", "bare", "nameless place"])
def test_all_that_a_service_says_is_in_the_vocabulary(of: ServicePage) -> None:
    assert problems(graph(of)) == []


@pytest.mark.shared
def test_what_is_wrong_is_seen() -> None:
    assert problems([{"@type": "Place", "price": 1}]) == ["price is no property of Place"]
    assert problems([{"@type": "Place", "name": ""}]) == ["name is empty in {'@type': 'Place', 'name': ''}"]
    assert problems([{"@type": "Service", "provider": {"@id": "x"}}]) == ["x leads nowhere"]


def test_a_full_page_says_all_that_it_knows() -> None:
    service = node(FULL, "Service")
    assert (service["name"], service["description"], service["areaServed"]) == ("Lunch club", "A hot meal.", ["Eastmoor", "Northgate"])
    assert node(FULL, "PeopleAudience") == {"@type": "PeopleAudience", "suggestedMinAge": 0, "suggestedMaxAge": 25.5}
    assert node(FULL, "Offer")["price"] == 0
    assert node(FULL, "ContactPoint")["telephone"] == "01632 960 111"
    assert node(FULL, "ServiceChannel")["availableLanguage"] == ["tr"]
    assert node(FULL, "WebPage")["lastReviewed"] == "2026-11-01"
    assert node(FULL, "Organization")["name"] == "Friends of Eastmoor"


def test_the_street_of_a_place_is_whole_whatever_the_place_is_called() -> None:
    expected = {"streetAddress": "1 Mill Street, Calderwick", "postalCode": "ZZ1 1AA", "addressCountry": "GB"}
    for name in ("Mill Hall", "1 Mill Street"):
        of = replace(page(), venues=(venue(replace(SITE, name=name)),))
        assert node(of, "PostalAddress") == {"@type": "PostalAddress", **expected}
    without = replace(SITE, address="1 Mill Street, Calderwick", postcode="")
    assert node(replace(page(), venues=(venue(without),)), "PostalAddress")["streetAddress"] == "1 Mill Street, Calderwick"


def test_only_hours_of_every_week_are_told() -> None:
    of = page(hours=HOURS)
    assert node(of, "OpeningHoursSpecification") == {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": "Tuesday",
        "opens": "10:00",
        "closes": "12:00",
        "validFrom": "2026-09-01",
        "validThrough": "2027-07-01",
    }


def test_nothing_of_a_confidential_place_is_told() -> None:
    text = linked_service(FULL, ADDRESS, ORGANIZATION, "en")
    assert "Mill Hall" in text
    assert not [secret for secret in ("Rosehill", "Hidden", "ZZ9", "53.9", "2.9", "#place-1") if secret in text]


@settings(deadline=None)
@given(name=st.text() | st.sampled_from(["</script><script>alert(1)</script>", "<!--<script>", "a & b", "]]>", "\u2028"]))
def test_no_name_can_leave_the_script_it_stands_in(name: str) -> None:
    of = replace(page(summary=name), area_names=(f"a{name}",), url=f"https://x/{name}")
    text = linked_service(of, ADDRESS, ORGANIZATION, "en")
    assert not set(text) & set("<>&")
    assert node(of, "Service")["areaServed"] == [f"a{name}"], "and it is read back as it was"


def organization(**values: Any) -> Organization:
    return Organization(id=uuid.UUID(int=2), name="Friends of Eastmoor", description="Friends of Eastmoor", **values)


WHOLE_ORGANIZATION = organization(
    email="hello@friends.example.org",
    website="https://friends.example.org",
    phones=[Phone(number="01632 960 222"), Phone(number="07700 900 333", contact_id=uuid.UUID(int=3))],
    identifiers=[OrganizationIdentifier(identifier_type="Charity", identifier="1234567"), OrganizationIdentifier(identifier="99")],
)


@pytest.mark.shared
@pytest.mark.parametrize("of", [WHOLE_ORGANIZATION, organization()], ids=["full", "bare"])
def test_all_that_an_organization_says_is_in_the_vocabulary(of: Organization) -> None:
    assert problems(graph_of(linked_organization(of, ORGANIZATION, "ur"))) == []


def test_an_organization_says_what_its_page_shows_and_no_number_of_a_person() -> None:
    page_itself, said = graph_of(linked_organization(WHOLE_ORGANIZATION, ORGANIZATION, "ur"))
    assert (page_itself["inLanguage"], page_itself["mainEntity"]["@id"]) == ("ur", said["@id"])
    assert (said["@type"], said["name"], said["url"]) == ("Organization", "Friends of Eastmoor", ORGANIZATION)
    assert (said["email"], said["sameAs"], said["telephone"]) == (
        "hello@friends.example.org",
        "https://friends.example.org",
        ["01632 960 222"],
    )
    assert said["identifier"] == [
        {"@type": "PropertyValue", "propertyID": "Charity", "value": "1234567"},
        {"@type": "PropertyValue", "value": "99"},
    ]
    assert "description" not in said, "a name said twice is no description"


def test_a_service_and_its_organization_say_the_same_of_who_provides_it() -> None:
    [_, said] = graph_of(linked_organization(WHOLE_ORGANIZATION, ORGANIZATION, "en"))
    assert node(FULL, "Service")["provider"] == {"@id": said["@id"]}
    assert node(FULL, "Organization")["url"] == said["url"]
