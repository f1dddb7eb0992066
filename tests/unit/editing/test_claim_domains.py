"""Whose domain an address is on: what only looks, begins or ends alike is somebody else's; what many share is nobody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.editing.claiming.domains import domain_of, host_in_network, is_on, may_overlap, overlap, own_domains

CLUB = own_domains("https://www.elmclub.org.uk/about", "hello@elmclub.org.uk")


@pytest.mark.parametrize(
    "email",
    [
        "jo@elmclub.org.uk",
        "JO@ELMCLUB.ORG.UK",
        "  jo@elmclub.org.uk ",
        "jo+listings@elmclub.org.uk",
        "jo@mail.elmclub.org.uk",
        "jo@a.b.elmclub.org.uk",
    ],
)
def test_an_address_on_the_domain_or_below_it_is_the_organizations_own(email: str) -> None:
    assert is_on(email, CLUB)


@pytest.mark.parametrize(
    "email",
    [
        "jo@evil-elmclub.org.uk",
        "jo@evilelmclub.org.uk",
        "jo@elmclub.org.uk.evil.com",
        "jo@elmclub.org",
        "jo@elmclub.co.uk",
        "jo@elm-club.org.uk",
        "jo@e1mclub.org.uk",
        "jo@elmclub.org.uk.",
        "jo@.elmclub.org.uk",
        "jo@elmcIub.org.uk.",
        "jo@org.uk",
        "jo@uk",
        "jo@еlmclub.org.uk",  # a Cyrillic е
        "jo@xn--lmclub-4of.org.uk",
        "jo@elmclub.org.uk@evil.com",
        "jo@evil.com?elmclub.org.uk",
        "jo@evil.com\n@elmclub.org.uk",
        "jo@evil.com\x00.elmclub.org.uk",
        "jo@elmclub\u200b.org.uk.evil.com",
        "elmclub.org.uk",
        "@elmclub.org.uk",
        "",
        "jo@gmail.com",
    ],
)
def test_an_address_elsewhere_is_not(email: str) -> None:
    assert not is_on(email, CLUB)


@pytest.mark.parametrize(
    ("website", "email"),
    [
        ("https://gmail.com", "elmclub@gmail.com"),
        ("", "elmclub@GMAIL.com"),
        ("", "elmclub@googlemail.com"),
        ("", "elm@nhs.net"),
        ("", "elm@btinternet.com"),
        ("https://elmclub.wordpress.com", ""),
        ("https://elmclub.github.io", ""),
        ("https://elmclub.blogspot.co.uk/", ""),
        ("https://www.facebook.com/elmclub", ""),
        ("https://m.facebook.com/elmclub", ""),
        ("https://sites.google.com/view/elmclub", ""),
        ("https://co.uk", ""),
        ("https://org.uk/", ""),
        ("https://www.gov.uk/elm", ""),
        ("https://www.nhs.uk/elm", ""),
        ("https://com.au", ""),
        ("https://hackney.sch.uk", ""),
        ("https://uk", ""),
        ("http://localhost", ""),
        ("http://10.0.0.1", ""),
        ("http://[::1]/", ""),
        ("http://2130706433/", ""),
        ("https://[broken", ""),
        ("javascript:alert(1)", ""),
        ("", "no address"),
        ("", ""),
        (None, None),
    ],
)
def test_what_many_share_or_what_is_no_domain_is_nobodys_own(website: str | None, email: str | None) -> None:
    assert own_domains(website, email) == frozenset()


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("https://www.elmclub.org.uk/x?y#z", "elmclub.org.uk"),
        ("elmclub.org.uk", "elmclub.org.uk"),
        ("HTTP://WWW.ELMCLUB.ORG.UK.:8080/", "elmclub.org.uk"),
        ("https://user:pass@elmclub.org.uk", "elmclub.org.uk"),
        ("https://bücher.example", "xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("https://elm.hackney.sch.uk", "elm.hackney.sch.uk"),
        ("https://hackney.gov.uk/elm", "hackney.gov.uk"),
    ],
)
def test_a_website_names_its_domain_however_it_is_written(website: str, domain: str) -> None:
    assert own_domains(website, "") == {domain}


def test_a_domain_is_the_same_in_its_own_letters_and_in_those_of_the_network() -> None:
    assert is_on("jo@bücher.example", own_domains("https://xn--bcher-kva.example", ""))
    assert is_on("jo@xn--bcher-kva.example", own_domains("https://bücher.example", ""))
    assert not is_on("jo@bucher.example", own_domains("https://bücher.example", ""))
    assert not is_on("jo@strasse.example", own_domains("https://straße.example", ""))


def test_what_stands_above_the_organizations_domain_is_somebody_elses() -> None:
    assert not is_on("jo@example.com", own_domains("https://elm.example.com", ""))


def test_a_public_mail_address_is_on_no_domain_even_where_one_is_named_so() -> None:
    assert not is_on("jo@gmail.com", {"gmail.com"})


def test_a_domain_that_others_have_addresses_on_is_nobodys_alone() -> None:
    assert overlap({"council.gov.uk", "elm.org"}, {"libraries.council.gov.uk"}) == {"council.gov.uk"}
    assert overlap({"libraries.council.gov.uk"}, {"council.gov.uk"}) == {"libraries.council.gov.uk"}
    assert overlap({"elm.org"}, {"helm.org", "elm.org.uk"}) == frozenset()


hosts = st.lists(
    st.sampled_from(["elm", "club", "a-b", "council", "org", "uk", "com", "xn--strae-oqa", "example"]), min_size=2, max_size=4
).map(".".join)
addresses = st.tuples(
    st.sampled_from(["", "https://", "http://www.", "www.", "HTTPS://jo@", "https://x.org/", "//", " https://", "jo@", "jo@WWW."]),
    hosts,
    st.sampled_from(["", "/about", ".", ":8080/x", "?y=elm.org", " "]),
).map("".join)


@given(hosts, addresses)
def test_no_address_that_overlaps_is_passed_over_without_a_look(host: str, address: str) -> None:
    own = own_domains(f"https://{host}", "")
    for typed in (address, address.upper(), address.replace("x", "ß")):
        if own and overlap(own, own_domains(typed, typed)):
            assert may_overlap(own, typed)


def test_of_hundreds_on_one_host_only_those_at_the_same_place_on_it_are_looked_at() -> None:
    assert may_overlap({"club.example.org"}, "https://www.example.org/")
    assert may_overlap({"club.example.org"}, "", "jo@mail.club.example.org")
    assert not may_overlap({"club.example.org"}, "https://choir.example.org", "jo@choir.example.org")


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_without_an_error_and_is_never_ours(typed: str) -> None:
    domain_of(typed)
    host_in_network(typed)
    own_domains(typed, typed)
    assert not is_on(f"jo@elmclub.org.uk.{typed}.example", CLUB)
    assert not is_on(f"jo@{typed}-elmclub.org.uk", CLUB) or f"{typed}-".split(".")[-1] == ""
