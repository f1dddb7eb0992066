"""What axe judges once, it judges: a fault is found on whatever page and screen it shows first, beside anything that was judged before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe import shown, violations, violations_of_layout
from driving import DESK, Opener
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta name="viewport" content="width=device-width"><title>Tea</title>
<style>body {{ background: #fff; color: {ink}; }} .box {{ background: {paper}; }} @media (min-width: 50em) {{ {desk} }}</style></head>
<body><main><h1>Tea</h1><div class="box"><p>Tea and cake</p></div><a class="wide" href="/tea">More about tea</a></main></body></html>"""
GOOD = {"lang": "en", "dir": "ltr", "ink": "#010203", "paper": "#fdfeff", "desk": ""}


@pytest.fixture
def page(open_page: Opener) -> Iterator[Page]:
    with open_page(bypass_csp=True) as page:
        page.goto("/en/about")
        yield page


def rules(found: list[str]) -> set[str]:
    return {line.partition(":")[0] for line in found}


@pytest.mark.parametrize("fault", [{"ink": "#c0c1c2"}, {"paper": "#303132"}])
def test_a_colour_that_cannot_be_read_is_found_beside_what_was_judged(page: Page, fault: dict[str, str]) -> None:
    for _ in range(2):  # a fault is never taken for known
        page.set_content(PAGE.format(**GOOD))
        assert violations(page) == []
        page.set_content(PAGE.format(**{**GOOD, **fault, "lang": "ur", "dir": "rtl"}))
        assert rules(violations(page)) == {"color-contrast"}


def test_colours_of_a_large_screen_alone_are_found_there(page: Page) -> None:
    page.set_content(PAGE.format(**{**GOOD, "desk": "body { color: #d0d1d2; }"}))
    assert violations(page) == []
    on_a_phone = shown(page)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # width and height
    assert shown(page) == on_a_phone
    assert rules(violations_of_layout(page)) == {"color-contrast"}


def test_a_screen_that_shows_more_is_another(page: Page) -> None:
    page.set_content(PAGE.format(**{**GOOD, "desk": ".wide { display: none; }"}))
    on_a_phone = shown(page)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # width and height
    assert shown(page) != on_a_phone


def test_what_is_not_a_colour_is_judged_on_every_page(page: Page) -> None:
    for _ in range(2):
        page.set_content(PAGE.format(**GOOD).replace('<html lang="en"', "<html"))
        assert rules(violations(page)) == {"html-has-lang"}
