"""Whose look at a page is counted: people's own, and nobody's machine."""

from __future__ import annotations

import pytest

from portal.directory.visitors import is_by_person, is_of_our_page

PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    "browser",
    [
        PHONE,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 9; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 [FBAN/FBIOS;FBAV/500.0]",
        "NokiaBrowser/7.4",
    ],
)
def test_a_person_is_counted_whatever_phone_they_have(browser: str) -> None:
    assert is_by_person("GET", {"User-Agent": browser})


@pytest.mark.parametrize(
    "robot",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0",
        "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; YandexBot/3.0)",
        "Mozilla/5.0 (compatible; Yahoo! Slurp)",
        "facebookexternalhit/1.1",
        "WhatsApp/2.23",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0 Safari/537.36",
        "curl/8.5.0",
        "python-requests/2.32",
        "Go-http-client/1.1",
        "UptimeRobot/2.0 (monitor)",
        "",
    ],
)
def test_a_robot_or_somebody_who_does_not_say_what_they_are_is_not_counted(robot: str) -> None:
    assert not is_by_person("GET", {"User-Agent": robot})


def test_headers_alone_are_not_counted() -> None:
    assert not is_by_person("HEAD", {"User-Agent": PHONE})


@pytest.mark.parametrize(
    ("name", "value"), [("Sec-Purpose", "prefetch"), ("Sec-Purpose", "prefetch;prerender"), ("Purpose", "prefetch"), ("X-Moz", "prefetch")]
)
def test_a_page_fetched_before_anybody_opens_it_is_not_counted(name: str, value: str) -> None:
    assert not is_by_person("GET", {"User-Agent": PHONE, name: value})


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://doorstep.example"}, True),  # an older browser; `refuse_other_sites` has looked whose it is
        ({"Sec-Fetch-Site": "none", "Origin": "https://doorstep.example"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({}, False),
    ],
)
def test_a_press_of_call_is_believed_when_a_page_of_ours_tells_of_it(headers: dict[str, str], *, is_ours: bool) -> None:
    assert is_of_our_page(headers) is is_ours
