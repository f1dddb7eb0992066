"""Small steps and advice for needs: one for each in their order, then more; and what a file of steps may hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from questioning import taxonomy

from portal.advice.page import ADVICE, SITE, Page, Pages
from portal.errors import ContentError
from portal.signposting.steps import SmallStep, fitting, load_steps
from portal.signposting.suggest import MOST_PAGES, choose_pages
from portal.taxonomy.terms import Need

DAY = date(2026, 11, 24)
NEEDS = tuple("abcdef")
STEPS = st.lists(st.lists(st.sampled_from(NEEDS), min_size=1, max_size=3, unique=True), max_size=12).map(
    lambda lists: tuple(SmallStep(f"s{number}", f"Step {number}", tuple(needs)) for number, needs in enumerate(lists))
)
WANTED = st.lists(st.sampled_from(NEEDS), unique=True)


def page(slug: str, *needs: str, language: str = "en", kind: str = ADVICE) -> tuple[tuple[str, str, str], Page]:
    about = tuple(Need(need, "all", need, ()) for need in needs)
    return (kind, slug, language), Page(slug, language, slug, "", "", Markup(), None, about, "", DAY, DAY, ())


def pages(*every: tuple[tuple[str, str, str], Page]) -> Pages:
    return Pages(dict(every), ())


def test_each_need_has_a_step_before_any_has_two() -> None:
    steps = (SmallStep("a1", "", ("a",)), SmallStep("a2", "", ("a",)), SmallStep("both", "", ("b", "a")), SmallStep("c1", "", ("c",)))
    assert [step.id for step in fitting(steps, ("b", "a"))] == ["both", "a1", "a2"]
    assert fitting(steps, ()) == []
    assert fitting((), ("a",)) == []


@settings(deadline=None)
@given(STEPS, WANTED)
def test_every_step_that_fits_is_there_once_and_no_other(steps: tuple[SmallStep, ...], needs: list[str]) -> None:
    found = fitting(steps, needs)
    assert sorted(step.id for step in found) == sorted(step.id for step in steps if set(step.needs) & set(needs))
    assert found == fitting(steps, needs)


@settings(deadline=None)
@given(STEPS, WANTED)
def test_the_first_steps_are_for_the_first_needs(steps: tuple[SmallStep, ...], needs: list[str]) -> None:
    first = list(dict.fromkeys(next((step for step in steps if need in step.needs), None) for need in needs))
    wanted = [step for step in first if step]
    assert fitting(steps, needs)[: len(wanted)] == wanted


def test_advice_is_the_page_that_is_most_about_a_need_each_page_once() -> None:
    library = pages(page("falls", "a", "b"), page("money", "c", "a"), page("other", "b"))
    assert [each.slug for each in choose_pages(("a", "b", "c"), library, "en")] == ["falls", "other", "money"]
    assert [each.slug for each in choose_pages(("b", "a"), library, "en")] == ["other", "falls"]


def test_advice_comes_in_the_readers_language_where_it_speaks_it() -> None:
    library = pages(page("falls", "a"), page("falls", "a", language="ur"), page("money", "b"))
    assert [(each.slug, each.language) for each in choose_pages(("a", "b"), library, "ur")] == [("falls", "ur"), ("money", "en")]


def test_pages_about_the_site_are_no_advice_and_a_need_without_a_page_is_passed_over() -> None:
    assert choose_pages(("a", "z"), pages(page("privacy", "a", kind=SITE)), "en") == ()


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(NEEDS), min_size=1, unique=True), max_size=9), WANTED)
def test_at_most_five_pages_and_each_need_that_has_one_is_in_turn(written: list[list[str]], needs: list[str]) -> None:
    library = pages(*(page(f"p{number}", *about) for number, about in enumerate(written)))
    found = choose_pages(needs, library, "en")
    assert len(found) <= MOST_PAGES
    assert len({each.slug for each in found}) == len(found)
    advised = {need for need in needs if any(need in about for about in written)}
    if len(found) < MOST_PAGES:
        assert all(any(need in {it.id for it in each.needs} for each in found) for need in advised)
    for each in found:
        assert {it.id for it in each.needs} & set(needs)


def load(folder: Path, *rows: dict[str, Any]) -> tuple[SmallStep, ...]:
    path = folder / "steps.yaml"
    path.write_text(yaml.safe_dump({"steps": list(rows)}), "utf-8")
    return load_steps(path, taxonomy(), ["staying-steady"])


def row(**more: Any) -> dict[str, Any]:
    return {"id": "chair", "label": "Stand up.", "needs": ["falls"], **more}


def test_steps_are_read_in_their_order(tmp_path: Path) -> None:
    assert load(tmp_path, row(page="staying-steady"), row(id="rugs")) == (
        SmallStep("chair", "Stand up.", ("falls",), "staying-steady"),
        SmallStep("rugs", "Stand up.", ("falls",)),
    )


@pytest.mark.parametrize("wrong", [{"needs": ["hugs"]}, {"page": "nowhere"}])
def test_a_step_for_a_need_or_with_a_page_that_is_not_there_is_named(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ContentError, match="chair names a need or an advice page that is not there"):
        load(tmp_path, row(**wrong))


def test_a_step_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="twice"):
        load(tmp_path, row(), row())


@pytest.mark.parametrize("key", ["id", "label", "needs"])
def test_a_step_without_all_that_it_needs_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ContentError, match=key):
        load(tmp_path, {name: value for name, value in row().items() if name != key})


@pytest.mark.parametrize("content", ["", "[]", "steps: 3", "steps: [3]", "steps: [{id: a, label: b, needs: 3}]", "{"])
def test_a_file_of_another_shape_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "steps.yaml"
    path.write_text(content)
    with pytest.raises(ContentError, match=r"steps\.yaml"):
        load_steps(path, taxonomy(), [])
