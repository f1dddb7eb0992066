"""Every kind of page in four languages, on a phone, on a desk and magnified: axe, sideways scrolling, targets.

`PORTAL_PICTURES=1` also takes pictures of them all for people to look at, into `shots`; without it, of those that axe finds fault with.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import pytest
from axe import shown, violations, violations_of_layout
from driving import DESK, PHONE, SHOTS, ZOOMED, crowded_targets, follow, overflow, small_targets, watched
from playwright.sync_api import Browser, Page
from serving import Served

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 640}
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
        follow(page.locator("li[data-service] form button").first)
        page.locator("details.fold summary").last.click()
    else:
        page.goto(f"/{language}{addresses['report']}")
        follow(page.locator("main form button[type=submit]"))


def screens(language: str, name: str) -> list[tuple[str, dict[str, int]]]:
    """Where axe looks: everywhere in English, on a phone in one language of the other direction; else at what is seen most.

    Languages differ in words, not in the elements and colours that axe judges. How long their words are is measured on all pages.
    """
    is_chief = name in WIDE
    sizes = [("phone", PHONE)] if is_chief or language in ("en", "ur") else []
    return sizes + ([("desk", DESK)] if language == "en" or (is_chief and language == "ur") else [])


def look_at(page: Page, language: str, name: str, found: Findings) -> None:
    """Sizes in turn, one load: what a phone turned round or a zoomed window shows."""
    judged = ""
    for screen, size in screens(language, name):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # width and height
        now = shown(page)
        problems = violations_of_layout(page) if now == judged else violations(page)
        judged = now
        found.axe += [f"{name} ({screen}): {problem}" for problem in problems]
        if problems or (TAKES_PICTURES and language != "tr" and (screen == "phone" or name in WIDE)):
            page.screenshot(path=SHOTS / f"{language} {screen} {name}.png", full_page=True)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # as above
    found.targets += [f"{name}: {problem}" for problem in crowded_targets(page)]
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


def test_controls_are_at_least_44_pixels_high_and_no_two_targets_too_close(findings: Findings) -> None:
    assert not findings.targets, "\n".join(findings.targets)


def test_nothing_that_stays_put_covers_a_magnified_page(findings: Findings) -> None:
    assert not findings.hidden, "\n".join(findings.hidden)
