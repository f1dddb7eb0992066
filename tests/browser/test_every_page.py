"""Every kind of page in four languages, on a phone, on a desk and magnified: axe, sideways scrolling, targets.

`PORTAL_PICTURES=1` also takes pictures of them all for people to look at, into `shots`; without it, of those that axe finds fault with.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import pytest
from driving import AXE, DESK, PHONE, SHOTS, ZOOMED, overflow, small_targets, violations, watched
from playwright.sync_api import Browser, Page
from serving import Served

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 640}
ON_A_DESK = {"en", "ur"}  # one of each direction: the others differ in words, not in what stands where
WIDE = {"home", "results", "service", "locality", "urgent"}
TAKES_PICTURES = bool(os.environ.get("PORTAL_PICTURES"))


@dataclass
class Findings:
    """What was found on the pages of one language, by kind."""

    axe: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=["en", "ar", "tr", "ur"])
def findings(request: pytest.FixtureRequest, chromium: Browser, served: Served, addresses: dict[str, str]) -> Findings:
    """All pages of a language looked at once; the tests ask for one kind of finding each."""
    SHOTS.mkdir(exist_ok=True)
    found = Findings()
    with watched(chromium, served.url, bypass_csp=True) as page:
        page.context.add_init_script(path=AXE)  # the browser keeps it: half a megabyte need not travel for each page
        page.watch.is_expecting_errors = True  # type: ignore[attr-defined]  # pages that say 404 or 410
        page.route("**/exit/away", lambda route: route.fulfill(status=204))  # so that /exit stays to be looked at
        for name, address in addresses.items():
            page.goto(f"/{request.param}{address}")
            look_at(page, request.param, name, found)
        for name in ("report with mistakes", "my list"):
            prepare(page, request.param, name, addresses)
            look_at(page, request.param, name, found)
    return found


def prepare(page: Page, language: str, name: str, addresses: dict[str, str]) -> None:
    """Pages that only a form leads to."""
    if name == "my list":
        page.goto(f"/{language}{addresses['results']}")
        with page.expect_navigation():
            page.locator("li[data-service] form button").first.click()
        page.locator("details.fold summary").last.click()
    else:
        page.goto(f"/{language}{addresses['report']}")
        with page.expect_navigation():
            page.locator("main form button[type=submit]").click()


def unstuck(page: Page, size: dict[str, int]) -> dict[str, int]:
    """`size`, as high as a page with "Exit this page": axe takes what lies under its row at this moment for out of reach."""
    return {**size, "height": page.evaluate("document.documentElement.scrollHeight")} if page.locator(".leave").count() else size


def look_at(page: Page, language: str, name: str, found: Findings) -> None:
    """Sizes in turn, one load: what a phone turned round or a zoomed window shows."""
    for screen, size in (("phone", PHONE), ("desk", DESK))[: 2 if language in ON_A_DESK else 1]:
        page.set_viewport_size(size)  # type: ignore[arg-type]  # width and height
        page.set_viewport_size(unstuck(page, size))  # type: ignore[arg-type]  # as above
        problems = violations(page)
        found.axe += [f"{name} ({screen}): {problem}" for problem in problems]
        if problems or (TAKES_PICTURES and language != "tr" and (screen == "phone" or name in WIDE)):
            page.screenshot(path=SHOTS / f"{language} {screen} {name}.png", full_page=True)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # as above
    found.targets += [f"{name}: {problem}" for problem in small_targets(page)]
    found.sideways += [f"{name} (320 px): {problem}" for problem in overflow(page)]
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]  # as above
    found.sideways += [f"{name} (400%): {problem}" for problem in overflow(page)]
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    covering = page.evaluate("""() => [...document.querySelectorAll("body *")].filter((it) =>
        ["fixed", "sticky"].includes(getComputedStyle(it).position) && it.getBoundingClientRect().height > innerHeight / 3)
        .map((it) => it.outerHTML.slice(0, 120))""")
    found.hidden += [f"{name}: {problem}" for problem in covering]


def test_axe_finds_nothing(findings: Findings) -> None:
    assert not findings.axe, "\n".join(findings.axe)


def test_nothing_scrolls_sideways_at_320_pixels_or_at_400_percent(findings: Findings) -> None:
    assert not findings.sideways, "\n".join(findings.sideways)


def test_controls_are_at_least_44_pixels_high(findings: Findings) -> None:
    assert not findings.targets, "\n".join(findings.targets)


def test_nothing_that_stays_put_covers_a_magnified_page(findings: Findings) -> None:
    assert not findings.hidden, "\n".join(findings.hidden)
