""" "Exit this page" as somebody in danger needs it: away at once, nothing for Back to show, never out of reach, never in the way.

The back-forward cache is on, as it is for people. What a page showed is told by itself, at each paint and each return.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe import violations
from driving import DESK, PATIENCE, Opener, Watch, follow, open_browser, overflow, watched
from elsewhere import elsewhere
from playwright.sync_api import Browser, Error, Page, expect
from serving import Served

from portal.i18n.languages import LANGUAGES as KNOWN
from portal.pack import EXIT_TO

pytestmark = pytest.mark.browser
LANGUAGES = ("en", "tr", "ur")
EVERY_LANGUAGE = tuple(KNOWN)
AWAY = EXIT_TO
SENSITIVE = ("/search?q=my+husband+hits+me", "/advice/abuse-and-neglect", "/urgent")
NARROW = {"width": 320, "height": 640}
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
TWICE = {"width": 640, "height": 400}  # a window of 1280 × 800 at 200%
TELL = """
  const isOurs = location.protocol !== "chrome-error:"; // the browser's own page, which asks whether to send a form again
  const here = (at) => `${Math.round(performance.timeOrigin + at)} ${location.pathname}${location.search}`;
  const tell = (what, at) => isOurs && console.info(`${what} ${here(at)}`);
  new PerformanceObserver((list) => tell("seen", list.getEntries().at(-1).startTime)).observe({type: "paint", buffered: true});
  addEventListener("pageshow", (event) => {
    if (event.persisted) tell(document.documentElement.hidden ? "blank" : "seen", performance.now());
  });
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
            lines: list[str] = []
            page.on("console", lambda message: lines.append(message.text) if message.type == "info" else None)
            page.add_init_script(TELL)
            page.told = lines  # type: ignore[attr-defined]  # so that a test can look at it
            yield page

    return opened


def watch_of(page: Page) -> Watch:
    watch: Watch = page.watch  # type: ignore[attr-defined]  # put there by watched
    return watch


def told(page: Page, what: str, since: float = 0) -> set[str]:
    """Pages of the site that were `seen`, or came back `blank`, since a time in seconds. (A page that comes back tells all again.)"""
    lines = [line.split() for line in page.told]  # type: ignore[attr-defined]  # put there by open_here
    return {words[2] for words in lines if words[0] == what and float(words[1]) > since * 1000} - {urlsplit(AWAY).path}


def leave(page: Page) -> float:
    """Press "Exit this page"; when that was, in seconds."""
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    pressed = time.time()
    page.locator("[data-exit]").click()
    page.wait_for_url(AWAY)
    return pressed


def holds_nothing(page: Page) -> bool:
    """Whether the browser holds no cookie any more, soon: script leaves first, and says so to the site on the way."""
    return comes_true(page, lambda: not page.context.cookies())


