"""JSON-LD: only what schema.org allows, nothing empty, nothing secret, and safe inside a page."""

from __future__ import annotations

import csv
import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.directory.freshness import Freshness
from portal.directory.linked_data import linked_data
from portal.directory.listing import Listing, Site
from portal.directory.opening import Hours, Pattern
from portal.directory.pages import ServicePage, Venue, When

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
    return list(json.loads(linked_data(of, ADDRESS, ORGANIZATION, "en"))["@graph"])


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(inner)


def node(of: ServicePage, kind: str) -> dict[str, Any]:
    [found] = [it for it in nodes(graph(of)) if it.get("@type") == kind]
    return found


TYPES = {it["@type"] for it in nodes(graph(FULL)) if "@type" in it}


@pytest.fixture(scope="module")
def vocabulary() -> dict[str, set[str]]:
    """Property → those of `TYPES` that may have it, by their own right or by that of what they are kinds of."""
    standards = Path(__file__).parents[3].parent / "shared" / "standards"
    if not standards.is_dir():
        pytest.skip("../shared/standards is not here: it is not part of the repository")

    def rows(name: str) -> list[dict[str, str]]:
        with (standards / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def names(text: str) -> list[str]:
        return [address.rsplit("/", 1)[1] for address in text.split(", ") if address]

    above = {row["label"]: names(row["subTypeOf"]) for row in rows("schemaorg-all-https-types.csv")}

    def kinds(name: str) -> set[str]:
        return {name}.union(*(kinds(parent) for parent in above.get(name, [])))

    domains = {row["label"]: set(names(row["domainIncludes"])) for row in rows("schemaorg-all-https-properties.csv")}
    above_all = {name: kinds(name) for name in TYPES}
    return {label: {name for name in TYPES if above_all[name] & domain} for label, domain in domains.items()}


@pytest.mark.shared
@pytest.mark.parametrize("of", [FULL, page()], ids=["full", "bare"])
def test_every_property_belongs_to_its_type(vocabulary: dict[str, set[str]], of: ServicePage) -> None:
    for it in nodes(graph(of)):
        for name in set(it) - {"@type", "@id"}:
            assert it["@type"] in vocabulary[name], f"{name} is no property of {it['@type']}"


@pytest.mark.parametrize("of", [FULL, page(), replace(page(), venues=(venue(Site("", "")),))], ids=["full", "bare", "nameless place"])
def test_nothing_is_empty_and_every_reference_leads_somewhere(of: ServicePage) -> None:
    whole = graph(of)
    known = {it["@id"] for it in whole}
    for it in nodes(whole):
        assert not [name for name, value in it.items() if value in (None, "", [], {})], it
        if set(it) == {"@id"}:
            assert it["@id"] in known
        else:
            assert set(it) > {"@type"}, it


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
    text = linked_data(FULL, ADDRESS, ORGANIZATION, "en")
    assert "Mill Hall" in text
    assert not [secret for secret in ("Rosehill", "Hidden", "ZZ9", "53.9", "2.9", "#place-1") if secret in text]


@settings(deadline=None)
@given(name=st.text() | st.sampled_from(["</script><script>alert(1)</script>", "<!--<script>", "a & b", "]]>", "\u2028"]))
def test_no_name_can_leave_the_script_it_stands_in(name: str) -> None:
    of = replace(page(summary=name), area_names=(f"a{name}",), url=f"https://x/{name}")
    text = linked_data(of, ADDRESS, ORGANIZATION, "en")
    assert not set(text) & set("<>&")
    assert node(of, "Service")["areaServed"] == [f"a{name}"], "and it is read back as it was"
