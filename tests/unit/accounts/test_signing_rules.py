"""Six digits of a link, what devices are called, and where a passkey belongs: pure rules of signing in."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from portal.accounts.signing.codes import digits_of, hash_of, in_groups, read_digits
from portal.accounts.signing.devices import device_name
from portal.accounts.signing.room import SigningRoom
from portal.sealing import new_token
from portal.web.serving import SECRET_PART

ANY: Any = None
ROOM = SigningRoom(ANY, "https://help.example.org", "a secret", is_secure=True, pack=ANY, carriers=ANY)
SECRET = "a site's own secret"  # noqa: S105 - of a test


def test_digits_are_six_belong_to_their_token_and_are_spread_out() -> None:
    tokens = [new_token() for _ in range(2000)]
    found = [digits_of(token) for token in tokens]
    assert all(len(digits) == 6 and digits.isdecimal() for digits in found)
    assert found == [digits_of(token) for token in tokens]
    assert len(set(found)) > 1980
    assert min(Counter(digits[0] for digits in found).values()) > 120


def test_what_is_kept_of_digits_tells_nothing_without_the_secret_nor_for_another_ask() -> None:
    kept = hash_of(SECRET, "one", "123456")
    assert kept == hash_of(SECRET, "one", "123456")
    assert kept not in {hash_of(SECRET, "two", "123456"), hash_of("another", "one", "123456"), hash_of(SECRET, "one", "123457")}
    assert "123456" not in kept


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("1 2 3\t4 5 6", "123456"),
        ("۱۲۳۴۵۶", "123456"),
        ("১২৩৪৫৬", "123456"),
        ("੧੨੩ ੪੫੬", "123456"),
        ("000000", "000000"),
        ("12345", ""),
        ("1234567", ""),
        ("12345a", ""),
        ("½23456", ""),
        ("²23456", ""),
        ("", ""),
        ("1" * 10_000, ""),
        ("1" * 6 + " " * 10_000 + "1", "111111"),
    ],
)
def test_digits_are_read_however_they_are_written(typed: str, read: str) -> None:
    assert read_digits(typed) == read


def test_long_secrets_are_written_in_groups() -> None:
    assert in_groups("123456", 3) == "123 456"
    assert in_groups("ABCDEFGHIJ", 4) == "ABCD EFGH IJ"
    assert in_groups("", 4) == ""


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox, Mac"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541) AppleWebKit/537.36 Chrome/131.0 Safari/537.36", "Chrome, Chromebook"),
        ("Mozilla/5.0 (Linux; Android 14; SM-S911B) SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36", "Samsung Internet, Android"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>alert(1)</script> Windows", "Windows"),
    ],
)
def test_a_device_is_called_what_people_call_it(agent: str, name: str) -> None:
    assert device_name(agent) == name


@pytest.mark.parametrize(
    ("address", "host", "origin", "has_passkeys"),
    [
        ("https://help.example.org", "help.example.org", "https://help.example.org", True),
        ("http://localhost:8000", "localhost", "http://localhost:8000", True),
        ("http://127.0.0.1:8000", "127.0.0.1", "http://127.0.0.1:8000", False),
        ("http://[::1]:8000", "::1", "http://[::1]:8000", False),
    ],
)
def test_a_passkey_belongs_to_the_name_of_the_site(address: str, host: str, origin: str, has_passkeys: bool) -> None:
    room = replace(ROOM, address=address)
    assert (room.host, room.origin, room.has_passkeys) == (host, origin, has_passkeys)


def test_the_token_of_a_link_is_in_no_log() -> None:
    assert SECRET_PART.sub("…", f"/en/sign-in/link/{new_token()}") == "/en/sign-in/link/…"


def test_the_secret_is_in_no_description() -> None:
    assert "a secret" not in repr(ROOM)
