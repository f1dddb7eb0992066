"""The proof by walking: sound questions are found sound, and each way of spoiling them is found and said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from effort import effort
from questioning import assessment, taxonomy

from portal.assessment.checking import SHORT_WAY, Held, list_needs, problems, walk
from portal.assessment.definition import ALWAYS, Assessment, Condition, Option, Question, Topic
from portal.assessment.journey import MOST_PAGES
from portal.assessment.loading import FIRST

Load = Callable[[dict[str, Any]], Assessment]
EVERYTHING = Held(frozenset(taxonomy().needs), frozenset(), "01632 960 001")


def found(assessed: Assessment, held: Held = EVERYTHING) -> list[str]:
    """What is wrong, apart from Care Act outcomes, of which small files have few."""
    return [line for line in problems(assessed, taxonomy(), walk(assessed), held) if " bears on " not in line]


def test_a_small_sound_assessment_is_walked_whole(load: Load, files: dict[str, Any]) -> None:
    assessed = load(files)
    walked = walk(assessed)
    assert walked.faults == ()
    assert walked.asked == {question.id for question in assessed.questions()}
    # for each of two people: home (washing hurts or not), caring (me: counted on or not), both together, not sure and all
    me, helping = 2 + 2 + 3 * 2 * 2, 2 + 1 + 3 * 2
    assert walked.classes == me + helping
    assert walked.longest == 4 + len(("washing", "harder", "counted-on", "carer-hard", "last")) + len(("strengths", "contact", "check"))
    assert walked.shortest == 5
    assert found(assessed) == []
    assert walked.summary() == f"6 questions, {me + helping} path classes walked, longest 12 pages, shortest 5. Sound."


def test_the_projects_own_questions_are_walked_in_no_time() -> None:
    assessed = assessment()
    assert effort(lambda: walk(assessed)) < 250
    walked = walk(assessed)
    assert walked.faults == ()
    assert walked.classes > 500
    assert walked.asked == {question.id for question in assessment().questions()}
    assert walked.longest == MOST_PAGES
    assert walked.shortest <= SHORT_WAY


def test_a_question_that_nobody_is_asked_is_found(load: Load, files: dict[str, Any]) -> None:
    harder = files[FIRST]["topics"][0]["questions"][1]
    harder["show_if"] = {"all": [{"washing": ["hurts"]}, {"washing": ["fine"]}]}
    assert "harder: nobody is ever asked" in found(load(files))


def test_several_answers_together_count_as_a_way(load: Load, files: dict[str, Any]) -> None:
    questions = files[FIRST]["topics"][0]["questions"]
    questions[1]["options"].insert(0, {"id": "bath", "label": "Bath"})
    both = {"all": [{"harder": ["bath"]}, {"harder": ["stairs"]}]}
    questions.append({**files[FIRST]["end"][0], "id": "lift", "show_if": both})
    assert found(load(files)) == []


def test_too_many_pages_are_found(load: Load, files: dict[str, Any]) -> None:
    last = files[FIRST]["end"][0]
    files[FIRST]["end"] = [{**last, "id": f"last-{number}", "ask": ALWAYS} for number in range(9)]
    topics = files[FIRST]["topics"][0]["questions"]
    topics += [{**last, "id": f"more-{number}", "ask": ALWAYS} for number in range(9)]
    [line] = [line for line in found(load(files)) if "pages before the plan" in line]
    assert line.endswith(f"{MOST_PAGES} is the most")


def test_too_long_a_beginning_is_found(load: Load, files: dict[str, Any]) -> None:
    last = files[FIRST]["end"][0]
    files[FIRST]["start"] += [{**last, "id": f"first-{number}"} for number in range(2)]
    assert any("the shortest way has 7 pages" in line for line in found(load(files)))


@pytest.mark.parametrize(("steps", "pages"), [(("equipment",), ("adaptations",)), ((), ("equipment", "adaptations")), ((), ())])
def test_a_need_without_a_small_step_and_a_page_of_advice_is_found(
    load: Load, files: dict[str, Any], steps: tuple[str, ...], pages: tuple[str, ...]
) -> None:
    lines = found(load(files), Held(frozenset(steps), frozenset(pages), "1"))
    assert [line.split(":")[0] for line in lines] == [need for need in ("equipment", "adaptations") if need not in (*steps, *pages)]


def test_a_plan_without_a_number_to_ring_is_found(load: Load, files: dict[str, Any]) -> None:
    assert found(load(files), replace(EVERYTHING, contact="")) == ["the plan has no number to ring: the pack's front door has none"]


def test_an_outcome_that_no_answer_bears_on_is_found_for_whom_it_counts(load: Load, files: dict[str, Any]) -> None:
    assessed = load(files)
    lines = [line for line in problems(assessed, taxonomy(), walk(assessed), EVERYTHING) if " bears on " in line]
    adult = [line.split(":")[0] for line in lines if "about the adult" in line]
    carer = [line.split(":")[0] for line in lines if "about the carer" in line]
    assert "hygiene" not in adult, "equipment bears on it"
    assert {"nutrition", "relationships", "caring-child"} <= set(adult)
    assert len(carer) == 8, "the carer's only question reveals nothing"
    assert "caring-adult" not in adult


class Forgetful(Assessment):
    """Questions as no file can hold them: who answers yes is not asked any more, and who says no is asked something before it."""

    def list_asked(self, chosen: Any) -> tuple[Question, ...]:
        who, odd, early = self.questions()
        before = (early,) if "no" in chosen.get("odd", ()) else ()
        return (who, *before) if "yes" in chosen.get("odd", ()) else (who, *before, odd)


def test_an_answer_that_is_lost_and_a_page_that_appears_behind_are_found() -> None:
    options = tuple(Option(each, each) for each in ("yes", "no", "not-sure"))
    who = Question("who", "Who?", "Who", "", "one", ALWAYS, (Option("me", "Me"),))
    odd, early = (Question(name, f"{name}?", name, "", "one", ALWAYS, options) for name in ("odd", "early"))
    after = [replace(each, conditions=(Condition((("odd", frozenset({"no"})),)),)) for each in (early,)]
    walked = walk(Forgetful((who,), (Topic("home", "home", (odd, *after)),), ()))
    assert "odd, yes: leads nowhere, its page comes again" in walked.faults
    assert "odd: after an answer, pages change that were behind it" in walked.faults


def test_every_need_of_every_answer_is_listed_once() -> None:
    needs = list_needs(assessment())
    assert len(set(needs)) == len(needs)
    assert set(needs) == {need for question in assessment().questions() for option in question.options for need in option.needs}
