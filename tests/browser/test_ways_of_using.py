"""The same site with a keyboard, without script, right to left, on paper, in forced colours, with Back, and with little data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from driving import DESK, SHOTS, Opener, enter, follow, path_of
from playwright.sync_api import Page, Response, expect
from serving import Served

from portal.i18n.languages import LANGUAGES

pytestmark = pytest.mark.browser
HOME_BYTES = 20_000
RESULTS_BYTES = 35_000
TABS = 60


def focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement.id || document.activeElement.textContent.trim()"))


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until this is in focus; everything passed on the way shows that it is."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        assert is_focus_seen(page), f"no focus to be seen on {focused(page)!r}"
        if re.search(wanted, focused(page)):
            return
    raise AssertionError(f"{TABS} tabs do not lead to {wanted!r}")


def is_focus_seen(page: Page) -> bool:
    return bool(
        page.evaluate(
            """() => {
              const it = document.activeElement;
              const marks = [it, it.nextElementSibling, it.parentElement].filter(Boolean).map((one) => getComputedStyle(one));
              const before = [it, it.nextElementSibling].filter(Boolean).map((one) => getComputedStyle(one, "::before"));
              const box = it.getBoundingClientRect();
              const onScreen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
              const marked = [...marks, ...before].some((style) =>
                (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none");
              return onScreen && marked;
            }"""
        )
    )


def test_help_is_found_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/en/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to main content"
    assert is_focus_seen(page)
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'main' || location.hash === '#main'")
    tab_to(page, "^q$")
    page.keyboard.type("my mum keeps falling")
    tab_to(page, "^place$")
    page.keyboard.type("Eastmoor")
    tab_to(page, "Find help")
    enter(page.locator("*:focus"))
    expect(page.locator("h1")).to_have_text("Help near you")
    first = page.locator("li[data-service] h2 a").first.inner_text()
    tab_to(page, f"^{re.escape(first)}$")
    enter(page.locator("*:focus"))
    expect(page.locator("h1")).to_have_text(first)
    tab_to(page, "^Save to my list$")
    enter(page.locator("*:focus"))
    expect(page.locator("h1")).to_have_text("My list")


def test_help_is_found_narrowed_read_and_reported_without_script(open_page: Opener) -> None:
    with open_page(java_script_enabled=False) as page:
        page.goto("/en/")
        page.get_by_label("Tell us in your own words").fill("lunch club")
        follow(page.get_by_role("button", name="Find help"))
        page.get_by_text("Narrow down").click()
        page.get_by_label(re.compile("^In the daytime")).check()
        follow(page.get_by_role("button", name="Show these"))
        expect(page.get_by_role("link", name="Remove: In the daytime")).to_be_visible()
        name = page.locator("li[data-service] h2 a").first.inner_text()
        follow(page.locator("li[data-service] h2 a").first)
        expect(page.locator("h1")).to_have_text(name)
        expect(page.get_by_role("button", name="Copy link")).to_have_count(0)
        follow(page.get_by_role("link", name="Is something wrong here?"))
        follow(page.get_by_role("button", name="Send to the council"))
        expect(page.get_by_text("There is a problem")).to_be_visible()
        page.get_by_label("The days or times are wrong").check()
        follow(page.get_by_role("button", name="Send to the council"))
        expect(page.locator("h1")).to_have_text("Thank you, we have it")


def test_a_form_that_comes_back_with_mistakes_starts_at_their_summary(page: Page, addresses: dict[str, str]) -> None:
    page.goto(f"/en{addresses['report']}")
    follow(page.get_by_role("button", name="Send to the council"))
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.locator("input[type=radio]").first).to_be_focused()


def test_script_offers_to_print_and_to_copy_and_works(page: Page, addresses: dict[str, str]) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/en{addresses['service']}")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == page.url


@pytest.mark.parametrize("language", [code for code, it in LANGUAGES.items() if it.direction == "rtl"])
def test_arabic_and_urdu_are_laid_out_from_the_right_and_numbers_stay_left_to_right(
    page: Page, addresses: dict[str, str], language: str
) -> None:
    for name in ("home", "results", "service", "urgent", "advice page", "locality", "report"):
        page.goto(f"/{language}{addresses[name]}")
        assert page.evaluate("() => getComputedStyle(document.body).direction") == "rtl"
        site, urgent = (page.locator(place).bounding_box() for place in (".bar-site", ".bar-urgent"))
        assert site is not None
        assert urgent is not None
        assert site["x"] + site["width"] > 360 / 2 > urgent["x"]
        assert site["x"] > urgent["x"]
        directions = page.evaluate(
            """() => [...document.querySelectorAll("a[href^='tel:'] bdi")].map((it) => getComputedStyle(it).direction)"""
        )
        assert directions
        assert set(directions) == {"ltr"}
    page.goto(f"/en{addresses['home']}")
    left = page.locator(".bar-site").bounding_box()
    assert left is not None
    assert left["x"] < 360 / 4


def test_text_of_each_language_is_tall_enough_for_its_script(page: Page) -> None:
    lines = {}
    for language in LANGUAGES:
        page.goto(f"/{language}/")
        lines[language] = page.evaluate("""() => {
            const style = getComputedStyle(document.querySelector("main p"));
            return parseFloat(style.lineHeight) / parseFloat(style.fontSize);
        }""")
    least = {"ur": 1.85, "ar": 1.7, "bn": 1.65, "pa": 1.65}
    assert {language: line for language, line in lines.items() if line < least.get(language, 1.45)} == {}


VOICES = """
  Object.defineProperty(window, "speechSynthesis", {value: {
    said: [], getVoices: () => [{lang: "en_GB", localService: true}], addEventListener() {}, cancel() {},
    speak(one) { this.said.push([one.text, one.lang]); },
  }});
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


def test_a_page_is_read_aloud_where_the_browser_has_a_voice_for_it(page: Page, addresses: dict[str, str]) -> None:
    page.add_init_script(VOICES)
    page.goto(f"/en{addresses['advice page']}")
    page.get_by_role("button", name="Listen").click()
    said = page.evaluate("() => speechSynthesis.said")
    assert said[0] == ["Staying steady on your feet", "en_GB"]
    assert len(said) > 30
    stop = page.get_by_role("button", name="Stop reading")
    expect(stop).to_have_attribute("aria-pressed", "true")
    stop.click()
    expect(page.get_by_role("button", name="Listen")).to_be_visible()


def test_nothing_is_offered_where_there_is_no_voice_for_the_language(page: Page, addresses: dict[str, str]) -> None:
    page.add_init_script(VOICES)
    for language in ("so", "ur"):
        page.goto(f"/{language}{addresses['advice page']}")
        expect(page.locator("[data-action=listen]")).not_to_be_visible()
    page.goto(f"/so{addresses['advice page, in English only']}")
    expect(page.locator("[data-action=listen]")).to_be_visible()


def test_forced_colours_keep_edges_and_icons(open_page: Opener, addresses: dict[str, str]) -> None:
    with open_page(forced_colors="active", color_scheme="dark") as page:
        for name in ("home", "results, urgent", "service", "urgent"):
            page.goto(f"/en{addresses[name]}")
            page.screenshot(path=SHOTS / f"forced colours {name}.png")
            edges = page.evaluate("""() => [...document.querySelectorAll(".button, input:not([type=hidden]), textarea, .card, .urgent")]
              .filter((it) => it.checkVisibility()).map((it) => [getComputedStyle(it), it.outerHTML.slice(0, 80)])
              .filter(([style]) => ["Top", "Left", "InlineStart"].every((side) => parseFloat(style[`border${side}Width`] || 0) < 1))
              .map(([, html]) => html).filter((html) => !html.includes("radio") && !html.includes("checkbox"))""")
            assert edges == [], "without colour these have no edge"


def test_nothing_moves_for_those_who_asked_for_stillness(open_page: Opener, addresses: dict[str, str]) -> None:
    with open_page(reduced_motion="reduce") as page:
        for name in ("home", "results", "service"):
            page.goto(f"/en{addresses[name]}")
            moving = page.evaluate("""() => [...document.querySelectorAll("*")].filter((it) => {
                const style = getComputedStyle(it);
                const longest = Math.max(...`${style.transitionDuration},${style.animationDuration}`.split(",").map(parseFloat));
                return longest > 0.01 || style.scrollBehavior === "smooth";
              }).map((it) => it.outerHTML.slice(0, 80))""")
            assert moving == []


def test_a_listing_on_paper_has_its_code_its_number_and_nothing_to_press(open_page: Opener, addresses: dict[str, str]) -> None:
    with open_page() as page:
        page.goto(f"/en{addresses['service']}")
        expect(page.locator(".qr svg")).not_to_be_visible()
        page.emulate_media(media="print")
        code = page.locator(".qr svg").bounding_box()
        assert code is not None
        assert min(code["width"], code["height"]) >= 70
        for pressed in ("button", "nav", ".skip"):
            for it in page.locator(pressed).all():
                expect(it).not_to_be_visible()
        expect(page.locator("h1")).to_be_visible()
        page.screenshot(path=SHOTS / "print service.png", full_page=True)


def test_a_list_on_paper_has_its_code_and_its_notes(open_page: Opener, addresses: dict[str, str]) -> None:
    with open_page() as page:
        page.goto(f"/en{addresses['results']}")
        follow(page.locator("li[data-service] form button").first)
        page.get_by_text("Write a note").click()
        page.get_by_label("My note").fill("Ring on Tuesday")
        follow(page.get_by_role("button", name="Save my note"))
        page.emulate_media(media="print")
        expect(page.get_by_text("Ring on Tuesday").first).to_be_visible()
        code = page.locator(".print-only svg").last.bounding_box()
        assert code is not None
        assert code["width"] >= 70


@pytest.mark.parametrize("language", ["en", "ar", "bn", "ur"])
def test_urgent_help_prints_on_one_sheet(open_page: Opener, tmp_path: Path, language: str) -> None:
    with open_page(viewport=DESK) as page:
        page.goto(f"/{language}/urgent")
        printed = page.pdf(path=tmp_path / "urgent.pdf", format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2, "two sides of one sheet"


def test_back_shows_the_results_as_they_were_without_asking_again(page: Page, served: Served) -> None:
    page.goto("/en/search?q=gardening+for+mum")
    page.evaluate("window.scrollTo(0, 900)")
    with page.expect_navigation() as left:
        page.locator("li[data-service] h2 a").nth(2).click()
    asked = served.log_with(number_of(left.value)).count('"path": "/en/search"')
    page.go_back(wait_until="commit")  # a page that was kept whole is not loaded again
    expect(page.locator("h1")).to_have_text("Help near you")
    assert path_of(page) == "/en/search"
    then = page.goto("/en/urgent")
    assert served.log_with(number_of(then)).count('"path": "/en/search"') == asked


def number_of(answer: Response | None) -> str:
    """By which the site's log knows the request."""
    assert answer is not None
    return answer.headers["x-request-id"]


@pytest.mark.parametrize(("name", "most"), [("home", HOME_BYTES), ("results", RESULTS_BYTES), ("results narrowed", RESULTS_BYTES)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_costs_little_data_the_first_time(open_page: Opener, addresses: dict[str, str], name: str, most: int, language: str) -> None:
    with open_page() as page:
        sizes: list[int] = []
        wire = page.context.new_cdp_session(page)
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        wire.send("Network.enable")
        page.goto(f"/{language}{addresses[name]}", wait_until="networkidle")
        print(f"{language} {name}: {sum(sizes):.0f} bytes in {len(sizes)} files")
        assert len(sizes) >= 4
        assert sum(sizes) <= most


def test_the_second_page_costs_only_itself(open_page: Opener, addresses: dict[str, str]) -> None:
    with open_page() as page:
        page.goto(f"/en{addresses['home']}", wait_until="networkidle")
        page.watch.requests.clear()  # type: ignore[attr-defined]  # put there by watched
        sizes: list[int] = []
        wire = page.context.new_cdp_session(page)
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        wire.send("Network.enable")
        page.goto(f"/en{addresses['results']}", wait_until="networkidle")
        assert len([size for size in sizes if size > 0]) <= 2
