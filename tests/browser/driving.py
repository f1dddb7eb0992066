"""A real Chromium on the real server: pages that are watched while they are open, and what is measured of them.

Whatever a test does, a watched page may not load anything from elsewhere, break the content security policy or write an error
to the console.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from axe import violations
from playwright.sync_api import Browser, BrowserContext, BrowserType, ConsoleMessage, Locator, Page, Request, expect

FRONTEND: Final = Path(__file__).parents[2] / "portal" / "ui" / "frontend"
AXE: Final = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
SHOTS: Final = Path(__file__).parent / "shots"
PHONE: Final = {"width": 360, "height": 640}
DESK: Final = {"width": 1280, "height": 900}
ZOOMED: Final = {"width": 320, "height": 256}  # a screen of 1280 × 1024 at 400%
UNUSED: Final = (  # of the browser: Playwright's own list, which this takes the place of, and two pages of suggestions beside each of ours
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,"
    "MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,"
    "NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,WebUIOmniboxPopup,WebUIOmniboxAimPopup"
)
ARGUMENTS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={UNUSED}",
]
TELL_VIOLATIONS: Final = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`blocked by the policy: ${event.violatedDirective} ${event.blockedURI}`));"""


PATIENCE: Final = 60_000  # milliseconds for whatever is waited for on a page: a machine may do much else
expect.set_options(timeout=PATIENCE)

Opener = Callable[..., AbstractContextManager[Page]]


def open_browser(chromium: BrowserType, *more: str) -> Browser:
    """Debian's Chromium, with the back-forward cache that people have and `more` options. Skips where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium on this machine: tests/provide.py says how to get it")
    kept = ["--disable-back-forward-cache"]
    return chromium.launch(executable_path=program, args=[*ARGUMENTS, *more], ignore_default_args=kept)


class Watch:
    """What went wrong in the pages of one context."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.own = (base, "data:")  # addresses that may be asked for begin so
        self.is_expecting_errors = False
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not (self.is_expecting_errors and "status of 4" in message.text):
            self.problems.append(f"console: {message.text} {message.location.get('url', '')}")

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith(self.own):
            self.problems.append(f"loaded from elsewhere: {request.url}")


@contextmanager
def watched(browser: Browser, base: str, **options: Any) -> Iterator[Page]:
    """A page with nothing in its cache. Fails when anything went wrong in it; `page.watch` tells what was asked for."""
    context = browser.new_context(base_url=base, **{"viewport": PHONE, **options})
    if options.get("bypass_csp"):
        context.add_init_script(path=AXE)  # the browser keeps it: half a megabyte need not travel for each page
    watch = Watch(context, base)
    page = context.new_page()
    page.watch = watch  # type: ignore[attr-defined]  # so that a test can look at it
    page.set_default_timeout(PATIENCE)
    try:
        yield page
    finally:
        context.close()
    assert not watch.problems, "\n".join(watch.problems)


def follow(link: Locator) -> None:
    """Click a link or button that leads to another page, and wait for that: what is asked next is asked of the new page."""
    with link.page.expect_navigation():
        link.click()


def enter(what: Locator) -> None:
    """Press Enter on a link, button or field that leads to another page, and wait for that, as `follow`."""
    with what.page.expect_navigation():
        what.press("Enter")


def overflow(page: Page) -> list[str]:
    """What makes the page scroll sideways; nothing when it does not."""
    page.wait_for_load_state()
    return list(
        page.evaluate(
            """() => {
              const width = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= width) return [];
              const wide = [...document.body.querySelectorAll("*")].filter((it) => {
                const box = it.getBoundingClientRect();
                return box.width && (box.right > width + 1 || box.left < -1);
              });
              return wide.slice(0, 5).map((it) => `${document.documentElement.scrollWidth} px: ${it.outerHTML.slice(0, 120)}`);
            }"""
        )
    )


def small_targets(page: Page, least: int = 44) -> list[str]:
    """Controls and links of rows that are lower than a finger wants. Links inside sentences may be."""
    return list(
        page.evaluate(
            """(least) => {
              const chosen = ".button, button, summary, select, textarea, input:not([type=hidden]), .actions a, .languages a, " +
                ".bar a, .foot-links a, .chip, .tiles a, .pages a, a.tel, a.plain, a.back, .way";
              const boxes = [...document.querySelectorAll(chosen)].map((it) => [it, it.getBoundingClientRect()]);
              return boxes.filter(([it, box]) => it.checkVisibility() && box.width && box.height < least - 0.5)
                .map(([it, box]) => `${Math.round(box.height)} px: ${it.outerHTML.slice(0, 120)}`);
            }""",
            least,
        )
    )


def crowded_targets(page: Page, least: int = 24) -> list[str]:
    """Links and controls that a finger cannot tell from their neighbours (WCAG 2.2, 2.5.8): lower or narrower than `least`, and a circle
    of that width about their middle meets another target or the circle of another small one. Links inside sentences may be small.
    """
    return list(
        page.evaluate(
            """(least) => {
              const chosen = "a[href], button, summary, select, textarea, input:not([type=hidden])";
              const inSentence = (it) => {
                if (getComputedStyle(it).display !== "inline") return false;
                let block = it.parentElement;
                while (getComputedStyle(block).display === "inline") block = block.parentElement;
                const others = [...block.querySelectorAll("a[href]")].reduce((sum, link) => sum + link.textContent.trim().length, 0);
                return block.textContent.trim().length > others + 1;
              };
              const stays = (it) => it && (getComputedStyle(it).position === "fixed" || stays(it.parentElement));
              const isSeen = (it) => it.checkVisibility() && it.getBoundingClientRect().width > 1;
              const targets = [...document.querySelectorAll(chosen)].filter((it) => isSeen(it) && !stays(it))
                .map((it) => ({it, box: it.getBoundingClientRect()}));
              for (const target of targets) {
                const {left, right, top, bottom, width, height} = target.box;
                const style = getComputedStyle(target.it); // letters are higher than what the next line leaves of them
                target.middle = [(left + right) / 2, (top + bottom) / 2];
                target.isSmall = Math.min(width, height, style.display === "inline" ? parseFloat(style.lineHeight) : height) < least - 0.5;
              }
              const toBox = ([x, y], {left, right, top, bottom}) =>
                Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
              const isNear = (one, other) => other.isSmall
                ? Math.hypot(one.middle[0] - other.middle[0], one.middle[1] - other.middle[1]) < least
                : toBox(one.middle, other.box) < least / 2;
              return targets.filter((one) => one.isSmall && !inSentence(one.it))
                .flatMap((one) => targets.filter((other) => other !== one && !one.it.contains(other.it) && isNear(one, other)).slice(0, 1)
                  .map((other) => `${Math.round(one.box.width)} by ${Math.round(one.box.height)} px: ${one.it.outerHTML.slice(0, 90)}` +
                    ` beside ${other.it.outerHTML.slice(0, 90)}`));
            }""",
            least,
        )
    )


def measure(page: Page, what: str) -> None:
    """Hold a page as it stands to what every page promises. Raises `AssertionError` that says `what` it is."""
    assert violations(page) == [], what
    assert overflow(page) == [], what
    assert small_targets(page) == [], what


def path_of(page: Page) -> str:
    """Where the page is."""
    return urlsplit(page.url).path
