"""The questions and the plan on a phone, as the people of `seeds` walk them: in four languages, with script and without, watched by axe.

Every page is looked at with a real sitting: what is enlarged, magnified or read by a machine must hold there as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import cycle

import pytest
from axe import violations
from driving import PHONE, Opener, follow, overflow, small_targets
from playwright.sync_api import Page, expect
from seeds import PEOPLE, QUIET, Person

pytestmark = pytest.mark.browser
MOST_PAGES = 20
NARROW = {"width": 320, "height": 640}
OTHERS = ("tr", "ur", "pl")  # each person walks in English and in one of these
SUBMIT = "main form button[type=submit]"


def walk(page: Page, language: str, person: Person, look: Callable[[Page], None] = lambda _page: None) -> None:
    """Answer as `person`, from the first question to the plan; `look` at each page on the way."""
    page.goto(f"/{language}/questions")
    for _ in range(MOST_PAGES):
        look(page)
        if page.url.endswith("/questions/check"):
            break
        say(page, person)
        follow(page.locator(SUBMIT).first)
    follow(page.locator("main a.button"))
    expect(page.locator("#care")).to_be_visible()
    look(page)


def say(page: Page, person: Person) -> None:
    """Put into the form of this page what the person says."""
    known = {"who": person.who, "place": person.place, "help": person.topics, **person.texts, **person.answers}
    controls = page.locator("main form :is(input, textarea, select)")
    kinds = controls.evaluate_all("all => all.map((it) => [it.name, it.type, it.value])")
    offered: dict[str, list[str]] = {}
    for name, kind, value in kinds:
        if kind in ("radio", "checkbox"):
            offered.setdefault(name, []).append(value)
        elif kind in ("text", "textarea") and name in known:
            page.locator(f"[name={name}]").fill(str(known[name]))
    for name, options in offered.items():
        answer = known.get(name, next((option for option in QUIET if option in options), None))
        for value in (answer,) if isinstance(answer, str) else answer or ():
            page.locator(f"[name='{name}'][value='{value}']").check()


@pytest.mark.parametrize(("name", "language"), [(name, "en") for name in PEOPLE] + list(zip(PEOPLE, cycle(OTHERS), strict=False)))
def test_everybody_comes_to_a_plan_with_reasons(open_page: Opener, name: str, language: str) -> None:
    with open_page() as page:
        walk(page, language, PEOPLE[name])
        assert page.url.endswith(f"/{language}/plan")
        reasons = page.locator("li[data-service] .because")
        assert reasons.count() == page.locator("li[data-service]").count() > 0
        expect(page.locator("#care a[href^='tel:']")).to_be_visible()
        assert page.evaluate("document.documentElement.lang") == language


@pytest.mark.parametrize("language", ["en", "ur"])
def test_no_page_of_a_sitting_shuts_anybody_out(open_page: Opener, language: str) -> None:
    found: list[str] = []

    def look(page: Page) -> None:
        where = page.url.rsplit(f"/{language}/", 1)[1]
        found.extend(f"{where}: {problem}" for problem in violations(page))
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # width and height
        found.extend(f"{where} (320 px): {problem}" for problem in (*overflow(page), *small_targets(page)))
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # as above

    with open_page(bypass_csp=True) as page:
        page.watch.is_expecting_errors = True  # type: ignore[attr-defined]  # a form with mistakes says 422
        walk(page, language, PEOPLE["Mr M"], look)
        for address in ("plan/keep", "plan/send", "plan/open", "plan/ask"):
            page.goto(f"/{language}/{address}")
            look(page)
            follow(page.locator(SUBMIT).last)
            look(page)
    assert not found, "\n".join(dict.fromkeys(found))


def test_the_short_way_is_six_pages_at_most(open_page: Opener) -> None:
    with open_page() as page:
        page.goto("/en/questions")
        seen = []
        for press in ("[value=me]", "#danger-none", "", "[value=people]", "[value=often]"):
            seen.append(page.url)
            if press:
                page.locator(press).check()
            follow(page.locator("button[name=finish]").or_(page.locator(SUBMIT).first).last)
        expect(page).to_have_url(re.compile("/en/plan$"))
        assert len(seen) + 1 <= 6


def test_it_all_works_without_script(open_page: Opener) -> None:
    with open_page(java_script_enabled=False) as page:
        walk(page, "en", PEOPLE["Mrs L"])
        follow(page.locator("a[href$='/plan/keep']"))
        follow(page.locator(SUBMIT).first)
        expect(page.locator(".code-large")).to_have_text(re.compile(r"^[2-9B-Z]{4}(-[2-9B-Z]{4}){3}$"))


def test_a_plan_prints_with_room_to_tick_and_without_buttons(open_page: Opener) -> None:
    with open_page() as page:
        walk(page, "en", PEOPLE["Mrs L"])
        page.emulate_media(media="print")
        expect(page.locator("#care")).to_be_visible()
        expect(page.locator(".leave")).to_be_hidden()
        expect(page.locator("main button:visible")).to_have_count(0)
