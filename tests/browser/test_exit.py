""" "Exit this page" as somebody in danger needs it: away at once, nothing for Back to show, never out of reach, never in the way.

The back-forward cache is on, as it is for people. What a page showed is told by itself, at each paint and each return.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from driving import DESK, SHOTS, Opener, Watch, open_browser, watched
from elsewhere import elsewhere
from playwright.sync_api import Browser, Page, expect
from serving import Served

from portal.pack import EXIT_TO

pytestmark = pytest.mark.browser
LANGUAGES = ("en", "tr", "ur")
AWAY = EXIT_TO
SENSITIVE = ("/search?q=my+husband+hits+me", "/advice/abuse-and-neglect", "/urgent")
NARROW = {"width": 320, "height": 640}
TWICE = {"width": 640, "height": 400}  # a window of 1280 × 800 at 200%
TELL = """
  const hidden = () => document.documentElement.hidden;
  const tell = (what) => console.info(`${what} ${location.pathname}${location.search}`);
  new PerformanceObserver(() => hidden() || tell("seen")).observe({type: "paint", buffered: true});
  addEventListener("pageshow", (event) => event.persisted && tell(hidden() ? "back, blank" : "seen"));
"""


@pytest.fixture(scope="module")
def weather(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """The page elsewhere: how the browser finds it, and what it was told of where people came from."""
    with elsewhere(str(urlsplit(AWAY).hostname), tmp_path_factory.mktemp("elsewhere")) as found:
        yield found


@pytest.fixture(scope="module")
def browser(chromium: Browser, weather: tuple[str, list[str]]) -> Iterator[Browser]:
    """A browser that knows the page elsewhere."""
    opened = open_browser(chromium.browser_type, weather[0])
    yield opened
    opened.close()


@pytest.fixture
def open_here(browser: Browser, served: Served) -> Opener:
    """Opens a phone that may also go elsewhere, with options; `page.told` is what its pages said of themselves."""

    @contextmanager
    def opened(**options: Any) -> Iterator[Page]:
        with watched(browser, served.url, ignore_https_errors=True, **options) as page:
            watch_of(page).own += (AWAY,)
            told: list[str] = []
            page.on("console", lambda message: told.append(message.text) if message.type == "info" else None)
            page.add_init_script(TELL)
            page.told = told  # type: ignore[attr-defined]  # so that a test can look at it
            yield page

    return opened


def watch_of(page: Page) -> Watch:
    watch: Watch = page.watch  # type: ignore[attr-defined]  # put there by watched
    return watch


def seen(page: Page) -> list[str]:
    """Paths of pages that were seen, in order, other than the one elsewhere."""
    told: list[str] = page.told  # type: ignore[attr-defined]  # put there by open_here
    return [line.removeprefix("seen ") for line in told if line.startswith("seen ") and not line.endswith(urlsplit(AWAY).path)]


def walk(page: Page, language: str, *more: str) -> None:
    """Home, a service kept on the list, then the sensitive pages and `more`, each seen."""
    page.goto(f"/{language}/search?q=food")
    page.locator("li[data-service] form button").first.click()
    expect(page.locator("ul.cards [id^='s-']")).to_have_count(1)
    for address in (*SENSITIVE, *more):
        page.goto(f"/{language}{address}")
        expect(page.locator("body[data-sensitive]")).to_be_visible()


def back_to_the_start(page: Page) -> Iterator[str]:
    """Back, again and again: the address at each stop, without the site's name."""
    for _ in range(12):
        page.go_back(wait_until="commit")
        page.wait_for_load_state()
        if page.evaluate("document.documentElement.hidden"):
            page.wait_for_url(AWAY)
        stop = page.url.removeprefix(watch_of(page).own[0])
        yield stop
        if stop == "about:blank":
            return
    raise AssertionError("twelve times Back do not lead to the start")


def asked(served: Served) -> Counter[str]:
    """How often each path was asked for, by the site's own log."""
    return Counter(re.findall(r'"path": "([^"]+)"', served.log.read_text()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_an_exit_back_shows_nothing_of_what_was_read(open_here: Opener, weather: tuple[str, list[str]], language: str) -> None:
    with open_here() as page:
        walk(page, language)
        before = len(seen(page))
        page.locator("[data-exit]").click()
        page.wait_for_url(AWAY)
        assert page.context.cookies() == []
        stops = list(back_to_the_start(page))
        assert stops[:2] == [AWAY, AWAY]
        assert [urlsplit(stop).path for stop in stops[2:]] == [f"/{language}/list", f"/{language}/search", "blank"]
        assert set(seen(page)[before:]) <= {f"/{language}/list", f"/{language}/search?q=food"}
    assert set(weather[1]) == {""}, "the page elsewhere is not told where they came from"


def test_back_shows_nothing_even_where_the_site_no_longer_answers(open_here: Opener) -> None:
    """The pages come whole from the back-forward cache then: blank, and away again."""
    with open_here() as page:
        watch_of(page).is_expecting_errors = True
        page.route("**/exit", lambda route: route.fulfill(status=404))  # whatever it would have cleared stays
        walk(page, "en")
        before = len(seen(page))
        page.locator("[data-exit]").click()
        page.wait_for_url(AWAY)
        assert page.context.cookies()
        for _ in SENSITIVE[1:]:
            page.go_back(wait_until="commit")
            page.wait_for_url(AWAY)
        assert [path for path in seen(page)[before:] if path != "/en/list"] == []
        assert "back, blank /en/advice/abuse-and-neglect" in page.told  # type: ignore[attr-defined]  # as above


def test_a_page_that_was_left_in_the_usual_way_is_shown_again_from_the_site(open_here: Opener) -> None:
    with open_here() as page:
        page.goto("/en/advice/abuse-and-neglect")
        page.goto("/en/")
        page.go_back(wait_until="commit")
        expect(page.locator("h1")).to_have_text("If somebody is hurt, cheated or neglected")
        assert "back, blank /en/advice/abuse-and-neglect" in page.told  # type: ignore[attr-defined]  # as above


def test_whoever_left_may_come_again_in_the_same_tab(open_here: Opener) -> None:
    with open_here() as page:
        page.goto("/en/urgent")
        page.locator("[data-exit]").click()
        page.wait_for_url(AWAY)
        for address in ("/en/advice/abuse-and-neglect", "/en/urgent"):
            page.goto(address)
            expect(page.locator("h1")).to_be_visible()
        page.go_back(wait_until="commit")
        expect(page.locator("h1")).to_have_text("If somebody is hurt, cheated or neglected")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_script_two_hops_leave_nothing_in_the_browser(open_here: Opener, served: Served, language: str) -> None:
    """A page that anybody may read is sent again when Back asks for it: only script can prevent that. What was kept is gone."""
    with open_here(java_script_enabled=False) as page:
        walk(page, language)
        page.locator("[data-exit]").click()
        page.wait_for_url(AWAY)
        assert page.context.cookies() == []
        before, stops = asked(served), []
        for stop in back_to_the_start(page):
            stops.append(urlsplit(stop).path)
            if stops[-1].endswith("/list"):
                expect(page.locator("main ul.cards")).to_have_count(0)
        again = asked(served) - before
        assert {path: again[path] for path in stops if path.startswith("/")} == Counter(path for path in stops if path.startswith("/"))