def comes_true(page: Page, what: Callable[[], bool]) -> bool:
    """Whether something is so soon, which the browser does or tells in its own time."""
    for _ in range(PATIENCE // 20):
        if what():
            return True
        page.wait_for_timeout(20)
    return False


def walk(page: Page, language: str, *more: str) -> None:
    """Home, a service kept on the list, then the sensitive pages and `more`, each seen."""
    page.goto(f"/{language}/search?q=food")
    follow(page.locator("li[data-service] form button").first)
    expect(page.locator("ul.cards [id^='s-']")).to_have_count(1)
    for address in (*SENSITIVE, *more):
        page.goto(f"/{language}{address}")
        expect(page.locator("body[data-sensitive]")).to_be_visible()


def go_back(page: Page) -> None:
    """Back. Where a form was sent and answered, there may be a page of the browser's own, which asks whether to send it again."""
    try:
        page.go_back(wait_until="commit")
    except Error as error:
        if "ERR_CACHE_MISS" not in error.message:
            raise
        page.wait_for_url(re.compile("^chrome-error:"), wait_until="commit")
    page.wait_for_load_state()


def back_to_the_start(page: Page) -> Iterator[str]:
    """Back, again and again: the address at each stop, without the site's name."""
    for _ in range(12):
        go_back(page)
        if is_leaving(page):
            page.wait_for_url(AWAY)
        stop = page.url.removeprefix(watch_of(page).own[0])
        yield stop
        if stop == "about:blank":
            return
    raise AssertionError("twelve times Back do not lead to the start")


def is_leaving(page: Page) -> bool:
    """Whether the page is blank, and so on its way elsewhere; or gone while it was asked."""
    try:
        return bool(page.evaluate("document.documentElement.hidden"))
    except Error as error:
        if "Execution context was destroyed" not in error.message:
            raise
        return True


def asked(served: Served) -> Counter[str]:
    """How often each path was asked for, by the site's own log."""
    return Counter(re.findall(r'"path": "([^"]+)"', served.log.read_text()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_an_exit_back_shows_nothing_of_what_was_read(open_here: Opener, weather: tuple[str, list[str]], language: str) -> None:
    with open_here() as page:
        walk(page, language)
        pressed = leave(page)
        assert holds_nothing(page)
        stops = list(back_to_the_start(page))
        assert stops[:2] == [AWAY, AWAY]
        assert [urlsplit(stop).path for stop in stops[2:]] == [f"/{language}/list", f"/{language}/search", "blank"]
        assert told(page, "seen", pressed) <= {f"/{language}/list", f"/{language}/search?q=food"}
    assert set(weather[1]) == {""}, "the page elsewhere is not told where they came from"


def test_back_shows_nothing_even_where_the_site_no_longer_answers(open_here: Opener) -> None:
    """The pages come whole from the back-forward cache then: blank, and away again."""
    with open_here() as page:
        watch_of(page).is_expecting_errors = True
        page.route("**/exit", lambda route: route.fulfill(status=404))  # whatever it would have cleared stays
        walk(page, "en")
        pressed = leave(page)
        assert page.context.cookies()
        for _ in SENSITIVE[1:]:
            page.go_back(wait_until="commit")
            page.wait_for_url(AWAY)
        assert told(page, "seen", pressed) == set()
        blank = {"/en/advice/abuse-and-neglect", "/en/search?q=my+husband+hits+me"}
        assert comes_true(page, lambda: told(page, "blank", pressed) == blank)


def test_a_page_that_was_left_in_the_usual_way_is_shown_again_from_the_site(open_here: Opener) -> None:
    with open_here() as page:
        page.goto("/en/advice/abuse-and-neglect")
        page.goto("/en/")
        page.go_back(wait_until="commit")
        expect(page.locator("h1")).to_have_text("If somebody is hurt, cheated or neglected")
        assert comes_true(page, lambda: told(page, "blank") == {"/en/advice/abuse-and-neglect"})


def test_whoever_left_may_come_again_in_the_same_tab(open_here: Opener) -> None:
    with open_here() as page:
        page.goto("/en/urgent")
        leave(page)
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
        leave(page)
        assert holds_nothing(page)
        served.log_with(served.get("/en/about").number)  # what was asked before is written
        before, stops = asked(served), []
        for stop in back_to_the_start(page):
            stops.append(urlsplit(stop).path)
            if stops[-1].endswith("/list"):
                expect(page.locator("main ul.cards")).to_have_count(0)
        ours = Counter(path for path in stops if path.startswith("/"))
        assert comes_true(page, lambda: {path: (asked(served) - before)[path] for path in ours} == ours)


def to_the_plan(page: Page, language: str) -> None:
    """Through the questions to a plan, whose answers are kept for half an hour."""
    page.goto(f"/{language}/questions")
    while not page.url.endswith("/plan"):
        for name in page.evaluate("[...new Set([...document.querySelectorAll('main [type=radio]')].map((it) => it.name))]"):
            page.locator(f"main [name='{name}']").last.check(force=True)
        for topic in page.locator("main [name=help]").all()[:1]:
            topic.check(force=True)
        with page.expect_navigation():  # a page that is not whole yet has not all of its questions
            page.locator("main form [name=finish], main form button:not([name])").last.click()
    expect(page.locator("[data-ends-in]")).to_be_attached()


@pytest.mark.parametrize(("language", "script"), [*zip(EVERY_LANGUAGE, cycle((True, False)), strict=False), ("en", False), ("ur", True)])
def test_answers_are_gone_when_somebody_goes_back_to_them(open_here: Opener, language: str, script: bool) -> None:
    with open_here(java_script_enabled=script) as page:
        to_the_plan(page, language)
        pressed = leave(page)
        assert holds_nothing(page)
        for stop in back_to_the_start(page):
            assert script or "/plan" not in stop, "the plan leads to where questions begin"
            assert not page.locator("main input:checked").count()
        assert told(page, "seen", pressed) == set()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_question_that_was_sent_without_an_answer_is_not_shown_again_either(open_here: Opener, script: bool) -> None:
    with open_here(java_script_enabled=script) as page:
        watch_of(page).is_expecting_errors = True
        page.goto("/en/questions")
        with page.expect_navigation():
            page.locator("main form button:not([name])").last.click()
        expect(page.get_by_text("There is a problem")).to_be_visible()
        leave(page)
        for _ in back_to_the_start(page):
            assert not page.get_by_text("There is a problem").count()


def press_shift(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


def test_shift_pressed_three_times_leaves_and_says_how_often_is_still_needed(open_here: Opener) -> None:
    with open_here() as page:
        page.goto("/en/urgent")
        said = page.locator("[data-said]")
        press_shift(page, 1)
        expect(said).to_have_text("Exit this page: press Shift 2 more times")
        press_shift(page, 1)
        expect(said).to_have_text("Exit this page: press Shift 1 more time")
        press_shift(page, 1)
        page.wait_for_url(AWAY)
        page.go_back(wait_until="commit")
        assert page.url == "about:blank", "the page elsewhere has taken its place"


def test_shift_leaves_only_when_pressed_alone_three_times_and_soon(open_here: Opener) -> None:
    with open_here() as page:
        page.clock.install()
        page.goto(f"/en{SENSITIVE[0]}")
        said = page.locator("[data-said]")
        page.locator("details.again summary").click()
        page.locator("#q").fill("")
        for letter in "ABCD":
            page.keyboard.press(f"Shift+{letter}")
        press_shift(page, 2)
        page.keyboard.press("x")
        expect(said).to_have_text("")
        press_shift(page, 2)
        page.clock.run_for(5_001)
        expect(said).to_have_text("Still on this page: Shift was not pressed 3 times in 5 seconds")
        press_shift(page, 2)
        expect(page.locator("#q")).to_have_value("ABCDx")
        page.keyboard.press("Shift")
        page.wait_for_url(AWAY)


def test_nothing_typed_on_a_sensitive_page_is_kept_by_the_browser(open_here: Opener) -> None:
    with open_here() as page:
        page.goto(f"/en{SENSITIVE[0]}")
        assert page.evaluate("[...document.forms].map((it) => it.autocomplete)").count("off") == page.locator("form").count() > 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, TWICE, DESK], ids=["320 px", "200%", "desk"])
def test_the_way_out_is_first_in_reach_and_covers_nothing(open_here: Opener, addresses: dict[str, str], language: str, size: Any) -> None:
    with open_here(viewport=size) as page:
        for name in ("advice page, sensitive", "results, sensitive", "urgent"):
            page.goto(f"/{language}{addresses[name]}")
            page.keyboard.press("Tab")
            expect(page.locator("[data-exit]")).to_be_focused()
            assert is_whole(page)
            covered, stops = [], 0
            while focus_next(page):
                stops += 1
                covered += page.evaluate(COVERED)
            assert stops > 12
            assert covered == []
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            assert is_whole(page)
            assert page.evaluate(COVERED_FOOT) is False


COVERED = """() => { // what is in focus, when any edge of it is off the screen or under the way out
  const boxes = [...document.activeElement.getClientRects()].filter((box) => box.width);
  const edges = boxes.flatMap((box) => [box.top + 2, box.bottom - 2].map((at) => [box.left + box.width / 2, at]));
  const isClear = ([across, down]) => document.elementFromPoint(across, down)?.closest(".leave") === null;
  return edges.length && edges.every(isClear) ? [] : [document.activeElement.outerHTML.slice(0, 120)];
}"""
COVERED_FOOT = """() => {
  const [foot, row] = [".foot", ".leave"].map((name) => document.querySelector(name).getBoundingClientRect());
  return foot.bottom > row.top + 1 && foot.bottom > innerHeight + 1;
}"""


def is_whole(page: Page) -> bool:
    """Whether the way out is on the screen, all of it, and as high as a finger wants."""
    box, size = page.locator("[data-exit]").bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    inside = box["x"] >= 0 and box["y"] >= 0 and box["x"] + box["width"] <= size["width"] and box["y"] + box["height"] <= size["height"]
    return inside and box["height"] >= 44


def focus_next(page: Page) -> bool:
    """Tab to the next thing; False at the end of the page."""
    page.keyboard.press("Tab")
    return bool(page.evaluate("document.activeElement !== document.body && !document.activeElement.closest('.leave')"))


def test_the_end_of_the_answers_is_announced_put_off_and_kept(open_here: Opener) -> None:
    """The page's clock stands still and is moved by hand, but never over the end: a page that is left never answers."""
    with open_here() as page:
        page.clock.install(time=START)
        page.goto("/en/")
        page.clock.pause_at(START + timedelta(hours=1))
        to_the_plan(page, "en")
        warning = page.get_by_text("To keep your answers private, we delete them in 5 minutes.")
        page.clock.run_for("24:59")
        expect(warning).not_to_be_visible()
        page.clock.run_for("00:01")
        expect(warning).to_be_visible()
        with page.expect_response("**/questions/stay") as stayed:
            page.get_by_role("button", name="Carry on").click()
        assert stayed.value.status == 204
        expect(warning).not_to_be_visible()
        expect(page.locator("#main")).to_be_focused()
        page.clock.run_for("24:59")
        expect(warning).not_to_be_visible()
        page.clock.run_for("04:50")
        expect(warning).to_be_visible()
        page.clock.resume()  # eleven seconds before the end, so that a slow page answers this before it is left
        page.wait_for_url("**/questions/ended")
        page.go_back(wait_until="commit")
        assert "/plan" not in page.url, "the page of the end has taken its place"
        page.wait_for_load_state()
        page.goto("about:blank")  # a browser that is closed while it goes back may wait for that page for ever


def test_paper_shows_no_way_out(open_here: Opener) -> None:
    with open_here() as page:
        page.goto("/en/urgent")
        page.emulate_media(media="print")
        expect(page.locator(".leave")).not_to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_the_warning(open_here: Opener, language: str) -> None:
    with open_here(bypass_csp=True, viewport=DESK) as page:
        to_the_plan(page, language)
        page.evaluate("document.querySelector('.ending').hidden = false")
        assert overflow(page) == []
        page.set_viewport_size({**DESK, "height": page.evaluate("document.documentElement.scrollHeight")})
        assert violations(page) == []
