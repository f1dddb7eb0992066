"""Where the checker of links does not go, however an address is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.outside.addresses import NotAllowed, is_public, target_of

INSIDE = (
    "0.0.0.0", "10.0.0.1",  # noqa: S104
     "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:10.0.0.1", "::127.0.0.1",
    "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
    "2002:808:808::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "", "localhost", "2130706433", "0177.0.0.1",
    "0x7f000001", "127.1",
)  # fmt: skip

ELSEWHERE = (
    "file:///etc/passwd", "gopher://example.org/", "ftp://example.org/", "data:text/html,x", "javascript:alert(1)", "//example.org/", "",
    "http://", "http:///x", "https://example.org:22/", "http://example.org:8080/", "http://example.org:0/", "http://example.org:99999/",
    "http://user@example.org/", "http://user:secret@example.org/", "http://example.org@127.0.0.1/", "http://@example.org/",
    "http://127.0.0.1/", "http://2130706433/", "http://017700000001/", "http://0x7f.1/", "http://0x7f000001/", "http://127.1/",
    "http://0177.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://[::]/", "http://8.8.8.8/",
    "http://localhost/", "http://intranet/", "http://１２７.０.０.１/", "http://①②⑦.⓪.⓪.①/", "http://example.0x10/", "http://1.2.3.4./",
    "http://exa mple.org/", "http://example.org\\@127.0.0.1/", "http://example.org/\r\nHost: inside", "http://example.org/\x00",
    "http://-example.org/", "http://example..org/", "http://" + "a" * 64 + ".org/", "http://example.org/" + "x" * 2000, "http://[/",
    "http://%31%32%37.0.0.1/", "http://example.org:80:80/", "http://_dns.example.org/",
)  # fmt: skip


@pytest.mark.parametrize("number", INSIDE)
def test_no_number_of_the_inside_is_public(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", ["8.8.8.8", "151.101.0.81", "2606:4700:4700::1111", "2a00:1450:4009::1"])
def test_numbers_of_the_internet_are_public(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_address_but_a_plain_one_with_a_name_is_asked_for(url: str) -> None:
    with pytest.raises(NotAllowed):
        target_of(url)


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("https://example.org", "example.org", "/"),
        ("HTTP://Example.ORG:80/a?b=c#d", "example.org", "/a?b=c"),
        ("https://bücher.example/weg", "xn--bcher-kva.example", "/weg"),
        ("https://example.org/a b/é?q=ü&x=%20", "example.org", "/a%20b/%C3%A9?q=%C3%BC&x=%20"),
        ("https://www.example.org./", "www.example.org.", "/"),
    ],
)
def test_plain_addresses_are_asked_for_in_ascii(url: str, host: str, target: str) -> None:
    found = target_of(url)
    assert (found.host, found.target) == (host, target)
    assert found.url.isascii()


@given(st.text(max_size=60))
def test_whatever_is_written_is_an_address_or_is_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"https://example.org/{text}", f"http://{text}@example.org/"):
        try:
            target = target_of(url)
        except NotAllowed:
            continue
        assert target.url.isascii()
        assert not any(sign in target.url for sign in "\r\n\t \x00")
        assert target.port in (80, 443)
